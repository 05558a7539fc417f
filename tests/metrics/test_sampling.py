"""Rates from samples with unequal chances: the printed example, bias, spread and coverage."""

from statistics import fmean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from goldengit.metrics.base import Interval
from goldengit.metrics.rates import beta_interval
from goldengit.metrics.sampling import Stratum, Weighted, hajek, stratified
from goldengit.models.split import is_drawn

values = st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=30)


def test_hajek_is_as_printed() -> None:
    assert hajek((1, 0, 1, 1), (0.5, 0.5, 0.1, 0.1)).rate == pytest.approx(0.916667, abs=5e-7)


def test_a_case_without_a_known_chance_is_left_out_and_counted() -> None:
    found = hajek((1, 0, 0, 0), (0.5, 0.5, None, None))
    assert found == Weighted(rate=0.5, used=2, excluded=2)


@pytest.mark.parametrize("probabilities", [[], [None]])
def test_without_a_usable_case_there_is_no_rate(probabilities: list[None]) -> None:
    count = len(probabilities)
    assert hajek([1.0] * count, probabilities) == Weighted(None, used=0, excluded=count)


@given(values, st.floats(0.01, 1))
def test_with_equal_chances_the_rate_is_the_mean(found: list[float], chance: float) -> None:
    assert hajek(found, [chance] * len(found)).rate == pytest.approx(fmean(found))


# 5,000 traces: 200 flagged ones of which 45 % fail, and 5 % failures among the others. Of the
# flagged ones 30 % are drawn, of the others 40 on average.
FLAGGED, OTHERS = 200, 4800
CHANCES = [0.3] * FLAGGED + [40 / OTHERS] * OTHERS
PASSES = [1.0] * 110 + [0.0] * 90 + [1.0] * 4560 + [0.0] * 240
TRUTH = fmean(PASSES)


@pytest.fixture(scope="module")
def samples() -> list[list[int]]:
    """Return the traces that 80 salts draw."""
    return [
        [at for at, chance in enumerate(CHANCES) if is_drawn(f"salt-{salt}", f"t{at}", chance)]
        for salt in range(80)
    ]


def _rate(sample: list[int]) -> float:
    found = hajek([PASSES[at] for at in sample], [CHANCES[at] for at in sample]).rate
    assert found is not None
    return found


def _stratified(sample: list[int]) -> float:
    strata = []
    for share, flagged in ((FLAGGED / 5000, True), (OTHERS / 5000, False)):
        found = [PASSES[at] for at in sample if (at < FLAGGED) is flagged]
        strata.append(Stratum(share, fmean(found), beta_interval(int(sum(found)), len(found))))
    return stratified(strata)[0]


def test_anomalies_first_find_more_failures_than_a_uniform_sample(samples: list[list[int]]) -> None:
    """29 of 100 labels against 6.6; taken for a rate they would say .712."""
    failures = fmean(sum(PASSES[at] == 0 for at in sample) for sample in samples)
    assert failures == pytest.approx(29, abs=1)
    assert 100 * (1 - TRUTH) == pytest.approx(6.6)
    assert fmean(fmean(PASSES[at] for at in one) for one in samples) == pytest.approx(
        0.712, abs=0.01
    )


@pytest.mark.parametrize("estimate", [_rate, _stratified])
def test_weights_take_the_bias_away(samples: list[list[int]], estimate: object) -> None:
    assert callable(estimate)
    found = [estimate(sample) for sample in samples]
    assert fmean(found) == pytest.approx(TRUTH, abs=0.01)
    assert stdev(found) == pytest.approx(0.035, abs=0.005)


def test_horvitz_and_thompson_vary_with_the_size_of_the_sample(samples: list[list[int]]) -> None:
    """The reason why there is no such estimator: a standard deviation of .146."""
    found = [sum(PASSES[at] / CHANCES[at] for at in sample) / 5000 for sample in samples]
    assert stdev(found) == pytest.approx(0.146, abs=0.015)


def test_one_stratum_is_itself() -> None:
    inner = Interval(0.7, 0.95)
    assert stratified([Stratum(1.0, 0.9, inner)]) == (0.9, inner)


def _coverage(flagged: float, other: float) -> tuple[float, float]:
    """Return how often the interval and a normal one hold the rate of both strata together."""
    truth = 0.04 * flagged + 0.96 * other
    ours = normal = 0.0
    for k in range(16, 51):  # beyond this nothing is likely
        first = Stratum(0.04, k / 60, beta_interval(k, 60))
        for found in range(30, 41):
            second = Stratum(0.96, found / 40, beta_interval(found, 40))
            rate, interval = stratified([first, second])
            chance = binom.pmf(k, 60, flagged) * binom.pmf(found, 40, other)
            ours += chance * (interval.low <= truth <= interval.high)
            variance = sum(
                each.share**2 * each.rate * (1 - each.rate) / n
                for each, n in ((first, 60), (second, 40))
            )
            normal += chance * (abs(rate - truth) <= 1.96 * variance**0.5)
    return ours, normal


def test_the_interval_covers_where_the_normal_one_does_not() -> None:
    """60 flagged traces and 40 others; the normal interval covers 86 %."""
    ours, normal = _coverage(flagged=0.55, other=0.95)
    assert ours >= 0.95
    assert normal == pytest.approx(0.86, abs=0.01)
