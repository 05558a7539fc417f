"""GG309: a branch that does not continue from where it was."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.rules.base import TRANSITION, Rule


class HistoryRewritten(Rule):
    """The protected branch does not continue from its earlier tip.

    ## What it does
    On a push to a protected branch the old tip must be an ancestor of the new one.

    ## Why it matters
    After a forced push the record of who approved what is whatever the pusher says it is.

    ## Example
    `git push --force origin main`

    ## How to fix
    Bring the old tip back and add to it: `git fetch`, `git rebase origin/main`, `git push`.
    """

    code = "GG309"
    name = "history-rewritten"
    judges = TRANSITION
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding when the new tip does not contain the old one."""
        if change.merge is not None and change.merge.rewritten:
            message = f"{change.head.name} does not continue from {change.base.name}."
            remedy = "Run `git fetch`, `git rebase` onto the branch's present tip, and push that."
            yield self.finding(".", message, remedy)
