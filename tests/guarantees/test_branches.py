"""GG801, GG804 and GG825: the rules of protected branches."""

from dataclasses import replace
from typing import Any

import pytest

from goldengit.models.settings import ACTIONS_APP, Branch, Known, QueueRule, State
from tests.guarantees.settings import (
    APP,
    HIDDEN,
    HOME,
    REVIEW,
    RULES,
    diagnosed,
    faults,
    policy,
    ruled,
    settings,
    states,
)

SQUASH = {"squash_only": True}


@pytest.mark.parametrize(
    ("change", "guarantee"),
    [
        ({"review": None}, "only pull requests"),
        ({"review": replace(REVIEW, approvals=1)}, "2 approvals"),
        ({"review": replace(REVIEW, code_owners=False)}, "a code owner approves"),
        ({"review": replace(REVIEW, last_push=False)}, "another approves the last push"),
        ({"review": replace(REVIEW, threads=False)}, "conversations are resolved"),
        ({"kinds": RULES.kinds - {"non_fast_forward"}}, "no force push"),
        ({"kinds": RULES.kinds - {"deletion"}}, "no deletion"),
        ({"gate": ()}, "goldengit/gate succeeds"),
        ({"latest": False}, "judged on the latest base"),
        ({"queue": QueueRule("SQUASH", every_commit=False)}, "judged on the latest base"),
    ],
)
def test_t11_each_missing_rule_fails(change: dict[str, Any], guarantee: str) -> None:
    """One weak setting is one failure that names it."""
    weak = settings(branches=ruled(Known(replace(RULES, **change))))
    assert [(State.FAIL, f"main: {guarantee}")] == faults(weak, "GG801")


def test_a_merge_queue_stands_for_an_up_to_date_branch() -> None:
    rules = replace(RULES, latest=False, queue=QueueRule("SQUASH", every_commit=True))
    assert [] == faults(settings(branches=ruled(Known(rules))), "GG801")


def test_every_protected_branch_is_looked_at() -> None:
    """A second branch without rules does not hide behind the first."""
    bare = Branch("stable", Known(value=False), Known(replace(RULES, kinds=frozenset())))
    found = settings(branches=(*settings().branches, bare))
    assert [(State.FAIL, "stable: the gate is enforced")] == faults(found, "GG801")


def test_classic_protection_is_unknown() -> None:
    """Protected, but by no ruleset: its details cannot be read."""
    bare = Known(replace(RULES, kinds=frozenset()))
    assert [State.UNKNOWN] == states(settings(branches=ruled(bare, protected=True)), "GG801")
    assert [State.FAIL] == states(settings(branches=ruled(bare, protected=False)), "GG801")


def test_small_teams_need_one_approval_fewer() -> None:
    """The opener is the first signer there."""
    one = settings(branches=ruled(Known(replace(RULES, review=replace(REVIEW, approvals=1)))))
    small = policy(signoffs={"threshold": 2, "author_counts_as_labeler": True})
    assert [] == faults(one, "GG801", small)
    assert [State.FAIL] == [state for state, _ in faults(one, "GG801")]


def test_where_signatures_confirm_one_approval_is_enough() -> None:
    one = settings(branches=ruled(Known(replace(RULES, review=replace(REVIEW, approvals=1)))))
    assert [] == faults(one, "GG801", policy(signoffs={"accept": ["ssh-signature"]}))


def test_squash_is_asked_for_by_the_policy_alone() -> None:
    """Other ways to merge fail where the policy wants squashing, and are nobody's concern else."""
    rules = replace(RULES, review=replace(REVIEW, methods=frozenset({"merge", "squash"})))
    found = settings(branches=ruled(Known(rules)), home=replace(HOME, methods=RULES_OF_ALL))
    assert [] == faults(found, "GG801")
    wanted = [(State.FAIL, "main: squash merges only")]
    assert wanted == faults(found, "GG801", policy(history=SQUASH))


RULES_OF_ALL = frozenset({"merge", "squash", "rebase"})


def test_the_repository_may_forbid_the_other_ways_to_merge() -> None:
    """What neither rule nor visible setting forbids is unknown while the setting is hidden."""
    rules = Known(replace(RULES, review=replace(REVIEW, methods=RULES_OF_ALL)))
    hidden = settings(branches=ruled(rules))
    assert [State.UNKNOWN] == [one for one, _ in faults(hidden, "GG801", policy(history=SQUASH))]
    seen = replace(hidden, home=replace(HOME, methods=frozenset({"squash"})))
    assert [] == faults(seen, "GG801", policy(history=SQUASH))


def test_a_queue_merges_in_its_own_way() -> None:
    rules = Known(replace(RULES, queue=QueueRule("MERGE", every_commit=True)))
    found = settings(branches=ruled(rules), home=replace(HOME, methods=RULES_OF_ALL))
    wanted = [(State.FAIL, "main: squash merges only")]
    assert wanted == faults(found, "GG801", policy(history=SQUASH))


def test_a_linear_history_is_asked_for_by_the_policy_alone() -> None:
    rules = Known(replace(RULES, kinds=RULES.kinds - {"required_linear_history"}))
    found = settings(branches=ruled(rules))
    assert [] == faults(found, "GG801")
    wanted = [(State.FAIL, "main: linear history")]
    assert wanted == faults(found, "GG801", policy(history={"linear": True}))


@pytest.mark.parametrize(
    ("sources", "state"),
    [
        ((APP,), State.OK),
        ((None, APP), State.OK),
        ((ACTIONS_APP, APP), State.OK),
        ((ACTIONS_APP,), State.WARNING),
        ((None, ACTIONS_APP), State.WARNING),
        ((None,), State.FAIL),
    ],
)
def test_t12_the_source_of_the_status_is_pinned(
    sources: tuple[int | None, ...], state: State
) -> None:
    """Any source fails; GitHub Actions is a warning; an App is well; the strictest rule counts."""
    found = settings(branches=ruled(Known(replace(RULES, gate=sources))))
    assert [state] == states(found, "GG804")


def test_the_warning_says_who_can_forge() -> None:
    found = settings(branches=ruled(Known(replace(RULES, gate=(ACTIONS_APP,)))))
    assert "any writer can forge the status" in diagnosed(found, code="GG804")[0].found


def test_hidden_rules_are_unknown_everywhere() -> None:
    """Each guarantee about rules says so itself."""
    found = settings(branches=ruled(HIDDEN))
    assert [State.UNKNOWN] * 3 == [states(found, code)[0] for code in ("GG801", "GG804", "GG825")]


@pytest.mark.parametrize(("dismisses", "told"), [(True, "any push"), (False, "the gate")])
def test_both_ways_of_dismissal_are_told_and_sound(*, dismisses: bool, told: str) -> None:
    rules = replace(RULES, review=replace(REVIEW, dismisses=dismisses))
    (one,) = diagnosed(settings(branches=ruled(Known(rules))), code="GG825")
    assert one.state is State.OK
    assert told in one.found
