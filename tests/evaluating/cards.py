"""Scorecards for tests, made from a few words."""

from collections.abc import Mapping, Sequence
from typing import Any

from goldengit.models.identity import id_for_trace
from goldengit.models.scorecard import CaseScore, Scorecard

LETTERS = {"p": "pass", "f": "fail", "u": "unknown"}
DIGEST = "sha256:" + "0" * 64


def run(name: str, standing: str = "gate", **values: Any) -> dict[str, Any]:
    """Return an evaluator of a run; by default it gates."""
    return {
        "id": name,
        "version": 1,
        "digest": DIGEST,
        "kind": "regex",
        "failure_mode": "invented-citation",
        "role": "gate",
        "weight": 1.0,
        "standing": standing,
    } | values


def score(number: int, judged: Mapping[str, str], **values: Any) -> dict[str, Any]:
    """Return a case; `judged` maps an evaluator to a letter for each run: `ppf`."""
    runs = len(next(iter(judged.values()), "x"))
    case = id_for_trace("2026-06-10", "claims", "support", f"scored-{number}")
    return {
        "case": case,
        "digest": DIGEST,
        "failure_modes": [],
        "severity": "normal",
        "group": case,
        "errors": [""] * runs,
        "duration_us": [1000] * runs,
        "judged": [said(name, letters) for name, letters in judged.items()],
    } | values


def said(name: str, letters: str) -> dict[str, Any]:
    """Return what an evaluator said of the runs of a case."""
    scores = {"p": 1.0, "f": 0.0, "u": None}
    return {
        "evaluator": name,
        "outcomes": [LETTERS[letter] for letter in letters],
        "scores": [scores[letter] for letter in letters],
        "reason": "" if set(letters) == {"p"} else f"{name} says {letters}.",
    }


def value(
    cases: Sequence[Mapping[str, Any]], runs: Sequence[Mapping[str, Any]], **values: Any
) -> dict[str, Any]:
    """Return what a scorecard's file says."""
    return {
        "schema": "goldengit/scorecard/v1",
        "dataset": "support",
        "release": "2026.08",
        "target": "recorded:answers.jsonl",
        "repository": "3f0c9a52-7d1e-4b86-9a3f-51c2d8e60b47",
        "commit": "1" * 40,
        "dataset_version": "2" * 40,
        "dataset_root": DIGEST,
        "dataset_blob": "3" * 40,
        "policy_version": 1,
        "as_of": "2026-08-20T12:00:00Z",
        "repeats": min((len(case["errors"]) for case in cases), default=1),
        "tool_version": "0.1.0",
        "left_out": {"superseded": 1},
        "evaluators": list(runs),
        "cases": list(cases),
    } | values


def card(
    cases: Sequence[Mapping[str, Any]], runs: Sequence[Mapping[str, Any]], **values: Any
) -> Scorecard:
    """Return a scorecard."""
    return Scorecard.model_validate(value(cases, runs, **values))


def one(letters: Mapping[str, str], **values: Any) -> CaseScore:
    """Return a single case."""
    return CaseScore.model_validate(score(1, letters, **values))
