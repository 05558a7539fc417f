"""Standing: what an evaluator may do today, by its manifest and the tree that it stands in."""

from collections.abc import Iterator
from datetime import date

from goldengit.models.calibration import Manifest, Measured, Thresholds, band, thresholds_of
from goldengit.models.change import Gauge
from goldengit.models.evaluator import Definition, prompt_digest
from goldengit.models.policy import Policy
from goldengit.models.protocol import looks_allowed, looks_in_force
from goldengit.models.recorded import differences
from goldengit.models.scorecard import Standing


def standing(gauge: Gauge, policy: Policy, now: str) -> tuple[Standing, str]:
    """Return what an evaluator may do, and why not more ("" when it may gate).

    The bands are those of the policy in force, whatever the manifest says of itself. `now` is
    RFC 3339 text in UTC.
    """
    if gauge.defect or gauge.definition is None or gauge.manifest is None:
        return "uncalibrated", gauge.defect or "It was never calibrated."
    manifest = gauge.manifest.manifest
    if manifest is None:
        return "uncalibrated", "Its calibration manifest could not be read."
    for why in _staleness(gauge, gauge.definition, manifest, policy, now):
        return "stale", why
    found, reasons = band_in_force(manifest, policy)
    return found, " ".join(reasons)


def band_in_force(manifest: Manifest, policy: Policy) -> tuple[Standing, list[str]]:
    """Return the band that a manifest's numbers earn under this policy, and why not more."""
    rule = thresholds_of(policy.calibration)
    allowed = looks_allowed(manifest.protocol, rule.max_looks)
    return band(
        _under(manifest, rule),
        rule.model_copy(update={"max_looks": allowed}),
        looks=looks_in_force(manifest.looks, manifest.heldout),
        stand_in=manifest.stand_in,
    )


def _under(manifest: Manifest, rule: Thresholds) -> Measured:
    """Return the held-out agreement without the probabilities that are about other thresholds."""
    said = manifest.thresholds
    return manifest.heldout.model_copy(
        update={
            name: None
            for name, moved in (
                ("above_signal", said.signal != rule.signal),
                ("above_gate", said.gate != rule.gate),
            )
            if moved
        }
    )


def _staleness(
    gauge: Gauge, definition: Definition, manifest: Manifest, policy: Policy, now: str
) -> Iterator[str]:
    """Yield why a manifest does not speak for the evaluator of this tree."""
    spec = definition.spec
    if manifest.digest != definition.digest:
        yield "The evaluator changed since it was calibrated."
    if manifest.model != gauge.asks:
        yield f"It was calibrated with {manifest.model}, and asks {gauge.asks}."
    if manifest.prompt != prompt_digest(gauge.prompt):
        yield "What the model is told besides the row changed since it was calibrated."
    if manifest.stand_in != spec.stand_in:
        yield "A stand-in was measured and the model itself is asked, or the other way round."
    if gauge.recomputed is not None and differences(manifest.heldout, gauge.recomputed):
        yield "Its numbers do not follow from its raw verdicts."
    named = (manifest.evaluator, manifest.dataset, manifest.failure_mode, manifest.repository)
    if named != (spec.id, spec.dataset, spec.failure_mode, policy.repository):
        yield "The manifest belongs to another evaluator, dataset, failure mode or repository."
    if manifest.rubric != definition.failure_mode.rubric:
        yield f"Rubric {definition.failure_mode.rubric} is in force, not {manifest.rubric}."
    yield from aged(gauge, manifest, policy, now)


def aged(gauge: Gauge, manifest: Manifest, policy: Policy, now: str) -> Iterator[str]:
    """Yield why time has passed over a manifest: its age, cases that ended, new labels."""
    rule = policy.calibration
    days = (date.fromisoformat(now[:10]) - date.fromisoformat(manifest.at[:10])).days
    if days > rule.max_age_days:
        yield f"The calibration is {days} days old; {rule.max_age_days} are allowed."
    lines = gauge.verdicts.verdicts if gauge.verdicts else ()
    ended = sum(line.case not in gauge.labels for line in lines)
    if ended > rule.max_new_labels * len(lines):
        yield f"{ended} of {len(lines)} cases that it was measured on are no longer active."
    fresh = len(set(gauge.labelled or ()) - {line.case for line in lines})
    if fresh > rule.max_new_labels * len(lines):
        yield f"{fresh} cases were labelled since; it was measured on {len(lines)}."
