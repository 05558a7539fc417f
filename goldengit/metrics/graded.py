"""Graded: how sure a rank correlation between two sets of grades is, by the jackknife.

One case is left out at a time, on Fisher's z. The 95 % interval covers 93 to 96 % on five-level
grades with ties, where Fisher's own 1/sqrt(n-3) falls to 86 % and Fieller's for tau-b to 77 %.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import atanh, copysign, erfc, inf, sqrt, tanh
from typing import TYPE_CHECKING, Literal

from goldengit.metrics.base import Z, require_stats
from goldengit.models.agreement import SLACK, kendall, ranks, spearman
from goldengit.models.calibration import LEAST_GRADED

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

RankCorrelation = Literal["spearman", "kendall"]
_LARGEST = 0.999  # the z of 1 is infinite


@dataclass(frozen=True, slots=True)
class Jackknife:
    """A rank correlation and the standard error of its Fisher z."""

    value: float
    se: float

    @property
    def low(self) -> float:
        """Return the lower end of the 95 % interval, which holds the value itself."""
        return min(self.value, tanh(_z(self.value) - Z * self.se))

    @property
    def high(self) -> float:
        """Return the upper end of the 95 % interval, which holds the value itself."""
        return max(self.value, tanh(_z(self.value) + Z * self.se))

    def probability_above(self, threshold: float) -> float:
        """Return the probability that the correlation is above a threshold, not merely on it.

        By the normal approximation on z.
        """
        limit = threshold + SLACK
        z = atanh(limit) if -1 < limit < 1 else copysign(inf, limit)
        distance = z - _z(self.value)
        return erfc(distance / self.se / sqrt(2)) / 2 if self.se else float(distance < 0)


def jackknife(
    people: Sequence[float], evaluator: Sequence[float], statistic: RankCorrelation
) -> Jackknife | None:
    """Return a rank correlation with its uncertainty.

    None with fewer than ten cases, or where either side is constant: nothing is reported then. A
    constant side that only arises when a case is left out counts as no correlation.

    Raises:
        CannotJudgeError: the extra `stats` is not installed.
        ValueError: the two sides differ in length.
    """
    require_stats()
    import numpy as np

    correlation = spearman if statistic == "spearman" else kendall
    value = correlation(people, evaluator)
    if value is None or len(people) < LEAST_GRADED:
        return None
    without = np.array([*_without_each(people, evaluator, statistic)])
    z = np.arctanh(np.clip(without, -_LARGEST, _LARGEST))
    n = len(people)
    return Jackknife(value, sqrt((n - 1) / n * float(((z - z.mean()) ** 2).sum())))


def _z(value: float) -> float:
    return atanh(min(max(value, -_LARGEST), _LARGEST))


def _without_each(
    people: Sequence[float], evaluator: Sequence[float], statistic: RankCorrelation
) -> Iterator[float]:
    """Yield the correlation without each case in turn, 0 where it is undefined."""
    import numpy as np

    x, y = np.asarray(people, float), np.asarray(evaluator, float)
    parts = _spearman_parts(x, y) if statistic == "spearman" else _kendall_parts(x, y)
    for both, spread in parts:
        yield both / sqrt(spread) if spread else 0.0


def _spearman_parts(x: "Numbers", y: "Numbers") -> Iterator[tuple[float, float]]:
    """Yield numerator and squared denominator of rho without each case.

    A centred rank, doubled, is the number of lower grades minus the number of higher ones. So
    leaving out a case takes the sign of the comparison with it from every other rank; all sums
    are of whole numbers and exact.
    """
    import numpy as np

    rank_x, rank_y = _doubled_ranks(x), _doubled_ranks(y)
    for case in range(x.size):
        left, right = rank_x - np.sign(x - x[case]), rank_y - np.sign(y - y[case])
        left[case] = right[case] = 0
        yield float(left @ right), float(left @ left) * float(right @ right)


def _doubled_ranks(values: "Numbers") -> "Numbers":
    import numpy as np

    return 2 * np.array(ranks(values.tolist())) - (values.size + 1)


def _kendall_parts(x: "Numbers", y: "Numbers") -> Iterator[tuple[float, float]]:
    """Yield numerator and squared denominator of tau-b without each case.

    Every case takes its own pairs with it: the surplus of concordant ones, and those untied on
    either side.
    """
    import numpy as np

    signs = ((np.sign(x - x[case]), np.sign(y - y[case])) for case in range(x.size))
    own = np.array([(left @ right, left @ left, right @ right) for left, right in signs])
    for both, left, right in own.sum(axis=0) / 2 - own:  # each pair was counted from both ends
        yield float(both), float(left) * float(right)
