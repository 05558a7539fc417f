"""Several runs of a case: the published numbers of tau-bench, and errors of means."""

import json
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.metrics.repeats import (
    Spread,
    clustered_se,
    flip_rate,
    pass_at_k,
    pass_hat_k,
    repeat_se,
    spread,
)

TRIALS = 4
runs = st.lists(st.sampled_from([0.0, 1.0]), min_size=3, max_size=3)


@pytest.fixture
def successes(real_data: Path) -> list[int]:
    """Return how many of 4 runs of each airline task gpt-4o passed."""
    text = (real_data / "statistics" / "tau_bench_airline_gpt4o.json").read_text("utf-8")
    counts: list[int] = json.loads(text)["successes_per_task"]
    return counts


@pytest.fixture
def outcomes(successes: list[int]) -> list[list[float]]:
    return [[1.0] * count + [0.0] * (TRIALS - count) for count in successes]


@pytest.mark.real_data
def test_pass_hat_k_is_as_published(successes: list[int]) -> None:
    found = [fmean(pass_hat_k(TRIALS, c, k) for c in successes) for k in (1, 2, 3, 4)]
    assert [round(value, 4) for value in found] == [0.42, 0.2733, 0.22, 0.2]


@pytest.mark.real_data
def test_pass_at_k_is_as_published(successes: list[int]) -> None:
    found = [fmean(pass_at_k(TRIALS, c, k) for c in successes) for k in (2, 3, 4)]
    assert [round(value, 3) for value in found] == [0.567, 0.660, 0.720]


@pytest.mark.real_data
def test_runs_of_one_task_resemble_each_other(outcomes: list[list[float]]) -> None:
    """The clustered error is half as large again as that of 200 independent runs, .0349."""
    values = [value for case in outcomes for value in case]
    groups = [task for task, case in enumerate(outcomes) for _ in case]
    found = clustered_se(values, groups)
    assert found is not None
    assert round(found, 4) == 0.0522
    assert round(float(np.std(values)) / len(values) ** 0.5, 4) == 0.0349


@pytest.mark.real_data
def test_both_sources_of_variance_give_the_clustered_error(outcomes: list[list[float]]) -> None:
    both = spread(outcomes)
    assert both is not None
    assert round(repeat_se(both, len(outcomes), TRIALS), 4) == 0.0522


@given(st.integers(1, 10), st.integers(0, 10))
def test_one_run_passes_with_the_share_that_passed(n: int, c: int) -> None:
    c = min(c, n)
    assert pass_at_k(n, c, 1) == pytest.approx(c / n)
    assert pass_hat_k(n, c, 1) == pytest.approx(c / n)


@given(st.integers(1, 10), st.integers(0, 10), st.integers(1, 9))
def test_more_runs_pass_once_more_often_and_always_less_often(n: int, c: int, k: int) -> None:
    c, k = min(c, n), min(k, n - 1) or 1
    assert pass_at_k(n, c, k) <= pass_at_k(n, c, min(k + 1, n)) + 1e-12
    assert pass_hat_k(n, c, k) >= pass_hat_k(n, c, min(k + 1, n))


def test_more_runs_than_there_are_have_no_estimate() -> None:
    with pytest.raises(ZeroDivisionError):
        pass_hat_k(3, 2, 4)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([], [], None),
        (["pass", "fail"], ["pass", "fail"], 0.0),
        (["pass", "fail", "unknown", "pass"], ["fail", "fail", "pass", "pass"], 0.5),
    ],
)
def test_a_flip_is_any_other_verdict(
    first: list[str], second: list[str], expected: float | None
) -> None:
    assert flip_rate(first, second) == expected


def test_runs_of_different_cases_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="shorter"):
        flip_rate(["pass"], [])


@given(st.lists(st.floats(0, 1), min_size=2, max_size=30))
def test_groups_of_one_are_no_groups(values: list[float]) -> None:
    independent = np.std(values, ddof=1) / len(values) ** 0.5
    assert clustered_se(values, range(len(values))) == pytest.approx(independent, abs=1e-12)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=20))
def test_copies_of_a_value_add_no_certainty(values: list[float]) -> None:
    groups = list(range(len(values)))
    assert clustered_se(values * 3, groups * 3) == pytest.approx(
        clustered_se(values, groups), abs=1e-12
    )


@pytest.mark.parametrize(("values", "groups"), [([], []), ([1.0, 0.0], ["user-1", "user-1"])])
def test_one_group_has_no_error(values: list[float], groups: list[str]) -> None:
    assert clustered_se(values, groups) is None


def test_repeats_divide_only_the_variance_within_cases() -> None:
    both = Spread(between=0.04, within=0.12)
    assert repeat_se(both, 100, 1) == pytest.approx(0.04)
    assert repeat_se(both, 100, 3) == pytest.approx((0.08 / 100) ** 0.5)


@given(st.lists(runs, min_size=2, max_size=20))
def test_variances_are_never_negative(cases: list[list[float]]) -> None:
    both = spread(cases)
    assert both is not None
    assert both.between >= 0
    assert both.within >= 0


@pytest.mark.parametrize("cases", [[], [[1.0, 0.0]], [[1.0], [0.0]]])
def test_one_case_or_one_run_shows_no_spread(cases: list[list[float]]) -> None:
    assert spread(cases) is None
