"""The gate's word about a pull request: one state, one sentence, and everything behind it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from goldengit.models.change import Change
from goldengit.models.finding import Finding, Report
from goldengit.models.policy import Policy
from goldengit.models.pull import PullSnapshot

# What approvals alone can repair: the pull request waits, nothing is wrong with it.
_WAITS = frozenset({"GG409", "GG703", "GG717"})


class State(StrEnum):
    """The four states of a commit status."""

    SUCCESS = "success"
    PENDING = "pending"
    FAILURE = "failure"
    ERROR = "error"

    @property
    def exit_code(self) -> int:
        """Return the exit code of a run that ends so."""
        return {"success": 0, "error": 3}.get(self.value, 1)


@dataclass(frozen=True)
class Decision:
    """What the gate says of one commit, and why.

    `pull` is None for the group of a merge queue, whose `members` are named if it passes.
    `sentence` has no mark of the pull request yet. `base` is the commit that it was merged with to
    be judged. `holds` are reasons to withhold success that are not findings.
    """

    commit: str
    state: State
    sentence: str
    base: str = ""
    pull: PullSnapshot | None = None
    change: Change | None = field(default=None, repr=False)
    report: Report | None = field(default=None, repr=False)
    holds: tuple[str, ...] = ()
    members: tuple[PullSnapshot, ...] = ()

    @property
    def description(self) -> str:
        """Return the description of the commit status."""
        return f"{self.pull.mark} {self.sentence}" if self.pull else self.sentence


def decide(
    pull: PullSnapshot, change: Change, report: Report, policy: Policy, base: str
) -> Decision:
    """Return the gate's word about a pull request that was read and judged whole."""
    holds = tuple(_holds(pull, policy))
    errors = report.errors
    broken = [one for one in errors if one.rule not in _WAITS]
    if broken:
        state, sentence = State.FAILURE, _broken(broken)
    elif errors:
        state, sentence = State.PENDING, _waiting(errors)
    elif holds:
        state, sentence = State.PENDING, holds[0]
    else:
        state, sentence = State.SUCCESS, _passed(change, report)
    return Decision(
        commit=pull.head,
        state=state,
        sentence=sentence,
        base=base,
        pull=pull,
        change=change,
        report=report,
        holds=holds,
    )


def _holds(pull: PullSnapshot, policy: Policy) -> Iterator[str]:
    """Yield why success is withheld although nothing is wrong with the content."""
    if not pull.is_open:
        yield "is closed"
    if pull.base_branch not in policy.protected_branches:
        yield f"not judged for `{pull.base_branch}`, which the policy does not protect"
    elif not pull.base_protected:
        yield f"GitHub does not protect `{pull.base_branch}`; run goldengit doctor"
    if pull.is_draft:
        yield "is a draft"
    if pull.siblings:
        others = ", ".join(f"#{number}" for number in pull.siblings)
        yield f"has the same head as {others}; close one of them"


def _broken(findings: Sequence[Finding]) -> str:
    codes = ", ".join(sorted({one.rule for one in findings}))
    said = "1 error" if len(findings) == 1 else f"{len(findings)} errors"
    return f"{said} ({codes})"


def _waiting(findings: Sequence[Finding]) -> str:
    paths = {one.place.path for one in findings}
    said = "1 file waits" if len(paths) == 1 else f"{len(paths)} files wait"
    return f"{said} for approval ({', '.join(sorted({one.rule for one in findings}))})"


def _passed(change: Change, report: Report) -> str:
    matters = change.reviewed.matters if change.reviewed else {}
    if not matters and not report.judged:
        return "nothing here is judged"
    files = "1 file" if report.judged == 1 else f"{report.judged} files"
    return f"{files} judged, {len(matters)} approved by people"
