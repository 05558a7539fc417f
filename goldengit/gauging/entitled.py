"""What an evaluator may do in a dataset that uses it, by its manifest and the policy in force."""

from collections.abc import Mapping
from dataclasses import replace

from goldengit.errors import CannotJudgeError
from goldengit.gauging.declared import CHECK
from goldengit.gauging.definitions import definition_of
from goldengit.gauging.gauge import gauge
from goldengit.models.change import Gauge, Snapshot
from goldengit.models.dataset import EvaluatorUse
from goldengit.models.policy import Policy
from goldengit.models.scorecard import EvaluatorRun
from goldengit.models.standing import standing

Labelled = Mapping[str, Mapping[str, str]]


def entitled(
    tree: Snapshot,
    dataset: str,
    use: EvaluatorUse,
    policy: Policy,
    now: str,
    labelled: Labelled,
) -> tuple[EvaluatorRun, Gauge]:
    """Return which evaluator a dataset uses exactly, what it may do there, and what it rests on.

    `labelled` maps each failure mode of the dataset to its active labelled cases, as the gauge
    holds them. Agreement on another dataset's labels entitles to nothing in this one. Raises
    CannotJudgeError when the evaluator cannot be read or built.
    """
    definition = definition_of(tree, use.id)
    spec = definition.spec
    found = gauge(tree, use.id, policy=policy, now=now)
    if found.defect:
        raise CannotJudgeError(
            f"The evaluator {use.id} cannot be built: {found.defect}", remedy=CHECK
        )
    found = replace(found, labelled=labelled.get(spec.failure_mode, {}))
    may, why = standing(found, policy, now)
    if spec.dataset != dataset:
        may, why = "uncalibrated", f"It was calibrated on the labels of {spec.dataset}."
    run = EvaluatorRun(
        id=use.id,
        version=spec.version,
        digest=definition.digest,
        kind=spec.kind,
        failure_mode=spec.failure_mode,
        model=found.asks,
        role=use.role,
        weight=use.weight,
        standing=may,
        why=why,
    )
    return run, found
