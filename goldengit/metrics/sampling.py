"""Rates of the whole traffic from a sample in which some cases were likelier than others."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from goldengit.metrics.base import Interval


@dataclass(frozen=True, slots=True)
class Weighted:
    """A rate, None without a usable case; how many cases it rests on, how many were left out."""

    rate: float | None
    used: int
    excluded: int


def hajek(values: Sequence[float], probabilities: Sequence[float | None]) -> Weighted:
    """Return the mean of values, each weighted by the inverse of its inclusion probability.

    A case without one (None: hand-picked, reported by a user) cannot stand for others and is left
    out. Hájek 1971, in Foundations of Statistical Inference. Unlike that of Horvitz and Thompson
    it does not vary with the size of a random sample.
    """
    pairs = zip(values, probabilities, strict=True)
    weighted = [(value, 1 / chance) for value, chance in pairs if chance is not None]
    total = fsum(weight for _, weight in weighted)
    rate = fsum(value * weight for value, weight in weighted) / total if weighted else None
    return Weighted(rate, len(weighted), len(values) - len(weighted))


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of the traffic: its share of all cases, and the rate in its sample."""

    share: float
    rate: float
    interval: Interval


def stratified(strata: Sequence[Stratum]) -> tuple[float, Interval]:
    """Return the rate of all traffic and its 95 % interval. The shares of the strata sum to 1.

    The intervals of the strata, which may be as skewed as those of small samples are, combine by
    MOVER: Zou & Donner 2008, Stat. Med. 27(10).
    """
    rate = fsum(each.share * each.rate for each in strata)
    down = fsum((each.share * max(0.0, each.rate - each.interval.low)) ** 2 for each in strata)
    up = fsum((each.share * max(0.0, each.interval.high - each.rate)) ** 2 for each in strata)
    return rate, Interval(max(0.0, rate - sqrt(down)), min(1.0, rate + sqrt(up)))
