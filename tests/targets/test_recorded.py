"""Recorded answers: read once, in order; what is missing is an error, never a pass."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.errors import CannotJudgeError
from goldengit.models.answer import Answer
from goldengit.models.exchange import recorded
from goldengit.models.trace import Trace
from goldengit.targets import Doors, Target, build
from tests.targets.cases import DOORS, ID, ask

OTHER = "2026-05-24-analyst-answers-000000"


def _target(data: bytes) -> Target:
    return build("recorded:answers.jsonl", Doors(read={"answers.jsonl": data}.__getitem__), 1.0)


def test_the_lines_of_a_case_are_its_repeats_in_order() -> None:
    answers = [Answer(output="a"), Answer(output=None), Answer(error="It failed.")]
    lines = [recorded(ID, answer) for answer in answers]
    target = _target("\n".join([lines[0], recorded(OTHER, answers[0]), *lines[1:], ""]).encode())
    assert [ask(target, repeat=repeat) for repeat in range(3)] == answers
    assert ask(target, repeat=3).error == (
        "answers.jsonl holds 3 of the answers to this case, not 4."
    )


def test_a_case_without_a_line_is_an_error() -> None:
    for data in (b"", b"\n \r\n", recorded(OTHER, Answer(output=1)).encode()):
        assert ask(_target(data)).error == "answers.jsonl holds no answer to this case."


def test_traces_come_along() -> None:
    answer = Answer(output="a", trace=Trace(trace_id="t1"))
    assert ask(_target(recorded(ID, answer).encode())) == answer


@given(st.lists(st.text(), max_size=5))
def test_every_text_survives(texts: list[str]) -> None:
    """Also one with the separators at which Python, but not JSON lines, begins a new line."""
    data = "\r\n".join(recorded(ID, Answer(output=f"{text}\u2028\x85")) for text in texts).encode()
    target = _target(data)
    found = [ask(target, repeat=repeat).output for repeat in range(len(texts))]
    assert found == [f"{text}\u2028\x85" for text in texts]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"{", "The answer is no JSON"),
        (b"\xff", "The line is no UTF-8 text"),
        (b'{"case": "x"}', "neither `output` nor `error`"),
        (b'{"case": "x", "output": NaN}', "a number that JSON cannot hold"),
        (b'\xef\xbb\xbf{"case": "x", "output": 1}', "The answer is no JSON"),
    ],
)
def test_a_malformed_line_is_named(line: bytes, problem: str) -> None:
    with pytest.raises(CannotJudgeError, match=problem) as caught:
        _target(recorded(ID, Answer(output=1)).encode() + b"\n\n" + line + b"\n")
    assert caught.value.place == "answers.jsonl:3"
    assert caught.value.exit_code == 3


def test_a_missing_file_or_door_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CannotJudgeError, match="cannot be read"):
        build(f"{tmp_path}/answers.jsonl", DOORS, 1.0)
    with pytest.raises(CannotJudgeError, match="No file can be read here"):
        build("recorded:answers.jsonl", Doors(), 1.0)
