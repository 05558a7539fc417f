"""Corrected pass rates: the printed examples, what is refused, and how often the interval holds."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.errors import CannotJudgeError
from goldengit.metrics.correction import Corrected, ppi, ppi_plus_plus, rogan_gladen
from goldengit.metrics.rates import beta_interval
from goldengit.models.agreement import Counts

RUNS = 600
TRUTH = 0.85


def table(tp: int, fp: int, fn: int, tn: int) -> Counts:
    return Counts(tp=tp, fp=fp, fn=fn, tn=tn)


def bits(text: str) -> list[int]:
    return [int(sign) for sign in text]


GOOD = table(46, 6, 4, 44)  # TPR .92, TNR .88
LABELS, VERDICTS = bits("1111001101"), bits("1110011101")
OTHERS = [1] * 70 + [0] * 30


@pytest.mark.parametrize(
    ("counts", "passed", "judged", "rate", "low", "high"),
    [
        (GOOD, 400, 500, 0.850, 0.7686, 0.9728),
        (table(9, 1, 1, 9), 80, 100, 0.875, 0.6919, 1),
    ],
)
def test_rogan_and_gladen_are_as_printed(
    counts: Counts, passed: int, judged: int, rate: float, low: float, high: float
) -> None:
    found = rogan_gladen(counts, passed, judged)
    assert round(found.rate, 3) == rate
    assert (round(found.interval.low, 4), round(found.interval.high, 4)) == (low, high)


def test_ppi_plus_plus_is_as_printed() -> None:
    found = ppi_plus_plus(LABELS, VERDICTS, OTHERS)
    assert round(found.rate, 3) == 0.7
    assert (round(found.interval.low, 4), round(found.interval.high, 4)) == (0.4406, 0.9594)
    assert found.weight is not None
    assert round(found.weight, 4) == 0.5243


def test_a_weak_judge_hides_a_part_of_every_drop() -> None:
    """With TPR .92 and TNR .88 a drop of .05 looks like one of .04."""
    before, after = rogan_gladen(GOOD, 400, 500), rogan_gladen(GOOD, 380, 500)
    assert before.rate - after.rate == pytest.approx(0.05)


def test_a_perfect_judge_needs_no_correction() -> None:
    assert rogan_gladen(table(50, 0, 0, 50), 400, 500).rate == pytest.approx(0.8)


@pytest.mark.parametrize("counts", [table(6, 4, 4, 6), table(5, 5, 5, 5), table(2, 8, 8, 2)])
def test_a_judge_near_chance_is_too_weak_to_correct(counts: Counts) -> None:
    """(6, 4, 4, 6) lies on the limit exactly."""
    with pytest.raises(CannotJudgeError, match="too weak to correct"):
        rogan_gladen(counts, 400, 500)


@pytest.mark.parametrize("counts", [table(20, 0, 0, 0), table(0, 0, 0, 20), table(0, 0, 0, 0)])
def test_one_human_class_corrects_nothing(counts: Counts) -> None:
    with pytest.raises(CannotJudgeError, match="human PASS and human FAIL"):
        rogan_gladen(counts, 400, 500)


def test_no_judged_case_has_no_rate() -> None:
    with pytest.raises(CannotJudgeError, match="No case was judged"):
        rogan_gladen(GOOD, 0, 0)


@pytest.mark.parametrize("sizes", [(1, 10), (10, 1), (0, 0)])
def test_ppi_needs_two_cases_on_each_side(sizes: tuple[int, int]) -> None:
    labels, others = [1] * sizes[0], [1] * sizes[1]
    for estimate in (ppi, ppi_plus_plus):
        with pytest.raises(CannotJudgeError, match="two labelled cases and two others"):
            estimate(labels, labels, others)


@given(st.integers(0, 100), st.integers(1, 100))
def test_a_corrected_rate_is_a_rate(passed: int, judged: int) -> None:
    found = rogan_gladen(GOOD, min(passed, judged), judged)
    assert 0 <= found.interval.low <= found.interval.high <= 1
    assert 0 <= found.rate <= 1


verdicts = st.lists(st.tuples(*[st.integers(0, 1)] * 2), min_size=2, max_size=30)


@given(verdicts, st.lists(st.integers(0, 1), min_size=2, max_size=50))
def test_the_weight_and_the_rate_of_ppi_plus_plus_are_shares(
    pairs: list[tuple[int, int]], others: list[int]
) -> None:
    labels, judged = [one for one, _ in pairs], [other for _, other in pairs]
    found = ppi_plus_plus(labels, judged, others)
    assert found.weight is not None
    assert 0 <= found.weight <= 1
    assert 0 <= found.rate <= 1


def test_a_constant_evaluator_leaves_the_labels_alone() -> None:
    found = ppi_plus_plus(LABELS, [1] * 10, [1] * 100)
    assert found.weight == 0
    assert found.rate == pytest.approx(0.7)


def test_plain_ppi_trusts_the_evaluator_fully() -> None:
    found = ppi(LABELS, VERDICTS, OTHERS)
    assert found.weight == 1
    assert found.rate == pytest.approx(0.7)
    assert found.interval.low < ppi_plus_plus(LABELS, VERDICTS, OTHERS).interval.low


class Judge(NamedTuple):
    tpr: float
    tnr: float

    def of(self, truth: np.ndarray, draw: np.random.Generator) -> np.ndarray:
        right = draw.random(len(truth)) < np.where(truth == 1, self.tpr, self.tnr)
        return np.where(right, truth, 1 - truth)


GOOD_JUDGE = Judge(0.92, 0.88)


@dataclass(frozen=True)
class Study:
    """So many labels, so many other cases; `half`: as many labels of failures as of passes."""

    labels: int
    others: int
    half: bool = False
    calibrated: Judge = GOOD_JUDGE
    deployed: Judge = GOOD_JUDGE

    def run(self, method: str) -> list[Corrected]:
        """Return the estimates of many draws, without those that were refused."""
        draw, found = np.random.default_rng(6), []
        for _ in range(RUNS):
            labels = (draw.random(self.labels) < TRUTH).astype(int)
            if self.half:
                labels = np.arange(self.labels) % 2
            verdicts = self.calibrated.of(labels, draw)
            others = self.deployed.of((draw.random(self.others) < TRUTH).astype(int), draw)
            with suppress(CannotJudgeError):
                found.append(METHODS[method](labels, verdicts, others))
        return found


def _with_counts(labels: np.ndarray, verdicts: np.ndarray, others: np.ndarray) -> Corrected:
    tn, fp, fn, tp = (int(count) for count in np.bincount(2 * labels + verdicts, minlength=4))
    return rogan_gladen(table(tp, fp, fn, tn), int(others.sum()), len(others))


METHODS: dict[str, Callable[[np.ndarray, np.ndarray, np.ndarray], Corrected]] = {
    "Rogan-Gladen": _with_counts,
    "PPI": lambda *parts: ppi(*(part.tolist() for part in parts)),
    "PPI++": lambda *parts: ppi_plus_plus(*(part.tolist() for part in parts)),
}


def _coverage(found: list[Corrected]) -> float:
    return float(np.mean([100 * (f.interval.low <= TRUTH <= f.interval.high) for f in found]))


def _width(found: list[Corrected]) -> float:
    return float(np.mean([each.interval.high - each.interval.low for each in found]))


def _bias(found: list[Corrected]) -> float:
    return float(np.mean([each.rate for each in found])) - TRUTH


@pytest.mark.parametrize(
    ("method", "labels", "others", "coverage", "width"),
    [
        ("Rogan-Gladen", 40, 100, 95.5, 0.34),
        ("Rogan-Gladen", 40, 2000, 96.1, 0.27),
        ("Rogan-Gladen", 100, 100, 95.1, 0.26),
        ("Rogan-Gladen", 100, 2000, 95.5, 0.17),
        ("PPI", 40, 100, 94.9, 0.23),
        ("PPI", 40, 2000, 92.6, 0.18),
        ("PPI", 100, 100, 95.1, 0.19),
        ("PPI++", 40, 100, 91.4, 0.17),
        ("PPI++", 40, 2000, 89.5, 0.15),
        ("PPI++", 100, 100, 93.9, 0.12),
    ],
)
def test_intervals_cover_as_often_as_printed(
    method: str, labels: int, others: int, coverage: float, width: float
) -> None:
    found = Study(labels, others).run(method)
    assert _coverage(found) == pytest.approx(coverage, abs=2.2)
    assert _width(found) == pytest.approx(width, abs=0.02)


@pytest.mark.parametrize(
    ("method", "coverage", "bias"),
    [("Rogan-Gladen", 96.3, 0), ("PPI", 50.7, -0.07), ("PPI++", 21.9, -0.10)],
)
def test_labels_chosen_half_and_half_suit_rogan_and_gladen_only(
    method: str, coverage: float, bias: float
) -> None:
    """The reason why PPI is for the random arm of a sample alone."""
    found = Study(100, 500, half=True).run(method)
    assert _coverage(found) == pytest.approx(coverage, abs=4)
    assert _bias(found) == pytest.approx(bias, abs=0.015)


def test_the_rates_of_another_version_of_the_judge_mislead() -> None:
    """A judge that fell to .84 and .80 in production."""
    found = Study(100, 1000, deployed=Judge(0.84, 0.80)).run("Rogan-Gladen")
    assert _coverage(found) == pytest.approx(55, abs=4)
    assert _bias(found) == pytest.approx(-0.07, abs=0.015)


def test_a_weak_judge_knows_less_than_its_labels() -> None:
    """TPR .80 and TNR .75: about twice as wide as the 40 labels alone, where not refused."""
    weak = Judge(0.80, 0.75)
    alone = beta_interval(34, 40)
    assert alone.high - alone.low == pytest.approx(0.22, abs=0.01)
    for others, width in ((2000, 0.43), (100, 0.50)):
        found = Study(40, others, calibrated=weak, deployed=weak).run("Rogan-Gladen")
        assert _width(found) == pytest.approx(width, abs=0.02)
