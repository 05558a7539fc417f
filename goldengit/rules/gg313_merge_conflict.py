"""GG313: a branch that does not merge."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.layout import locate
from goldengit.models.lifecycle import base_revision
from goldengit.rules.base import TRANSITION, Rule


class MergeConflict(Rule):
    """The branch does not merge cleanly into the tip of the base.

    ## What it does
    Merges both trees without touching any work tree and reports the paths in conflict. Data files
    that both sides changed are GG311.

    ## Why it matters
    What is judged is the merge result. Without one there is nothing to judge.

    ## Example
    Two requests promote a case under one id.

    ## How to fix
    Run `git rebase BASE` and resolve what it stops at.
    """

    code = "GG313"
    name = "merge-conflict"
    judges = TRANSITION
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each path in conflict."""
        if change.merge is None:
            return
        for path in change.merge.conflicts:
            if locate(path).kind.is_data:
                continue  # GG311 says so
            message = f"This file does not merge cleanly into {change.base.name}."
            remedy = f"Run `git rebase {base_revision(change)}` and resolve the conflict."
            yield self.finding(path, message, remedy)
