"""The error rates of the gate itself, against the printed tables."""

from typing import Any, Literal

import pytest

from goldengit.errors import CannotJudgeError
from goldengit.gating.in_force import InForce, Name
from goldengit.gating.operating import critical_blocked, operation
from goldengit.metrics.power import block_probability
from goldengit.models.policy import Deploy
from goldengit.models.scorecard import Scorecard
from tests.gating.cards import card, case, run, terms

LOW, MID = 0.034, 0.088  # share of cases that flip between two runs
DROPS = (0.0, 0.05, 0.10, 0.14)


@pytest.mark.parametrize(
    ("name", "n", "expected"),
    [
        ("point", 20, (6.4, 42, 70, 84)),
        ("point", 50, (2.0, 48, 86, 97)),
        ("point", 200, (0, 47, 99, 100)),
        ("guarded", 20, (5.7, 30, 56, 72)),
        ("guarded", 50, (2.0, 46, 84, 95)),
        ("guarded", 200, (0, 47, 99, 100)),
    ],
)
def test_three_runs_block_as_often_as_printed(
    name: Literal["point", "guarded"], n: int, expected: tuple[float, ...]
) -> None:
    """Statistics 7.3, mid noise, k=3; simulated there, with difficulty that varies by case."""
    found = [100 * InForce(name, 0.05, 0.10).chance(n, drop, MID, 3) for drop in DROPS]
    assert found == pytest.approx(expected, abs=1.5 if name == "point" else 4)


@pytest.mark.parametrize("name", ["point", "guarded", "test"])
def test_with_one_run_every_outcome_is_counted(name: Name) -> None:
    rule = InForce(name, 0.05, 0.10)
    for drop in DROPS:
        assert rule.chance(50, drop, MID, 1) == block_probability(rule.blocks, 50, drop, MID)


@pytest.mark.parametrize("name", ["point", "guarded", "certify", "test"])
def test_what_is_taken_as_normal_agrees_with_what_is_counted(name: Name) -> None:
    """At the border between the two, for one run of 2,000 cases and three runs of 200."""
    rule = InForce(name, 0.05, 0.10)
    for small, large, repeats in ((2000, 2001, 1), (200, 201, 3)):
        for drop in (0.0, 0.05, 0.06, 0.10):
            counted, normal = (rule.chance(n, drop, 0.05, repeats) for n in (small, large))
            assert counted == pytest.approx(normal, abs=0.06)


def test_a_loss_of_the_margin_is_certified_one_time_in_twenty() -> None:
    """And a good release on 200 cases is certified nearly always, when it runs three times."""
    rule = InForce("certify", 0.05)
    assert rule.chance(200, 0.05, MID, 3) == pytest.approx(0.95, abs=0.03)
    assert rule.chance(200, 0.0, MID, 3) < 0.1


def test_three_runs_see_a_smaller_drop() -> None:
    """For several runs by Miller's formula: the threshold and 0.84 standard errors."""
    rule = InForce("point", 0.05)
    assert (0.16, 0.12) == (rule.smallest(20, MID, 1), rule.smallest(20, MID, 3))
    assert rule.smallest(0, MID, 3) is None
    assert rule.chance(20, 1.0, MID, 3) == 1
    assert rule.chance(0, 1.0, MID, 3) == 0


@pytest.mark.parametrize(("cases", "how", "runs", "percent"), [
    (10, "majority", 1, 26), (10, "majority", 3, 2.6), (10, "all", 3, 60),
])  # fmt: skip
def test_critical_cases_block_for_nothing_as_often_as_printed(
    cases: int, how: str, runs: int, percent: float
) -> None:
    """Statistics 7.1: ten cases that pass 97 % of their runs."""
    flips = 2 * 0.97 * 0.03
    deploy = Deploy.model_validate({"critical": how})
    found = 100 * critical_blocked(cases, flips, deploy, runs)
    assert found == pytest.approx(percent, abs=0.5)


def release(flips: int, n: int, **values: Any) -> Scorecard:
    """Return a live release with two runs of each case, of which some flip."""
    cases = [
        case(at, "pf" if at < flips else "pp", slices=("refunds",) if at < n // 2 else ())
        for at in range(n)
    ]
    return card(cases, repeats=2, deterministic=False, **values)


def test_a_steady_release_is_never_blocked_for_nothing() -> None:
    found = operation(release(0, 50), terms(), 0.10)
    (whole,) = found.chances
    assert (0.0, 1, 0.0, 0.0, 0.0) == (
        found.flips,
        found.repeats,
        whole.blocked,
        found.least,
        found.most,
    )
    assert 0.09 == whole.smallest
    assert whole.missed == 1 - block_probability(InForce("point", 0.05).blocks, 50, 0.10, 0.0)


def test_the_family_lies_between_its_largest_part_and_their_sum() -> None:
    flipping = terms({"repeats": 1, "floor": 0.5}, slices=[("refunds", True)])
    found = operation(release(5, 50), flipping, 0.10)
    assert ["floor", "whole", "slice"] == [one.kind for one in found.chances]
    assert found.least == max(one.blocked for one in found.chances) > 0
    assert found.least <= found.most == min(1.0, sum(one.most for one in found.chances))
    assert all(one.blocked <= one.most for one in found.chances)


def test_noise_asks_for_three_runs_and_then_blocks_less() -> None:
    once = operation(release(5, 50), terms({"repeats": 1}), 0.10)
    often = operation(release(5, 50), terms(), 0.10)
    assert (1, 3) == (once.repeats, often.repeats)
    assert often.most < once.most


def test_a_part_that_is_too_small_has_no_rule_and_misses_everything() -> None:
    found = operation(release(1, 30), terms(slices=[("refunds", True)]), 0.5)
    small = found.chances[-1]
    assert (15, "", 0.0, 1.0) == (small.n, small.rule, small.blocked, small.missed)


def test_critical_cases_are_among_the_parts() -> None:
    cases = [case(at, "pf", severity="critical") for at in range(3)]
    cases += [case(at, "pp") for at in range(3, 30)]
    live = card(cases, repeats=2, deterministic=False)
    for deploy in ({}, {"repeats": 1}):  # they run three times whatever the others do
        critical = operation(live, terms(deploy), 0.10).chances[0]
        assert ("critical", 3, None) == (critical.kind, critical.n, critical.missed)
        assert critical.blocked == critical_blocked(3, 0.1, Deploy())


def test_the_floor_leaves_as_much_room_as_lies_below_the_present_rate() -> None:
    """All 20 cases pass; a floor of 0.9 is a drop of 0.1 away."""
    found = operation(release(1, 20), terms({"repeats": 1, "floor": 0.9}), 0.10)
    floor, whole = found.chances
    rule = InForce("point", 0.1)
    assert floor.blocked == pytest.approx(rule.chance(20, 0.0, 0.05, 1))
    assert (20, "point") == (whole.n, whole.rule)


def test_a_release_that_ran_once_tells_nothing_about_noise() -> None:
    once = card([case(0, "p")], deterministic=False)
    with pytest.raises(CannotJudgeError, match="ran once"):
        operation(once, terms(), 0.10)
    with pytest.raises(CannotJudgeError, match="may gate"):
        operation(release(0, 20, evaluators=[run(role="signal")]), terms(), 0.10)
