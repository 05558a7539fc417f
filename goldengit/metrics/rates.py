"""One pass rate: its interval, and what it takes to claim a floor."""

from math import ceil, exp, isqrt, lgamma, log, log1p, sqrt

from goldengit.metrics.base import Interval, Z
from goldengit.models.agreement import SLACK

_TAIL = 0.025
_HALVINGS = 52  # of the unit interval, as many as a double has bits
_LEVELS = 20  # of the continued fraction, beside the square root of n


def wilson(k: float, n: int) -> Interval:
    """Return Wilson's 95 % score interval for `k` passes of `n`; all of [0, 1] without a case.

    Where cases ran several times, `k` is the sum of their pass shares. Wilson 1927, J. Am. Stat.
    Assoc. 22(158).
    """
    if n == 0:
        return Interval(0.0, 1.0)
    rate, weight = k / n, Z**2 / n
    middle = (rate + weight / 2) / (1 + weight)
    reach = Z * sqrt((rate * (1 - rate) + weight / 4) / n) / (1 + weight)
    return Interval(max(0.0, middle - reach), min(1.0, middle + reach))


def beta_interval(k: int, n: int) -> Interval:
    """Return the 95 % credible interval for `k` passes of `n` under Jeffreys' prior.

    The posterior is Beta(k + 1/2, n - k + 1/2): Brown, Cai & DasGupta 2001, Stat. Sci. 16(2).
    """
    a, b = k + 0.5, n - k + 0.5
    return Interval(_quantile(_TAIL, a, b), _quantile(1 - _TAIL, a, b))


def floor_probability(k: int, n: int, floor: float) -> float:
    """Return P(rate >= floor) after `k` passes of `n`, under the same posterior."""
    return _share_below(1 - floor, n - k + 0.5, k + 0.5)


def cases_for_floor(rate: float, confidence: float = 0.95) -> int:
    """Return how many cases must pass, without one failure, to claim a rate with confidence.

    The smallest n with rate ** n <= 1 - confidence; the rate lies between 0 and 1.
    """
    return ceil(log(1 - confidence) / log(rate) - SLACK)


def _quantile(share: float, a: float, b: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _share_below(middle, a, b) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _share_below(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b).

    The continued fraction of DLMF 8.17.22, evaluated from its far end. It saves the gate from
    scipy, with which it agrees to 1e-11 up to 1,000 cases and to 1e-9 up to 100,000.
    """
    if x <= 0 or x >= 1:
        return float(x >= 1)
    is_far = x > (a + 1) / (a + b + 2)  # there the fraction converges for the other tail only
    if is_far:
        x, a, b = 1 - x, b, a
    fraction = 1.0
    for m in range(_LEVELS + isqrt(int(a + b)), -1, -1):
        at = a + 2 * m
        even = (m + 1) * (b - m - 1) * x / ((at + 1) * (at + 2))
        odd = (a + m) * (a + b + m) * x / (at * (at + 1))
        fraction = 1 - odd / (1 + even / fraction)
    scale = lgamma(a + b) - lgamma(a + 1) - lgamma(b) + a * log(x) + b * log1p(-x)
    share = exp(scale) / fraction
    return 1 - share if is_far else share
