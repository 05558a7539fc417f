"""GG311: one record, changed on both sides."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.layout import locate
from goldengit.models.lifecycle import base_revision
from goldengit.rules.base import TRANSITION, Rule


class TwoSidedChange(Rule):
    """A data path changed on both sides since the merge base.

    ## What it does
    Compares what the branch and the base did to each data file since they parted. The same path
    changed to different content on both sides is refused, even where Git could merge the lines.

    ## Why it matters
    A merged record is one that nobody wrote and nobody signed. Records are only added, so a true
    merge of their content is never legitimate.

    ## Example
    Two requests withdraw one case with different reasons.

    ## How to fix
    Bring the branch up to date and make your edit again on top: `git rebase BASE`.
    """

    code = "GG311"
    name = "two-sided-change"
    judges = TRANSITION
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each data path that both sides changed."""
        if change.merge is None:
            return
        clashes = (path for path in change.merge.conflicts if locate(path).kind.is_data)
        for path in sorted({*change.merge.two_sided, *clashes}):
            message = "Both the branch and the base changed this file since they parted."
            remedy = (
                f"Run `git rebase {base_revision(change)}` and make your edit again on top of it."
            )
            yield self.finding(path, message, remedy)
