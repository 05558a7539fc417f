"""GG619: a calibration took place after its labels were given, and not in the future."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.recorded import Calibrated, calibrated, recorded
from goldengit.rules.base import Rule


class ImpossibleCalibrationDate(Rule):
    """The time of a calibration contradicts its looks, its labels or the clock.

    ## What it does
    `at` of a manifest is not later than the check (or, in an audit, than the commit); no look is
    later than `at`; no recorded case has a label of the failure mode that was given after `at`; and
    a manifest is not older than the one that it replaces.

    ## Why it matters
    A manifest of the future never grows old. One that is older than its own labels was not measured
    on them. And whoever goes back in time need not record the cases that came since.

    ## Example
    `at: "2062-05-23T08:00:00Z"` in `calibration.yaml`.

    ## How to fix
    Run `goldengit calibrate EVALUATOR` on a machine whose clock is right.
    """

    code = "GG619"
    name = "impossible-calibration-date"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each manifest whose time cannot be."""
        for one in calibrated(change):
            for key, message in _contradictions(change, one):
                remedy = f"Run `{one.command}` on a machine whose clock is right."
                yield self.finding(one.file.path, message, remedy, line=one.file.line(key))


def _contradictions(change: Change, one: Calibrated) -> Iterator[tuple[str, str]]:
    at = one.manifest.at
    if at > change.now:
        yield "at", f"The time {at} is later than this check ({change.now})."
    late = max(look.at for look in one.manifest.looks)
    if late > at:
        yield "looks", f"A look of {late} is later than the manifest, which is of {at}."
    former = change.base.file(one.file.path)
    if former is not None and former.manifest is not None and former.manifest.at > at:
        yield "at", f"The manifest is of {at}, but it replaces one of {former.manifest.at}."
    labels = ((line.case.labelled_at, line.said.case) for line in recorded(one) if line.case)
    given, case = max(labels, default=("", ""))
    if given > at:
        yield "at", f"{case} was labelled at {given}, after this calibration of {at}."
