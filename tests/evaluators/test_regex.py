"""The kind `regex`: what is found, what is not, and which patterns are refused."""

from typing import Any

import pytest

from goldengit.evaluators import EvaluatorInvalidError
from tests.evaluators.bench import evaluator, row


def verdict(options: dict[str, Any], output: Any) -> tuple[str, float | None]:
    found = evaluator("regex", options).verdict(row(output))
    return found.verdict, found.score


def test_every_wanted_pattern_is_found_and_no_unwanted_one() -> None:
    options = {"must_match": ["refund", "[0-9]+ days"], "must_not_match": ["(?i)as an ai"]}
    assert ("pass", 1.0) == verdict(options, "A refund takes 14 days.")
    assert ("fail", 2 / 3) == verdict(options, "A refund takes two weeks.")
    assert ("fail", 1 / 3) == verdict(options, "As an AI, I cannot say. 3 days")


def test_the_justification_names_pattern_place_and_find() -> None:
    found = evaluator("regex", {"must_match": ["x+"], "must_not_match": ["b[a-z]d"]})
    said = found.verdict(row("one\nthis is bad")).justification
    assert "`x+` must match and was not found." in said
    assert "`b[a-z]d` must not match and found “bad” in line 2." in said


def test_only_the_first_broken_patterns_are_told() -> None:
    found = evaluator("regex", {"must_match": [f"word{number}" for number in range(7)]})
    said = found.verdict(row("none of them")).justification
    assert 5 == said.count("was not found")
    assert said.endswith("And 2 more.")


def test_flags_are_those_of_the_whole_evaluator() -> None:
    assert "pass" == verdict({"must_match": ["^DONE$"], "case_insensitive": True}, "done")[0]
    assert "fail" == verdict({"must_match": ["^b$"]}, "a\nb")[0]
    assert "pass" == verdict({"must_match": ["^b$"], "multiline": True}, "a\nb")[0]


@pytest.mark.parametrize(
    ("pattern", "text", "outcome"),
    [
        (r"^\d$", "٣", "fail"),  # digits of ASCII only
        (r"^\pN$", "٣", "pass"),
        (r"\bß\b", "ß", "fail"),  # so are word boundaries
        (r"^a$", "a\n", "fail"),  # `$` is the end, not the line break before it
        (r"^.$", "é", "pass"),  # one character, two bytes
        (r"^.$", "\n", "fail"),
        (r"(?s)^.$", "\n", "pass"),
        (r"^\x{1F600}$", "😀", "pass"),
    ],
)
def test_the_dialect_is_that_of_re2(pattern: str, text: str, outcome: str) -> None:
    assert outcome == verdict({"must_match": [pattern]}, text)[0]


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(?=a)b", "invalid perl operator"),
        (r"(a)\1", "invalid escape sequence"),
        (r"a\Z", "invalid escape sequence"),
        ("a{1001}", "invalid repetition size"),
        ("[a", "missing ]"),
        (r"(\pL{40}|\pN{40}){20}", "pattern"),
        ("\ud800", "unicode string"),
        ("", "at least 1 character"),
    ],
)
def test_a_pattern_that_re2_cannot_run_is_refused_with_the_reason(
    pattern: str, reason: str
) -> None:
    with pytest.raises(EvaluatorInvalidError, match=f"must_not_match.0.*{reason}"):
        evaluator("regex", {"must_not_match": [pattern]})


def test_an_evaluator_that_looks_for_nothing_is_refused() -> None:
    with pytest.raises(EvaluatorInvalidError, match="at least one pattern"):
        evaluator("regex", {})


@pytest.mark.parametrize(
    "output",
    [
        "refund",
        {"role": "assistant", "content": "refund"},
        {"role": "assistant", "content": [{"type": "text", "text": "refund"}]},
        [{"role": "user", "content": "no"}, {"role": "assistant", "content": "refund"}],
        {
            "messages": [
                {"role": "assistant", "content": "refund"},
                {"role": "tool", "content": "-"},
            ]
        },
        [{"type": "text", "text": "a "}, {"type": "text", "text": "refund"}],
    ],
)
def test_an_answer_may_be_a_text_a_message_or_a_conversation(output: Any) -> None:
    assert "pass" == verdict({"must_match": ["refund"]}, output)[0]


def test_a_row_without_a_text_is_unknown() -> None:
    found = evaluator("regex", {"must_not_match": ["x"]})
    assert "The row has no `actual_output`." == found.verdict(row()).justification
    for output in (5, True, {"a": "b"}, ["b"], []):
        assert "unknown" == found.verdict(row(output)).verdict


def test_a_part_of_the_answer_can_be_named() -> None:
    options = {"field": "actual_output.choices.0.message", "must_match": ["yes"]}
    answer = {"choices": [{"message": {"role": "assistant", "content": "yes"}}]}
    assert "pass" == verdict(options, answer)[0]
    with pytest.raises(EvaluatorInvalidError, match="field"):
        evaluator("regex", {"field": "labels.0.verdict", "must_match": ["pass"]})


def test_half_a_surrogate_pair_hides_nothing() -> None:
    assert "fail" == verdict({"must_not_match": ["secret"]}, "\ud800secret\ud800")[0]
    assert "pass" == verdict({"must_match": ["\ufffd"]}, "\ud800")[0]
