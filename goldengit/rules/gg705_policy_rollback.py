"""GG705: policies are numbered, and numbers grow."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.layout import POLICY
from goldengit.rules.base import TRANSITION, Rule


class PolicyRollback(Rule):
    """Every change of the policy raises its version.

    ## What it does
    Reports a change of `goldengit.yaml` whose `version` is not greater than that of the base.

    ## Why it matters
    An old, laxer policy could otherwise return as if nothing had happened.

    ## Example
    `git revert` brings back the policy of last year, `version: 3` included.

    ## How to fix
    Set `version` in `goldengit.yaml` to the base's plus one, then `goldengit check --staged`.
    """

    code = "GG705"
    name = "policy-rollback"
    judges = TRANSITION

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding when the policy changes and its version does not grow."""
        file = change.head.file(POLICY)
        old, new = change.policy, file.policy if file else None
        touched = any(each.path == POLICY for each in change.files)
        if change.adoption or not touched or file is None or old is None or new is None:
            return
        if new.version <= old.version:
            yield self.finding(
                POLICY,
                f"The policy changes, and its version goes from {old.version} to {new.version}.",
                f"Set `version: {old.version + 1}` in {POLICY}.",
                line=file.line("version"),
            )
