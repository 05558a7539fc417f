"""GG316: one interaction, two cases."""

from collections.abc import Iterator

from goldengit.models.case import Case
from goldengit.models.change import Change, File
from goldengit.models.finding import Finding
from goldengit.models.layout import Kind, candidate_path, golden_path, queue_path
from goldengit.models.lifecycle import chain
from goldengit.rules.base import Rule

_HEX = 6  # digits at the end of an id; they come from the trace


class DuplicateTrace(Rule):
    """A trace is in a dataset twice.

    ## What it does
    The `trace.trace_id` of a golden case occurs once among the golden cases of its dataset, unless
    one supersedes the other. A row that waits must not repeat a trace under an id whose last six
    digits, which come from the trace, are the same.

    ## Why it matters
    One incident that counts twice bends every rate, and lets two cases say different things about
    the same answer.

    ## Example
    A trace was flagged on Monday and again on Tuesday, so two ids differ in their day alone.

    ## How to fix
    Drop the second row with `git rm PATH`, or let it replace the first:
    `goldengit supersede OLD --by NEW --reason TEXT`.
    """

    code = "GG316"
    name = "duplicate-trace"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each row whose trace another row of the dataset has."""
        for file in change.readable(Kind.QUEUE, Kind.CANDIDATE, Kind.GOLDEN):
            trace = _trace(file)
            others = sorted(_others(change, file, trace)) if trace else []
            if others:
                message = f"The trace `{trace}` is that of {others[0]} already."
                remedy = (
                    f"Run `git rm {file.path}`, or "
                    f"`goldengit supersede {others[0]} --by {file.spot.case} --reason TEXT`."
                )
                line = file.line("trace", "trace_id")
                yield self.finding(file.path, message, remedy, line=line)


def _others(change: Change, file: File, trace: str) -> Iterator[str]:
    """Yield the ids of the other rows that have this trace and should not."""
    index = change.head.index(file.spot.dataset)
    for case in index.with_trace(trace):
        same = change.head.file(golden_path(file.spot.dataset, case))
        if case != file.spot.case and same is not None and _trace(same) == trace:
            if file.spot.kind is Kind.GOLDEN:
                linked = {*chain(index.closures, case), *chain(index.closures, file.spot.case)}
                if not linked & {case, file.spot.case}:
                    yield case
            elif case[-_HEX:] == file.spot.case[-_HEX:]:
                yield case
    if file.spot.kind is not Kind.GOLDEN:
        yield from _waiting(change, file, trace)


def _waiting(change: Change, file: File, trace: str) -> Iterator[str]:
    """Yield the ids of waiting rows with the same digits and trace."""
    for folder, way in (("queue", queue_path), ("candidates", candidate_path)):
        for entry in change.head.entries(f"datasets/{file.spot.dataset}/{folder}"):
            case = entry.name.removesuffix(".yaml")
            if case[-_HEX:] == file.spot.case[-_HEX:] and case != file.spot.case:
                other = change.head.file(way(file.spot.dataset, case))
                if other is not None and _trace(other) == trace:
                    yield case


def _trace(file: File) -> str:
    case = file.case
    return case.trace.trace_id if isinstance(case, Case) and case.trace is not None else ""
