"""Fields: places in a row by dotted names, and the text that a person would read there."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from goldengit.models.field import (
    FieldName,
    RowField,
    below,
    spoken_texts,
    text_of,
    user_texts,
)
from goldengit.models.row import EvalRow

TALK = [
    {"role": "system", "content": "You help."},
    {"role": "user", "content": "One?"},
    {"role": "assistant", "content": "Two."},
    {
        "role": "user",
        "content": [{"type": "text", "text": "Three?"}, {"type": "image", "url": "u"}],
    },
    {"role": "assistant", "content": None, "tool_calls": []},
    {"role": "tool", "content": "Four"},
    {"role": "assistant", "content": ""},
]
ROW = EvalRow.model_validate(
    {
        "input": {"messages": TALK, "lang": "en"},
        "actual_output": {"a": {"b-c": [10, {"d": "deep"}]}},
        "metadata": {"feature": "search", "extra": {"limit": 3}},
        "trace": {"trace_id": "t", "spans": [{"span_id": "s", "kind": "llm"}]},
    }
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("actual_output.a.b-c.0", 10),
        ("actual_output.a.b-c.1.d", "deep"),
        ("actual_output.a.b-c.-1.d", "deep"),
        ("actual_output.a.b-c.2", None),
        ("actual_output.a.b-c.-3", None),
        ("actual_output.a.b-c.first", None),
        ("actual_output.a.b-c.0.more", None),
        ("actual_output.x.y", None),
        ("metadata.feature", "search"),
        ("metadata.extra.limit", 3),
        ("metadata.model_fields", None),
        ("trace.spans.0.kind", "llm"),
        ("user_feedback.thumbs", None),
    ],
)
def test_a_dotted_name_leads_to_a_value_or_to_nothing(name: str, value: Any) -> None:
    assert value == RowField(name).value(ROW)


@pytest.mark.parametrize(
    "name", ["labels", "labels.0.verdict", "output", "actual_output.", "actual_output..a", "", "id"]
)
def test_a_name_begins_with_a_field_of_the_row(name: str) -> None:
    """Labels and signoffs are no part of a row: an evaluator cannot look its verdict up."""
    with pytest.raises(ValidationError):
        TypeAdapter(FieldName).validate_python(name)


def test_of_a_conversation_the_input_is_the_question_and_the_output_the_answer() -> None:
    assert "Three?" == RowField("input").text(ROW)
    both = EvalRow.model_validate(
        {"input": "q", "actual_output": TALK, "expected_output": {"messages": TALK}}
    )
    assert "Two." == RowField("actual_output").text(both)
    assert "Two." == RowField("expected_output").text(both)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain", "plain"),
        ("", ""),
        ({"role": "assistant", "content": "said"}, "said"),
        ({"role": "assistant", "content": [{"text": "a"}, {"text": "b"}, {"text": 5}]}, "a\nb"),
        ({"role": "assistant", "content": []}, None),
        ({"content": "no role"}, None),
        ([{"type": "text", "text": "a"}, {"type": "tool_use"}], "a"),
        ([{"text": "data", "label": 1}], None),
        ({"messages": "none"}, None),
        ([], None),
        (5, None),
        (None, None),
    ],
)
def test_the_text_of_an_answer(value: Any, text: str | None) -> None:
    assert text == text_of(value)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("confidence", "The row has no `confidence`."),
        ("metadata.extra.limit", "`metadata.extra.limit` is no text but a number."),
        ("actual_output", "`actual_output` is no text but an object without a text of its own."),
        ("actual_output.a.b-c", "`actual_output.a.b-c` is no text but a list without a text"),
        ("trace.truncated", "`trace.truncated` is no text but true or false."),
    ],
)
def test_what_stands_in_place_of_a_text_is_told(name: str, sentence: str) -> None:
    assert RowField(name).missing(ROW).startswith(sentence)


def test_everything_that_users_wrote() -> None:
    assert ["One?", "Three?"] == user_texts(ROW.input)
    assert ["Three?"] == user_texts([TALK[3]])
    assert ["plain"] == user_texts("plain")
    assert [] == user_texts({"question": "One?"})


def test_everything_but_what_the_system_was_told() -> None:
    spoken = spoken_texts(TALK)
    assert {"One?", "Two.", "Three?", "Four"} <= set(spoken)
    assert "You help." not in spoken
    assert ["q", "5"] == spoken_texts({"q": 5})


def test_a_dotted_name_below_a_value() -> None:
    assert 2 == below({"a": [1, 2]}, "a.1")
    assert below({"a": 1}, "a.b") is None
