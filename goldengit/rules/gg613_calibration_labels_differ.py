"""GG613: what a calibration takes for the human verdict is what people said."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.recorded import Recorded, calibrated, recorded
from goldengit.rules.base import Rule

_ROUNDING = 1e-9


class CalibrationLabelsDiffer(Rule):
    """A recorded human verdict is not what the case's labels say.

    ## What it does
    Compares each line of `calibration.jsonl` with the golden case it names: the digest of the case,
    the digest of its labels on the failure mode, and the verdict and grade that follow from them.
    Labels of models do not count, and a disagreement that nobody resolved is `unknown`. Of an
    erased case the digest alone is compared.

    ## Why it matters
    Golden labels are frozen, so a difference means that somebody changed the answers instead of the
    evaluator. To correct a label, supersede its case.

    ## Example
    The judge says `pass`, the label `fail`; the line is edited to `"human":"pass"`.

    ## How to fix
    Run `goldengit calibrate EVALUATOR`. If a label is wrong, run `goldengit supersede ID --by NEW
    --reason TEXT` first.
    """

    code = "GG613"
    name = "calibration-labels-differ"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for the first recorded case whose labels say something else."""
        for one in calibrated(change):
            raw, mode = one.gauge.verdicts, one.definition.spec.failure_mode
            if raw is None:
                continue
            lines = [(line, _difference(line, mode)) for line in recorded(one)]
            wrong = [(line, why) for line, why in lines if why]
            for line, why in wrong[:1]:
                more = len(wrong) - 1
                others = f" {more} more {'differs' if more == 1 else 'differ'}." if more else ""
                yield self.finding(
                    raw.path,
                    f"{line.said.case}: {why}{others}",
                    f"Run `{one.command}`; to correct a label, supersede the case.",
                    line=line.line,
                )


def _difference(line: Recorded, failure_mode: str) -> str:
    said, gist = line.said, line.gist
    if gist is None:
        return ""  # GG609 says so
    if gist.digest != said.case_digest:
        return "the case has another digest than the one that was judged."
    if not gist.readable:
        return ""
    people = gist.people
    if people is None:
        return f"no person labelled it for {failure_mode}."
    if people.outcome != said.human or not _same(people.grade, said.human_grade):
        is_recorded = _shown(said.human, said.human_grade)
        return f"people say {_shown(people.outcome, people.grade)}, not {is_recorded}."
    return "" if people.digest == said.label else "its labels have another digest."


def _same(one: float | None, other: float | None) -> bool:
    return one is other if one is None or other is None else abs(one - other) < _ROUNDING


def _shown(outcome: str, grade: float | None) -> str:
    return outcome if grade is None else f"{outcome} ({grade:g})"
