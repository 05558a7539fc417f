"""The CUSUM: printed alarms, and how long it takes to raise them."""

from collections.abc import Iterable
from itertools import chain, cycle, islice, repeat

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array, eye_array
from scipy.sparse.linalg import spsolve

from goldengit.errors import CannotJudgeError
from goldengit.metrics.drift import Cusum, alarms

PASS, FAIL = True, False
CUSUM = Cusum(baseline=0.92, delta=0.10, threshold=4.5)


def test_a_fail_weighs_seven_passes() -> None:
    after_fail = CUSUM.after(FAIL)
    assert round(after_fail.evidence, 4) == 0.8109
    assert round(after_fail.after(PASS).evidence - after_fail.evidence, 4) == -0.1151


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (chain([PASS] * 50, repeat(FAIL)), 56),
        (cycle([PASS] * 4 + [FAIL]), 60),
        (islice(cycle([PASS] * 9 + [FAIL]), 1000), None),
    ],
)
def test_the_first_alarm_is_as_printed(stream: Iterable[bool], expected: int | None) -> None:
    assert next(alarms(CUSUM, stream), None) == expected


def test_after_an_alarm_the_count_begins_anew() -> None:
    assert list(alarms(CUSUM, [FAIL] * 18)) == [6, 12, 18]


@given(st.lists(st.booleans(), max_size=60))
def test_evidence_is_never_negative_and_an_alarm_follows_a_fail(verdicts: list[bool]) -> None:
    state = CUSUM
    for passed in verdicts:
        state = state.after(passed)
        assert state.evidence >= 0
        assert not (passed and state.is_alarm)


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(0, 59))
def test_one_more_fail_never_delays_the_first_alarm(verdicts: list[bool], at: int) -> None:
    worse = [passed and number != at for number, passed in enumerate(verdicts)]
    never = len(verdicts) + 1
    assert next(alarms(CUSUM, worse), never) <= next(alarms(CUSUM, verdicts), never)


@pytest.mark.parametrize(("baseline", "delta"), [(1.0, 0.1), (0.1, 0.1), (0.9, 0.0), (0.0, 0.1)])
def test_a_rate_that_cannot_fall_so_far_is_refused(baseline: float, delta: float) -> None:
    with pytest.raises(CannotJudgeError, match="both rates must lie between 0 and 1"):
        Cusum(baseline, delta, 4.5)


class Chain:
    """Every state that a CUSUM can reach, its evidence rounded to thousandths."""

    def __init__(self, start: Cusum) -> None:
        self.places = {0: 0}
        self.moves: list[list[int | None]] = []
        states = [0]
        for thousandths in states:
            at = Cusum(start.baseline, start.delta, start.threshold, thousandths / 1000)
            row: list[int | None] = []
            for state in (at.after(FAIL), at.after(PASS)):
                reached = round(state.evidence * 1000)
                if not state.is_alarm and reached not in self.places:
                    self.places[reached] = len(states)
                    states.append(reached)
                row.append(None if state.is_alarm else self.places[reached])
            self.moves.append(row)

    def step(self, rate: float) -> csr_array:
        """Return the chances to go from one state (column) to another (row) without an alarm."""
        entries = [
            (place, at, chance)
            for at, row in enumerate(self.moves)
            for place, chance in zip(row, (1 - rate, rate), strict=True)
            if place is not None
        ]
        rows, columns, chances = zip(*entries, strict=True)
        return csr_array((chances, (rows, columns)), shape=(len(self.moves), len(self.moves)))

    def items_to_alarm(self, rate: float) -> float:
        """Return the mean number of items, from the start."""
        system = eye_array(len(self.moves), format="csc") - self.step(rate).T.tocsc()
        return float(spsolve(system, np.ones(len(self.moves)))[0])

    def alarm_within(self, items: int, rate: float) -> float:
        """Return the chance of an alarm, from the start."""
        step, state = self.step(rate), self._start()
        for _ in range(items):
            state = step @ state
        return 1 - float(state.sum())

    def median_delay(self, before: float, after: float) -> int:
        """Return the items at the rate `after` until half of all streams have alarmed."""
        step, state = self.step(before), self._start()
        for _ in range(1000):
            state = step @ state
            state[0] += 1 - state.sum()
        step, items = self.step(after), 0
        while state.sum() > 0.5:
            state, items = step @ state, items + 1
        return items

    def _start(self) -> np.ndarray:
        state = np.zeros(len(self.moves))
        state[0] = 1
        return state


@pytest.mark.parametrize(
    ("threshold", "mean", "within_500", "delays"),
    [(4.5, 2900, 0.14, (150, 58, 38)), (3.5, 1000, 0.38, (97, 40, 28))],
)
def test_alarms_come_as_late_as_printed(
    threshold: float, mean: float, within_500: float, delays: tuple[int, ...]
) -> None:
    """The printed values were simulated: means are 4 % off, medians 3 items."""
    found = Chain(Cusum(0.92, 0.10, threshold))
    assert found.items_to_alarm(0.92) == pytest.approx(mean, rel=0.04)
    assert found.alarm_within(500, 0.92) == pytest.approx(within_500, abs=0.01)
    medians = [found.median_delay(0.92, rate) for rate in (0.87, 0.82, 0.78)]
    assert medians == pytest.approx(delays, abs=3)


@pytest.mark.parametrize(
    ("baseline", "fallen", "mean", "delay"),
    [
        (0.98, 0.88, 2300, 27),
        (0.98, 0.93, 5400, 78),
        (0.95, 0.85, 2700, 45),
        (0.95, 0.88, 4000, 79),
        (0.90, 0.80, 3200, 66),
        (0.85, 0.75, 3700, 84),
        (0.80, 0.70, 4000, 100),
    ],
)
def test_the_threshold_carries_over_to_other_rates(
    baseline: float, fallen: float, mean: float, delay: int
) -> None:
    """Simulated means with few alarms: 9 % off."""
    found = Chain(Cusum(baseline, baseline - fallen, 4.5))
    assert found.items_to_alarm(baseline) == pytest.approx(mean, rel=0.09)
    assert found.median_delay(baseline, fallen) == pytest.approx(delay, abs=1)


def test_a_step_of_the_threshold_changes_patience_threefold() -> None:
    eager, usual, patient = (Chain(Cusum(0.92, 0.10, height)) for height in (3.5, 4.5, 5.5))
    assert 2.6 < usual.items_to_alarm(0.92) / eager.items_to_alarm(0.92) < 3
    assert 2.6 < patient.items_to_alarm(0.92) / usual.items_to_alarm(0.92) < 3
    slower = patient.median_delay(0.92, 0.82) / usual.median_delay(0.92, 0.82)
    assert slower == pytest.approx(1.3, abs=0.05)
