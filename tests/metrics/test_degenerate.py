"""Degenerate input: where libraries return a number or nan, there is no number, or an error."""

import pytest
from pydantic import ValidationError

from goldengit.metrics.graded import jackknife
from goldengit.metrics.multiclass import multiclass_kappa, multiclass_mcc
from goldengit.metrics.posterior import at_prevalence, posterior
from goldengit.metrics.raters import Level, Unit, gwet_ac1, krippendorff_alpha
from goldengit.models.agreement import (
    Counts,
    above,
    below,
    bias,
    kendall,
    spearman,
    weighted_kappa,
)
from tests.metrics.tables import labels_of, printed, table

NOBODY: list[float] = []


@pytest.mark.parametrize("counts", [table(10, 10, 0, 0), table(0, 0, 10, 10), table(15, 5, 0, 0)])
def test_a_constant_evaluator_has_no_correlation(counts: Counts) -> None:
    people, evaluator = labels_of(counts)
    assert counts.is_constant
    assert counts.mcc is None
    assert multiclass_mcc(people, evaluator) is None
    assert counts.kappa == 0
    assert counts.balanced_accuracy == 0.5
    assert spearman(people, evaluator) is None
    assert kendall(people, evaluator) is None
    assert jackknife(people, evaluator, "spearman") is None
    assert posterior(counts).probability_above("mcc", 0.4) < 0.1


def test_perfection_on_one_class_says_nothing_of_the_other() -> None:
    counts = table(20, 0, 0, 0)
    people, evaluator = labels_of(counts)
    assert (counts.passes, counts.fails) == (20, 0)
    assert (counts.mcc, counts.kappa, counts.balanced_accuracy) == (None, None, None)
    assert multiclass_kappa(people, evaluator) is None
    assert (counts.tpr, counts.tnr) == (1, None)
    assert at_prevalence(counts, 0.8) is None
    assert 0.3 < posterior(counts).probability_above("mcc", 0.6) < 0.4


def test_one_human_class_leaves_one_rate() -> None:
    passes, fails = table(15, 0, 5, 0), table(0, 5, 0, 15)
    for counts in (passes, fails):
        assert counts.mcc is None
        assert counts.kappa == 0
        assert counts.balanced_accuracy is None
    assert (passes.tpr, passes.tnr) == (0.75, None)
    assert (fails.tpr, fails.tnr) == (None, 0.75)


def test_no_labels_no_values() -> None:
    counts = table(0, 0, 0, 0)
    assert counts.is_constant
    assert {counts.mcc, counts.kappa, counts.ac1, counts.accuracy} == {None}
    assert {counts.tpr, counts.tnr, counts.balanced_accuracy} == {None}
    assert {spearman(NOBODY, NOBODY), kendall(NOBODY, NOBODY), bias(NOBODY, NOBODY)} == {None}
    assert weighted_kappa(NOBODY, NOBODY, range(5)) is None
    assert jackknife(NOBODY, NOBODY, "kendall") is None
    assert multiclass_mcc(NOBODY, NOBODY) is None
    assert multiclass_kappa(NOBODY, NOBODY) is None
    assert krippendorff_alpha([], "nominal") is None
    assert gwet_ac1([], 2) is None


@pytest.mark.parametrize("cell", [-1, 1.0, True, "1", float("nan"), None])
def test_a_table_holds_whole_numbers_only(cell: object) -> None:
    with pytest.raises(ValidationError):
        Counts.model_validate({"tp": cell, "fp": 0, "fn": 0, "tn": 0})


def test_labels_coded_differently_are_refused_where_the_scale_is_known() -> None:
    people, evaluator = [1, 2, 1, 2], [1, 0, 1, 0]
    with pytest.raises(ValueError, match="0 is not in"):
        weighted_kappa(people, evaluator, range(1, 3))
    assert printed(multiclass_mcc(people, evaluator), ".5")  # why callers must check the scale
    assert printed(multiclass_kappa(people, evaluator), ".333")


def test_a_grade_outside_the_scale_is_refused() -> None:
    for people, evaluator in (([0, 3], [0, 5]), ([5, 3], [0, 3])):
        with pytest.raises(ValueError, match="5 is not in"):
            weighted_kappa(people, evaluator, range(4))


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval"])
@pytest.mark.parametrize(
    "units",
    [
        [(3, 3), (3, 3, 3)],  # no variation: never 1.0
        [(1,), (2,), (3,)],
        [(1, None), (None, 2)],
        [(3, 3), (1, None)],  # the other grade drops out with its unit
        [(), (None, None)],
    ],
)
def test_people_who_cannot_differ_have_no_alpha(units: list[Unit], level: Level) -> None:
    assert krippendorff_alpha(units, level) is None


def test_one_rating_a_unit_is_no_agreement() -> None:
    assert gwet_ac1([(1,), (2, None)], 2) is None


def test_two_cases_are_a_line_and_prove_nothing() -> None:
    assert spearman([1, 2], [3, 4]) == 1
    assert jackknife([1, 2], [3, 4], "spearman") is None
    assert spearman([1], [3]) is None


def test_a_value_on_its_threshold_gets_the_middle_band() -> None:
    for counts in (table(8, 2, 2, 8), table(7, 3, 3, 7)):
        assert counts.mcc is not None
        assert not above(counts.mcc, 0.6)
        assert not below(counts.mcc, 0.4)


def test_very_many_labels_keep_the_grid_finite() -> None:
    for counts in (table(10**6, 0, 0, 0), table(10**6, 1, 0, 10**6)):
        found = posterior(counts)
        for statistic in ("mcc", "kappa", "ac1", "f1"):
            interval = found.interval(statistic)
            assert -1 <= interval.low <= interval.high <= 1
