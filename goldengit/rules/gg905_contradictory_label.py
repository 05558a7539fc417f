"""GG905: the same answer to the same question cannot both pass and fail."""

from collections.abc import Iterator

from goldengit.models.case import Case
from goldengit.models.change import Change, File
from goldengit.models.digest import canonical
from goldengit.models.finding import Finding
from goldengit.models.label import settled_verdicts
from goldengit.models.layout import golden_path
from goldengit.rules.base import Rule


class ContradictoryLabel(Rule):
    """Two active cases with the same input and answer agree in their verdicts.

    ## What it does
    Reports a golden case whose settled verdict on a failure mode is the opposite of that of
    another active golden case with the same `input` and the same `actual_output`. A disagreement
    that is not settled inside a case has no verdict. Another answer to the same question is no
    contradiction.

    ## Why it matters
    No evaluator can agree with both, so both only add noise.

    ## Example
    The same answer was labelled `fail` in March and `pass` in May.

    ## How to fix
    Settle which is right, then run `goldengit supersede ID --by NEW --reason TEXT`, or
    `goldengit withdraw ID --reason TEXT` for the other.
    """

    code = "GG905"
    name = "contradictory-label"
    needs_policy = False
    waivable = True

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each failure mode on which a new golden case contradicts another."""
        added = frozenset(each.path for each in change.added_golden())
        for each in change.added_golden():
            file = each.after
            if file is None or not isinstance(file.case, Case):
                continue
            for other in _twins(change, file, added):
                for mode in _contradictions(file, other):
                    yield self.finding(
                        each.path,
                        f"It has the input and the answer of {other.spot.case}, but the opposite "
                        f"verdict on {mode}.",
                        f"Settle which is right, then run `goldengit withdraw {other.spot.case} "
                        "--reason TEXT`, or leave this one out.",
                        line=file.line("labels"),
                    )


def _twins(change: Change, file: File, added: frozenset[str]) -> Iterator[File]:
    dataset, own = file.spot.dataset, file.spot.case
    index = change.head.index(dataset)
    if own in index.closures:
        return
    for other_id in sorted(set(index.with_pair(file.value)) - {own}):
        path = golden_path(dataset, other_id)
        other = change.head.file(path)
        if other is None or not isinstance(other.case, Case) or other_id in index.closures:
            continue
        if own < other_id and path in added:
            continue  # of two new cases the later is told
        if _pair(other) == _pair(file):
            yield other


def _pair(file: File) -> bytes:
    return canonical([file.value.get("input"), file.value.get("actual_output")])


def _contradictions(one: File, two: File) -> list[str]:
    first, second = (
        settled_verdicts(file.case.labels) if isinstance(file.case, Case) else {}
        for file in (one, two)
    )
    return sorted(mode for mode, verdict in first.items() if second.get(mode, verdict) != verdict)
