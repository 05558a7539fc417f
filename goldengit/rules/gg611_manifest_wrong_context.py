"""GG611: a manifest names the evaluator, the dataset and the policy that it stands beside."""

from collections.abc import Iterator

from goldengit.models.calibration import thresholds_of
from goldengit.models.change import Change
from goldengit.models.finding import Finding, Severity
from goldengit.models.policy import Policy
from goldengit.models.recorded import Calibrated, calibrated, uses
from goldengit.rules.base import Rule


class ManifestWrongContext(Rule):
    """The manifest names another evaluator, dataset or policy.

    ## What it does
    Compares what the manifest names with where it stands: the evaluator's id, which is also the
    salt of the split; its dataset and failure mode; the repository; and the policy, whose version
    it cannot outrun and whose thresholds it must repeat. A dataset may let an evaluator gate only
    if that was measured on the labels of this dataset; as a signal it is a warning.

    ## Why it matters
    A good manifest is easily copied into the folder of a bad evaluator, or carried to a dataset
    whose cases it never saw.

    ## Example
    `evaluators/tone/calibration.yaml` is copied from `evaluators/citations/`.

    ## How to fix
    Run `goldengit calibrate EVALUATOR`. For another dataset write an evaluator of its own.
    """

    code = "GG611"
    name = "manifest-wrong-context"

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each thing that a manifest misnames, and each use elsewhere."""
        if change.policy is None:
            return
        for one in calibrated(change):
            for key, said, found in _misnamed(one, change.policy):
                yield self.finding(
                    one.file.path,
                    f"The manifest's `{key}` is {said}, but here it is {found}.",
                    f"Run `{one.command}`.",
                    line=one.file.line(*key.split(".")),
                )
        yield from self._elsewhere(change)

    def _elsewhere(self, change: Change) -> Iterator[Finding]:
        measured_on = {
            gauge.id: gauge.definition.spec.dataset for gauge in change.gauges if gauge.definition
        }
        for use in uses(change):
            dataset = measured_on.get(use.use.id, use.file.spot.dataset)
            if dataset != use.file.spot.dataset:
                yield self.finding(
                    use.file.path,
                    f"{use.use.id} is measured on the labels of {dataset}, not of "
                    f"{use.file.spot.dataset}.",
                    "Write an evaluator of its own for this dataset, or remove it from "
                    "`evaluators`.",
                    line=use.line,
                    severity=Severity.ERROR if use.gates else Severity.WARNING,
                )


def _misnamed(one: Calibrated, policy: Policy) -> Iterator[tuple[str, object, object]]:
    said, spec = one.manifest, one.definition.spec
    yield from (
        (key, named, found)
        for key, named, found in (
            ("evaluator", said.evaluator, one.gauge.id),
            ("salt", said.salt, one.gauge.id),
            ("dataset", said.dataset, spec.dataset),
            ("failure_mode", said.failure_mode, spec.failure_mode),
            ("repository", said.repository, policy.repository),
        )
        if named != found
    )
    if said.policy_version > policy.version:
        yield "policy_version", said.policy_version, policy.version
    elif said.policy_version == policy.version:
        wanted = thresholds_of(policy.calibration)
        for key in type(wanted).model_fields:
            pair = getattr(said.thresholds, key), getattr(wanted, key)
            if pair[0] != pair[1]:
                yield f"thresholds.{key}", *pair
