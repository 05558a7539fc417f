"""The second parser is asked about what the strict reader accepted, and must agree."""

import pytest

from goldengit.models.reading import Reading
from goldengit.repository.yaml_reader import read
from goldengit.repository.yaml_second_opinion import second_opinion


def test_two_parsers_agree_on_an_ordinary_file() -> None:
    data = b'a: 1\nb: [1.5, null, "no", 2.0e+3]\nc: |\n  x\nd: {e: "\\u200b"}\n'
    assert () == second_opinion(data, read(data))


@pytest.mark.parametrize("text", ['["x":]', "['x':z]", '[? "":.]'])
def test_what_only_one_parser_can_read_is_refused(text: str) -> None:
    data = f"a: 1\nb:\n  {text}\n".encode()
    reading = read(data)
    assert reading.sound
    (refusal,) = second_opinion(data, reading)
    assert ("GG110", 3) == (refusal.code, refusal.line)
    assert "cannot read this file (ParserError)" in refusal.message


def test_a_different_value_is_refused_where_it_differs() -> None:
    data = b"a: 1\nb: 2\nc: 3\n"
    other = Reading({"a": 1, "b": "2", "c": 3}, read(data).lines)
    (refusal,) = second_opinion(data, other)
    assert ("GG110", 2) == (refusal.code, refusal.line)
    assert "`b`" in refusal.message


def test_a_key_that_only_the_second_parser_sees_is_refused() -> None:
    data = b"a: 1\nb: 2\n"
    (refusal,) = second_opinion(data, Reading({"a": 1}, {(): 1, ("a",): 1}))
    assert ("GG110", 1) == (refusal.code, refusal.line)


def test_an_integer_and_a_float_of_the_same_value_are_equal() -> None:
    data = b"a: 1.0\n"
    assert () == second_opinion(data, Reading({"a": 1}))


@pytest.mark.parametrize(
    "data", [b"a: !!timestamp x\n", b"[a]: {b: 1}\n", b"a: " + b"[" * 3000 + b"\n", b"? []: x\n"]
)
def test_no_exception_of_the_second_parser_escapes(data: bytes) -> None:
    (refusal,) = second_opinion(data, Reading({"a": 1}))
    assert "GG110" == refusal.code


def test_nothing_is_asked_about_a_file_that_was_refused() -> None:
    assert () == second_opinion(b"a: [", Reading(None))
