"""GG502: a case replaced by something that cannot replace it."""

from collections.abc import Iterator

from goldengit.models.case import Case
from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.layout import candidate_path, golden_path, queue_path
from goldengit.models.lifecycle import Closing, chain, closings
from goldengit.models.signoff import SupersededBy
from goldengit.rules.base import Rule


class BadSuccessor(Rule):
    """The successor is missing, not golden, not active, elsewhere, or the case itself.

    ## What it does
    `superseded_by.case` must name another golden case of the same dataset, which at that moment is
    neither superseded nor withdrawn nor erased nor past its `valid_until`. In a check of a whole
    tree the successor must exist; it may have been closed since.

    ## Why it matters
    A link to nothing retires a case without a replacement, and no withdrawal is on record.

    ## Example
    A case is superseded by a candidate that is still under review.

    ## How to fix
    Promote the successor first, `goldengit promote NEW`, then
    `goldengit supersede OLD --by NEW --reason TEXT`; without a successor `goldengit withdraw OLD`.
    """

    code = "GG502"
    name = "bad-successor"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each link in view that leads to no proper successor."""
        for closing in closings(change):
            if closing.key == "superseded_by":
                problem = _problem(change, closing)
                if problem:
                    remedy = (
                        "Name an active golden case, "
                        f"`goldengit supersede {closing.case.id} --by NEW --reason TEXT`, "
                        "or withdraw it."
                    )
                    line = closing.file.line(closing.key, "case")
                    yield self.finding(closing.file.path, problem, remedy, line=line)


def _problem(change: Change, closing: Closing) -> str:
    dataset, successor = closing.file.spot.dataset, closing.successor
    if successor == closing.case.id:
        return "A case cannot supersede itself."
    if not change.head.index(dataset).holds(successor):
        return f"The successor {successor} {_whereabouts(change, dataset, successor)}."
    if not _is_meant(change, closing):
        return f"The successor {successor} has another digest than the block names."
    if not change.is_transition:
        return ""
    return _inactive(change, dataset, successor)


def _is_meant(change: Change, closing: Closing) -> bool:
    """Tell whether the successor has the digest that the block names, if it names one."""
    block, dataset = closing.block, closing.file.spot.dataset
    if not isinstance(block, SupersededBy) or block.digest is None:
        return True
    file = change.head.file(golden_path(dataset, block.case))
    return file is not None and file.digest == block.digest


def _whereabouts(change: Change, dataset: str, case: str) -> str:
    for other in change.head.datasets:
        if other != dataset and change.head.entry(golden_path(other, case)) is not None:
            return f"belongs to another dataset, {other}"
    for path, word in ((candidate_path, "a candidate"), (queue_path, "in the queue")):
        if change.head.entry(path(dataset, case)) is not None:
            return f"is only {word}, not golden"
    return "does not exist"


def _inactive(change: Change, dataset: str, case: str) -> str:
    """Say why a golden case is not active; "" when it is, or when GG503 reports a cycle."""
    closures = change.head.index(dataset).closures
    if case in closures:
        words = {"superseded_by": "superseded", "withdrawn": "withdrawn", "erased": "erased"}
        looped = case in chain(closures, case)
        return "" if looped else f"The successor {case} is {words[closures[case].kind]} itself."
    file = change.head.file(golden_path(dataset, case))
    until = file.case.valid_until if file is not None and isinstance(file.case, Case) else None
    if until is not None and until < change.now[:10]:
        return f"The successor {case} expired on {until}."
    return ""
