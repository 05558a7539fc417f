"""What a gate can see: the chance that its rule blocks, and the smallest drop that it notices."""

from bisect import bisect_left
from collections.abc import Callable
from functools import cache
from math import ceil, exp, fsum, lgamma, log, log1p, sqrt
from statistics import NormalDist

from goldengit.models.agreement import SLACK, below

Rule = Callable[[int, int, int], bool]  # (lost, gained, pairs): does the gate block?

_STEPS = range(1, 101)  # hundredths of a drop
_REACH = 8  # standard deviations around the mean, and as many counts more: all but 1e-12


def block_probability(rule: Rule, n: int, drop: float, flip_rate: float) -> float:
    """Return the chance that a rule blocks a release whose pass rate fell by `drop` on `n` pairs.

    `flip_rate` is the share of cases that change between two runs of one release: they change in
    both directions alike, and the drop comes on top. So P(lost) = flip_rate / 2 + drop and
    P(gained) = flip_rate / 2 * (1 - drop). A drop of 0 gives the rate of false blocks.
    """
    lost = min(1.0, flip_rate / 2 + drop)
    return outcome_probability(rule, n, lost, min(1 - lost, flip_rate / 2 * (1 - drop)))


def outcome_probability(rule: Rule, n: int, lost: float, gained: float) -> float:
    """Return the chance that a rule blocks, where a pair is lost or gained with these chances.

    Every outcome is counted and none drawn; what is left out has a chance below 1e-12.
    """
    left = gained / (1 - lost) if lost < 1 else 0.0
    return fsum(
        chance_lost * chance_gained
        for some_lost, chance_lost in _binomial(n, lost)
        for some_gained, chance_gained in _binomial(n - some_lost, left)
        if rule(some_lost, some_gained, n)
    )


def smallest_detectable_drop(
    rule: Rule, n: int, flip_rate: float, power: float = 0.8
) -> float | None:
    """Return the smallest drop, in steps of .01, that a rule blocks with this chance or more.

    None where even the loss of every case is not blocked that often. The rule must not become
    milder when more is lost or less gained, so that the steps can be halved. 2,000 pairs take
    about a second.
    """
    known = cache(rule)

    def is_seen(step: int) -> bool:
        return not below(block_probability(known, n, step / 100, flip_rate), power)

    found = bisect_left(_STEPS, True, key=is_seen)  # noqa: FBT003 the first step that is seen
    return _STEPS[found] / 100 if found < len(_STEPS) else None


def difference_variance(
    difference: float, baseline: float, candidate: float, repeats: int
) -> float:
    """Return the variance of a pair's mean difference when both releases run `repeats` times.

    Args:
        difference: the variance of the true difference over cases.
        baseline: the mean variance of the baseline's runs within a case.
        candidate: the same of the candidate.
        repeats: how many times each case runs with each release.
    """
    return difference + (baseline + candidate) / repeats


def pairs_needed(drop: float, variance: float, alpha: float, power: float = 0.8) -> int:
    """Return how many pairs a one-sided test at `alpha` needs to see a drop with this chance.

    `variance` is that of one pair's difference. Miller 2024 (arXiv 2411.00640).
    """
    return ceil(_reach(alpha, power) ** 2 * variance / drop**2 - SLACK)


def detectable_drop(n: int, variance: float, alpha: float, power: float = 0.8) -> float:
    """Return the drop for which `n` pairs are just enough: `pairs_needed` the other way round."""
    return _reach(alpha, power) * sqrt(variance / n)


def _reach(alpha: float, power: float) -> float:
    return NormalDist().inv_cdf(1 - alpha) + NormalDist().inv_cdf(power)


def _binomial(n: int, p: float) -> list[tuple[int, float]]:
    """Return the counts that are not negligible, each with its probability."""
    if not 0 < p < 1:
        return [(n if p >= 1 else 0, 1.0)]
    reach = _REACH * (sqrt(n * p * (1 - p)) + 1)
    counts = range(max(0, int(n * p - reach)), min(n, ceil(n * p + reach)) + 1)
    odds, start = log(p) - log1p(-p), lgamma(n + 1) + n * log1p(-p)
    return [(k, exp(start + k * odds - lgamma(k + 1) - lgamma(n - k + 1))) for k in counts]
