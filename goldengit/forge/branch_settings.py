"""Reading the rules of branches: those of all rulesets together, and who may pass them by."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from urllib.parse import quote

from goldengit.forge.client import GitHub
from goldengit.forge.parts import ADMINISTRATOR, READER, seen
from goldengit.forge.rows import read
from goldengit.forge.setting_rows import (
    BranchTipRow,
    BypassRow,
    ParametersRow,
    RuleRow,
    RulesetRow,
)
from goldengit.models.pull import CONTEXT
from goldengit.models.settings import (
    EVERY_METHOD,
    Branch,
    BranchRules,
    Bypass,
    Known,
    Part,
    QueueRule,
    ReviewRule,
    Unknown,
)

_ACTORS = {
    "Integration": "App",
    "OrganizationAdmin": "organisation owners",
    "RepositoryRole": "role",
    "DeployKey": "deploy keys",
}


def read_branch(github: GitHub, name: str) -> Branch:
    """Return a branch with its rules, which need not exist for the rules to be known."""
    protected = seen(READER, lambda: branch_row(github, name).protected)
    return Branch(name, protected, seen(READER, lambda: _rules(github, name)))


def branch_row(github: GitHub, name: str) -> BranchTipRow:
    """Return the row of a branch. Raises ForgeError without one."""
    return read(BranchTipRow, github.get(f"branches/{quote(name, safe='')}"), "a branch")


def _rules(github: GitHub, name: str) -> BranchRules:
    """Return the rules of a branch as one; GitHub enforces all of them, so the strictest counts."""
    rows = [
        read(RuleRow, value, "a rule of a branch")
        for value in github.pages(f"rules/branches/{quote(name, safe='')}")
    ]
    checks = [row.parameters for row in _of_type(rows, "required_status_checks") if row.parameters]
    return BranchRules(
        kinds=frozenset(row.type for row in rows),
        review=_review(_of_type(rows, "pull_request")),
        queue=_queue(_of_type(rows, "merge_queue")),
        gate=tuple(
            # GitHub writes "any source" as nothing, and in other places as -1.
            check.integration_id if (check.integration_id or 0) > 0 else None
            for each in checks
            for check in each.required_status_checks or ()
            if check.context.lower() == CONTEXT
        ),
        # Without any check the parameter has no effect.
        latest=any(
            each.strict_required_status_checks_policy and each.required_status_checks
            for each in checks
        ),
        rulesets=frozenset(row.ruleset_id for row in rows),
    )


def _of_type(rows: Iterable[RuleRow], kind: str) -> list[RuleRow]:
    return [row for row in rows if row.type == kind]


def _review(rows: Sequence[RuleRow]) -> ReviewRule | None:
    all_ = [row.parameters or ParametersRow() for row in rows]
    if not all_:
        return None
    methods = EVERY_METHOD
    for each in all_:
        if each.allowed_merge_methods is not None:
            methods &= frozenset(each.allowed_merge_methods)
    return ReviewRule(
        approvals=max(each.required_approving_review_count or 0 for each in all_),
        code_owners=any(each.require_code_owner_review for each in all_),
        last_push=any(each.require_last_push_approval for each in all_),
        threads=any(each.required_review_thread_resolution for each in all_),
        dismisses=any(each.dismiss_stale_reviews_on_push for each in all_),
        methods=methods,
    )


def _queue(rows: Sequence[RuleRow]) -> QueueRule | None:
    all_ = [row.parameters or ParametersRow() for row in rows]
    if not all_:
        return None
    return QueueRule(
        method=all_[0].merge_method or "",
        every_commit=any(each.grouping_strategy == "ALLGREEN" for each in all_),
    )


def read_bypasses(
    github: GitHub, branches: Iterable[Branch]
) -> Mapping[int, Part[tuple[Bypass, ...]]]:
    """Return who may bypass each ruleset that has a rule on one of the branches."""
    known = [branch.rules.value for branch in branches if isinstance(branch.rules, Known)]
    numbers = sorted({number for rules in known for number in rules.rulesets})
    found: dict[int, Part[tuple[Bypass, ...]]] = {}
    for number in numbers:
        part = seen(ADMINISTRATOR, partial(_bypass_rows, github, number))
        found[number] = _bypass_list(part)
    return found


def _bypass_rows(github: GitHub, number: int) -> tuple[BypassRow, ...] | None:
    return read(RulesetRow, github.get(f"rulesets/{number}"), "a ruleset").bypass_actors


def _bypass_list(part: Part[tuple[BypassRow, ...] | None]) -> Part[tuple[Bypass, ...]]:
    if not isinstance(part, Known):
        return part
    if part.value is None:
        return Unknown("not shown to this token", ADMINISTRATOR)
    return Known(tuple(Bypass(_actor(row), row.bypass_mode) for row in part.value))


def _actor(row: BypassRow) -> str:
    word = _ACTORS.get(row.actor_type, row.actor_type)
    return word if row.actor_id is None else f"{word} {row.actor_id}"
