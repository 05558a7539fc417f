"""Agreement: exact point values, equal to the textbooks' and to scikit-learn's and scipy's."""

from math import isclose
from statistics import correlation

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import kendalltau, rankdata, spearmanr
from sklearn.metrics import (
    balanced_accuracy_score,
    cohen_kappa_score,
    matthews_corrcoef,
)

from goldengit.models.agreement import (
    Counts,
    above,
    below,
    bias,
    kendall,
    ranks,
    rounded,
    spearman,
    weighted_kappa,
)
from tests.metrics.tables import graded_pairs, labels_of, printed, table, tables

GRADES = range(1, 6)
PEOPLE, EVALUATOR = [1, 2, 5, 5, 2], [1, 5, 5, 2, 2]
values = st.lists(st.integers(-3, 3) | st.floats(-3, 3), max_size=12)


def same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return isclose(one, other, abs_tol=1e-12)


def exchanged(counts: Counts) -> Counts:
    """Return the table that results when pass and fail change their names."""
    return table(counts.tn, counts.fn, counts.fp, counts.tp)


def test_one_table_looks_different_by_statistic() -> None:
    counts = table(90, 4, 4, 2)
    assert printed(counts.accuracy, "0.92")
    assert printed(counts.kappa, "0.291")
    assert printed(counts.mcc, "0.291")
    assert printed(counts.ac1, "0.910")


def test_an_always_pass_evaluator_flatters_itself_with_ac1_alone() -> None:
    counts = table(94, 6, 0, 0)
    assert printed(counts.ac1, "0.936")
    assert counts.kappa == 0
    assert counts.mcc is None


@pytest.mark.parametrize(
    ("cells", "mcc"),
    [((10, 1, 0, 5), ".8704"), ((10, 1, 2, 7), ".6975"), ((10, 3, 2, 5), ".4708")],
)
def test_one_set_of_verdicts_has_three_correlations_by_what_unknown_means(
    cells: tuple[int, int, int, int], mcc: str
) -> None:
    assert printed(table(*cells).mcc, mcc)


def test_unknown_counts_as_wrong_on_both_sides() -> None:
    assert table(10, 1, 0, 5).against(passes=2, fails=2) == table(10, 3, 2, 5)


def test_label_noise_lowers_the_correlation_by_twice_its_rate() -> None:
    assert table(900, 100, 100, 900).mcc == 0.8
    assert same(table(860, 140, 140, 860).mcc, 0.8 * 0.9)  # 5 % of each human class exchanged
    assert same(table(820, 180, 180, 820).mcc, 0.8 * 0.8)  # 10 %


@given(tables)
def test_two_by_two_values_are_those_of_scikit_learn_where_it_defines_them(counts: Counts) -> None:
    people, evaluator = labels_of(counts)
    assume(counts.passes and counts.fails)
    assert same(counts.kappa, cohen_kappa_score(people, evaluator))
    assert same(counts.balanced_accuracy, balanced_accuracy_score(people, evaluator))
    if counts.is_constant:
        assert counts.mcc is None
    else:
        assert same(counts.mcc, matthews_corrcoef(people, evaluator))
        assert same(counts.mcc, correlation(people, evaluator))


@given(tables)
def test_exchanging_pass_and_fail_changes_no_agreement(counts: Counts) -> None:
    other = exchanged(counts)
    assert same(counts.mcc, other.mcc)
    assert same(counts.kappa, other.kappa)
    assert same(counts.balanced_accuracy, other.balanced_accuracy)
    assert same(counts.ac1, other.ac1)
    assert (counts.tpr, counts.tnr) == (other.tnr, other.tpr)


@given(tables)
def test_mcc_and_kappa_do_not_care_which_side_errs(counts: Counts) -> None:
    other = table(counts.tp, counts.fn, counts.fp, counts.tn)
    assert same(counts.mcc, other.mcc)
    assert same(counts.kappa, other.kappa)


@given(tables)
def test_mcc_is_farther_from_zero_than_kappa_and_equal_on_equal_margins(counts: Counts) -> None:
    assume(counts.mcc is not None and counts.kappa is not None)
    assert counts.mcc is not None
    assert counts.kappa is not None
    assert abs(counts.mcc) >= abs(counts.kappa) - 1e-12
    if counts.fp == counts.fn:
        assert same(counts.mcc, counts.kappa)


@given(tables)
def test_every_table_has_its_values_in_their_ranges(counts: Counts) -> None:
    assert counts.passes + counts.fails == counts.n
    for value in (counts.mcc, counts.kappa, counts.ac1):
        assert value is None or -1 <= rounded(value) <= 1  # type: ignore[operator]
    for share in (counts.tpr, counts.tnr, counts.accuracy, counts.balanced_accuracy):
        assert share is None or 0 <= share <= 1


def test_on_a_threshold_is_neither_above_nor_below() -> None:
    on_gate, on_signal = table(8, 2, 2, 8).mcc, table(7, 3, 3, 7).mcc
    assert on_gate is not None
    assert on_signal is not None
    assert not above(on_gate, 0.6)
    assert not below(on_gate, 0.6)
    assert not below(on_signal, 0.4)
    assert not above(on_signal, 0.4)
    assert not above(0.6 + 5e-10, 0.6)
    assert not below(0.4 - 5e-10, 0.4)
    assert above(0.6 + 2e-9, 0.6)
    assert below(0.4 - 2e-9, 0.4)


def test_statistics_are_stored_with_six_decimals_and_no_negative_zero() -> None:
    assert rounded(2 / 3) == 0.666667
    assert str(rounded(-1e-9)) == "0.0"
    assert rounded(None) is None


@pytest.mark.parametrize(
    ("levels", "power", "kappa"),
    [(GRADES, 1, "0.318"), (GRADES, 2, "0.357"), ((1, 2, 5), 1, "0.500")],
)
def test_weighted_kappa_needs_the_whole_scale(
    levels: range | tuple[int, ...], power: int, kappa: str
) -> None:
    assert printed(weighted_kappa(PEOPLE, EVALUATOR, levels, power), kappa)


@given(graded_pairs, st.sampled_from([1, 2]))
def test_weighted_kappa_is_that_of_scikit_learn(pairs: list[tuple[int, int]], power: int) -> None:
    people, evaluator = [one for one, _ in pairs], [other for _, other in pairs]
    found = weighted_kappa(people, evaluator, GRADES, power)
    if len(set(people) | set(evaluator)) < 2:
        assert found is None
    else:
        weights = {1: "linear", 2: "quadratic"}[power]
        assert same(found, cohen_kappa_score(people, evaluator, labels=GRADES, weights=weights))


def test_weighted_kappa_of_two_levels_is_kappa() -> None:
    people, evaluator = labels_of(table(9, 4, 3, 4))
    assert same(weighted_kappa(people, evaluator, (0, 1)), table(9, 4, 3, 4).kappa)


@given(values)
def test_ranks_are_those_of_scipy(found: list[float]) -> None:
    assert ranks(found) == list(rankdata(found))


@given(st.lists(st.tuples(st.integers(1, 5), st.floats(0, 1)), max_size=40) | graded_pairs)
def test_rank_correlations_are_those_of_scipy(pairs: list[tuple[float, float]]) -> None:
    people, evaluator = [one for one, _ in pairs], [other for _, other in pairs]
    if len(set(people)) < 2 or len(set(evaluator)) < 2:
        assert spearman(people, evaluator) is None
        assert kendall(people, evaluator) is None
    else:
        assert same(spearman(people, evaluator), spearmanr(people, evaluator).statistic)
        assert same(kendall(people, evaluator), kendalltau(people, evaluator).statistic)


@given(graded_pairs)
def test_rank_correlations_are_blind_to_an_offset_and_bias_shows_it(
    pairs: list[tuple[int, int]],
) -> None:
    people, evaluator = [one for one, _ in pairs], [other for _, other in pairs]
    lenient = [grade + 2 for grade in evaluator]
    assert spearman(people, lenient) == spearman(people, evaluator)
    assert kendall(people, lenient) == kendall(people, evaluator)
    if pairs:
        assert same(bias(people, lenient), (bias(people, evaluator) or 0) + 2)


def test_sides_of_different_length_are_refused() -> None:
    for statistic in (spearman, kendall, bias):
        with pytest.raises(ValueError, match="argument 2 is shorter"):
            statistic([1, 2, 3], [1, 2])
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        weighted_kappa([1, 2, 3], [1, 2], GRADES)
