"""The kind `length`: what is counted, the limits, and where they come from."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.evaluators import EvaluatorInvalidError
from tests.evaluators.bench import evaluator, row


def counted(text: str, unit: str) -> int:
    found = evaluator("length", {"unit": unit, "min": 0}).verdict(row(text))
    return int(found.justification.split()[0])


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("three short words", 3),
        ("- a dash\n| and | bars |", 4),
        ("it's [src-a-1], isn't it?", 4),
        ("snake_case __ _", 1),
        ("über  naïve\u00a0café", 3),
        ("Все слова", 2),
        ("हिन्दी में", 2),
        ("你好世界", 4),
        ("GPT は 3 回", 4),
        ("한국어 문장", 2),
    ],
)
def test_words_hold_a_letter_or_a_digit(text: str, count: int) -> None:
    assert count == counted(text, "words")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("One. Two? Three", 3),
        ("It is 3.5 m, e.g. here. Fine!", 2),
        ('He said "Yes." Then he left.', 2),
        ("Wait... what? No!", 2),
        ("你好。世界！好", 3),
        ("- a\n- b", 1),
        ("...", 0),
    ],
)
def test_sentences_end_before_white_space_and_no_small_letter(text: str, count: int) -> None:
    assert count == counted(text, "sentences")


def test_characters_are_code_points_and_empty_lines_do_not_count() -> None:
    assert 2 == counted("é😀", "characters")
    assert 2 == counted("a\n\n \nb\n", "lines")


def test_the_score_falls_with_the_distance() -> None:
    found = evaluator("length", {"min": 2, "max": 4})
    scores = [found.verdict(row("w " * words)) for words in (0, 1, 2, 4, 5, 8)]
    assert [0.0, 0.5, 1.0, 1.0, 0.8, 0.5] == [verdict.score for verdict in scores]
    assert ["fail", "fail", "pass", "pass", "fail", "fail"] == [each.verdict for each in scores]


def test_the_tolerance_is_a_share_of_the_limit() -> None:
    found = evaluator("length", {"max": 100, "tolerance": 0.05})
    within, beyond = found.verdict(row("w " * 105)), found.verdict(row("w " * 106))
    assert ("pass", 100 / 105) == (within.verdict, within.score)
    assert "105 words, at most 100 are wanted. That is within the tolerance." == (
        within.justification
    )
    assert ("fail", 100 / 106) == (beyond.verdict, beyond.score)


def test_no_tolerance_means_none() -> None:
    assert "fail" == evaluator("length", {"max": 12}).verdict(row("w " * 13)).verdict


def budgeted(budget: Any) -> str:
    found = evaluator("length", {"max_from": "metadata.extra.word_budget"})
    return found.verdict(row("one two three", metadata={"extra": {"word_budget": budget}})).verdict


def test_the_row_may_set_its_own_limit() -> None:
    assert ["pass", "fail", "pass", "fail"] == [budgeted(each) for each in (3, 2, 3.5, 0)]


@pytest.mark.parametrize("budget", [None, "3", True, -1, [3], 10**30])
def test_a_row_that_sets_no_limit_is_unknown(budget: Any) -> None:
    assert "unknown" == budgeted(budget)


def test_a_row_without_metadata_is_unknown() -> None:
    found = evaluator("length", {"max_from": "metadata.extra.word_budget"}).verdict(row("a"))
    assert "The row says no length at `metadata.extra.word_budget`." == found.justification


def test_headings_can_be_left_out() -> None:
    options = {"max": 2, "leave_out": r"(?m)^#.*$|\[src-[^\]]*\]"}
    assert "pass" == evaluator("length", options).verdict(row("# A title\na b [src-1]")).verdict


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "one of min, max and max_from"),
        ({"max": 3, "max_from": "metadata.extra.n"}, "exclude each other"),
        ({"min": 4, "max": 3}, "min is above max"),
        ({"max": -1}, "greater than or equal to 0"),
        ({"max": 3, "unit": "tokens"}, "unit"),
        ({"max": 3, "tolerance": 2.0}, "tolerance"),
        ({"max_from": "labels.0"}, "max_from"),
    ],
)
def test_limits_that_make_no_sense_are_refused(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(EvaluatorInvalidError, match=reason):
        evaluator("length", options)


@given(st.lists(st.from_regex(r"[a-zа-я0-9]{1,6}", fullmatch=True)), st.sampled_from(" \n\t\u2003"))
def test_words_apart_by_any_white_space_are_as_many(words: list[str], space: str) -> None:
    assert len(words) == counted(space.join(words), "words")
