"""Golden cases with people's labels, and evaluators to measure on them. All of it is synthetic."""

from collections.abc import Iterable, Mapping
from typing import Any

from goldengit.models.identity import id_for_trace
from goldengit.models.layout import evaluator_path, golden_path
from goldengit.repository.interpret import house_bytes
from tests.gitbox import Blob, Files
from tests.standard import TWO, Value, signed, verdict

MODE = "invented-citation"
DAY = "2026-06-10"


def case(
    number: int,
    outcome: str,
    text: str,
    *,
    second: str = "",
    grade: float | None = None,
    values: Mapping[str, Any] | None = None,
) -> Value:
    """Return a signed golden case of `support` (of `grading`, with a grade) that people labelled.

    `second` is what a second reviewer says; nobody resolves a disagreement.
    """
    dataset = "grading" if grade is not None else "support"
    mode = "overall" if grade is not None else MODE
    at = f"{DAY}T09:00:00Z"
    one = {"failure_mode": mode, **verdict(outcome), "rubric": 1, "at": at}
    if grade is not None:
        one |= {"grade": grade, "score": (grade - 1) / 4}
    labels = [one | {"reviewer": "reviewer-1"}]
    if second:
        labels.append(one | verdict(second) | {"reviewer": "reviewer-2"})
    value: Value = {
        "schema": "goldengit/case/v1",
        "id": id_for_trace(DAY, "claims", dataset, f"labelled-{number}"),
        "input": {"messages": [{"role": "user", "content": f"Question number {number}, please?"}]},
        "expected_output": f"A correct answer to question {number}.",
        "actual_output": text,
        "metadata": {"model_version": "assistant-4", "timestamp": f"{DAY}T06:30:00Z"},
        "trace": {"trace_id": f"labelled-{number}", "spans": []},
        "labels": labels,
        "provenance": {"origin": "synthetic"},
        "severity": "normal",
        "signoffs": [],
    }
    return signed(value | dict(values or {}), TWO, f"{DAY}T10:00:00Z")


def files_of(cases: Iterable[Value]) -> Files:
    """Return the golden files of these cases."""
    found: Files = {}
    for value in cases:
        graded = any("grade" in label for label in value["labels"])
        path = golden_path("grading" if graded else "support", value["id"])
        found[path] = Blob(house_bytes(path, value))
    return found


def evaluator(name: str, kind: str = "phrases", **values: Any) -> Files:
    """Return the definition of an evaluator; `values` are its keys, `options` among them."""
    path = evaluator_path(name, "evaluator.yaml")
    value = {
        "schema": "goldengit/evaluator/v1",
        "id": name,
        "version": 1,
        "kind": kind,
        "title": f"The evaluator {name}",
        "authors": ["reviewer-5"],
        "dataset": "support",
        "failure_mode": MODE,
    }
    return {path: Blob(house_bytes(path, value | values))}
