"""Agreement with its uncertainty: intervals and the probabilities that the policy asks about."""

from collections.abc import Iterable
from dataclasses import replace
from math import sqrt

from goldengit.metrics.base import Interval
from goldengit.models.agreement import rounded
from goldengit.models.calibration import (
    LEAST_GRADED,
    Measured,
    People,
    RecordedVerdict,
    Thresholds,
    decided_of,
    grades,
    measure,
)
from goldengit.models.dataset import Scale
from goldengit.models.label import Settlement
from goldengit.models.policy import Calibration

Bands = Calibration | Thresholds  # both say what counts as above


def measured(lines: Iterable[RecordedVerdict], scale: Scale | None, policy: Bands) -> Measured:
    """Return the agreement on these verdicts, with intervals and probabilities.

    Raises CannotJudgeError when the extra `stats` is missing.
    """
    every = list(lines)
    point = measure(every, scale)
    return _of_grades(every, point, policy) if scale else _of_verdicts(point, policy)


def people_of(settlements: Iterable[Settlement], *, graded: bool) -> People:
    """Return what people make of the same cases: who they are, and how well they agree."""
    from goldengit.metrics.raters import krippendorff_alpha

    votes = [settlement.votes for settlement in settlements]
    units = [list(each.values()) for each in votes]
    return People(
        annotators=tuple(sorted({person for each in votes for person in each})),
        labelled=len(votes),
        double_labelled=sum(len(each) > 1 for each in votes),
        alpha=rounded(krippendorff_alpha(units, "ordinal" if graded else "nominal")),
    )


def _of_verdicts(point: Measured, policy: Bands) -> Measured:
    from goldengit.metrics.posterior import posterior

    if point.counts.n == 0:
        return point
    belief = posterior(point.counts, groups=point.groups)
    return point.model_copy(
        update={
            "mcc_interval": _ends(belief.interval("mcc")),
            "kappa_interval": _ends(belief.interval("kappa")),
            "balanced_accuracy_interval": _ends(belief.interval("balanced_accuracy")),
            "tpr_interval": _ends(belief.interval("tpr")),
            "tnr_interval": _ends(belief.interval("tnr")),
            "above_signal": rounded(belief.probability_above("mcc", policy.signal)),
            "above_gate": rounded(belief.probability_above("mcc", policy.gate)),
        }
    )


def _of_grades(lines: list[RecordedVerdict], point: Measured, policy: Bands) -> Measured:
    from goldengit.metrics.graded import jackknife

    people, evaluator = grades(decided_of(lines))
    if point.graded is None or point.graded.spearman is None or len(people) < LEAST_GRADED:
        return point
    spearman = jackknife(people, evaluator, "spearman")
    kendall = jackknife(people, evaluator, "kendall")
    if spearman is None or kendall is None:
        return point
    # Cases of one group are not independent: as unsure as that many groups (statistics 3.2).
    wider = sqrt(len(people) / point.groups)
    spearman, kendall = (replace(one, se=one.se * wider) for one in (spearman, kendall))
    graded = point.graded.model_copy(
        update={
            "spearman_interval": _ends(Interval(spearman.low, spearman.high)),
            "kendall_interval": _ends(Interval(kendall.low, kendall.high)),
        }
    )
    return point.model_copy(
        update={
            "graded": graded,
            "above_signal": rounded(spearman.probability_above(policy.signal)),
            "above_gate": rounded(spearman.probability_above(policy.gate)),
        }
    )


def _ends(interval: Interval) -> tuple[float | None, float | None]:
    return rounded(interval.low), rounded(interval.high)
