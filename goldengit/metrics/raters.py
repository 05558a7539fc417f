"""Raters: how well people agree with each other, which caps what an evaluator can reach.

A unit is what was rated, given as the grades it got: any number of them, in any order, `None` where
a person gave none. Pass and fail are two grades, 1 and 0. Without numpy.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from math import comb
from typing import Literal

Unit = Sequence[float | None]
Level = Literal["nominal", "ordinal", "interval"]
Distance = Callable[[float, float], float]


def krippendorff_alpha(units: Iterable[Unit], level: Level) -> float | None:
    """Return alpha: 1 is agreement, 0 is what chance gives, below 0 is worse than chance.

    Units with fewer than two grades drop out. None where nothing is left or the grades do not vary:
    without variation there is nothing to agree about, and 1 would be a boast. Krippendorff,
    Content Analysis, chapter "Reliability".

    Args:
        units: the grades of each unit.
        level: how far apart two different grades are: `nominal` all alike, `ordinal` by the
            number of grades given between them, `interval` by their difference.
    """
    kinds = _kinds(units, least=2)
    totals: Counter[float] = Counter()
    for grades, times in kinds.items():
        for grade in grades:
            totals[grade] += times
    if len(totals) < 2:  # noqa: PLR2004 one grade is no variation
        return None
    distance = _distance(totals, level)
    observed = sum(
        times * _disagreement(Counter(grades), distance) / (len(grades) - 1)
        for grades, times in kinds.items()
    )
    return 1 - observed * (totals.total() - 1) / _disagreement(totals, distance)


def _kinds(units: Iterable[Unit], least: int) -> Counter[tuple[float, ...]]:
    """Return how many units got the same grades, of those with at least so many."""
    rated = (sorted(grade for grade in unit if grade is not None) for unit in units)
    return Counter(tuple(grades) for grades in rated if len(grades) >= least)


def _disagreement(counts: Counter[float], distance: Distance) -> float:
    """Return the sum of distances over all pairs of grades."""
    pairs = combinations(counts.items(), 2)
    return sum(n * m * distance(grade, other) for (grade, n), (other, m) in pairs)


def _distance(totals: Counter[float], level: Level) -> Distance:
    """Return the distance of two different grades, squared."""
    if level == "nominal":
        return lambda _one, _other: 1.0
    places = _middles(totals) if level == "ordinal" else {grade: grade for grade in totals}
    return lambda one, other: (places[one] - places[other]) ** 2


def _middles(totals: Counter[float]) -> dict[float, float]:
    """Return the middle of each grade's stretch when all grades given stand in one row.

    Two grades are then apart by the grades between them and half of their own.
    """
    middles, lower = {}, 0
    for grade in sorted(totals):
        middles[grade] = lower + totals[grade] / 2
        lower += totals[grade]
    return middles


def gwet_ac1(units: Iterable[Unit], categories: int) -> float | None:
    """Return AC1 for any number of raters: robust to the mix of grades, but forgiving.

    Units with one grade count for how often a grade is given, not for agreement. None where no
    unit has two grades. Gwet 2008, Br. J. Math. Stat. Psychol. 61(1).

    Args:
        units: the grades of each unit.
        categories: how many grades there are to choose from, used or not; at least two.

    Raises:
        ValueError: more grades were given than there are to choose from.
    """
    kinds = _kinds(units, least=1)
    shared = {grades: times for grades, times in kinds.items() if len(grades) > 1}
    if not shared:
        return None
    shares = _shares(kinds)
    if categories < max(2, len(shares)):
        raise ValueError("more grades were given than there are categories")
    agreed = sum(times * _agreement(grades) for grades, times in shared.items())
    agreed /= sum(shared.values())
    chance = sum(share * (1 - share) for share in shares.values()) / (categories - 1)
    return (agreed - chance) / (1 - chance)


def _agreement(grades: Sequence[float]) -> float:
    """Return the share of pairs of raters who gave a unit the same grade."""
    return sum(comb(count, 2) for count in Counter(grades).values()) / comb(len(grades), 2)


def _shares(kinds: Counter[tuple[float, ...]]) -> dict[float, float]:
    """Return the mean share of each grade over the units."""
    shares: dict[float, float] = {}
    for grades, times in kinds.items():
        for grade in grades:
            shares[grade] = shares.get(grade, 0) + times / len(grades) / kinds.total()
    return shares
