"""GG304: a golden case at another path."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.lifecycle import departures, restore_command
from goldengit.rules.base import TRANSITION, Rule


class GoldenMoved(Rule):
    """A golden file changed its path.

    ## What it does
    Reports a golden path that is gone when the same id or the same bytes were added elsewhere.
    A move back to the queue or the candidates is GG508.

    ## Why it matters
    Scorecards, signoffs and links name a case by its id and its dataset, from which the path
    follows. A renamed case is a lost one, and a way around checks that look at paths.

    ## Example
    `git mv datasets/support/golden/2026-03/A.yaml datasets/billing/golden/2026-03/A.yaml`

    ## How to fix
    Move it back: `git mv NEW OLD`.
    """

    code = "GG304"
    name = "golden-moved"
    judges = TRANSITION
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding, at the old path, for each golden file that moved."""
        for departure in departures(change):
            if departure.to is not None and not departure.is_demotion:
                path = departure.before.path
                message = f"A golden case never moves; this one is now at {departure.to.path}."
                remedy = (
                    f"Run `git rm '{departure.to.path}'` and `{restore_command(change, path)}`."
                )
                yield self.finding(path, message, remedy)
