"""Posterior: the printed values of the grid, and what must hold for every table."""

from collections.abc import Callable, Iterator
from functools import cache
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from goldengit.metrics.posterior import (
    POINTS,
    Statistic,
    at_prevalence,
    posterior,
    probability_fell,
)
from goldengit.models.agreement import Counts, above, below
from tests.metrics.tables import balanced, printed, table, tables, tables_of

Cells = tuple[int, int, int, int]
Floats = NDArray[np.float64]
STATISTICS: tuple[Statistic, ...] = (
    "mcc",
    "kappa",
    "balanced_accuracy",
    "ac1",
    "f1",
    "tpr",
    "tnr",
)
statistics = st.sampled_from(STATISTICS)
few = settings(max_examples=20)

# tp fp fn tn, MCC, quantiles .025 .05 .975, P(MCC > .6), P(MCC > .4)
PRINTED = """
10 0 0 10  1.000      .692  .740 .997 .995 1.000
10 0 1 9   .905       .556  .609 .975 .955 .998
9 1 1 9    .800       .409  .471 .937 .826 .978
8 2 1 9    .704       .295  .359 .887 .636 .925
8 2 2 8    .600       .176  .242 .830 .408 .807
7 3 3 7    .400      -.030  .035 .701 .101 .446
16 0 0 4   1.000      .564  .631 .996 .963 .997
16 1 0 3   .840       .340  .411 .960 .787 .954
15 1 1 3   .688       .191  .263 .905 .559 .855
20 0 0 0   undefined -.029 -.012 .973 .355 .525
15 5 0 0   undefined -.172 -.137 .501 .007 .067
18 2 2 18  .800       .545  .586 .917 .937 .999
17 3 3 17  .700       .424  .468 .855 .741 .983
34 6 6 34  .700       .514  .544 .822 .851 .999
40 9 16 15 .319       .099  .133 .512 .001 .207
""".strip().splitlines()


@cache
def chances(counts: Counts) -> tuple[float, float]:
    """Return P(MCC > .4) and P(MCC > .6)."""
    found = posterior(counts)
    return found.probability_above("mcc", 0.4), found.probability_above("mcc", 0.6)


def gates(counts: Counts) -> float:
    return chances(counts)[1]


@pytest.mark.parametrize("line", PRINTED)
def test_the_grid_gives_the_printed_values(line: str) -> None:
    words = line.split()
    counts = table(*map(int, words[:4]))
    found = posterior(counts)
    interval = found.interval("mcc")
    values = (
        counts.mcc,
        interval.low,
        found.quantile("mcc", 0.05),
        interval.high,
        found.probability_above("mcc", 0.6),
        found.probability_above("mcc", 0.4),
    )
    assert all(map(printed, values, words[4:]))


@pytest.mark.parametrize(
    ("statistic", "cells", "point", "low", "high"),
    [
        ("kappa", (9, 1, 1, 9), ".800", ".393", ".936"),
        ("kappa", (15, 1, 1, 3), ".6875", ".176", ".904"),
        ("balanced_accuracy", (9, 1, 1, 9), ".900", ".704", ".969"),
        ("balanced_accuracy", (15, 1, 1, 3), ".844", ".587", ".959"),
        ("kappa", (40, 9, 16, 15), ".31", ".10", ".50"),
    ],
)
def test_other_statistics_have_the_printed_intervals(
    statistic: Statistic, cells: Cells, point: str, low: str, high: str
) -> None:
    counts = table(*cells)
    interval = posterior(counts).interval(statistic)
    assert printed(getattr(counts, statistic), point)
    assert printed(interval.low, low)
    assert printed(interval.high, high)


@pytest.mark.parametrize(
    ("errors", "mcc", "low", "high", "above_gate", "above_signal"),
    [
        (0, "1.00", ".69", "1.00", ".99", "1.00"),
        (1, ".90", ".56", ".98", ".955", "1.00"),
        (2, ".80", ".41", ".94", ".83", ".98"),
        (3, ".70", ".29", ".89", ".64", ".92"),
        (4, ".60", ".18", ".83", ".41", ".81"),
        (5, ".50", ".07", ".77", ".22", ".64"),
    ],
)
def test_twenty_labels_make_nobody_sure(
    errors: int, mcc: str, low: str, high: str, above_gate: str, above_signal: str
) -> None:
    counts = balanced(20, errors)
    found = posterior(counts)
    interval = found.interval("mcc")
    assert printed(counts.mcc, mcc)
    assert abs(interval.low - float(low)) < 0.006  # how an odd error is split moves it by 0.0003
    assert printed(interval.high, high)
    assert printed(found.probability_above("mcc", 0.6), above_gate)
    assert printed(found.probability_above("mcc", 0.4), above_signal)


@pytest.mark.parametrize(
    ("n", "errors", "above_gate"),
    [(40, 4, ".94"), (40, 6, ".74"), (80, 12, ".85"), (200, 36, ".74")],
)
def test_more_labels_make_the_same_share_of_errors_surer(
    n: int, errors: int, above_gate: str
) -> None:
    assert printed(gates(balanced(n, errors)), above_gate)


@pytest.mark.parametrize(
    ("rare", "above_gate"),
    [(0, ".36"), (1, ".72"), (2, ".87"), (3, ".93"), (4, ".96"), (5, ".98"), (7, ".99")],
)
def test_labels_of_the_rare_class_buy_certainty(rare: int, above_gate: str) -> None:
    assert printed(gates(table(20 - rare, 0, 0, rare)), above_gate)


@pytest.mark.parametrize(
    ("cells", "above_gate", "above_signal"),
    [((40, 9, 16, 15), ".001", ".18"), ((9, 4, 3, 4), ".02", ".20")],
)
def test_a_weak_evaluator_is_known_early_not_to_gate(
    cells: Cells, above_gate: str, above_signal: str
) -> None:
    found = posterior(table(*cells))
    assert printed(found.probability_above("kappa", 0.6), above_gate)
    assert printed(found.probability_above("kappa", 0.4), above_signal)


def test_the_number_of_points_decides_a_verdict_near_the_limit() -> None:
    assert POINTS == 96
    assert abs(gates(table(13, 1, 2, 14)) - 0.9014) < 1e-4


@pytest.mark.parametrize(
    ("share", "mcc"),
    [(0.5, "0.80"), (0.7, "0.77"), (0.8, "0.73"), (0.9, "0.625"), (0.95, "0.50"), (0.98, "0.35")],
)
def test_one_evaluator_has_another_mcc_on_another_mix_of_classes(share: float, mcc: str) -> None:
    assert printed(at_prevalence(table(18, 2, 2, 18), share), mcc)


def test_at_its_own_mix_the_mcc_is_its_own() -> None:
    counts = table(15, 1, 1, 3)
    assert at_prevalence(counts, 16 / 20) == pytest.approx(counts.mcc)


def test_the_posterior_at_another_mix_is_the_printed_one() -> None:
    interval = posterior(table(18, 2, 2, 18), prevalence=0.9).interval("mcc")
    assert printed(interval.low, ".359")
    assert printed(interval.high, ".846")


@pytest.mark.parametrize("counts", [table(20, 0, 0, 0), table(0, 3, 0, 3), table(0, 0, 0, 0)])
def test_no_rate_no_mcc_at_another_mix(counts: Counts) -> None:
    assert at_prevalence(counts, 0.9) is None


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_mix_of_one_class_has_no_mcc(share: float) -> None:
    assert at_prevalence(table(9, 1, 1, 9), share) is None
    with pytest.raises(ValueError, match="between 0 and 1"):
        posterior(table(9, 1, 1, 9), prevalence=share)


def test_a_constant_evaluator_has_no_mcc_at_any_mix() -> None:
    assert at_prevalence(table(10, 10, 0, 0), 0.9) is None


@pytest.mark.parametrize(
    ("fresh", "fell"),
    [
        ((9, 1, 1, 9), ".563"),
        ((8, 2, 2, 8), ".872"),
        ((7, 3, 3, 7), ".975"),
        ((6, 4, 4, 6), ".997"),
    ],
)
def test_fresh_labels_against_history_give_the_printed_values(fresh: Cells, fell: str) -> None:
    history = posterior(table(18, 2, 2, 18))
    assert printed(probability_fell(posterior(table(*fresh)), history), fell)


@pytest.mark.parametrize(
    ("fresh", "history"), [((9, 1, 1, 9), (34, 6, 6, 34)), ((16, 1, 0, 3), (15, 5, 0, 0))]
)
def test_what_fell_one_way_rose_the_other(fresh: Cells, history: Cells) -> None:
    one, other = posterior(table(*fresh)), posterior(table(*history))
    assert probability_fell(one, other) + probability_fell(other, one) == pytest.approx(1)
    assert probability_fell(one, one) == pytest.approx(0.5)


def drawn(counts: Counts) -> dict[Statistic, Floats]:
    """Return the statistics of many random draws of the four cells."""
    chance = np.random.default_rng(20260101)
    cells = np.array([counts.tp, counts.fp, counts.fn, counts.tn]) + 0.5
    tp, fp, fn, tn = chance.dirichlet(cells, 400_000).T
    margins = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
    chance_kappa = (tp + fp) * (tp + fn) + (tn + fp) * (tn + fn)
    share = (tp + fn + tp + fp) / 2
    chance_ac1 = 2 * share * (1 - share)
    return {
        "mcc": (tp * tn - fp * fn) / np.sqrt(margins),
        "kappa": (tp + tn - chance_kappa) / (1 - chance_kappa),
        "balanced_accuracy": (tp / (tp + fn) + tn / (tn + fp)) / 2,
        "ac1": (tp + tn - chance_ac1) / (1 - chance_ac1),
        "f1": 2 * tp / (2 * tp + fp + fn),
        "tpr": tp / (tp + fn),
        "tnr": tn / (tn + fp),
    }


@pytest.mark.parametrize("cells", [(9, 1, 1, 9), (16, 1, 0, 3), (40, 9, 16, 15)])
def test_the_grid_stands_for_the_distribution_it_replaces(cells: Cells) -> None:
    found = posterior(table(*cells))
    for statistic, values in drawn(table(*cells)).items():
        for threshold in (0.4, 0.6, 0.8):
            share = float((values > threshold).mean())
            assert found.probability_above(statistic, threshold) == pytest.approx(share, abs=0.005)
        for q in (0.025, 0.05, 0.5, 0.975):
            value = float(np.quantile(values, q))
            assert found.quantile(statistic, q) == pytest.approx(value, abs=0.006)


@few
@given(tables, statistics, st.floats(-1, 1), st.floats(-1, 1))
def test_a_higher_threshold_is_never_more_probable(
    counts: Counts, statistic: Statistic, one: float, other: float
) -> None:
    found = posterior(counts)
    low, high = sorted((one, other))
    assert found.probability_above(statistic, low) >= found.probability_above(statistic, high)
    assert found.probability_above(statistic, 1) == 0
    assert found.probability_above(statistic, -1.1) == 1


@few
@given(tables, st.sampled_from(["mcc", "kappa", "balanced_accuracy", "ac1"]))
def test_exchanging_pass_and_fail_changes_no_posterior(
    counts: Counts, statistic: Statistic
) -> None:
    one = posterior(counts)
    other = posterior(table(counts.tn, counts.fn, counts.fp, counts.tp))
    assert np.allclose(one.grid(statistic), other.grid(statistic), rtol=0, atol=1e-7)


def equal_classes(largest: int) -> Iterator[Counts]:
    for half in range(1, largest // 2 + 1):
        for fn in range(half + 1):
            for fp in range(half + 1):
                yield table(half - fn, fp, fn, half - fp)


def test_one_more_agreement_never_lowers_the_probability_to_gate() -> None:
    """The other class follows by exchanging pass and fail."""
    for counts in equal_classes(8):
        more = table(counts.tp + 1, counts.fp, counts.fn, counts.tn)
        assert gates(more) >= gates(counts)


@few
@given(tables, statistics)
def test_as_many_groups_as_cases_change_nothing(counts: Counts, statistic: Statistic) -> None:
    assert posterior(counts, groups=counts.n).interval(statistic) == posterior(counts).interval(
        statistic
    )


def test_cases_of_one_group_count_once_and_never_more() -> None:
    halved = posterior(table(18, 2, 2, 18), groups=20)
    assert halved.interval("mcc") == posterior(table(9, 1, 1, 9)).interval("mcc")
    more = posterior(table(9, 1, 1, 9), groups=400)
    assert more.interval("mcc") == posterior(table(9, 1, 1, 9)).interval("mcc")
    with pytest.raises(ValueError, match="at least one group"):
        posterior(table(9, 1, 1, 9), groups=0)


def test_without_labels_there_is_the_prior() -> None:
    prior = posterior(table(0, 0, 0, 0), groups=0)
    assert prior.quantile("tpr", 0.5) == pytest.approx(0.5)
    assert prior.probability_above("mcc", 0) == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("statistic", ["tpr", "tnr"])
def test_a_rate_on_the_grid_is_the_rate_itself(statistic: Statistic) -> None:
    found = posterior(table(15, 1, 1, 3))
    assert found.grid(statistic).size == POINTS
    assert found.grid(statistic)[0] == found.quantile(statistic, 0.5 / POINTS)


def test_a_grid_is_made_once() -> None:
    found = posterior(table(15, 1, 1, 3))
    assert found.grid("mcc") is found.grid("mcc")


# What the three modes let through, by exact enumeration of all tables.

Rule = Callable[[Counts], bool]


def point(counts: Counts) -> bool:
    return counts.mcc is not None and above(counts.mcc, 0.6)


def guarded(counts: Counts) -> bool:
    return point(counts) and not below(chances(counts)[0], 0.95)


def strict(counts: Counts) -> bool:
    return point(counts) and not below(chances(counts)[1], 0.90)


def skewed(n: int, errors: int) -> Counts:
    """Return a table with four passes to a fail and the errors spread in proportion."""
    missed = round(errors / 5)
    return table(4 * n // 5 - errors + missed, missed, errors - missed, n // 5 - missed)


@pytest.mark.parametrize(
    ("n", "most"),
    [
        (20, {point: (3, 2), guarded: (2, 1), strict: (1, 0)}),
        (30, {point: (5, 4), guarded: (4, 2), strict: (3, 1)}),
        (40, {point: (7, 6), guarded: (7, 5), strict: (4, 2)}),
        (60, {point: (11, 9), guarded: (11, 8), strict: (7, 5)}),
        (80, {point: (15, 12), guarded: (15, 12), strict: (11, 7)}),
    ],
)
def test_so_many_disagreements_still_pass(n: int, most: dict[Rule, tuple[int, int]]) -> None:
    for rule, errors in most.items():
        for build, count in zip((balanced, skewed), errors, strict=True):
            assert rule(build(n, count))
            assert not rule(build(n, count + 1))


def rate_of(mcc: float, passes: float) -> float:
    """Return the TPR, equal to the TNR, that gives a true MCC at a share of human passes."""
    low, high = 0.5, 1.0
    for _ in range(50):
        rate = (low + high) / 2
        said = passes * rate + (1 - passes) * (1 - rate)
        reached = (2 * rate - 1) * np.sqrt(passes * (1 - passes) / (said * (1 - said)))
        low, high = (rate, high) if reached < mcc else (low, rate)
    return low


def probability(counts: Counts, mcc: float, passes: float) -> float:
    """Return the probability of a table when the evaluator has this true MCC."""
    rate = rate_of(mcc, passes)
    ways = comb(counts.n, counts.passes)
    ways *= comb(counts.passes, counts.tp) * comb(counts.fails, counts.tn)
    classes = passes**counts.passes * (1 - passes) ** counts.fails
    right, wrong = counts.tp + counts.tn, counts.fp + counts.fn
    return float(ways * classes * rate**right * (1 - rate) ** wrong)


def percent(found: list[Counts], mcc: float, passes: float) -> float:
    return 100 * sum(probability(counts, mcc, passes) for counts in found)


TRUE = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@pytest.mark.parametrize(
    ("n", "rule", "line"),
    [
        (10, point, "10/10 17/18 26/29 37/41 52/55 67/68 82/79 95/86"),
        (15, point, "7/5 14/12 25/22 39/36 57/53 75/70 90/84 98/93"),
        (20, point, "3.4/2.8 8.2/7.7 17/17 32/33 52/52 74/72 91/88 99/96"),
        (20, guarded, "0.5/0.2 1.7/1.0 4.6/3.1 11/8.0 23/18 43/33 69/54 92/77"),
        (20, strict, "0.1/0 0.2/0.2 0.8/0.7 2.4/2.4 6.8/6.5 17/15 39/30 73/51"),
    ],
)
def test_operating_characteristics_are_the_printed_ones(n: int, rule: Rule, line: str) -> None:
    """First number: half of the labels are passes; second: four in five."""
    passed = [counts for counts in tables_of(n) if rule(counts)]
    for mcc, pair in zip(TRUE, line.split(), strict=True):
        for passes, text in zip((0.5, 0.8), pair.split("/"), strict=True):
            once = round(percent(passed, mcc, passes), 1)  # the page rounds twice
            assert printed(once, text), (mcc, passes)


def test_five_of_each_class_are_rare_among_twenty_labels_of_an_easy_task() -> None:
    enough = [c for c in tables_of(20) if point(c) and c.passes >= 5 and c.fails >= 5]
    for mcc, text in zip(TRUE, ("1.5", "4.1", "9.0", "16", "24", "31", "35", "37"), strict=True):
        assert printed(percent(enough, mcc, 0.8), text)


def test_a_good_evaluator_is_called_bad_every_seventh_time() -> None:
    revised = [c for c in tables_of(20) if c.mcc is None or below(c.mcc, 0.4)]
    assert printed(percent(revised, 0.6, 0.5), "14")
