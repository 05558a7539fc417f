"""Graded: jackknife intervals of rank correlations, as printed and as done the slow way."""

from collections.abc import Callable
from math import atanh, isclose, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.metrics.graded import Jackknife, RankCorrelation, jackknife
from goldengit.models.agreement import kendall, spearman
from tests.metrics.tables import graded_pairs, printed

PEOPLE = [*map(int, "12345123453245123451")]
EVALUATOR = [*map(int, "12345223553144132452")]
POINTS: dict[RankCorrelation, Callable[[list[float], list[float]], float | None]]
POINTS = {"spearman": spearman, "kendall": kendall}
correlations = st.sampled_from([*POINTS])
scored = st.lists(st.tuples(st.integers(1, 5), st.floats(0, 1)), min_size=10, max_size=30)


def found(
    people: list[int], evaluator: list[int], statistic: RankCorrelation = "spearman"
) -> Jackknife:
    result = jackknife(people, evaluator, statistic)
    assert result is not None
    return result


@pytest.mark.parametrize(
    ("statistic", "value", "low", "high"),
    [("spearman", ".9108", ".8041", ".9606"), ("kendall", ".8339", ".6718", ".9197")],
)
def test_the_jackknife_gives_the_printed_intervals(
    statistic: RankCorrelation, value: str, low: str, high: str
) -> None:
    result = found(PEOPLE, EVALUATOR, statistic)
    assert printed(result.value, value)
    assert printed(result.low, low)
    assert printed(result.high, high)


def slowly(pairs: list[tuple[float, float]], statistic: RankCorrelation) -> float:
    """Return the standard error of z from as many full evaluations as there are cases."""
    z = []
    for case in range(len(pairs)):
        rest = pairs[:case] + pairs[case + 1 :]
        value = POINTS[statistic]([x for x, _ in rest], [y for _, y in rest])
        z.append(atanh(min(max(value or 0.0, -0.999), 0.999)))
    mean = sum(z) / len(z)
    return sqrt((len(z) - 1) / len(z) * sum((each - mean) ** 2 for each in z))


@given(scored | graded_pairs, correlations)
def test_leaving_out_fast_is_leaving_out(
    pairs: list[tuple[float, float]], statistic: RankCorrelation
) -> None:
    people, evaluator = [x for x, _ in pairs], [y for _, y in pairs]
    result = jackknife(people, evaluator, statistic)
    point = POINTS[statistic](people, evaluator)
    if len(pairs) < 10 or point is None:
        assert result is None
    else:
        assert result is not None
        assert result.value == point
        assert isclose(result.se, slowly(pairs, statistic), abs_tol=1e-9)
        assert result.low <= result.value <= result.high


@given(graded_pairs.filter(lambda pairs: len(pairs) >= 10), correlations)
def test_exchanging_the_sides_changes_nothing(
    pairs: list[tuple[float, float]], statistic: RankCorrelation
) -> None:
    people, evaluator = [x for x, _ in pairs], [y for _, y in pairs]
    one = jackknife(people, evaluator, statistic)
    other = jackknife(evaluator, people, statistic)
    assert (one is None) == (other is None)
    if one and other:
        assert (one.value, one.se) == pytest.approx((other.value, other.se))


def test_probability_is_normal_on_z() -> None:
    result = found(PEOPLE, EVALUATOR)
    assert result.probability_above(result.value) == pytest.approx(0.5)
    assert result.probability_above(result.low) == pytest.approx(0.975)
    assert result.probability_above(result.high) == pytest.approx(0.025)
    assert result.probability_above(0.6) == pytest.approx(0.99995, abs=1e-5)


@given(st.floats(-1, 1), st.floats(0, 3), st.floats(-1.5, 1.5), st.floats(-1.5, 1.5))
def test_a_higher_threshold_is_never_more_probable(
    value: float, se: float, one: float, other: float
) -> None:
    result = Jackknife(value, se)
    low, high = sorted((one, other))
    assert 1 >= result.probability_above(low) >= result.probability_above(high) >= 0
    assert result.probability_above(1) == 0
    assert result.probability_above(-1.5) == 1


def test_perfect_agreement_on_varied_grades_leaves_no_doubt() -> None:
    result = found(PEOPLE, PEOPLE)
    assert (result.value, result.high) == (1, 1)
    assert result.low == pytest.approx(0.999)
    assert result.probability_above(0.9) == 1


def test_perfect_agreement_that_hangs_on_one_case_is_worth_little() -> None:
    grades = [3] * 11 + [5]
    result = found(grades, grades)
    assert result.value == 1
    assert result.low < 0
    assert result.probability_above(0.6) < 0.9


def test_nothing_below_ten_cases_and_nothing_about_a_constant_side() -> None:
    assert jackknife(PEOPLE[:9], EVALUATOR[:9], "spearman") is None
    assert jackknife(PEOPLE[:10], EVALUATOR[:10], "spearman") is not None
    for statistic in POINTS:
        assert jackknife(PEOPLE, [4] * 20, statistic) is None
        assert jackknife([4] * 20, PEOPLE, statistic) is None


def test_sides_of_different_length_are_refused() -> None:
    for statistic in POINTS:
        with pytest.raises(ValueError, match="argument 2 is shorter"):
            jackknife(PEOPLE, EVALUATOR[:-1], statistic)


def test_more_cases_make_the_interval_narrower() -> None:
    chance = np.random.default_rng(7)
    widths = []
    for n in (20, 80, 320, 2000):
        people = chance.integers(1, 6, n)
        evaluator = np.clip(people + chance.integers(-1, 2, n), 1, 5)
        result = found(people.tolist(), evaluator.tolist())
        widths.append(result.high - result.low)
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 0.02
