"""The kind `grounding`: citations and numbers that stand in a source, and those that do not."""

from typing import Any

import pytest

from goldengit.evaluators import EvaluatorInvalidError
from goldengit.evaluators.grounding.numbers import Sizes, numbers
from goldengit.models.verdict import Verdict
from tests.evaluators.bench import asked, call, evaluator, retrieved, row, trace

CITATION = r"\[(src-[^\]]+)\]"
TIDAL = retrieved(src_tidal_marsh_22="Marshes grew by 3.2 mm, see Okonrud (2014).", src_peat_4=None)


def cited(answer: Any, *spans: dict[str, Any], **options: Any) -> Verdict:
    found = evaluator("grounding", {"claims": CITATION} | options)
    return found.verdict(row(answer, trace=trace(*spans)))


def counted(answer: Any, *spans: dict[str, Any], **options: Any) -> Verdict:
    found = evaluator("grounding", {"claims": "numbers"} | options)
    return found.verdict(row(answer, trace=trace(*spans)))


@pytest.mark.parametrize(
    ("answer", "outcome", "score"),
    [
        ("It grew [src-tidal-marsh-22].", "pass", 1.0),
        ("It grew [src-tidal-marsh-22] and [src-peat-4].", "pass", 1.0),
        ("It grew [SRC-Tidal-Marsh-22].", "pass", 1.0),
        ("It grew [src-tidal-marsh-22, p. 4].", "pass", 1.0),
        ("It grew [src-tidal-marsh-22, pp. 4-7].", "pass", 1.0),
        ("It grew [src-tidal-marsh-22 §3].", "pass", 1.0),
        ("It grew [src-tidal-marsh-23].", "fail", 0.0),
        ("It grew [src-tidal-marsh-2].", "fail", 0.0),
        ("It grew [src-tidal-marsh].", "fail", 0.0),
        ("It grew [src-peat-4], again [src-peat-4], not [src-peat-5].", "fail", 0.5),
        ("It grew.", "pass", 1.0),
    ],
)
def test_a_citation_names_a_retrieved_document(answer: str, outcome: str, score: float) -> None:
    found = cited(answer, TIDAL)
    assert (outcome, score) == (found.verdict, found.score)


def test_ungrounded_claims_are_named() -> None:
    said = cited(" ".join(f"[src-{n}]" for n in range(7)), retrieved(src_0=None)).justification
    assert said == (
        "6 of 7 claims stand in no source: “src-1”, “src-2”, “src-3”, “src-4”, “src-5” and 1 more."
    )


@pytest.mark.parametrize(
    ("sources", "outcome"),
    [
        (["document_ids"], "fail"),
        (["tool_results"], "pass"),
        (["documents"], "fail"),
        (["input"], "fail"),
        (["document_ids", "tool_results"], "pass"),
    ],
)
def test_only_the_sources_named_count(sources: list[str], outcome: str) -> None:
    lookup = call("citation_lookup", result={"ids": ["src-a-1"]})
    assert outcome == cited("See [src-a-1].", lookup, TIDAL, sources=sources).verdict


def test_what_the_user_supplied_counts_and_what_the_system_was_told_does_not() -> None:
    found = evaluator("grounding", {"claims": r"\[([^\]]+)\]"})
    seen = asked("Is src-a-1 good?", "I have src-b-2.", trace=trace(TIDAL))
    for answer, outcome in (("[src-a-1]", "pass"), ("[src-b-2]", "pass"), ("[help]", "fail")):
        judged = found.verdict(seen.model_copy(update={"actual_output": answer}))
        assert outcome == judged.verdict


def test_titles_and_authors_can_be_claims_too() -> None:
    pattern = r"((?:\pL+ and )?\pL+ \((?:19|20)[0-9]{2}\))"
    assert "pass" == cited("As Okonrud (2014) says.", TIDAL, claims=pattern).verdict
    assert "fail" == cited("As Okonrud (2015) says.", TIDAL, claims=pattern).verdict


def test_claims_without_any_document_in_a_whole_trace_are_invented() -> None:
    assert "fail" == cited("See [src-a-1].").verdict
    assert "fail" == cited("See [src-a-1].", {"kind": "retriever", "documents": []}).verdict


def test_where_the_trace_may_be_at_fault_the_verdict_is_unknown() -> None:
    found = evaluator("grounding", {"claims": CITATION})
    cut = row("See [src-a-1].", trace=trace(TIDAL, truncated=True))
    assert "But the trace was cut." in found.verdict(cut).justification
    for missing in (None, {"trace_id": "t"}):
        assert "unknown" == found.verdict(row("See [src-a-1].", trace=missing)).verdict
        assert "pass" == found.verdict(row("Hello.", trace=missing)).verdict
    whole = row("See [src-peat-4].", trace=trace(TIDAL, truncated=True))
    assert "pass" == found.verdict(whole).verdict
    from_input = evaluator("grounding", {"claims": CITATION, "sources": ["input"]})
    assert "fail" == from_input.verdict(row("See [src-a-1].")).verdict


@pytest.mark.parametrize(("what", "score"), [("pass", 1.0), ("fail", 0.0), ("unknown", None)])
def test_an_answer_without_claims_is_what_the_options_say(what: str, score: float | None) -> None:
    found = cited("Hello.", TIDAL, no_claims=what)
    assert (what, score) == (found.verdict, found.score)


def test_a_share_may_be_enough() -> None:
    answer = "[src-peat-4] [src-tidal-marsh-22] [src-x]"
    found = cited(answer, TIDAL, threshold=0.6)
    assert ("pass", 2 / 3) == (found.verdict, found.score)
    assert "1 of 3 claims stand in no source: “src-x”." == found.justification
    assert "fail" == cited(answer, TIDAL, threshold=0.7).verdict


def test_what_is_exempt_is_no_claim() -> None:
    assert "pass" == cited("[src-x]", TIDAL, exempt="^src-x$").verdict
    assert "pass" == counted("There are 9 of them, since 2099.", exempt=r"^[0-9]$|^20").verdict


@pytest.mark.parametrize("answer", [None, 5, {"a": "[src-a-1]"}])
def test_an_answer_that_is_no_text_is_unknown(answer: Any) -> None:
    assert "unknown" == cited(answer, TIDAL).verdict


def test_an_answer_that_claims_too_much_is_unknown() -> None:
    assert "unknown" == cited("[src-peat-4]" * 1001, TIDAL).verdict
    assert "unknown" == counted("7 " * 1001, TIDAL).verdict
    assert "pass" == cited("[src-peat-4]" * 1000, TIDAL).verdict


# -- numbers -------------------------------------------------------------------------------

TOOL = call("unit_convert", result={"value": 789428.4, "text": "12 percent of 1,200, p = 0.081"})


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("789,428.4 m3", "pass"),
        ("about 789,428 m3", "pass"),
        ("about 789,000 m3", "pass"),
        ("about 0.79 million m3", "pass"),
        ("about 790 thousand m3", "pass"),
        ("about 78,900 m3", "fail"),
        ("about 789,500 m3", "fail"),
        ("1200", "pass"),
        ("1.2e3", "pass"),
        ("1.2 thousand", "pass"),
        ("12 %", "pass"),
        ("0.12", "pass"),
        ("12", "pass"),
        ("13 %", "fail"),
        ("p = 0.08", "pass"),
        ("p = 0.09", "fail"),
        ("8.1%", "pass"),
        ("0,081", "fail"),  # a comma before three digits groups them
        ("1. first\n2. second", "pass"),  # the numbers of a list
        ("covid-19 in model x2, v1.0.3", "pass"),  # they stand in words
    ],
)
def test_a_number_stands_in_a_result(answer: str, outcome: str) -> None:
    assert outcome == counted(answer, TOOL).verdict


def test_without_rounding_a_number_is_itself() -> None:
    assert "fail" == counted("789,428", TOOL, rounding=False).verdict
    assert "pass" == counted("789,428.40", TOOL, rounding=False).verdict


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("", []),
        ("3,5 and 3.5", [3.5, 3.5]),
        ("1,234,567.25", [1234567.25]),
        ("-4 +4 −4", [4, 4, 4]),
        ("2019-2021, 2026-03-13", [2019, 2021, 2026, 3, 13]),
        ("5mm 20kg 3x", [5, 20, 3]),
        ("src-lace-11 GPT-4 R2 a.5", []),
        ("1e999 1e3 2E-2", [1000, 0.02]),
        ("９", [9]),
        ("9" * 400, []),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, sizes: list[float]) -> None:
    assert sizes == [number.size for number in numbers(text)]


@pytest.mark.parametrize(
    ("claim", "source", "held"),
    [
        ("20", "18", False),
        ("100", "104", True),
        ("100", "106", False),
        ("1500", "1549", True),
        ("1500", "1551", False),
        ("0.3", "0.34", True),
        ("0.30", "0.34", False),
        ("0", "0", True),
        ("0", "0.4", True),
        ("5", "5.5", True),
    ],
)
def test_rounding_moves_a_number_by_half_its_last_digit(
    claim: str, source: str, *, held: bool
) -> None:
    (wanted,) = numbers(claim)
    assert held is Sizes(numbers(source)).hold(wanted, rounding=True)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "claims"),
        ({"claims": "src-[0-9]+"}, "exactly one group"),
        ({"claims": "(a)(b)"}, "exactly one group"),
        ({"claims": "(?<=a)(b)"}, "RE2 cannot compile"),
        ({"claims": "numbers", "sources": []}, "at least 1"),
        ({"claims": "numbers", "sources": ["web"]}, "sources.0"),
        ({"claims": "numbers", "threshold": 1.5}, "threshold"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(EvaluatorInvalidError, match=reason):
        evaluator("grounding", options)
