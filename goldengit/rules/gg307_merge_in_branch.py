"""GG307: a merge commit where the policy wants a straight line."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.lifecycle import base_revision
from goldengit.rules.base import TRANSITION, Rule


class MergeInBranch(Rule):
    """The branch has a merge commit although the policy wants a linear history.

    ## What it does
    With `history.linear: true` every commit between base and head must have one parent.

    ## Why it matters
    An edit inside a merge commit is invisible in most listings. goldengit looks at every parent of
    every commit anyway; a team may still want none.

    ## Example
    `git merge main` on the branch of an open pull request.

    ## How to fix
    Run `git rebase BASE`.
    """

    code = "GG307"
    name = "merge-in-branch"
    judges = TRANSITION

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each commit with more than one parent."""
        if change.policy is None or not change.policy.history.linear:
            return
        for commit in change.commits:
            if len(commit.parents) > 1:
                message = f"Commit {commit.oid[:12]} is a merge; the policy wants a linear history."
                yield self.finding(".", message, f"Run `git rebase {base_revision(change)}`.")
