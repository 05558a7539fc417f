"""The rows of the guided tour: invented questions to a bicycle shop's assistant, as candidates."""

from datetime import UTC, datetime, timedelta
from typing import Any

from goldengit.cli.tour_system import spans
from goldengit.models.identity import id_for_trace

DATASET = "bike-shop"
FAILURE_MODE = "invented-citation"
Value = dict[str, Any]

_AGE = 9  # days since the first rows were queued; the labels came a day later
_FIRST = (
    (
        "returns",
        "Can I return a helmet that I wore once? It pinches.",
        "policy-returns-3",
        "Yes, within 30 days, worn or not, if you have the receipt [policy-returns-3].",
        "Yes. Helmets can be returned within 60 days under our comfort promise [policy-comfort-1].",
        "The cited policy does not exist; only policy-returns-3 was retrieved.",
    ),
    (
        "fitting",
        "Which chain fits an 11-speed cassette from 2019?",
        "parts-chains-11",
        "An 11-speed chain; the 10-speed one is too wide [parts-chains-11].",
        "Any 11-speed chain fits [parts-chains-11].",
        "Right and supported. A grader must not ask for a brand that nobody asked about.",
    ),
    (
        "opening-hours",
        "Are you open on Sunday before the race?",
        "hours-2",
        "No, we are closed on Sundays; the race desk opens at 7:00 [hours-2].",
        "We are open on Sunday from 8:00 to 12:00 [hours-sunday].",
        "hours-sunday was never retrieved.",
    ),
)


def candidates() -> list[Value]:
    """Return the labelled candidates of the first part, dated some days before today."""
    return [_first(number, *turn) for number, turn in enumerate(_FIRST, 1)]


def _first(
    number: int, feature: str, question: str, found: str, expected: str, actual: str, hint: str
) -> Value:
    verdict = "pass" if feature == "fitting" else "fail"
    value = row(number, feature, question, _AGE)
    return value | {
        "expected_output": expected,
        "actual_output": actual,
        "grader_hints": hint,
        "user_feedback": {"thumbs": "down" if verdict == "fail" else None, "retried": False},
        "confidence": 0.3 + number / 10,
        "trace": value["trace"] | {"spans": spans([{"id": found}])},
        "labels": [label(verdict, "reviewer-1", _AGE - 1, hint)],
    }


def row(number: int, feature: str, question: str, age: int) -> Value:
    """Return a row with nothing but a question; `age` is how many days ago it was queued.

    The conversation is named by its number, so that calibration splits the rows alike on any day.
    """
    trace = f"{number:032x}"
    return {
        "schema": "goldengit/case/v1",
        "id": id_for_trace(days_ago(age)[:10], feature, DATASET, trace),
        "input": {"messages": [{"role": "user", "content": question}]},
        "metadata": {"model_version": "pedal-2", "feature": feature, "timestamp": days_ago(age)},
        "trace": {"trace_id": trace},
        "provenance": {"origin": "synthetic"},
        "severity": "normal",
        "group": f"conversation-{number}",
    }


def label(verdict: str, person: str, age: int, note: str = "") -> Value:
    """Return what a person says of the failure mode, this many days ago."""
    said = {
        "failure_mode": FAILURE_MODE,
        "verdict": verdict,
        "score": 1.0 if verdict == "pass" else 0.0,
        "reviewer": person,
        "at": days_ago(age),
        "rubric": 1,
    }
    return said | ({"note": note} if note else {})


def days_ago(days: int) -> str:
    """Return the moment as many days ago, RFC 3339 text in UTC."""
    return f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"
