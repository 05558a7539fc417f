"""The rows of the guided tour: three invented questions to a bicycle shop's assistant."""

from datetime import UTC, datetime, timedelta
from typing import Any

from goldengit.models.identity import id_for_trace

DATASET = "bike-shop"
_AGE = timedelta(days=9)  # the rows were queued some days ago, the labels came a day later

_TURNS = (
    (
        "returns",
        "Can I return a helmet that I wore once? It pinches.",
        "Yes, within 30 days, worn or not, if you have the receipt [policy-returns-3].",
        "Yes. Helmets can be returned within 60 days under our comfort promise [policy-comfort-1].",
        "The cited policy does not exist; only policy-returns-3 was retrieved.",
    ),
    (
        "fitting",
        "Which chain fits an 11-speed cassette from 2019?",
        "An 11-speed chain; the 10-speed one is too wide [parts-chains-11].",
        "Any 11-speed chain fits [parts-chains-11].",
        "Right and supported. A grader must not ask for a brand that nobody asked about.",
    ),
    (
        "opening-hours",
        "Are you open on Sunday before the race?",
        "No, we are closed on Sundays; the race desk opens at 7:00 [hours-2].",
        "We are open on Sunday from 8:00 to 12:00 [hours-sunday].",
        "hours-sunday was never retrieved.",
    ),
)


def today() -> datetime:
    """Return the present, in UTC."""
    return datetime.now(UTC)


def candidates() -> list[dict[str, Any]]:
    """Return the labelled candidates of the tour, dated some days before today."""
    return [_candidate(number, *turn) for number, turn in enumerate(_TURNS)]


def _candidate(
    number: int, feature: str, question: str, expected: str, actual: str, hint: str
) -> dict[str, Any]:
    queued = today() - _AGE
    trace = f"{number + 1:032x}"
    verdict, score = ("pass", 1.0) if feature == "fitting" else ("fail", 0.0)
    return {
        "schema": "goldengit/case/v1",
        "id": id_for_trace(f"{queued:%Y-%m-%d}", feature, DATASET, trace),
        "input": {"messages": [{"role": "user", "content": question}]},
        "expected_output": expected,
        "actual_output": actual,
        "grader_hints": hint,
        "metadata": {"model_version": "pedal-2", "feature": feature, "timestamp": _moment(queued)},
        "user_feedback": {"thumbs": "down" if verdict == "fail" else None, "retried": False},
        "confidence": 0.4 + number / 10,
        "trace": {"trace_id": trace, "spans": []},
        "labels": [
            {
                "failure_mode": "invented-citation",
                "verdict": verdict,
                "score": score,
                "reviewer": "reviewer-1",
                "at": _moment(queued + timedelta(days=1)),
                "rubric": 1,
                "note": hint,
            }
        ],
        "provenance": {"origin": "synthetic"},
        "severity": "normal",
    }


def _moment(time: datetime) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"
