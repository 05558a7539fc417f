"""Paired comparison of two releases: printed p-values, scipy's, and the normal test of repeats."""

from collections.abc import Callable
from itertools import product
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest, norm

from goldengit.metrics.paired import exact_p, mid_p, noninferiority_bound, repeated_p

counts = st.integers(0, 300)
Test = Callable[[int, int], float]


@pytest.mark.parametrize(
    ("lost", "gained", "expected"),
    [
        (0, 0, 1),
        (2, 0, 0.125),
        (3, 0, 0.0625),
        (4, 1, 0.10938),
        (5, 1, 0.0625),
        (7, 0, 0.00391),
        (9, 2, 0.01929),
        (12, 5, 0.04813),
    ],
)
def test_mid_p_is_as_printed(lost: int, gained: int, expected: float) -> None:
    assert round(mid_p(lost, gained), 5) == expected


@pytest.mark.parametrize(
    ("lost", "gained", "expected"),
    [(0, 0, 1), (3, 0, 0.125), (4, 1, 0.1875), (7, 0, 0.00781), (12, 5, 0.07173)],
)
def test_exact_p_is_as_printed(lost: int, gained: int, expected: float) -> None:
    assert round(exact_p(lost, gained), 5) == expected


@pytest.mark.parametrize(
    ("test", "alpha", "expected"),
    [
        (mid_p, 0.10, [3, 5, 6, 8, 9]),
        (exact_p, 0.10, [4, 6, 7, 9, 10]),
        (mid_p, 0.05, [4, 6, 8]),
    ],
)
def test_the_fewest_lost_cases_that_reject_are_as_printed(
    test: Test, alpha: float, expected: list[int]
) -> None:
    """For 0, 1, 2, … gained cases."""
    fewest = [
        next(lost for lost in range(20) if test(lost, gained) < alpha)
        for gained in range(len(expected))
    ]
    assert fewest == expected


def test_the_exact_test_is_the_sign_flip_test() -> None:
    """(4, 1): the share of all 32 ways to flip the signs whose sum is at least 3."""
    sums = [sum(signs) for signs in product((1, -1), repeat=5)]
    assert exact_p(4, 1) == sum(each >= 3 for each in sums) / len(sums)


@given(counts, counts)
def test_both_tests_agree_with_scipy(lost: int, gained: int) -> None:
    changed = lost + gained
    mid = binom.sf(lost, changed, 0.5) + binom.pmf(lost, changed, 0.5) / 2
    assert mid_p(lost, gained) == pytest.approx(mid if changed else 1)
    exact = binomtest(lost, changed, alternative="greater").pvalue if changed else 1
    assert exact_p(lost, gained) == pytest.approx(exact)


@given(st.integers(0, 25), st.integers(0, 25))
def test_mid_p_is_below_exact_p_once_a_case_changed(lost: int, gained: int) -> None:
    assert mid_p(lost, gained) < exact_p(lost, gained) or lost + gained == 0


@given(counts, counts)
def test_losses_lower_p_and_gains_raise_it(lost: int, gained: int) -> None:
    """Once a case changed at all; before, p is 1 by definition."""
    assert mid_p(lost + 1, gained) <= mid_p(lost, gained)
    assert mid_p(lost, gained) <= mid_p(lost, gained + 1) or lost + gained == 0


@given(counts, counts)
def test_losses_and_gains_share_the_whole(lost: int, gained: int) -> None:
    assert mid_p(lost, gained) + mid_p(gained, lost) == pytest.approx(1 if lost + gained else 2)


def test_tens_of_thousands_of_changed_cases_neither_overflow_nor_vanish() -> None:
    assert mid_p(10_100, 9_900) == pytest.approx(
        binom.sf(10_100, 20_000, 0.5) + binom.pmf(10_100, 20_000, 0.5) / 2
    )
    assert mid_p(30_000, 0) == 0.0
    assert exact_p(0, 30_000) == 1.0


@pytest.mark.parametrize("sign", [-1, 0, 1])
def test_without_spread_only_a_loss_is_certain(sign: int) -> None:
    assert repeated_p([sign / 3] * 20) == (0.0 if sign > 0 else 1.0)


@pytest.mark.parametrize("differences", [[], [1.0]])
def test_one_case_shows_no_loss(differences: list[float]) -> None:
    assert repeated_p(differences) == 1.0


thirds = st.integers(-3, 3).map(lambda number: number / 3)


@given(st.lists(thirds, min_size=2, max_size=50).filter(lambda drops: len(set(drops)) > 1))
def test_repeats_are_judged_by_a_normal_test_over_cases(differences: list[float]) -> None:
    mean, error = np.mean(differences), np.std(differences, ddof=1) / sqrt(len(differences))
    assert repeated_p(differences) == pytest.approx(norm.sf(mean / error), abs=1e-12)


def _three_runs(drop: float, n: int, runs: int) -> np.ndarray:
    """Return the differences of `n` cases in many comparisons of two releases, 3 runs each.

    The base rate is .92 and 8.8 % of cases flip between two runs; a share of cases falls to a
    tenth of its chance to pass.
    """
    draw = np.random.default_rng(20)
    size = 0.92 * 0.08 / (0.92 * 0.08 - 0.088 / 2) - 1  # of the Beta distribution of difficulty
    chance = draw.beta(0.92 * size, 0.08 * size, (runs, n))
    broken = draw.random((runs, n)) < drop / (0.9 * 0.92)
    passed = draw.binomial(3, chance) - draw.binomial(3, np.where(broken, chance / 10, chance))
    return passed / 3


def test_the_size_of_the_normal_test_is_near_its_level() -> None:
    """12.5 % at a nominal 10 % with 20 cases."""
    rejected = [repeated_p(each.tolist()) < 0.10 for each in _three_runs(0, 20, 4000)]
    assert np.mean(rejected) == pytest.approx(0.125, abs=0.015)


@pytest.mark.parametrize(
    ("drop", "point", "guarded"),
    [(0, 0.064, 0.057), (0.05, 0.42, 0.30), (0.10, 0.70, 0.56), (0.14, 0.84, 0.72)],
)
def test_three_runs_of_twenty_cases_block_as_often_as_printed(
    drop: float, point: float, guarded: float
) -> None:
    """Guarded: a drop above .10, or above .05 and p below .10."""
    found = _three_runs(drop, 20, 4000)
    means = found.mean(axis=1)
    significant = np.array([repeated_p(each.tolist()) < 0.10 for each in found])
    by_point = means > 0.05 + 1e-9
    by_guarded = (means > 0.10 + 1e-9) | (by_point & significant)
    assert by_point.mean() == pytest.approx(point, abs=0.02)
    assert by_guarded.mean() == pytest.approx(guarded, abs=0.02)


def test_a_large_set_without_a_change_is_certified_and_a_small_one_is_not() -> None:
    assert noninferiority_bound(0, 0, 200) < 0.05 < noninferiority_bound(0, 0, 20)


def test_the_bound_of_the_drop_is_as_calculated_by_hand() -> None:
    """7 lost and 1 gained of 200: 6/202 and 1.645 times the root of (9 - 36/202), over 202."""
    assert noninferiority_bound(7, 1, 200) == pytest.approx(
        6 / 202 + 1.644854 * sqrt(9 - 36 / 202) / 202, abs=1e-6
    )
