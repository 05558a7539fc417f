"""GG604: a manifest speaks of the evaluator that stands beside it."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.evaluator import prompt_digest
from goldengit.models.finding import Finding, Severity
from goldengit.models.recorded import Calibrated, calibrated, weight
from goldengit.rules.base import Rule


class EvaluatorDigestMismatch(Rule):
    """The manifest belongs to another state of the evaluator.

    ## What it does
    Compares the digest that the manifest names with that of the evaluator's folder: every file but
    `calibration.yaml` and `calibration.jsonl`. It is an error where a dataset lets the evaluator
    gate; elsewhere it is a warning, so that an evaluator can be revised step by step. The same
    holds for everything that a model is told besides the row, part of which is this program's own
    wording. Where the digest is right, kind, version, model and `stand_in` must be too, always.

    ## Why it matters
    Another prompt, another model or another pattern is another evaluator. What was measured says
    nothing about it, and a deploy treats it as `stale`.

    ## Example
    A sentence is added to the rubric of a judge that gates; its manifest stays.

    ## How to fix
    Raise the version in `evaluator.yaml` and run `goldengit calibrate EVALUATOR`; or set its role
    in `dataset.yaml` to `signal` until it is measured.
    """

    code = "GG604"
    name = "evaluator-digest-mismatch"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each manifest of another state of its evaluator."""
        for one in calibrated(change):
            digest = one.definition.digest
            if one.manifest.digest != digest:
                yield self.finding(
                    one.file.path,
                    f"The manifest is about the digest {one.manifest.digest[:19]}…, but the "
                    f"evaluator has {digest[:19]}… now.",
                    f"Raise the version in {one.gauge.path} and run `{one.command}`; or set its "
                    "role to `signal` until then.",
                    line=one.file.line("digest"),
                    severity=weight(change, one.gauge.id),
                )
                continue
            if not one.gauge.defect and one.manifest.prompt != prompt_digest(one.gauge.prompt):
                yield self.finding(
                    one.file.path,
                    "What the model is told besides the row is not what it was told when this was "
                    "measured.",
                    f"Run `{one.command}`; or set its role to `signal` until then.",
                    line=one.file.line("prompt"),
                    severity=weight(change, one.gauge.id),
                )
            for key, said, found in _claims(one):
                yield self.finding(
                    one.file.path,
                    f"The manifest says `{key}: {said}`, but the evaluator of this digest has "
                    f"{found}.",
                    f"Run `{one.command}`.",
                    line=one.file.line(key),
                    severity=Severity.ERROR,
                )


def _claims(one: Calibrated) -> Iterator[tuple[str, object, object]]:
    """Yield what a manifest of the right digest says otherwise than the definition."""
    said, spec = one.manifest, one.definition.spec
    pairs: dict[str, tuple[object, object]] = {
        "version": (said.version, spec.version),
        "kind": (said.kind, spec.kind),
        "stand_in": (said.stand_in, spec.stand_in),
    }
    if not one.gauge.defect:  # else it is not known what it would ask
        pairs["model"] = (said.model, one.gauge.asks)
    yield from ((key, *pair) for key, pair in pairs.items() if pair[0] != pair[1])
