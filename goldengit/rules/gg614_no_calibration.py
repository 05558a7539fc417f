"""GG614: an evaluator that may stop a deploy was measured."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.recorded import gating_uses
from goldengit.rules.base import Rule


class NoCalibration(Rule):
    """An evaluator gates that was never calibrated.

    ## What it does
    Asks for a readable `calibration.yaml` beside every evaluator with `role: gate` in a
    `dataset.yaml`. An evaluator without one that gates nowhere is being developed, and left alone.

    ## Why it matters
    A judge that nobody measured turns a deploy green or red for reasons that nobody knows.

    ## Example
    A new judge is added to `evaluators` with `role: gate` in the change that brings it.

    ## How to fix
    Run `goldengit calibrate EVALUATOR` and commit both files, or set its role to `signal`.
    """

    code = "GG614"
    name = "no-calibration"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each gating role of an evaluator without a readable manifest."""
        for gauge in change.gauges:
            if gauge.manifest is not None and gauge.manifest.manifest is not None:
                continue
            for use in gating_uses(change, gauge.id):
                what = "has no" if gauge.manifest is None else "has an unreadable"
                yield self.finding(
                    use.file.path,
                    f"{gauge.id} gates here, but {what} calibration manifest.",
                    f"Run `goldengit calibrate {gauge.id}`, or set its role to `signal`.",
                    line=use.line,
                )
