"""GG503: cases that supersede each other."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.lifecycle import chain, closings
from goldengit.rules.base import Rule


class SupersessionCycle(Rule):
    """The supersession links form a cycle.

    ## What it does
    Follows the links from every case that is closed in view. A case that names itself is GG502.

    ## Why it matters
    In a cycle every case is replaced by another and none is active: all of them are gone without a
    withdrawal.

    ## Example
    A is superseded by B, and B by A.

    ## How to fix
    Run `git restore --source=BASE --staged --worktree -- PATH` on one of them and supersede it by a
    case outside the cycle: `goldengit supersede ID --by NEW --reason TEXT`.
    """

    code = "GG503"
    name = "supersession-cycle"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each link in view that is part of a cycle."""
        for closing in closings(change):
            case = closing.case.id
            way = chain(change.head.index(closing.file.spot.dataset).closures, case)
            if case in way and closing.successor != case:
                message = f"The links form a cycle: {' → '.join((case, *way))}."
                remedy = (
                    f"Remove the block and run `goldengit supersede {case} --by NEW --reason TEXT` "
                    "with a case outside the cycle."
                )
                yield self.finding(closing.file.path, message, remedy, line=closing.line)
