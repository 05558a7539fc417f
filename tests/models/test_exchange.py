"""The exchange with a release: nothing of the solution goes out, nothing hostile comes in."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from goldengit.models.answer import Answer
from goldengit.models.case import Attachment, Case
from goldengit.models.exchange import (
    LONGEST_ANSWER,
    MalformedAnswerError,
    answer_to,
    one_line,
    recorded,
    request,
    response,
)
from goldengit.models.label import Label
from goldengit.models.row import Metadata, UserFeedback
from goldengit.models.trace import Span, ToolCall, Trace

ID = "2026-05-23-analyst-answers-7f3a9c"
_SCALARS = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text()
JSON = st.recursive(
    _SCALARS | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
TRACE = Trace(
    trace_id="t1",
    spans=(Span(span_id="s1", kind="tool", tool=ToolCall(name="search", arguments={"q": 1})),),
)


def _case(**more: Any) -> Case:
    own = {"schema": "goldengit/case/v1", "id": ID, "provenance": {"origin": "production"}}
    return Case.model_validate(own | {"input": {"messages": ["Who?"]}} | more)


def test_a_request_holds_the_input_and_what_it_may_depend_on() -> None:
    metadata = Metadata(feature="analyst", feature_flags={"beta": True}, extra={"locale": "de"})
    assert json.loads(request(ID, _case(metadata=metadata), 2)) == {
        "goldengit": 1,
        "case": ID,
        "repeat": 2,
        "input": {"messages": ["Who?"]},
        "metadata": {
            "feature": "analyst",
            "feature_flags": {"beta": True},
            "extra": {"locale": "de"},
        },
    }


def test_a_request_without_metadata_has_an_empty_one() -> None:
    assert json.loads(request(ID, _case(), 0))["metadata"] == {}
    assert json.loads(request(ID, _case(metadata=Metadata(release="r1")), 0))["metadata"] == {}


def test_a_request_names_the_attachments() -> None:
    file = Attachment(name="a.txt", sha256="0" * 64, media_type="text/plain", size=3)
    asked = json.loads(request(ID, _case(attachments=(file,)), 0))
    assert asked["attachments"] == [
        {"name": "a.txt", "sha256": "0" * 64, "media_type": "text/plain", "size": 3}
    ]


def test_a_request_gives_nothing_of_the_solution_away() -> None:
    label = Label(
        failure_mode="secret-mode",
        verdict="fail",
        reviewer="secret-person",
        at="2026-05-24T08:00:00Z",
        note="secret note",
    )
    case = _case(
        expected_output="secret expected",
        actual_output="secret actual",
        grader_hints="secret hints",
        metadata=Metadata(
            model_version="secret model",
            prompt_version="secret prompt",
            session_id="secret session",
            release="secret release",
            timestamp="2026-05-23T08:00:00Z",
        ),
        user_feedback=UserFeedback(comment="secret comment"),
        confidence=0.25,
        trace=Trace(trace_id="secret trace"),
        labels=(label,),
        group="secret group",
        severity="critical",
    )
    asked = request(ID, case, 0)
    assert "secret" not in asked
    assert set(json.loads(asked)) == {"goldengit", "case", "repeat", "input", "metadata"}


@given(JSON)
@example("\n\r\u2028\u0085\ud800")
def test_a_request_is_one_line_of_ascii(value: Any) -> None:
    asked = request(ID, _case().model_copy(update={"input": value}), 0)
    assert asked.isascii()
    assert asked.isprintable()
    assert json.loads(asked)["input"] == value


@given(JSON, st.sampled_from([None, TRACE]))
def test_what_is_recorded_is_read_again(output: Any, trace: Trace | None) -> None:
    answer = Answer(output=output, trace=trace)
    line = recorded(ID, answer)
    assert "\n" not in line
    assert answer_to(ID, line) == answer


@given(st.text(min_size=1))
@example("\0")
def test_an_error_is_recorded_as_it_will_be_read(error: str) -> None:
    once = answer_to(ID, recorded(ID, Answer(error=error)))
    assert once.error
    assert once.output is None
    assert answer_to(ID, recorded(ID, once)) == once


@given(st.text() | JSON.map(json.dumps))
@example("[" * 100_000)
@example('{"a":' * 100_000)
@example("9" * 100_000)
@example("\ud800")
def test_no_text_does_worse_than_to_be_refused(text: str) -> None:
    with suppress(MalformedAnswerError):
        assert response(text).case


REFUSED = {
    "nothing": ("", "no JSON"),
    "a log line": ("Loading the model…", "no JSON (Expecting value at character 1): `Loading"),
    "two values": ('{"case": "x", "output": 1} {}', "Extra data"),
    "a list": ('[{"case": "x"}]', "no JSON object"),
    "no case": ('{"output": 1}', "`case`: Field required"),
    "another case": ('{"case": "y", "output": 1}', "to another case: `y`"),
    "no output": ('{"case": "x"}', "neither `output` nor `error`"),
    "no output, no error": ('{"case": "x", "error": null}', "neither `output` nor `error`"),
    "a wrong name": ('{"case": "x", "outputs": 1}', "`outputs`: Extra inputs"),
    "an empty error": ('{"case": "x", "error": ""}', "`error`"),
    "an error of another type": ('{"case": "x", "error": 500}', "`error`"),
    "a wrong trace": ('{"case": "x", "output": 1, "trace": {"spans": []}}', "`trace.trace_id`"),
    "NaN": ('{"case": "x", "output": NaN}', "cannot hold: `NaN`"),
    "-Infinity": ('{"case": "x", "output": -Infinity}', "cannot hold: `-Infinity`"),
    "too large a float": ('{"case": "x", "output": -1e999}', "cannot hold: `-1e999`"),
    "2^53": ('{"case": "x", "output": 9007199254740992}', "integer beyond 2^53"),
    "-2^53": ('{"case": "x", "output": -9007199254740992}', "integer beyond 2^53"),
    "many digits": ('{"case": "x", "output": ' + "7" * 5000 + "}", "integer beyond 2^53"),
    "a key twice": ('{"case": "x", "output": {"a": 1, "b": 2, "a": 3}}', "key `a` twice"),
    "a key in two spellings": ('{"case": "x", "output": 1, "c\\u0061se": "x"}', "key `case` twice"),
    "half a character": ('{"case": "x", "output": ["\\ud800"]}', "half of a character"),
    "half a key": ('{"case": "x", "output": {"\\udc00": 1}}', "half of a character"),
    "a terminal escape": ("\x1b[2J\n" * 500, "`[2J [2J"),
    "65 levels": ('{"case": "x", "output": ' + "[" * 64 + "]" * 64 + "}", "deeper than 64"),
}


@pytest.mark.parametrize(("text", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_malformed_answer_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(MalformedAnswerError) as caught:
        answer_to("x", text)
    assert reason in caught.value.problem
    assert caught.value.problem.startswith("The answer ")
    assert caught.value.problem.isprintable()
    assert len(caught.value.problem) < 300
    assert caught.value.problem.endswith((".", "`"))


def test_an_answer_beyond_the_limit_is_refused() -> None:
    with pytest.raises(MalformedAnswerError, match="more than 16777216 characters"):
        response(" " * (LONGEST_ANSWER + 1))


ACCEPTED = {
    "null is an output": ('{"case": "x", "output": null}', None),
    "a pair of surrogates": ('{"case": "x", "output": "\\ud83d\\ude00"}', "😀"),
    "the largest integer": ('{"case": "x", "output": 9007199254740991}', 2**53 - 1),
    "64 levels": ('{"case": "x", "output": ' + "[" * 63 + "]" * 63 + "}", ...),
    "spaces around": (' \t{"case": "x", "output": 1, "error": null}\r', 1),
}


@pytest.mark.parametrize(("text", "output"), ACCEPTED.values(), ids=ACCEPTED)
def test_a_sound_answer_is_taken(text: str, output: Any) -> None:
    found = answer_to("x", text, 7)
    assert found.error is None
    assert found.duration_us == 7
    assert output is ... or found.output == output


def test_with_an_error_there_is_no_output_and_one_line() -> None:
    text = '{"case": "x", "output": 1, "error": "Traceback:\\n  \\u001b[31mboom\\u2028"}'
    assert answer_to("x", text) == Answer(error="Traceback: [31mboom")


def test_a_long_line_is_cut() -> None:
    assert one_line("a" * 600) == "a" * 499 + "…"
