"""Answer: what a release said to one case, as a target brought it."""

from pydantic import JsonValue

from goldengit.models.base import Count, Noun
from goldengit.models.row import EvalRow
from goldengit.models.trace import Trace


class Answer(Noun):
    """One answer to one case. With an `error` there is no output, and every verdict is unknown.

    `trace` holds the spans of this answer, for the evaluators that look at tool calls and
    documents. `duration_us` is whole microseconds, as the caller measured them.
    """

    output: JsonValue = None
    trace: Trace | None = None
    error: str | None = None
    duration_us: Count = 0


def as_judged(row: EvalRow) -> EvalRow:
    """Return a row as an evaluator sees it: without labels, signoffs and what users said later."""
    return answered(row, Answer(output=row.actual_output, trace=row.trace))


def answered(row: EvalRow, answer: Answer) -> EvalRow:
    """Return the row as an evaluator sees it, with this answer in the place of production's."""
    return EvalRow.model_construct(
        input=row.input,
        expected_output=row.expected_output,
        actual_output=answer.output,
        grader_hints=row.grader_hints,
        metadata=row.metadata,
        trace=answer.trace,
    )
