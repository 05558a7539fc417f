"""Several runs of the same case: reliability, and the error of a mean over cases.

Miller 2024, Adding Error Bars to Evals (arXiv 2411.00640).
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import comb, fsum, sqrt
from statistics import fmean, variance

_FEWEST = 2  # groups, or runs of a case, that show a spread


def pass_at_k(n: int, c: int, k: int) -> float:
    """Return the chance that at least one of `k` runs passes, when `c` of `n` did (k <= n).

    Chen et al. 2021 (arXiv 2107.03374).
    """
    return 1 - comb(n - c, k) / comb(n, k)


def pass_hat_k(n: int, c: int, k: int) -> float:
    """Return pass^k: the chance that all of `k` runs pass, when `c` of `n` did (k <= n).

    Yao et al. 2024, tau-bench (arXiv 2406.12045).
    """
    return comb(c, k) / comb(n, k)


def flip_rate(first: Sequence[object], second: Sequence[object]) -> float | None:
    """Return the share of cases whose verdict differs between two runs, None without a case.

    Both runs hold the same cases in the same order.
    """
    flips = [one != other for one, other in zip(first, second, strict=True)]
    return sum(flips) / len(flips) if flips else None


def clustered_se(values: Sequence[float], groups: Sequence[Hashable]) -> float | None:
    """Return the standard error of the mean when values of one group resemble each other.

    `groups` names the group of each value: its case, conversation or template. None with fewer
    than two groups.
    """
    mean = fmean(values) if values else 0.0
    sums: dict[Hashable, float] = defaultdict(float)
    for value, group in zip(values, groups, strict=True):
        sums[group] += value - mean
    if len(sums) < _FEWEST:
        return None
    squares = fsum(each**2 for each in sums.values())
    return sqrt(squares * len(sums) / (len(sums) - 1)) / len(values)


@dataclass(frozen=True, slots=True)
class Spread:
    """Variance of the pass probability between cases, and the mean variance of runs within one."""

    between: float
    within: float


def spread(cases: Sequence[Sequence[float]]) -> Spread | None:
    """Return both variances, without bias, from the runs of each case.

    All cases have the same number of runs. None with fewer than two cases or two runs.
    """
    runs = len(cases[0]) if cases else 0
    if len(cases) < _FEWEST or runs < _FEWEST:
        return None
    within = fmean(variance(case) for case in cases)
    means = variance([fmean(case) for case in cases])
    return Spread(between=max(0.0, means - within / runs), within=within)


def repeat_se(spread: Spread, cases: int, repeats: int) -> float:
    """Return the standard error of a mean over `cases`, each run `repeats` times."""
    return sqrt((spread.between + spread.within / repeats) / cases)
