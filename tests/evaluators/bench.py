"""What the tests of the evaluator kinds share: an evaluator from options, and rows with traces."""

from typing import Any

from goldengit.evaluators import Evaluator, build
from goldengit.models.dataset import FailureMode
from goldengit.models.evaluator import Definition, EvaluatorSpec
from goldengit.models.row import EvalRow

MODE = FailureMode(title="pass or fail")


def evaluator(
    kind: str,
    options: dict[str, Any],
    files: dict[str, bytes] | None = None,
    mode: FailureMode = MODE,
) -> Evaluator:
    """Return an evaluator of a kind with these options, ready to judge."""
    spec = {
        "schema": "goldengit/evaluator/v1",
        "id": "example",
        "version": 1,
        "kind": kind,
        "title": "An example",
        "authors": ["reviewer-1"],
        "dataset": "support",
        "failure_mode": "wrong",
        "options": options,
    }
    return build(Definition(EvaluatorSpec.model_validate(spec), files or {}, mode))


def row(output: Any = None, **more: Any) -> EvalRow:
    """Return a row with this answer."""
    return EvalRow.model_validate({"input": "Why?", "actual_output": output} | more)


def asked(question: str, *earlier: str, **more: Any) -> EvalRow:
    """Return a row in which a user asks this, after other messages of the user."""
    messages = [{"role": "system", "content": "You help."}]
    for text in earlier:
        messages += [{"role": "user", "content": text}, {"role": "assistant", "content": "Yes?"}]
    messages.append({"role": "user", "content": question})
    return row(**{"input": {"messages": messages}} | more)


def trace(*spans: dict[str, Any], truncated: bool = False) -> dict[str, Any]:
    """Return a trace of these spans, after one of the model."""
    every = [{"kind": "llm"}, *spans]
    numbered = [{"span_id": f"s{number}"} | span for number, span in enumerate(every)]
    return {"trace_id": "t1", "spans": numbered, "truncated": truncated}


def call(name: str, result: Any = None, status: str = "ok", **arguments: Any) -> dict[str, Any]:
    """Return the span of a tool call."""
    tool = {"name": name, "arguments": arguments, "result": result}
    return {"kind": "tool", "name": name, "status": status, "tool": tool}


def retrieved(**documents: str | None) -> dict[str, Any]:
    """Return the span of a retriever; underscores in a name stand for hyphens in the id."""
    found = [{"id": name.replace("_", "-"), "content": text} for name, text in documents.items()]
    return {"kind": "retriever", "name": "search", "documents": found}
