"""Facts of months: sums that are exact, and what lets a month be settled."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.generate import DATASET, POLICY, SPEC, case
from goldengit.models.dataset import DatasetSpec, Scale
from goldengit.models.facts import (
    CaseFacts,
    MonthFacts,
    label_fits,
    merkle_root,
    month_leaf,
    sum_up,
)
from goldengit.models.layout import golden_path
from goldengit.models.policy import Policy
from goldengit.repository.facts import facts_of
from goldengit.repository.interpret import house_bytes

NOW = "2026-08-20T12:00:00Z"
SPEC_NOUN = DatasetSpec.model_validate(SPEC)


def _policy(**fields: Any) -> Policy:
    return Policy.model_validate(POLICY | fields)


def _facts(number: int) -> tuple[str, CaseFacts]:
    value = case(number)
    data = house_bytes(golden_path(DATASET, value["id"]), value)
    return f"{value['id']}.yaml", facts_of("a" * 40, len(data), data)


def _month(*changes: dict[str, Any]) -> MonthFacts:
    """Return a month of two cases, the second one changed."""
    name, facts = _facts(0)
    named = [(name, facts)]
    for number, change in enumerate(changes, 1):
        name, facts = _facts(60 * number)
        named.append((name, replace(facts, **change)))
    return sum_up("t" * 40, named)


def test_a_month_of_sound_cases_is_settled() -> None:
    month = _month({})
    assert month.settled(_policy(), SPEC_NOUN, NOW)
    assert month.odd == ()
    assert len(month.signers) == 1
    assert month.unsigned == 4
    assert month.active_by_failure_mode == {"invented-citation": 2}


@pytest.mark.parametrize(
    "change",
    [
        {"latest": "2026-08-20T12:00:01Z"},
        {"latest": "2026-08-21"},
        {"size": (1 << 20) + 1},
        {"label_kinds": (("unheard-of", 1, "reviewer-1", None, "fail", None),)},
        {"label_kinds": (("invented-citation", 2, "reviewer-1", None, "fail", None),)},
        {"label_kinds": (("invented-citation", 1, "reviewer-9", None, "fail", None),)},
        {"label_kinds": (("invented-citation", 1, "reviewer-1", 3.0, "fail", None),)},
        {"signers": ()},
        {"signers": (("reviewer-1", "labeler"),)},
        {"signers": (("reviewer-1", "confirmer"), ("reviewer-1", "labeler"))},
        {"signers": (("reviewer-1", "labeler"), ("reviewer-2", "labeler"))},
        {"signers": (("reviewer-1", "labeler"), ("reviewer-9", "confirmer"))},
        {"signers": (("reviewer-1", "labeler"), ("reviewer-2", "maintainer"))},
    ],
)
def test_one_strange_case_unsettles_its_month(change: dict[str, Any]) -> None:
    assert not _month(change).settled(_policy(), SPEC_NOUN, NOW)


def test_a_month_without_a_dataset_is_never_settled() -> None:
    assert not _month().settled(_policy(), None, NOW)


@given(
    st.lists(st.tuples(st.integers(1, 28), st.integers(1, 28)), min_size=1, max_size=6), st.data()
)
def test_a_settled_set_of_signers_held_its_roles_on_every_day_of_every_case(
    spans: list[tuple[int, int]], data: st.DataObject
) -> None:
    """Terms with gaps between them: holding a role at both ends says nothing of the middle."""
    days = st.integers(1, 28)
    terms = [
        {"role": "labeler", "valid_from": f"2022-01-{a:02}", "valid_to": f"2022-01-{b:02}"}
        for a, b in data.draw(st.lists(st.tuples(days, days), max_size=3))
    ]
    roster = POLICY["roster"] | {"reviewer-1": {"roles": ["maintainer"], "former_roles": terms}}
    policy = _policy(roster=roster)
    first, last = min(map(min, spans)), max(map(max, spans))
    signers = (("reviewer-1", "labeler"), ("reviewer-2", "confirmer"))
    span = (f"2022-01-{first:02}T00:00:00Z", f"2022-01-{last:02}T00:00:00Z")
    month = replace(_month(), signers={signers: span})
    if month.settled(policy, SPEC_NOUN, NOW):
        for day in {day for days_of_case in spans for day in days_of_case}:
            assert policy.roster["reviewer-1"].holds("labeler", f"2022-01-{day:02}")


def test_files_that_are_not_named_after_their_id_are_odd() -> None:
    name, facts = _facts(0)
    for wrong in (name.upper(), name + "x", "x.yaml", name.removesuffix(".yaml")):
        assert sum_up("t", [(wrong, facts)]).odd == (wrong,)


def test_a_sum_of_signers_spans_their_first_and_last_word() -> None:
    month = _month({"first_signed": "2020-01-01T00:00:00Z", "latest": "2025-01-01T00:00:00Z"})
    ((first, last),) = month.signers.values()
    assert (first, last) == ("2020-01-01T00:00:00Z", "2025-01-01T00:00:00Z")


@given(st.permutations(range(5)))
def test_leaf_and_root_depend_on_what_is_there_and_not_on_its_order(order: list[int]) -> None:
    cases = [(f"id-{number}", f"sha256:{number}") for number in order]
    lines = "".join(f"id-{number} sha256:{number}\n" for number in range(5))
    assert month_leaf(cases) == hashlib.sha256(lines.encode()).hexdigest()
    leaves = {f"2026-0{number + 1}": "a" * 64 for number in order}
    text = "".join(f"2026-0{number} {'a' * 64}\n" for number in range(1, 6))
    assert merkle_root(leaves) == f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


GRADED = DatasetSpec.model_validate(
    SPEC
    | {
        "failure_modes": {
            "overall": {
                "title": "x",
                "scale": {"min": 1, "max": 5, "step": 0.5},
                "pass_at": 3,
                "rubric": 2,
            }
        }
    }
)


@pytest.mark.parametrize(
    ("grade", "verdict", "score", "fits"),
    [
        (4.0, "pass", 0.75, True),
        (4.0, "pass", None, True),
        (2.5, "fail", 0.375, True),
        (3.0, "pass", 0.5, True),
        (4.0, "fail", 0.75, False),
        (4.0, "pass", 0.7, False),
        (4.25, "pass", None, False),
        (5.5, "pass", None, False),
        (0.5, "fail", None, False),
        (None, "pass", None, False),
    ],
)
def test_a_grade_lies_on_the_scale_and_means_its_verdict_and_score(
    grade: float | None, verdict: str, score: float | None, fits: bool
) -> None:
    kind = ("overall", 2, "reviewer-1", grade, verdict, score)
    assert label_fits(kind, _policy(), GRADED) == fits


@given(st.floats(allow_nan=False, allow_infinity=False), st.data())
def test_a_scale_never_breaks_over_a_grade(grade: float, data: st.DataObject) -> None:
    low = data.draw(st.floats(-1e300, 1e300))
    steps = data.draw(st.integers(1, 100))
    scale = Scale(min=low, max=low + abs(low) * steps + steps, step=abs(low) + 1)
    assert scale.holds(scale.min)
    assert scale.holds(scale.max)
    if scale.holds(grade):
        assert 0 <= scale.score(grade) <= 1
