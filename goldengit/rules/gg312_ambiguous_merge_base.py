"""GG312: no single point from which to judge."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.lifecycle import base_revision
from goldengit.rules.base import TRANSITION, Rule


class AmbiguousMergeBase(Rule):
    """There is not exactly one merge base, or a commit has more than two parents.

    ## What it does
    Asks Git for all merge bases of base and head, and looks at every commit between them.

    ## Why it matters
    With unrelated histories, criss-cross merges or octopus merges it is a matter of taste what a
    branch changed, and a gate must not depend on taste.

    ## Example
    An orphan branch that carries its own copy of the dataset.

    ## How to fix
    Put your commits on top of the base: `git rebase --onto BASE OLD-BASE BRANCH`.
    """

    code = "GG312"
    name = "ambiguous-merge-base"
    judges = TRANSITION
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for a wrong number of merge bases and for each octopus merge."""
        if change.merge is None:
            return
        remedy = f"Put your commits on top of the base: `git rebase {base_revision(change)}`."
        count = len(change.merge.bases)
        if count != 1:
            many = f"{count} merge bases" if count else "no common commit"
            message = f"{change.base.name} and {change.head.name} have {many}; one is needed."
            yield self.finding(".", message, remedy)
        for oid in change.merge.octopus:
            message = f"Commit {oid[:12]} has more than two parents."
            yield self.finding(".", message, remedy)
