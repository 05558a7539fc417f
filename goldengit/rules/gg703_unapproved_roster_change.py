"""GG703: maintainers approve what changes the policy."""

from collections.abc import Iterator, Sequence

from goldengit.models.approval import FILE
from goldengit.models.change import Change
from goldengit.models.finding import Finding, Severity
from goldengit.models.layout import POLICY
from goldengit.models.protection import is_protected
from goldengit.rules.base import TRANSITION, Rule


class UnapprovedRosterChange(Rule):
    """The maintainers of the base approve a change of policy, roster or another protected path.

    ## What it does
    Says that a change of `goldengit.yaml` needs the approval of maintainers whom the base's
    policy names. A file cannot prove such an approval: offline this is a warning. With
    `--require-confirmed` it is an error, because nothing confirms it. The gate on GitHub, which
    sees the reviews, decides, and asks the same for every other protected path: an approval counts
    for exactly the content that it was given on, and not from whoever wrote or pushed it. On a
    plain Git host a maintainer merges such a change by hand.

    ## Why it matters
    Whoever writes the roster decides who decides.

    ## Example
    A pull request adds its own author to the roster.

    ## How to fix
    Ask a maintainer to approve the change.
    """

    code = "GG703"
    name = "unapproved-roster-change"
    severity = Severity.WARNING
    judges = TRANSITION

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each protected path that still needs approvals."""
        if change.policy is None or change.adoption:
            return
        needed = change.policy.signoffs.maintainer_approvals
        for each in change.files:
            asked = is_protected(each.path, change.policy)
            if each.path != POLICY and (change.reviewed is None or not asked):
                continue
            given = _given(change, each.path)
            if change.reviewed is None or len(given) < needed:
                yield self._missing(change, each.path, needed, given)

    def _missing(self, change: Change, path: str, needed: int, given: Sequence[str]) -> Finding:
        what = "The policy changes" if path == POLICY else "This protected path changes"
        names = ", ".join(_maintainers(change)) or "none is in force"
        state = (
            f"It has {len(given)}{_reasons(change, path)}."
            if change.reviewed is not None
            else "Nothing here can confirm that."
        )
        return self.finding(
            path,
            f"{what}, which needs {needed} approval{'s' if needed > 1 else ''} by maintainers of "
            f"the base ({names}). {state}",
            "Ask a maintainer to approve the change; the gate confirms the approval.",
            severity=Severity.ERROR if change.require_confirmed else None,
        )


def _maintainers(change: Change) -> list[str]:
    roster = change.policy.roster.items() if change.policy else ()
    return [name for name, person in roster if person.holds("maintainer", change.now)]


def _given(change: Change, path: str) -> list[str]:
    """Return the maintainers who approve a path as it is now."""
    approvals = change.reviewed.approvals.get((path, FILE)) if change.reviewed else None
    confirmed = approvals.confirmed if approvals is not None else {}
    return [name for name in _maintainers(change) if name in confirmed]


def _reasons(change: Change, path: str) -> str:
    approvals = change.reviewed.approvals.get((path, FILE)) if change.reviewed else None
    refused = approvals.refused if approvals is not None else {}
    said = [
        f"the approval of {name} {refused[name]}"
        for name in _maintainers(change)
        if name in refused
    ]
    return f"; {'; '.join(said)}" if said else ""
