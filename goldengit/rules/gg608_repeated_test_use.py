"""GG608: every look at the held-out labels is counted, and few are allowed."""

from collections.abc import Iterator

from goldengit.models.calibration import Look, Manifest
from goldengit.models.change import Change, Gauge
from goldengit.models.evaluator import MANIFEST
from goldengit.models.finding import Finding, Severity
from goldengit.models.layout import evaluator_path
from goldengit.models.lifecycle import restore_command
from goldengit.models.protocol import looks_allowed, looks_in_force
from goldengit.models.recorded import Calibrated, calibrated
from goldengit.rules.base import Rule


class RepeatedTestUse(Rule):
    """The test split was evaluated again.

    ## What it does
    Warns when more states of an evaluator were measured on its held-out labels than
    `calibration.max_looks` allows (one in blind mode); its band is then `signal` at most. A look
    counts as long as it saw at least half of what is held out now. It is an error to lose a look:
    each one that the base's manifest lists under `looks` stays listed and saw no fewer labels, a
    manifest is not deleted while its evaluator stays, and the latest look is of the digest that the
    manifest is about and saw all its held-out labels. The same digest measured again is no further
    look. An evaluator that is removed with its whole folder takes its looks with it, and one that
    comes back under another id counts from one: whoever reviews such a change should ask why.

    ## Why it matters
    The best of ten prompts tried on twenty labels looks good by chance. Held-out labels that were
    used to choose are held out no longer.

    ## Example
    A judge is revised and calibrated until it passes; then the list of looks is shortened.

    ## How to fix
    Too many looks: leave its role at `signal`, and label more cases. When more than half of the
    held-out labels are new to a look, it counts no longer. From `heldout.blind_below` settled
    labels on there is also a dev part to try on, and `calibration.max_looks` looks. A lost look:
    run `git restore --source=BASE --staged --worktree -- PATH`, then `goldengit calibrate
    EVALUATOR`, which adds to the list.
    """

    code = "GG608"
    name = "repeated-test-use"
    severity = Severity.WARNING

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a warning for too many looks, and an error for each that is not told."""
        for gauge in change.gauges:
            if gauge.manifest is None and _looks_of_base(change, gauge):
                path = evaluator_path(gauge.id, MANIFEST)
                yield self._lost(change, path, "The manifest was deleted, and its looks with it.")
        for one in calibrated(change):
            yield from self._count(change, one)
            yield from self._told(change, one)

    def _count(self, change: Change, one: Calibrated) -> Iterator[Finding]:
        if change.policy is None:
            return
        looks = looks_in_force(one.manifest.looks, one.manifest.heldout)
        allowed = looks_allowed(one.manifest.protocol, change.policy.calibration.max_looks)
        if looks > allowed:
            yield self.finding(
                one.file.path,
                f"The held-out labels were looked at {looks} times; `{one.manifest.protocol}` "
                f"allows {allowed}.",
                "Leave its role at `signal` and label more cases: a look counts while it saw half "
                f"of the held-out labels. `{one.command} --dev` is none.",
                line=one.file.line("looks"),
            )

    def _told(self, change: Change, one: Calibrated) -> Iterator[Finding]:
        told = {look.digest: look.labels for look in one.manifest.looks}
        before = _looks_of_base(change, one.gauge)
        lost = [look.digest for look in before if look.labels > told.get(look.digest, -1)]
        if lost:
            what = f"The look at the labels by {lost[0][:19]}… is not listed as it was."
            yield self._lost(change, one.file.path, what, one.file.line("looks"))
        elif not _is_of(one.manifest.looks[-1], one.manifest):
            yield self.finding(
                one.file.path,
                "The latest look is not the one of this manifest, so this measurement is not "
                "counted.",
                f"Run `{one.command}`.",
                line=one.file.line("looks"),
                severity=Severity.ERROR,
            )

    def _lost(self, change: Change, path: str, what: str, line: int = 0) -> Finding:
        remedy = f"Run `{restore_command(change, path)}`; a later calibration adds to the list."
        return self.finding(path, what, remedy, line=line, severity=Severity.ERROR)


def _is_of(look: Look, manifest: Manifest) -> bool:
    """Tell whether a look is that of a manifest: of its digest, at all its held-out labels."""
    seen = manifest.heldout.decided + manifest.heldout.undecided
    return look.digest == manifest.digest and look.labels >= seen


def _looks_of_base(change: Change, gauge: Gauge) -> tuple[Look, ...]:
    """Return the measurements that the base's manifest tells of."""
    file = change.base.file(evaluator_path(gauge.id, MANIFEST))
    manifest = file.manifest if file else None
    return manifest.looks if manifest else ()
