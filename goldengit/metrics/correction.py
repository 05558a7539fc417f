"""The pass rate behind a judge's pass rate, which its errors bias.

Rogan-Gladen corrects with the judge's TPR and TNR, and may use curated labels; it assumes that
both rates hold for the judged cases too: the same version of the evaluator, cases as hard as
these. Prediction-powered inference (PPI) assumes nothing of the kind, but its labels must be a
uniform random sample of the judged cases.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import covariance, fmean, variance

from goldengit.errors import CannotJudgeError
from goldengit.metrics.base import Interval, Z
from goldengit.models.agreement import Counts, above

MIN_YOUDEN = 0.2


@dataclass(frozen=True, slots=True)
class Corrected:
    """A corrected pass rate with its 95 % interval, both within [0, 1].

    `weight` is how far PPI trusted the evaluator, None for Rogan-Gladen.
    """

    rate: float
    interval: Interval
    weight: float | None = None


def rogan_gladen(counts: Counts, passed: int, judged: int) -> Corrected:
    """Return the rate behind `passed` of `judged`, for a judge with these calibration counts.

    Rogan & Gladen 1978, Am. J. Epidemiol. 107; the interval is that of Lang & Reiczigel 2014,
    Prev. Vet. Med. 113, which covers the errors of both samples.

    Raises:
        CannotJudgeError: nothing was judged, a human class is empty, or TPR + TNR - 1 is not
            above 0.2.
    """
    youden, tnr = _youden(counts)
    if judged == 0:
        raise CannotJudgeError("No case was judged, so there is no pass rate to correct.")
    rate = (passed / judged + tnr - 1) / youden
    return Corrected(_clipped(rate), _lang_reiczigel(counts, passed, judged))


def _youden(counts: Counts) -> tuple[float, float]:
    tpr, tnr = counts.tpr, counts.tnr
    if tpr is None or tnr is None:
        raise CannotJudgeError(
            "A pass rate cannot be corrected without human PASS and human FAIL labels.",
            remedy="Label cases of the missing class.",
        )
    if not above(tpr + tnr - 1, MIN_YOUDEN):
        raise CannotJudgeError(
            "The judge is too weak to correct a pass rate: TPR + TNR - 1 is "
            f"{tpr + tnr - 1:.2f}, and must be above {MIN_YOUDEN}.",
            remedy="Revise the evaluator, or report the rate of the human labels.",
        )
    return tpr + tnr - 1, tnr


def _lang_reiczigel(counts: Counts, passed: int, judged: int) -> Interval:
    right_passes = (counts.tp + 1) / (counts.passes + 2)
    right_fails = (counts.tn + 1) / (counts.fails + 2)
    share = (passed + Z**2 / 2) / (judged + Z**2)
    youden = right_passes + right_fails - 1
    rate = (share + right_fails - 1) / youden  # not clipped: the shift below needs it as it is
    of_passes = right_passes * (1 - right_passes) / (counts.passes + 2)
    of_fails = right_fails * (1 - right_fails) / (counts.fails + 2)
    shift = 2 * Z**2 * (rate * of_passes - (1 - rate) * of_fails)
    variance = share * (1 - share) / (judged + Z**2)
    variance += (1 - rate) ** 2 * of_fails + rate**2 * of_passes
    return _around(rate + shift, sqrt(variance) / youden)


def ppi(labels: Sequence[float], verdicts: Sequence[float], others: Sequence[float]) -> Corrected:
    """Return the mean verdict on other cases, rectified by the labels of a random sample.

    Args:
        labels: what people say of the sampled cases, 1 for pass and 0 for fail.
        verdicts: what the evaluator says of the same cases.
        others: what it says of the cases without a label.

    Angelopoulos et al. 2023, Science 382(6671).

    Raises:
        CannotJudgeError: fewer than two cases on either side.
    """
    _require_spread(labels, others)
    return _rectified(1.0, labels, verdicts, others)


def ppi_plus_plus(
    labels: Sequence[float], verdicts: Sequence[float], others: Sequence[float]
) -> Corrected:
    """Return the same as `ppi`, with the evaluator trusted only as far as it follows the labels.

    Its weight makes the variance least: 0 leaves the labels alone, 1 is `ppi`. The interval is
    approximate below 100 labels. Angelopoulos et al. 2023 (arXiv 2311.01453).

    Raises:
        CannotJudgeError: fewer than two cases on either side.
    """
    _require_spread(labels, others)
    spread = variance([*verdicts, *others]) * (1 + len(labels) / len(others))
    weight = _clipped(covariance(labels, verdicts) / spread) if spread else 0.0
    return _rectified(weight, labels, verdicts, others)


def _require_spread(labels: Sequence[float], others: Sequence[float]) -> None:
    if min(len(labels), len(others)) < 2:  # noqa: PLR2004 one value has no spread
        raise CannotJudgeError(
            "A rectified pass rate needs two labelled cases and two others at least, not "
            f"{len(labels)} and {len(others)}."
        )


def _rectified(
    weight: float, labels: Sequence[float], verdicts: Sequence[float], others: Sequence[float]
) -> Corrected:
    left = [label - weight * verdict for label, verdict in zip(labels, verdicts, strict=True)]
    rate = weight * fmean(others) + fmean(left)
    error = sqrt(weight**2 * variance(others) / len(others) + variance(left) / len(left))
    return Corrected(_clipped(rate), _around(rate, error), weight)


def _around(rate: float, error: float) -> Interval:
    return Interval(_clipped(rate - Z * error), _clipped(rate + Z * error))


def _clipped(rate: float) -> float:
    return min(1.0, max(0.0, rate))
