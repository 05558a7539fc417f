"""GG306: a golden case that was deleted."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.lifecycle import departures, restore_command
from goldengit.rules.base import TRANSITION, Rule


class GoldenDeleted(Rule):
    """A golden file was deleted.

    ## What it does
    Reports every golden path of the base that is gone from the head and was not moved.

    ## Why it matters
    Whoever can delete the cases that fail can turn any release green.

    ## Example
    `git rm datasets/support/golden/2026-03/2026-03-02-refunds-7f3a9c.yaml`

    ## How to fix
    Run `git restore --source=BASE --staged --worktree -- PATH`, then
    `goldengit withdraw ID --reason TEXT`, or `goldengit supersede ID --by NEW --reason TEXT`, or
    `goldengit erase ID --reason TEXT` when the law demands that the content goes.
    """

    code = "GG306"
    name = "golden-deleted"
    judges = TRANSITION
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each golden file that is gone."""
        for departure in departures(change):
            if departure.to is None:
                path, case = departure.before.path, departure.before.spot.case
                remedy = (
                    f"Run `{restore_command(change, path)}`, then "
                    f"`goldengit withdraw {case} --reason TEXT`."
                )
                yield self.finding(path, f"The golden case {case} was deleted.", remedy)
