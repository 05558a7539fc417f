"""GG612: a changed evaluator has a higher version."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.evaluator import DEFINITION
from goldengit.models.finding import Finding
from goldengit.models.layout import evaluator_path
from goldengit.rules.base import TRANSITION, Rule


class EvaluatorVersionNotRaised(Rule):
    """The evaluator digest changed and its version did not.

    ## What it does
    Compares the digest of an evaluator's folder, `calibration.yaml` and `calibration.jsonl` left
    out, with that of the base. Where it differs, `version` in `evaluator.yaml` must be higher.

    ## Why it matters
    Scorecards and manifests name an evaluator by id and version. Two evaluators of one version make
    results of last week and of today look comparable.

    ## Example
    A word is added to `prompt.md`, and `version: 3` stays.

    ## How to fix
    Raise `version` in `evaluator.yaml`, then run `goldengit calibrate EVALUATOR`.
    """

    code = "GG612"
    name = "evaluator-version-not-raised"
    judges = TRANSITION
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each evaluator that changed under its old version, or a lower one."""
        for gauge in change.gauges:
            if gauge.definition is None or gauge.base_digest in {"", gauge.definition.digest}:
                continue
            version = gauge.definition.spec.version
            if version <= gauge.base_version:
                file = change.head.file(evaluator_path(gauge.id, DEFINITION))
                yield self.finding(
                    gauge.path,
                    f"The evaluator changed, but its version is {version}; the base has "
                    f"{gauge.base_version}.",
                    f"Write `version: {gauge.base_version + 1}`, then run "
                    f"`goldengit calibrate {gauge.id}`.",
                    line=file.line("version") if file else 0,
                )
