"""GG618: a calibration uses all labels that there were, and no others."""

from collections.abc import Iterator, Mapping

from goldengit.models.change import Change
from goldengit.models.facts import Closure
from goldengit.models.finding import Finding
from goldengit.models.recorded import Calibrated, Recorded, calibrated, recorded, weight
from goldengit.rules.base import TRANSITION, Rule


class LabelsLeftOut(Rule):
    """A labelled case that was golden at the time is not in the calibration.

    ## What it does
    Where a change touches an evaluator, reads every active case of its dataset that people labelled
    with its failure mode. Each one whose signoffs are older than the manifest must be recorded in
    `calibration.jsonl`. Where the change brings a manifest, no case may be recorded in it that had
    been superseded, withdrawn or erased, or had expired, before the manifest was written. It is an
    error where a dataset lets the evaluator gate, else a warning.

    ## Why it matters
    Whoever leaves out the cases on which a judge fails gets a good judge, and so does whoever keeps
    the cases on which people were wrong as the judge was.

    ## Example
    Twenty cases are labelled; the calibration records the fourteen on which the judge is right.

    ## How to fix
    Run `goldengit calibrate EVALUATOR`: it takes every labelled case. The same evaluator measured
    once more counts as no further look, so this is also right when a case arrived by another branch
    in the meantime.
    """

    code = "GG618"
    name = "labels-left-out"
    judges = TRANSITION
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each calibration that leaves cases out, or takes in ended ones."""
        for one in calibrated(change):
            yield from self._ended(change, one)
            known = {line.case for line in one.in_parts("train", "dev", "heldout")}
            absent = sorted(
                case
                for case, golden_since in (one.gauge.labelled or {}).items()
                if golden_since < one.manifest.at and case not in known
            )
            if absent:
                others = f" and {len(absent) - 1} more" if absent[1:] else ""
                yield self.finding(
                    one.file.path,
                    f"{absent[0]}{others} had labels at {one.manifest.at}, but "
                    f"{'are' if absent[1:] else 'is'} not recorded.",
                    f"Run `{one.command}`; the same evaluator measured again is no further look.",
                    line=one.file.line("at"),
                    severity=weight(change, one.gauge.id),
                )

    def _ended(self, change: Change, one: Calibrated) -> Iterator[Finding]:
        before = change.base.entry(one.file.path)
        if before is not None and before.oid == one.file.entry.oid:
            return  # an older calibration; what ended since ages it (GG607)
        closures = change.head.index(one.definition.spec.dataset).closures
        ended = [line for line in recorded(one) if _had_ended(line, closures, one)]
        if ended and one.gauge.verdicts is not None:
            others = f" and {len(ended) - 1} more" if ended[1:] else ""
            yield self.finding(
                one.gauge.verdicts.path,
                f"{ended[0].said.case}{others} had ended before {one.manifest.at}, but "
                f"{'are' if ended[1:] else 'is'} recorded.",
                f"Run `{one.command}`; the same evaluator measured again is no further look.",
                line=ended[0].line,
                severity=weight(change, one.gauge.id),
            )


def _had_ended(line: Recorded, closures: Mapping[str, Closure], one: Calibrated) -> bool:
    """Tell whether a recorded case was no longer active when it is said to have been judged."""
    at, closure = one.manifest.at, closures.get(line.said.case)
    if closure is not None:
        return closure.at < at
    return bool(line.case and line.case.valid_until and line.case.valid_until < at[:10])
