"""What is true of every guarantee."""

import inspect
import re
from dataclasses import fields

import pytest

from goldengit.guarantees import all_guarantees
from goldengit.guarantees.base import Guarantee
from goldengit.models.settings import Known, Settings, State
from goldengit.rules import all_rules
from goldengit.rules.base import Rule
from tests.guarantees.settings import HIDDEN, diagnosed, policy, ruled, settings

SECTIONS = ["What it does", "Why it matters", "Example", "How to fix"]
HIDDEN_PARTS = ("environment", "token", "actions", "owners_errors", "sweeps")


def test_good_settings_keep_every_guarantee() -> None:
    """Nothing is to be changed, and each guarantee says so."""
    found = diagnosed(settings())
    assert {State.OK} == {one.state for one in found}
    assert {guarantee.code for guarantee in all_guarantees()} == {one.code for one in found}


def test_what_cannot_be_seen_is_never_ok() -> None:
    """With every part hidden only what needs none of them is well."""
    parts = dict.fromkeys(HIDDEN_PARTS, HIDDEN)
    hidden = settings(
        **parts,
        branches=ruled(HIDDEN),
        bypasses={7: HIDDEN},
        accounts=dict.fromkeys(settings().accounts, HIDDEN),
    )
    well = {one.code for one in diagnosed(hidden) if one.state is State.OK}
    # The policy's own words, CODEOWNERS in the tree, and a public repository's plan are known.
    assert well == {"GG817", "GG819", "GG824", "GG826"}


@pytest.mark.parametrize("name", HIDDEN_PARTS)
def test_a_hidden_part_is_unknown(name: str) -> None:
    """One part hidden makes one or more diagnoses unknown, with a remedy, and none fail."""
    found = diagnosed(settings(**{name: HIDDEN}))
    unknown = [one for one in found if one.state is not State.OK]
    assert {State.UNKNOWN} == {one.state for one in unknown}
    assert {HIDDEN.remedy} == {one.remedy for one in unknown}


def test_every_part_that_may_be_hidden_is_tried() -> None:
    """A new part of the settings joins the list above."""
    parts = {field.name for field in fields(Settings) if isinstance(_value(field.name), Known)}
    assert parts == set(HIDDEN_PARTS)


def test_without_a_policy_there_are_diagnoses_all_the_same() -> None:
    """A repository without a policy is told what it lacks, not an error."""
    found = [one for each in all_guarantees() for one in each.diagnose(settings(), None)]
    assert [("GG817", State.FAIL)] == [
        (one.code, one.state) for one in found if one.state is not State.OK
    ]


@pytest.mark.parametrize("guarantee", all_guarantees(), ids=lambda each: str(each.code))
def test_a_guarantee_has_a_page(guarantee: Guarantee) -> None:
    """The docstring has a title of one line and the four sections."""
    title, _, text = inspect.cleandoc(type(guarantee).__doc__ or "").partition("\n\n")
    assert "\n" not in title
    assert title.endswith(".")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS


def test_codes_and_names_are_nobody_elses() -> None:
    """A code stands for one thing, be it a rule or a guarantee."""
    parts: list[Guarantee | Rule] = [*all_guarantees(), *all_rules()]
    assert len({part.code for part in parts}) == len(parts)
    assert len({part.name for part in parts}) == len(parts)


def test_what_is_not_ok_says_what_to_do() -> None:
    """Every failure, warning and unknown has a remedy that ends as a sentence."""
    spoilt = settings(branches=ruled(HIDDEN), owners=None, environment=Known(None))
    bad = [one for one in diagnosed(spoilt, policy(forge=None)) if one.state is not State.OK]
    assert bad
    assert [] == [one for one in bad if not one.remedy.endswith(".")]


def _value(name: str) -> object:
    return getattr(settings(), name)
