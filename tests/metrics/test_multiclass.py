"""Multiclass: scikit-learn's values, and those of the two-by-two table where there are two."""

from math import isclose

import pytest
from hypothesis import given
from sklearn.metrics import cohen_kappa_score, matthews_corrcoef

from goldengit.metrics.multiclass import multiclass_kappa, multiclass_mcc, one_against_rest
from goldengit.models.agreement import Counts
from tests.metrics.tables import graded_pairs, labels_of, printed, table, tables

PEOPLE = ["pass"] * 12 + ["fail"] * 8
EVALUATOR = ["pass"] * 10 + ["unknown"] * 2 + ["pass"] + ["fail"] * 5 + ["unknown"] * 2


def test_unknown_as_a_class_of_its_own_has_the_printed_value() -> None:
    assert printed(multiclass_mcc(PEOPLE, EVALUATOR), "0.599")


def test_one_class_against_the_rest_is_a_table() -> None:
    assert one_against_rest(PEOPLE, EVALUATOR, "pass") == table(10, 1, 2, 7)
    assert one_against_rest(PEOPLE, EVALUATOR, "fail") == table(5, 0, 3, 12)
    assert one_against_rest(PEOPLE, EVALUATOR, "unknown") == table(0, 4, 0, 16)


@given(tables)
def test_two_classes_give_the_values_of_the_table(counts: Counts) -> None:
    people, evaluator = labels_of(counts)
    assert multiclass_mcc(people, evaluator) == pytest.approx(counts.mcc)
    assert multiclass_kappa(people, evaluator) == pytest.approx(counts.kappa)
    assert one_against_rest(people, evaluator, 1) == counts


@given(graded_pairs)
def test_values_are_those_of_scikit_learn_where_it_defines_them(
    pairs: list[tuple[int, int]],
) -> None:
    people, evaluator = [one for one, _ in pairs], [other for _, other in pairs]
    mcc, kappa = multiclass_mcc(people, evaluator), multiclass_kappa(people, evaluator)
    if len({*people}) < 2 or len({*evaluator}) < 2:
        assert mcc is None
    else:
        assert mcc is not None
        assert isclose(mcc, matthews_corrcoef(people, evaluator), abs_tol=1e-12)
    if len({*people, *evaluator}) < 2:
        assert kappa is None
    else:
        assert kappa is not None
        assert isclose(kappa, cohen_kappa_score(people, evaluator), abs_tol=1e-12)


def test_sides_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="argument 2 is longer"):
        one_against_rest([1], [1, 2], 1)
    for statistic in (multiclass_mcc, multiclass_kappa):
        with pytest.raises(ValueError, match="argument 2 is shorter"):
            statistic([1, 2, 3], [1, 2])
