"""GG609: an evaluator that is nothing but data still says what was recorded."""

from collections.abc import Iterator

from goldengit.models.calibration import RecordedVerdict
from goldengit.models.change import Change, File
from goldengit.models.finding import Finding
from goldengit.models.recorded import Calibrated, Recorded, calibrated, recorded
from goldengit.models.verdict import Verdict
from goldengit.rules.base import Rule

_ROUNDING = 1e-6  # a score that another machine computed


class RerunDrift(Rule):
    """A repeated sample differs from the recorded predictions.

    ## What it does
    Runs the evaluators again that are nothing but data and deterministic (patterns, schemas,
    phrases and the like) on every recorded case, and compares verdict, score and grade with
    `calibration.jsonl`. Nothing else of a pull request is executed: what a model, a classifier or
    code said is believed until somebody calibrates again, or judges a sample of it once more:
    `goldengit calibrate EVALUATOR --again 20`. For every kind, a recorded case must be
    a golden case of the dataset.

    ## Why it matters
    Numbers that follow from invented verdicts are invented too. What can be repeated at no cost
    need not be believed.

    ## Example
    `calibration.jsonl` says `pass` where the pattern does not match.

    ## How to fix
    Run `goldengit calibrate EVALUATOR`.
    """

    code = "GG609"
    name = "rerun-drift"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for the first verdict that drifted, and for each unknown case."""
        for one in calibrated(change):
            raw = one.gauge.verdicts
            if raw is None:
                continue
            lines = list(recorded(one))
            yield from self._unknown(one, raw, lines)
            if one.manifest.digest == one.definition.digest:  # else GG604 has said so
                yield from self._drift(one, raw, lines)

    def _unknown(self, one: Calibrated, raw: File, lines: list[Recorded]) -> Iterator[Finding]:
        for line in lines:
            if line.gist is None:
                dataset = one.definition.spec.dataset
                yield self.finding(
                    raw.path,
                    f"{line.said.case} is recorded, but is no golden case of {dataset}.",
                    f"Run `{one.command}`.",
                    line=line.line,
                )

    def _drift(self, one: Calibrated, raw: File, lines: list[Recorded]) -> Iterator[Finding]:
        now = one.gauge.reruns or {}
        drifted = [
            (line, now[line.said.case])
            for line in lines
            if line.said.case in now and not _agree(line.said, now[line.said.case])
        ]
        for line, verdict in drifted[:1]:
            others = f" {len(drifted) - 1} more differ." if drifted[1:] else ""
            yield self.finding(
                raw.path,
                f"On {line.said.case} `{_shown(line.said)}` is recorded, and run again the "
                f"evaluator says `{_shown(verdict)}`.{others}",
                f"Run `{one.command}`.",
                line=line.line,
            )


def _agree(said: RecordedVerdict, found: Verdict) -> bool:
    pairs = ((said.score, found.score), (said.grade, found.grade))
    return said.verdict == found.verdict and all(
        one is other if one is None or other is None else abs(one - other) <= _ROUNDING
        for one, other in pairs
    )


def _shown(verdict: RecordedVerdict | Verdict) -> str:
    score = "" if verdict.score is None else f", score {verdict.score:g}"
    grade = "" if verdict.grade is None else f", grade {verdict.grade:g}"
    return f"{verdict.verdict}{score}{grade}"
