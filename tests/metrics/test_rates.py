"""One pass rate: printed intervals, scipy's, and the cases that a floor needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binomtest

from goldengit.metrics.base import Interval
from goldengit.metrics.rates import beta_interval, cases_for_floor, floor_probability, wilson

passes = st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_eighteen_of_twenty_is_anything_from_70_to_97_percent() -> None:
    found = wilson(18, 20)
    assert (round(found.low, 2), round(found.high, 2)) == (0.70, 0.97)
    assert round(floor_probability(18, 20, 0.85), 2) == 0.72


@pytest.mark.parametrize(("rate", "expected"), [(0.90, 29), (0.95, 59), (0.99, 299)])
def test_a_floor_needs_that_many_cases_without_a_failure(rate: float, expected: int) -> None:
    assert cases_for_floor(rate, 0.95) == expected
    assert rate**expected <= 0.05 < rate ** (expected - 1)


def test_a_floor_reached_exactly_needs_no_case_more() -> None:
    assert cases_for_floor(0.5, 0.75) == 2


@given(passes)
def test_wilson_agrees_with_scipy(counts: tuple[int, int]) -> None:
    expected = binomtest(*counts).proportion_ci(method="wilson")
    found = wilson(*counts)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


@given(passes)
def test_the_beta_interval_agrees_with_scipy(counts: tuple[int, int]) -> None:
    k, n = counts
    found = beta_interval(k, n)
    expected = beta.ppf([0.025, 0.975], k + 0.5, n - k + 0.5)
    assert (found.low, found.high) == pytest.approx(tuple(expected), abs=1e-9)


@given(passes, st.floats(0, 1))
def test_the_probability_of_a_floor_agrees_with_scipy(
    counts: tuple[int, int], floor: float
) -> None:
    k, n = counts
    expected = beta.sf(floor, k + 0.5, n - k + 0.5)
    assert floor_probability(k, n, floor) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize(("k", "n"), [(3, 100_000), (50_000, 100_000), (99_999, 100_000)])
def test_a_hundred_thousand_cases_are_no_problem(k: int, n: int) -> None:
    expected = beta.ppf([0.025, 0.975], k + 0.5, n - k + 0.5)
    found = beta_interval(k, n)
    assert (found.low, found.high) == pytest.approx(tuple(expected), abs=1e-9)


@given(passes)
def test_passes_and_fails_mirror_each_other(counts: tuple[int, int]) -> None:
    k, n = counts
    for interval in (wilson, beta_interval):
        found, mirror = interval(k, n), interval(n - k, n)
        assert (found.low, found.high) == pytest.approx((1 - mirror.high, 1 - mirror.low), abs=1e-9)


def test_without_a_case_nothing_is_known() -> None:
    assert wilson(0, 0) == Interval(0.0, 1.0)
    assert beta_interval(0, 0).low == pytest.approx(1 - beta_interval(0, 0).high)
    assert floor_probability(0, 0, 0.5) == pytest.approx(0.5)
