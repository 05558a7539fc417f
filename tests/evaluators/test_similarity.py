"""The kind `similarity`: measures of likeness against their definitions."""

from difflib import SequenceMatcher
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.evaluators import EvaluatorInvalidError
from goldengit.evaluators.similarity import LONGEST
from goldengit.models.verdict import Verdict
from tests.evaluators.bench import evaluator, row

METHODS = ("exact", "ratio", "jaccard", "token_f1", "rouge_l")
LETTERS = st.text("abc ", max_size=12)


def verdict(answer: Any, expected: Any, **options: Any) -> Verdict:
    return evaluator("similarity", options).verdict(row(answer, expected_output=expected))


def score(method: str, answer: str, expected: str) -> float:
    found = verdict(answer, expected, method=method).score
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("method", "likeness"),
    [
        ("exact", 0.0),
        ("ratio", 2 * 6 / (7 + 6)),  # "the ct" of "the cat" and "the ct"
        ("jaccard", 3 / 6),  # the, "he ", "e c" of those and " ca", cat, " ct"
        ("token_f1", 2 * 1 / 4),
        ("rouge_l", 2 * 1 / 4),
    ],
)
def test_each_measure_is_what_it_says(method: str, likeness: float) -> None:
    assert likeness == pytest.approx(score(method, "the cat", "the ct"))


def test_words_out_of_order_count_for_one_measure_and_not_for_the_other() -> None:
    assert 1.0 == score("token_f1", "a b c d", "d c b a")
    assert 0.25 == score("rouge_l", "a b c d", "d c b a")


def test_words_count_as_often_as_they_occur() -> None:
    assert 2 * 2 / (4 + 2) == score("token_f1", "no no no no", "no no")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("The  Cat\nsat", "the cat sat"),
        ("“it’s”", '"it\'s"'),
        ("\uff21\uff22", "ab"),
        ("", " \n"),
        ("!?", "!?"),
        ("a", "A"),
    ],
)
def test_what_is_written_in_another_way_is_alike(method: str, answer: str, expected: str) -> None:
    assert 1.0 == score(method, answer, expected)


@pytest.mark.parametrize("method", METHODS)
def test_case_counts_when_it_is_said(method: str) -> None:
    found = verdict("YES", "yes", method=method, case_sensitive=True)
    assert ("fail", 0.0) == (found.verdict, found.score)


@pytest.mark.parametrize("method", METHODS)
def test_texts_with_nothing_in_common_score_nothing(method: str) -> None:
    assert 0.0 == score(method, "", "words")
    assert 0.0 == score(method, "words", "")
    assert 0.0 == score(method, "!!!", "xyz")


def test_the_threshold_is_the_least_that_passes() -> None:
    found = verdict("a b c d", "a b c e", threshold=0.75)
    assert ("pass", 0.75, "token_f1 0.750, 0.75 passes.") == (
        found.verdict,
        found.score,
        found.justification,
    )
    below = verdict("a b c d", "a b c e", threshold=0.76)
    assert ("fail", 0.75) == (below.verdict, below.score)
    assert "expected “a b c e”" in below.justification


def test_a_sum_of_shares_that_falls_short_by_rounding_passes() -> None:
    assert "pass" == verdict("a b c", "a b d", threshold=2 / 3 + 1e-12).verdict


@pytest.mark.parametrize(
    ("answer", "expected", "reason"),
    [
        (None, "x", "no `actual_output`"),
        ("x", None, "no `expected_output`"),
        ({"a": 1}, "x", "`actual_output` is no text"),
        ("x" * (LONGEST + 1), "x", "more than"),
    ],
)
def test_a_row_without_two_texts_is_unknown(answer: Any, expected: Any, reason: str) -> None:
    found = verdict(answer, expected)
    assert "unknown" == found.verdict
    assert reason in found.justification


def test_parts_of_both_can_be_named() -> None:
    options = {
        "field": "actual_output.label",
        "expected": "expected_output.label",
        "method": "exact",
    }
    seen = row({"label": "spam"}, expected_output={"label": "Spam"})
    found = evaluator("similarity", options).verdict(seen)
    assert "pass" == found.verdict


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"method": "bleu"}, "method"),
        ({"threshold": 1.1}, "threshold"),
        ({"expected": "label"}, "expected"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(EvaluatorInvalidError, match=reason):
        evaluator("similarity", options)


def _common(left: str, right: str) -> int:
    """Return the length of the longest common subsequence, by the textbook."""
    row_before = [0] * (len(right) + 1)
    for one in left:
        here = [0]
        for place, two in enumerate(right):
            better = max(here[-1], row_before[place + 1])
            here.append(row_before[place] + 1 if one == two else better)
        row_before = here
    return row_before[-1]


@given(LETTERS, LETTERS)
def test_the_common_subsequence_is_that_of_the_textbook(left: str, right: str) -> None:
    one, two = " ".join(left.split()), " ".join(right.split())
    if one != two:
        assert score("ratio", left, right) == 2 * _common(one, two) / (len(one) + len(two))
        greedy = SequenceMatcher(None, one, two, autojunk=False).ratio()
        assert score("ratio", left, right) >= greedy - 1e-9


@given(LETTERS, LETTERS, st.sampled_from(METHODS))
def test_likeness_has_no_direction(left: str, right: str, method: str) -> None:
    assert score(method, left, right) == score(method, right, left)
