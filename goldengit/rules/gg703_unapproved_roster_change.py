"""GG703: maintainers approve what changes the policy."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding, Severity
from goldengit.models.layout import POLICY
from goldengit.rules.base import TRANSITION, Rule


class UnapprovedRosterChange(Rule):
    """The maintainers of the base approve a change of policy or roster.

    ## What it does
    Says that a change of `goldengit.yaml` needs the approval of maintainers whom the base's
    policy names. A file cannot prove such an approval: offline this is a warning. With
    `--require-confirmed` it is an error, because nothing confirms it; the gate on GitHub, which
    sees the reviews, decides. On a plain Git host a maintainer merges such a change by hand.

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
        """Yield a finding for a change of the policy, which somebody else has to approve."""
        if change.policy is None or change.adoption:
            return
        if any(each.path == POLICY for each in change.files):
            roster = change.policy.roster.items()
            maintainers = [
                name for name, person in roster if person.holds("maintainer", change.now)
            ]
            needed = change.policy.signoffs.maintainer_approvals
            yield self.finding(
                POLICY,
                f"The policy changes, which needs {needed} approval{'s' if needed > 1 else ''} by "
                f"maintainers of the base ({', '.join(maintainers) or 'none is in force'}). "
                "Nothing here can confirm that.",
                "Ask a maintainer to approve the change; the gate confirms the approval.",
                severity=Severity.ERROR if change.require_confirmed else None,
            )
