"""GG606: only an evaluator that was measured well enough may stop a deploy."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.recorded import calibrated, gating_uses
from goldengit.models.standing import band_in_force
from goldengit.rules.base import Rule


class CalibrationBelowFloor(Rule):
    """Too few labels, or agreement below the floor.

    ## What it does
    For each evaluator with `role: gate` in a `dataset.yaml`, takes the numbers of its manifest and
    the thresholds of the policy in force, whatever the manifest names, and asks for the band
    `gate`: enough decided held-out labels of each class, agreement above `calibration.gate`,
    coverage, the worst case, the `guarded` or `strict` condition, no more looks than allowed, no
    stand-in. Its verdicts must depend on the answer: one that reads nothing but the input, the
    expected output or the metadata says the same of every release. The policy is that of the base,
    so that a change cannot lower the floor that it is measured by. Roles are those of the head;
    whatever judges a release reads them from the base.

    ## Why it matters
    A judge that always says pass agrees with people on nine cases of ten where one in ten fails.
    A gate of such a judge is green and means nothing.

    ## Example
    ```yaml
    evaluators:
      - {id: tone-judge, role: gate}  # MCC 0.52: the band is `signal`
    ```

    ## How to fix
    Set its role to `signal` in `dataset.yaml`; or do what the message asks for (mostly: label
    more), revise the evaluator, and run `goldengit calibrate EVALUATOR`.
    """

    code = "GG606"
    name = "calibration-below-floor"

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each gating role that an evaluator's numbers do not earn."""
        for one in calibrated(change):
            if change.policy is None:
                return
            band, why = band_in_force(one.manifest, change.policy)
            for use in gating_uses(change, one.gauge.id) if band != "gate" else ():
                yield self.finding(
                    use.file.path,
                    f"{one.gauge.id} gates here, but its band is `{band}`. {' '.join(why)}",
                    f"Set its role to `signal`; or improve it, then run `{one.command}`.",
                    line=use.line,
                )
            for use in gating_uses(change, one.gauge.id) if one.gauge.ignores_answer else ():
                yield self.finding(
                    use.file.path,
                    f"{one.gauge.id} gates here, but its verdicts are the same whatever was "
                    "answered.",
                    f"Let it read `actual_output` or `trace`, raise its version and run "
                    f"`{one.command}`; or set its role to `signal`.",
                    line=use.line,
                )
