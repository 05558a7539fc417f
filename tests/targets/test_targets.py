"""The shelf of targets: found by walking, named by `kind:what`."""

import shlex
import sys
from pathlib import Path

import pytest

from goldengit.errors import CannotJudgeError, UsageError
from goldengit.models.call import Reply, Request
from goldengit.targets import Doors, build, kinds
from tests.targets.cases import DOORS


def test_the_kinds_are_those_of_the_issue() -> None:
    assert list(kinds()) == ["command", "http", "python", "recorded"]


def _send(request: Request) -> Reply:
    return Reply(200, "")


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        ("http://localhost:8000/eval", "http", "http://localhost:8000/eval"),
        ("https://example.org/eval", "http", "https://example.org/eval"),
        ("http:https://example.org/eval", "http", "https://example.org/eval"),
        ("python:json:dumps", "python", "json:dumps"),
    ],
)
def test_a_target_is_named_by_its_kind(text: str, kind: str, what: str) -> None:
    target = build(text, Doors(send=_send), 1.0)
    assert (target.kind, target.what) == (kind, what)


def test_the_rest_of_the_name_may_hold_colons_and_blanks(tmp_path: Path) -> None:
    words = shlex.join([sys.executable, "-c", "print('a:b c')"])
    assert build(f"command:{words}", DOORS, 1.0).what == words
    (tmp_path / "a:b c.jsonl").touch()
    for text in (f"{tmp_path}/a:b c.jsonl", f"recorded:{tmp_path}/a:b c.jsonl"):
        assert build(text, DOORS, 1.0).what == f"{tmp_path}/a:b c.jsonl"


@pytest.mark.parametrize("text", ["", "./assistant", "ftp://example.org", "base:x", "Command:x"])
def test_an_unknown_kind_is_answered_with_the_list(text: str) -> None:
    with pytest.raises(UsageError, match="the kinds are command, http, python, recorded"):
        build(text, DOORS, 1.0)


@pytest.mark.parametrize("kind", kinds())
def test_a_kind_alone_is_not_enough(kind: str) -> None:
    for text in (kind, f"{kind}:", f"{kind}: "):
        with pytest.raises(UsageError, match="does not say what to ask"):
            build(text, DOORS, 1.0)


@pytest.mark.parametrize("text", ["command:ls", "http://localhost", "answers.jsonl"])
def test_without_its_door_a_target_cannot_be_built(text: str) -> None:
    with pytest.raises(CannotJudgeError, match="here"):
        build(text, Doors(), 1.0)
