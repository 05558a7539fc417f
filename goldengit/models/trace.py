"""Trace and spans: what the system did, step by step."""

from typing import Literal

from pydantic import JsonValue

from goldengit.models.base import Count, Instant, Many, Noun, Text


class ToolCall(Noun):
    """One call of a tool, with what went in and what came back."""

    name: Text
    call_id: str | None = None
    arguments: JsonValue = None
    result: JsonValue = None


class Document(Noun):
    """One retrieved document, with its rank score in the retriever's own unit."""

    id: Text
    score: float | None = None
    content: str | None = None


class Usage(Noun):
    """Tokens of one model call, counted by the provider."""

    input: Count | None = None
    output: Count | None = None
    cache_read: Count | None = None
    cache_write: Count | None = None
    reasoning: Count | None = None


class ModelCall(Noun):
    """One call of a language model."""

    request_model: str | None = None
    response_model: str | None = None
    finish_reasons: Many[str] = ()
    usage: Usage | None = None
    messages: JsonValue = None


class Span(Noun):
    """One step. `start` is RFC 3339 text in UTC, `duration_us` whole microseconds."""

    span_id: Text
    parent_id: str | None = None
    kind: Literal[
        "agent", "llm", "tool", "retriever", "embedding", "guardrail", "evaluator", "other"
    ]
    name: str = ""
    start: Instant | None = None
    duration_us: Count | None = None
    status: Literal["ok", "error", "unset"] = "unset"
    error_type: str | None = None
    error_message: str | None = None
    tool: ToolCall | None = None
    documents: Many[Document] | None = None
    llm: ModelCall | None = None
    attributes: dict[str, JsonValue] | None = None


class Trace(Noun):
    """The steps behind one answer; `trace_id` is unique in a dataset."""

    trace_id: Text
    spans: Many[Span] = ()
    truncated: bool = False
