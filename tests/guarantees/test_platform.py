"""GG817 to GG823, GG826, GG827: accounts, environment, plan, Actions, bypass, sweeps."""

from dataclasses import replace

import pytest

from goldengit.models.settings import (
    ACTIONS_APP,
    ACTIONS_LOGIN,
    Actions,
    Bypass,
    Environment,
    Known,
    Member,
    Part,
    Run,
    State,
    WorkflowToken,
)
from tests.guarantees.settings import (
    APP,
    BOT,
    HIDDEN,
    HOME,
    NO_PLAN,
    PERSONS,
    RULES,
    diagnosed,
    faults,
    policy,
    ruled,
    settings,
    states,
)

OK, FAIL, WARNING, UNKNOWN = State.OK, State.FAIL, State.WARNING, State.UNKNOWN


def test_a_policy_without_forge_is_told_what_to_add() -> None:
    """The line that is missing stands in the remedy, with this host."""
    (one,) = diagnosed(settings(), policy(forge=None), "GG817")
    assert one.state is FAIL
    assert "forge: {kind: github, host: github.com, gate_account: NUMBER}" in one.remedy


def test_a_policy_for_another_host_fails() -> None:
    other = policy(forge={"host": "git.example.org", "gate_account": BOT})
    assert FAIL in states(settings(), "GG817", other)


@pytest.mark.parametrize(
    ("login", "is_person", "source", "state"),
    [
        ("the-gate[bot]", False, APP, OK),
        ("the-gate[bot]", False, ACTIONS_APP, FAIL),
        (ACTIONS_LOGIN, False, ACTIONS_APP, OK),
        (ACTIONS_LOGIN, False, APP, FAIL),
        ("reviewer-9", True, APP, FAIL),
    ],
)
def test_the_gates_account_fits_the_source(
    login: str, source: int, state: State, *, is_person: bool
) -> None:
    """Actions' account belongs to Actions' App and to no other; a person is never the gate."""
    member = Member(login, is_person=is_person, permission=Known("none"))
    found = settings(
        branches=ruled(Known(replace(RULES, gate=(source,)))),
        accounts={**PERSONS, BOT: Known(member)},
    )
    assert [OK, state] == states(found, "GG817")


@pytest.mark.parametrize(("part", "state"), [(Known(None), FAIL), (HIDDEN, UNKNOWN)])
def test_a_gate_account_that_nobody_has_fails(part: Part[Member | None], state: State) -> None:
    found = settings(accounts={**PERSONS, BOT: part})
    assert [OK, state] == states(found, "GG817")


@pytest.mark.parametrize(
    "environment",
    [
        None,
        Environment("all"),
        Environment("protected"),
        Environment("selected"),
        Environment("selected", (("branch", "main"), ("branch", "gh-readonly-queue/*"))),
        Environment("selected", (("branch", "*"),)),
        Environment("selected", (("tag", "main"),)),
    ],
)
def test_an_environment_for_more_than_the_default_branch_fails(
    environment: Environment | None,
) -> None:
    assert [FAIL] == states(settings(environment=Known(environment)), "GG818")


def test_a_plan_without_rules_fails() -> None:
    """GitHub's advice to upgrade is a failure of the plan, and unknown for the rules."""
    private = replace(HOME, is_private=True)
    found = settings(home=private, branches=ruled(NO_PLAN))
    assert [FAIL] == states(found, "GG819")
    assert [UNKNOWN] == states(found, "GG801")


@pytest.mark.parametrize(("private", "state"), [(True, UNKNOWN), (False, OK)])
def test_the_plan_of_a_private_repository_shows_in_its_rules(
    *, private: bool, state: State
) -> None:
    found = settings(home=replace(HOME, is_private=private), branches=ruled(HIDDEN))
    assert [state] == states(found, "GG819")


def test_t21_workflows_that_may_approve_fail() -> None:
    found = settings(token=Known(WorkflowToken("read", may_approve=True)))
    assert [FAIL] == states(found, "GG820")
    assert [OK] == states(found, "GG821")


def test_a_token_that_writes_by_default_fails() -> None:
    found = settings(token=Known(WorkflowToken("write", may_approve=False)))
    assert [FAIL] == states(found, "GG821")


@pytest.mark.parametrize(
    ("actions", "state"),
    [
        (Actions(enabled=True, allowed="all", pinned=False), WARNING),
        (Actions(enabled=True, allowed="selected", pinned=None), WARNING),
        (Actions(enabled=False, allowed="", pinned=None), FAIL),
    ],
)
def test_unpinned_actions_are_a_warning_and_none_a_failure(actions: Actions, state: State) -> None:
    assert [state] == states(settings(actions=Known(actions)), "GG822")


def test_a_bypass_is_a_warning_that_names_it() -> None:
    """A hidden list is unknown, never empty."""
    listed = {7: Known((Bypass("role 5", "exempt"),)), 9: HIDDEN, 11: Known(())}
    found = settings(bypasses=listed)
    assert [WARNING, UNKNOWN, OK] == states(found, "GG823")
    assert "role 5 (exempt, which leaves no trace)" == diagnosed(found, code="GG823")[0].found


def test_a_default_branch_that_the_policy_does_not_name_fails() -> None:
    found = settings(home=replace(HOME, default_branch="trunk"))
    assert [FAIL] == states(found, "GG826")


@pytest.mark.parametrize(
    ("runs", "state"),
    [
        ((), FAIL),
        ((Run("2026-08-20T11:17:00Z", "failure"),), WARNING),
        ((Run("2026-08-20T11:17:00Z", ""), Run("2026-08-20T10:17:00Z", "success")), OK),
        ((Run("2026-08-20T11:17:00Z", ""), Run("2026-08-20T10:17:00Z", "cancelled")), WARNING),
    ],
)
def test_a_sweep_that_stopped_or_failed_is_told(runs: tuple[Run, ...], state: State) -> None:
    assert [state] == states(settings(sweeps=Known(runs)), "GG827")


def test_a_clash_in_one_branch_is_enough() -> None:
    """The second branch asks for Actions, the account is an App's."""
    second = ruled(Known(replace(RULES, gate=(ACTIONS_APP,))))[0]
    found = settings(branches=(*settings().branches, replace(second, name="stable")))
    assert FAIL in [state for state, _ in faults(found, "GG817")]
