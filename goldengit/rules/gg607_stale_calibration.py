"""GG607: a calibration is about the labels and the rubric of today."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding, Severity
from goldengit.models.recorded import Calibrated, calibrated, recorded
from goldengit.models.standing import aged
from goldengit.rules.base import Rule


class StaleCalibration(Rule):
    """The calibration is older than the policy allows.

    ## What it does
    Warns of a manifest that is older than `calibration.max_age_days`; of one where more than the
    share `calibration.max_new_labels` of its cases was superseded, withdrawn or expired since, or
    as many cases were labelled anew; and of one that was measured by an older rubric. New labels
    are counted where a change touches the evaluator. A deploy treats such an evaluator as `stale`:
    it may warn, not block. It also warns where an evaluator keeps what an erasure was to remove:
    what it said of an erased case, or an erased case that it was made from.

    ## Why it matters
    Traffic changes, and cases with it. Agreement on the cases of last year says little about those
    of today.

    ## Example
    Forty of sixty cases that an evaluator was measured on were superseded.

    ## How to fix
    Run `goldengit calibrate EVALUATOR`. After a new rubric revise the evaluator first, and raise
    its version.
    """

    code = "GG607"
    name = "stale-calibration"
    severity = Severity.WARNING

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a warning for each way in which time has passed over a manifest."""
        for one in calibrated(change):
            if change.policy is None:
                return
            yield from self._erased(change, one)
            for why in aged(one.gauge, one.manifest, change.policy, change.now):
                yield self.finding(
                    one.file.path, why, f"Run `{one.command}`.", line=one.file.line("at")
                )
            rubric = one.definition.failure_mode.rubric
            if one.manifest.rubric != rubric:
                yield self.finding(
                    one.file.path,
                    f"Rubric {rubric} is in force; it was measured by {one.manifest.rubric}.",
                    f"Revise the evaluator, raise its version, and run `{one.command}`.",
                    line=one.file.line("rubric"),
                )

    def _erased(self, change: Change, one: Calibrated) -> Iterator[Finding]:
        closures = change.head.index(one.definition.spec.dataset).closures
        erased = {case for case, closure in closures.items() if closure.kind == "erased"}
        raw = one.gauge.verdicts
        for line in recorded(one) if erased else ():
            if raw is not None and line.said.case in erased and line.said.justification:
                yield self.finding(
                    raw.path,
                    f"{line.said.case} was erased, and what was said of its content still stands "
                    "here.",
                    f"Run `{one.command}`, which leaves the case out.",
                    line=line.line,
                )
        for case in sorted(erased & one.gauge.seen):
            yield self.finding(
                one.gauge.path,
                f"The evaluator was made from {case}, which was erased.",
                f"Take it and its text out, raise the version, and run `{one.command}`.",
            )
