"""GG504: many cases that silently become one."""

from collections.abc import Iterator

from goldengit.models.case import Case
from goldengit.models.change import Change
from goldengit.models.facts import Closure
from goldengit.models.finding import Finding
from goldengit.models.layout import golden_path
from goldengit.models.lifecycle import Closing, closings
from goldengit.rules.base import Rule


class SupersessionFork(Rule):
    """Several cases have one successor, and no reason says so.

    ## What it does
    When a case is superseded by one that already is the successor of another case, the `reason` of
    the new block must name that other case by its id. In a check of a whole tree this holds for
    all predecessors but the first.

    ## Why it matters
    Merging cases into one shrinks the set. That can be right, but then a reader has to see that
    it was meant.

    ## Example
    Three cases about refunds are superseded by the same new one, each with the reason "better".

    ## How to fix
    Run `git restore --source=BASE --staged --worktree -- PATH`, then
    `goldengit supersede ID --by NEW --reason "Merged with OTHER-ID: …"`.
    """

    code = "GG504"
    name = "supersession-fork"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each link that joins others without saying so."""
        for closing in closings(change):
            others = _others(change, closing)
            if others and not any(other in closing.block.reason for other in others):
                message = (
                    f"{closing.successor} is the successor of {others[0]} too, "
                    "and the reason does not say so."
                )
                remedy = (
                    f"Run `goldengit supersede {closing.case.id} --by {closing.successor} "
                    f'--reason "Merged with {others[0]}: …"`.'
                )
                line = closing.file.line(closing.key, "reason")
                yield self.finding(closing.file.path, message, remedy, line=line)


def _others(change: Change, closing: Closing) -> tuple[str, ...]:
    """Return the other predecessors that this link has to name one of."""
    if not closing.successor:
        return ()
    index = change.head.index(closing.file.spot.dataset)
    group = tuple(sorted(index.predecessors(closing.successor)))
    if not change.is_transition and closing.case.id == _first(
        index.closures[case] for case in group
    ):
        return ()
    unnamed = (case for case in group if case != closing.case.id)
    return tuple(case for case in unnamed if not _names(change, closing, case))


def _first(closures: Iterator[Closure]) -> str:
    return min(closures, key=lambda closure: (closure.at, closure.case)).case


def _names(change: Change, closing: Closing, other: str) -> bool:
    """Tell whether the other link names this case: one word for both is enough."""
    file = change.head.file(golden_path(closing.file.spot.dataset, other))
    block = file.case.superseded_by if file is not None and isinstance(file.case, Case) else None
    return block is not None and closing.case.id in block.reason
