"""Settings on which nothing is to be changed, for tests to spoil."""

from dataclasses import replace
from typing import Any

from goldengit.guarantees import all_guarantees
from goldengit.models.policy import Policy
from goldengit.models.settings import (
    Actions,
    Branch,
    BranchRules,
    Diagnosis,
    Environment,
    Home,
    Known,
    Member,
    OwnersFile,
    Part,
    ReviewRule,
    Run,
    Settings,
    State,
    Unknown,
    WorkflowToken,
)
from tests import standard

NOW = "2026-08-20T12:00:00Z"
APP, BOT = 4242, 4343
HIDDEN = Unknown("not shown to this token (403)", "Ask with another token.")
NO_PLAN = Unknown("GitHub asks for a larger plan", "See GG819.", lacks_plan=True)
REVIEW = ReviewRule(
    approvals=2,
    code_owners=True,
    last_push=True,
    threads=True,
    dismisses=False,
    methods=frozenset({"squash"}),
)
RULES = BranchRules(
    kinds=frozenset(
        {
            "pull_request",
            "required_status_checks",
            "non_fast_forward",
            "deletion",
            "required_linear_history",
        }
    ),
    review=REVIEW,
    gate=(APP,),
    latest=True,
    rulesets=frozenset({7}),
)
OWNERS = OwnersFile(".github/CODEOWNERS", "* @org/reviewers\n")
HOME = Home("github.com", "org/evals", is_private=False, default_branch="main", tip="0" * 40)
PERSONS: dict[int, Part[Member | None]] = {
    100 + number: Known(Member(f"reviewer-{number}", is_person=True, permission=Known("write")))
    for number in range(1, 6)
}
BOT_ACCOUNT = Known(Member("the-gate[bot]", is_person=False, permission=Known("none")))


def policy(**changes: Any) -> Policy:
    """Return the standard policy with a forge, and with sections replaced (None: left out)."""
    forge = {"kind": "github", "host": "github.com", "gate_account": BOT}
    value = standard.policy() | {"forge": forge} | changes
    return Policy.model_validate({name: part for name, part in value.items() if part is not None})


def settings(**changes: Any) -> Settings:
    """Return settings that keep every guarantee, with some parts replaced."""
    kept = Settings(
        home=HOME,
        now=NOW,
        branches=(Branch("main", Known(value=True), Known(RULES)),),
        bypasses={7: Known(())},
        environment=Known(Environment("selected", (("branch", "main"),))),
        token=Known(WorkflowToken("read", may_approve=False)),
        actions=Known(Actions(enabled=True, allowed="all", pinned=True)),
        owners_errors=Known(()),
        sweeps=Known((Run("2026-08-20T11:17:00Z", "success"),)),
        accounts={**PERSONS, BOT: BOT_ACCOUNT},
        owners=OWNERS,
    )
    return replace(kept, **changes)


def ruled(rules: Part[BranchRules], *, protected: bool = True) -> tuple[Branch, ...]:
    """Return the branch main with these rules."""
    return (Branch("main", Known(protected), rules),)


def diagnosed(found: Settings, by: Policy | None = None, code: str = "") -> list[Diagnosis]:
    """Return what the guarantees say, those of one code if asked for."""
    return [
        one
        for guarantee in all_guarantees()
        if code in {"", guarantee.code}
        for one in guarantee.diagnose(found, by or policy())
    ]


def states(found: Settings, code: str, by: Policy | None = None) -> list[State]:
    """Return the states of a guarantee's diagnoses."""
    return [one.state for one in diagnosed(found, by, code)]


def faults(found: Settings, code: str, by: Policy | None = None) -> list[tuple[State, str]]:
    """Return state and guarantee of all that is not well."""
    return [
        (one.state, one.guarantee)
        for one in diagnosed(found, by, code)
        if one.state is not State.OK
    ]
