"""Holm and Benjamini-Hochberg: printed decisions, and what the slice gate gains and pays."""

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.metrics.multiplicity import benjamini_hochberg, holm
from goldengit.metrics.paired import mid_p
from goldengit.metrics.power import Rule, outcome_probability
from goldengit.models.agreement import above, below

Correction = Callable[[Sequence[float], float], tuple[bool, ...]]

RUNS = 2500
LOW, MID = 0.034, 0.088  # share of cases that flip between two runs
_mid_p = cache(mid_p)
p_values = st.lists(st.floats(0, 1), max_size=12)
levels = st.floats(0.01, 0.5)


def test_holm_rejects_the_first_three() -> None:
    assert holm((0.01, 0.04, 0.03, 0.20, 0.50), 0.20) == (True, True, True, False, False)


def test_holm_does_not_reject_on_the_line() -> None:
    """.05 is not below .20 / 4."""
    assert holm((0.03, 0.05, 0.06, 0.20, 0.50), 0.20) == (True, False, False, False, False)


def test_benjamini_and_hochberg_reject_on_the_line() -> None:
    """Up to the last that is at most its share: .04 = .05 * 4 / 5, though .03 > .05 * 2 / 5."""
    found = benjamini_hochberg((0.009, 0.04, 0.03, 0.20, 0.035), 0.05)
    assert found == (True, True, True, False, True)


def test_without_tests_nothing_is_rejected() -> None:
    assert holm((), 0.2) == benjamini_hochberg((), 0.2) == ()


@given(p_values, levels)
def test_holm_never_rejects_what_the_raw_p_does_not(found: list[float], alpha: float) -> None:
    for rejected, p in zip(holm(found, alpha), found, strict=True):
        assert not rejected or p < alpha


@given(p_values, levels)
def test_holm_rejects_anything_only_when_bonferroni_does(found: list[float], alpha: float) -> None:
    assert any(holm(found, alpha)) == any(below(p, alpha / len(found)) for p in found)


@given(p_values, levels)
def test_the_false_discovery_rate_is_milder_than_holm(found: list[float], alpha: float) -> None:
    pairs = zip(holm(found, alpha), benjamini_hochberg(found, alpha), strict=True)
    assert all(mild or not strict for strict, mild in pairs)


@given(st.permutations([0.001, 0.012, 0.02, 0.2, 0.8]), levels)
def test_the_order_of_tests_does_not_matter(found: list[float], alpha: float) -> None:
    for correct in (holm, benjamini_hochberg):
        chosen = {p for p, hit in zip(found, correct(found, alpha), strict=True) if hit}
        ordered = sorted(found)
        assert chosen == {p for p, hit in zip(ordered, correct(ordered, alpha), strict=True) if hit}


def _slice_rule(level: float) -> Rule:
    return lambda lost, gained, n: (
        below(mid_p(lost, gained), level) and above((lost - gained) / n, 0.05)
    )


def _point(lost: int, gained: int, n: int) -> bool:
    return above((lost - gained) / n, 0.05)


def _blocked(rule: Rule, n: int, flip_rate: float, drop: float = 0) -> float:
    return outcome_probability(rule, n, *_chances(flip_rate, drop)[:2])


def _chances(flip_rate: float, drop: float) -> tuple[float, float, float]:
    """Return how likely a case is lost, gained, unchanged; broken ones pass a tenth as often."""
    broken = drop / (0.92 * 0.9)
    lost = (1 - broken) * flip_rate / 2 + broken * (0.92 - 0.1 * (0.92 - flip_rate / 2))
    gained = (1 - 0.9 * broken) * flip_rate / 2
    return lost, gained, 1 - lost - gained


def _family(rule: Rule, m: int, n: int, flip_rate: float) -> float:
    """Return the percentage of good releases that any of `m` slices of `n` cases blocks.

    Holm rejects something exactly when the smallest p is below alpha / m.
    """
    return 100 * (1 - (1 - _blocked(rule, n, flip_rate)) ** m)


@pytest.mark.parametrize(
    ("m", "n", "flip_rate", "expected"),
    [
        (5, 20, LOW, (2, 0, 0.1)),
        (5, 20, MID, (12, 0.3, 2.5)),
        (5, 50, LOW, (12, 0.4, 2.7)),
        (5, 50, MID, (28, 5, 12)),
        (20, 50, MID, (75, 2, 6)),
    ],
)
def test_slices_block_good_releases_as_often_as_printed(
    m: int, n: int, flip_rate: float, expected: tuple[float, ...]
) -> None:
    """Raw p < .10, Holm at .10, Holm at .20. The table was simulated: 1.4 points may be lacking."""
    levels = (0.10, 0.10 / m, 0.20 / m)
    found = [_family(_slice_rule(level), m, n, flip_rate) for level in levels]
    assert found == pytest.approx(expected, abs=1.4)


@pytest.mark.parametrize(
    ("correct", "m", "n", "flip_rate", "expected"),
    [
        (holm, 5, 20, LOW, (0.1, 30, 85)),
        (holm, 5, 20, MID, (2.5, 30, 77)),
        (holm, 5, 50, LOW, (2.7, 81, 100)),
        (holm, 5, 50, MID, (12, 67, 99)),
        (holm, 20, 50, MID, (6, 38, 95)),
        (benjamini_hochberg, 5, 20, LOW, (0.1, 31, 85)),
        (benjamini_hochberg, 5, 20, MID, (3, 32, 78)),
        (benjamini_hochberg, 5, 50, LOW, (3, 82, 100)),
        (benjamini_hochberg, 5, 50, MID, (14, 70, 99)),
        (benjamini_hochberg, 20, 50, MID, (7, 41, 96)),
    ],
)
def test_corrections_at_20_percent_decide_as_often_as_printed(
    correct: Correction, m: int, n: int, flip_rate: float, expected: tuple[float, ...]
) -> None:
    """Any false block; the broken slice blocked at a drop of .14, and of .30."""
    draw = np.random.default_rng(4)
    found = []
    for drop in (0, 0.14, 0.30):
        broken = draw.multinomial(n, _chances(flip_rate, drop), (RUNS, 1))
        sound = draw.multinomial(n, _chances(flip_rate, 0), (RUNS, m - 1))
        blocked = [_decide(correct, run) for run in np.hstack([broken, sound]).tolist()]
        found.append(100 * np.mean([each[0] if drop else any(each) for each in blocked]))
    assert found == pytest.approx(expected, abs=3)


def _decide(correct: Correction, slices: list[list[int]]) -> list[bool]:
    """Return which slices, each as (lost, gained, unchanged), the gate blocks."""
    rejected = correct([_mid_p(lost, gained) for lost, gained, _ in slices], 0.20)
    return [
        hit and _point(lost, gained, lost + gained + same)
        for hit, (lost, gained, same) in zip(rejected, slices, strict=True)
    ]


@pytest.mark.parametrize(
    ("n", "flip_rate", "expected"),
    [
        (20, 0, (0, 0, 0)),
        (20, LOW, (9, 15, 28)),
        (50, LOW, (9, 14, 26)),
        (20, MID, (31, 46, 70)),
    ],
)
def test_the_point_rule_without_correction_blocks_as_often_as_printed(
    n: int, flip_rate: float, expected: tuple[float, ...]
) -> None:
    """With 3, 5 and 10 slices."""
    found = [_family(_point, m, n, flip_rate) for m in (3, 5, 10)]
    assert found == pytest.approx(expected, abs=1.7)
