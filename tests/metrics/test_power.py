"""What a gate can see: every cell of the printed tables that enumeration reaches."""

import subprocess
import sys
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.metrics.paired import exact_p, mid_p, noninferiority_bound
from goldengit.metrics.power import (
    Rule,
    block_probability,
    detectable_drop,
    difference_variance,
    outcome_probability,
    pairs_needed,
    smallest_detectable_drop,
)
from goldengit.models.agreement import above, below

DETERMINISTIC, LOW, MID = 0, 0.034, 0.088  # share of cases that flip between two runs
SIZES = (20, 50, 200)
DROPS = (0, 0.05, 0.10, 0.14)
BASE, RESIDUAL = 0.92, 0.10


def point(lost: int, gained: int, n: int) -> bool:
    return above((lost - gained) / n, 0.05)


def significant(lost: int, gained: int, n: int) -> bool:
    return below(mid_p(lost, gained), 0.10)


def guarded(lost: int, gained: int, n: int) -> bool:
    drop = (lost - gained) / n
    return above(drop, 0.10) or (above(drop, 0.05) and significant(lost, gained, n))


def exact(lost: int, gained: int, n: int) -> bool:
    return below(exact_p(lost, gained), 0.05)


def any_drop(lost: int, gained: int, n: int) -> bool:
    return lost > gained


def any_loss(lost: int, gained: int, n: int) -> bool:
    return lost > 0


def certify(lost: int, gained: int, n: int) -> bool:
    return not below(noninferiority_bound(lost, gained, n), 0.05)


def certify_wide(lost: int, gained: int, n: int) -> bool:
    return not below(noninferiority_bound(lost, gained, n), 0.10)


def _blocked(rule: Rule, n: int, flip_rate: float, drop: float) -> float:
    """Return the percentage blocked when a share of cases falls to a tenth of its chance to pass.

    Broken cases do not flip as sound ones do, so this is not the model of `block_probability`.
    """
    broken = drop / (BASE * (1 - RESIDUAL))
    both = BASE - flip_rate / 2  # the chance to pass twice
    lost = (1 - broken) * flip_rate / 2 + broken * (BASE - RESIDUAL * both)
    gained = (1 - broken) * flip_rate / 2 + broken * RESIDUAL * flip_rate / 2
    return 100 * outcome_probability(rule, n, lost, gained)


@pytest.mark.parametrize(
    ("rule", "flip_rate", "expected"),
    [
        (any_drop, MID, "34 62 80 89 | 40 79 94 98 | 45 97 100 100"),
        (any_loss, MID, "60 85 95 98 | 89 99 100 100 | 100 100 100 100"),
        (point, DETERMINISTIC, "0 26 60 80 | 0 46 89 98 | 0 41 99 100"),
        (point, LOW, "3.6 31 60 77 | 2.8 48 85 96 | 0 44 98 100"),
        (point, MID, "11.6 36 60 74 | 11.4 49 81 93 | 0.5 47 95 100"),
        (guarded, LOW, "0.3 12 34 55 | 2.5 39 77 91 | 0 44 98 100"),
        (guarded, MID, "3.3 16 38 55 | 6.6 34 66 83 | 0.7 46 96 100"),
        (exact, MID, "0.1 2 8 16 | 1.1 12 38 60 | 3.0 56 96 100"),
    ],
)
def test_rules_block_as_often_as_printed(rule: Rule, flip_rate: float, expected: str) -> None:
    """The table was simulated, so a cell may be 1.3 points off."""
    cells = expected.replace("|", "").split()
    found = [_blocked(rule, n, flip_rate, drop) for n in SIZES for drop in DROPS]
    assert found == pytest.approx([float(cell) for cell in cells], abs=1.3)


@pytest.mark.parametrize(
    ("rule", "low", "mid"),
    [(certify, (97, 50, 3), (90, 68, 23)), (certify_wide, (29, 4, 0), (57, 23, 0))],
)
def test_certification_blocks_good_releases_as_often_as_printed(
    rule: Rule, low: tuple[int, ...], mid: tuple[int, ...]
) -> None:
    assert [_blocked(rule, n, LOW, 0) for n in SIZES] == pytest.approx(low, abs=0.6)
    assert [_blocked(rule, n, MID, 0) for n in SIZES] == pytest.approx(mid, abs=0.6)


def test_the_exact_test_is_more_timid_than_mid_p() -> None:
    """At a nominal 10 % with 20 cases: 3.3 % (simulated) of good releases against 0.5 %."""
    strict = _blocked(lambda lost, gained, _: below(exact_p(lost, gained), 0.10), 20, MID, 0)
    assert _blocked(significant, 20, MID, 0) == pytest.approx(3.3, abs=0.8)
    assert strict == pytest.approx(0.5, abs=0.2)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (point, ".15/.15/.16 .10/.11/.12 .09/.10/.10 .08/.09/.09 .07/.08/.08"),
        (guarded, ".21/.21/.21 .14/.17/.18 .09/.12/.14 .08/.09/.09 .07/.08/.08"),
        (significant, ".21/.24/.26 .14/.17/.19 .09/.12/.14 .05/.07/.09 .03/.05/.06"),
    ],
)
def test_the_smallest_detectable_drops_are_as_printed(rule: Rule, expected: str) -> None:
    for n, cells in zip((20, 30, 50, 100, 200), expected.split(), strict=True):
        found = [smallest_detectable_drop(rule, n, flips) for flips in (0, 0.05, 0.10)]
        assert found == [float(cell) for cell in cells.split("/")], n


def test_a_rule_that_never_blocks_detects_nothing() -> None:
    assert smallest_detectable_drop(lambda *_: False, 20, 0.05) is None


def test_the_smallest_drop_is_the_first_that_is_seen() -> None:
    drop = smallest_detectable_drop(guarded, 60, 0.08)
    assert drop is not None
    assert block_probability(guarded, 60, drop, 0.08) >= 0.8
    assert block_probability(guarded, 60, drop - 0.01, 0.08) < 0.8


@given(st.integers(1, 300), st.floats(0, 1), st.floats(0, 1))
def test_all_outcomes_together_are_certain(n: int, drop: float, flip_rate: float) -> None:
    assert block_probability(lambda *_: True, n, drop, flip_rate) == pytest.approx(1, abs=1e-11)


@given(st.integers(1, 40), st.floats(0, 0.5), st.floats(0, 0.5), st.floats(0, 0.5))
def test_a_larger_drop_is_never_seen_less_often(
    n: int, one: float, other: float, flip_rate: float
) -> None:
    small, large = sorted((one, other))
    smaller = block_probability(guarded, n, small, flip_rate)
    assert smaller <= block_probability(guarded, n, large, flip_rate) + 1e-9


def test_a_sound_deterministic_release_is_never_blocked() -> None:
    assert block_probability(point, 20, 0, 0) == 0


def test_the_loss_of_every_case_is_certain() -> None:
    assert block_probability(point, 20, 1, 0.1) == 1


def test_half_the_drop_needs_four_times_the_pairs() -> None:
    variance = difference_variance(0.05, 0.06, 0.04, repeats=1)
    needed = [pairs_needed(drop, variance, alpha=0.10) for drop in (0.10, 0.05)]
    assert needed == [ceil((1.281552 + 0.841621) ** 2 * 0.15 / drop**2) for drop in (0.10, 0.05)]


def test_repeats_take_away_only_the_noise_of_runs() -> None:
    assert difference_variance(0.05, 0.06, 0.04, repeats=4) == pytest.approx(0.075)


@given(st.floats(0.01, 0.5), st.floats(0.01, 1))
def test_the_pairs_that_a_drop_needs_can_see_it(drop: float, variance: float) -> None:
    n = pairs_needed(drop, variance, alpha=0.05)
    assert detectable_drop(n, variance, alpha=0.05) <= drop + 1e-9
    assert n == 1 or detectable_drop(n - 1, variance, alpha=0.05) > drop - 1e-9


def test_the_gate_needs_neither_numpy_nor_scipy() -> None:
    code = """if True:
        import sys
        sys.modules["numpy"] = sys.modules["scipy"] = None
        from goldengit.metrics import multiplicity, paired, power, rates, repeats
        print(power.smallest_detectable_drop(lambda b, c, n: b > c, 20, 0.05))
        print(paired.repeated_p([0.0, 1 / 3]), rates.floor_probability(18, 20, 0.85))
    """
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
