"""The kind `grade`: the grade of a system that grades, on the scale of the failure mode."""

from typing import Any

import pytest

from goldengit.evaluators import EvaluatorInvalidError
from goldengit.models.dataset import FailureMode, Scale
from goldengit.models.verdict import Verdict
from tests.evaluators.bench import evaluator, row

FIT = FailureMode(title="The course fits", scale=Scale(min=1, max=5, step=0.5), pass_at=4)
OPTIONS = {"field": "actual_output.overall.grade"}


def graded(grade: Any) -> Verdict:
    return evaluator("grade", OPTIONS, mode=FIT).verdict(row({"overall": {"grade": grade}}))


@pytest.mark.parametrize(
    ("grade", "outcome", "score"),
    [(1, "fail", 0.0), (3.5, "fail", 0.625), (4, "pass", 0.75), (5, "pass", 1.0)],
)
def test_the_scale_of_the_failure_mode_decides(grade: float, outcome: str, score: float) -> None:
    found = graded(grade)
    assert (outcome, score, grade) == (found.verdict, found.score, found.grade)


def test_the_justification_says_from_where_it_passes() -> None:
    assert "Graded 3.5; it passes from 4 on." == graded(3.5).justification


def test_a_grade_that_rounding_moved_is_still_that_grade() -> None:
    fine = FailureMode(title="Fine", scale=Scale(min=0, max=1, step=0.1), pass_at=0.3)
    found = evaluator("grade", {"field": "actual_output"}, mode=fine)
    assert "pass" == found.verdict(row(0.1 + 0.2)).verdict
    assert "pass" == found.verdict(row(0.3 - 1e-12)).verdict


@pytest.mark.parametrize(
    ("grade", "reason"),
    [
        (None, "no `actual_output.overall.grade`"),
        ("4", "'4', which is no number"),
        (True, "True, which is no number"),
        ([4], "no number"),
        (0, "which the scale does not have"),
        (6, "which the scale does not have"),
        (3.7, "3.7, which the scale does not have"),
        (10**30, "which the scale does not have"),
    ],
)
def test_what_is_no_grade_of_the_scale_is_unknown(grade: Any, reason: str) -> None:
    found = graded(grade)
    assert ("unknown", None, None) == (found.verdict, found.score, found.grade)
    assert reason in found.justification


def test_an_answer_of_another_shape_is_unknown() -> None:
    assert "unknown" == evaluator("grade", OPTIONS, mode=FIT).verdict(row("5")).verdict


def test_a_failure_mode_without_a_scale_is_refused() -> None:
    with pytest.raises(EvaluatorInvalidError, match="`wrong` has no scale of grades"):
        evaluator("grade", OPTIONS)


def test_the_place_must_be_named() -> None:
    with pytest.raises(EvaluatorInvalidError, match="field"):
        evaluator("grade", {}, mode=FIT)
