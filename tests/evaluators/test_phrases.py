"""The kind `phrases`: whole words in any script, whatever the case and the quotes."""

from typing import Any

import pytest

from goldengit.evaluators import EvaluatorInvalidError
from tests.evaluators.bench import evaluator, row


def banned(phrase: str, text: str, **options: Any) -> bool:
    found = evaluator("phrases", {"banned": [phrase], **options}).verdict(row(text))
    return found.verdict == "fail"


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("as an AI", "Well, AS AN ai, I cannot."),
        ("as an AI", "as\nan  AI"),
        ("as an AI", "as an\u00a0\uff21\uff29 model"),  # full-width letters
        ("as an AI", "as a\u00adn A\u200bI"),  # soft hyphen, zero-width space
        ("don't", "I don’t know"),
        ('"quoted"', "“quoted” words"),
        ("e-mail", "E‑mail"),
        ("C++", "C++ is fast"),
        ("café", "cafe\u0301 au lait"),
        ("strasse", "Straße"),
        ("нельзя", "Это НЕЛЬЗЯ."),
        ("禁止", "これは禁止です"),
        ("ห้าม", "สิ่งนี้ห้ามทำ"),
        ("हिन्दी", "यह हिन्दी है"),
        ("금지", "그것은 금지 입니다"),
    ],
)
def test_a_phrase_is_found_however_it_is_written(phrase: str, text: str) -> None:
    assert banned(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("art", "the party"),
        ("sub", "sub_total"),
        ("art", "art1"),
        ("हिन", "हिन्दी"),  # a mark belongs to its letter
        ("льзя", "нельзя"),
        ("금지", "출입금지구역"),
    ],
)
def test_a_part_of_a_word_is_not_the_word(phrase: str, text: str) -> None:
    assert not banned(phrase, text)
    assert banned(phrase, text, whole_words=False)


def test_a_later_whole_word_is_found_behind_a_part_of_one() -> None:
    assert banned("art", "party of art")


def test_case_counts_when_it_is_said() -> None:
    assert not banned("US", "ask us", case_sensitive=True)
    assert banned("US", "the US did", case_sensitive=True)


def test_the_score_is_the_share_of_what_is_met() -> None:
    found = evaluator("phrases", {"banned": ["never", "always"], "required": ["sorry", "refund"]})
    assert 1.0 == found.verdict(row("Sorry, here is a refund.")).score
    verdict = found.verdict(row("We never give a refund."))
    assert ("fail", 0.5) == (verdict.verdict, verdict.score)
    assert "“never” is banned: “we never give a refund.”." in verdict.justification
    assert "“sorry” is required." in verdict.justification


def test_any_of_the_required_ones_may_be_enough() -> None:
    found = evaluator("phrases", {"required": ["sorry", "apologies"], "require": "any"})
    assert "pass" == found.verdict(row("My apologies.")).verdict
    verdict = found.verdict(row("Hello."))
    assert ("fail", 0.0) == (verdict.verdict, verdict.score)
    assert "None of “sorry”, “apologies” occurs." == verdict.justification


def test_any_without_required_ones_demands_nothing_more() -> None:
    found = evaluator("phrases", {"banned": ["x"], "require": "any"})
    assert ("pass", "fail") == (found.verdict(row("y")).verdict, found.verdict(row("x")).verdict)


def test_many_broken_demands_are_cut() -> None:
    found = evaluator("phrases", {"required": [f"w{number}" for number in range(8)]})
    assert found.verdict(row("none")).justification.endswith("And 3 more.")


def test_a_row_without_a_text_is_unknown() -> None:
    assert "unknown" == evaluator("phrases", {"banned": ["x"]}).verdict(row({"a": 1})).verdict


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "at least one phrase"),
        ({"banned": [""]}, "at least 1 character"),
        ({"banned": ["\u200b"]}, "no sign that can be seen"),
        ({"required": ["x"], "require": "some"}, "require"),
    ],
)
def test_phrases_that_make_no_sense_are_refused(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(EvaluatorInvalidError, match=reason):
        evaluator("phrases", options)
