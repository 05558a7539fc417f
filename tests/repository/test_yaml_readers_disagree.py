"""What other readers do with the same bytes, and that the strict reader lets none of it pass."""

import datetime as dt
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
import yaml
from ruamel.yaml import YAML

from goldengit.repository.yaml_reader import read


def pure(data: bytes) -> Any:
    return yaml.load(data, yaml.SafeLoader)


def compiled(data: bytes) -> Any:
    return yaml.load(data, yaml.CSafeLoader)


def ruamel(data: bytes) -> Any:
    return YAML(typ="safe", pure=True).load(BytesIO(data))


def outcome(reader: Callable[[bytes], Any], data: bytes) -> Any:
    """Return what a reader makes of bytes: the value, or `error`."""
    try:
        return reader(data)
    except Exception:  # noqa: BLE001 - readers raise whatever they like
        return "error"


ROWS: list[tuple[str, bytes, Any, Any, str]] = [
    ("duplicate key", b"a: 1\na: 2\n", {"a": 2}, "error", "GG101"),
    ("two spellings of one number", b"1: a\n0x1: b\n", {1: "b"}, "error", "GG106"),
    ("merge key", b"a: {<<: {b: 1}}\n", {"a": {"b": 1}}, {"a": {"b": 1}}, "GG102"),
    ("unknown tag", b"a: !foo 1\n", "error", "error", "GG103"),
    ("python tag", b"a: !!python/object/apply:os.getcwd []\n", "error", "error", "GG103"),
    ("binary tag", b"a: !!binary aGk=\n", {"a": b"hi"}, {"a": b"hi"}, "GG103"),
    ("set tag", b"a: !!set {b}\n", {"a": {"b"}}, {"a": {"b"}}, "GG103"),
    ("two documents", b"a: 1\n---\na: 2\n", "error", "error", "GG104"),
    ("version directive", b"%YAML 1.1\n---\na: no\n", {"a": False}, {"a": False}, "GG105"),
    ("no", b"a: no\n", {"a": False}, {"a": "no"}, "GG106"),
    ("on", b"a: on\n", {"a": True}, {"a": "on"}, "GG106"),
    ("017", b"a: 017\n", {"a": 15}, {"a": 17}, "GG106"),
    ("0o17", b"a: 0o17\n", {"a": "0o17"}, {"a": 15}, "GG106"),
    ("1:30", b"a: 1:30\n", {"a": 90}, {"a": "1:30"}, "GG106"),
    ("1e3", b"a: 1e3\n", {"a": "1e3"}, {"a": 1000.0}, "GG106"),
    ("1_000", b"a: 1_000\n", {"a": 1000}, {"a": 1000}, "GG106"),
    ("yes and true as keys", b"yes: 1\ntrue: 2\n", {True: 2}, {"yes": 1, True: 2}, "GG106"),
    (
        "date",
        b"a: 2024-01-01\n",
        {"a": dt.date(2024, 1, 1)},
        {"a": dt.date(2024, 1, 1)},
        "GG106",
    ),
    ("byte order mark", b"\xef\xbb\xbfa: 1\n", {"a": 1}, {"a": 1}, "GG107"),
    ("UTF-16", "a: 1\n".encode("utf-16"), {"a": 1}, {"a": 1}, "GG107"),
    (
        "NEL in a comment",
        "a: x # note\u0085other: fail\n".encode(),
        {"a": "x", "other": "fail"},
        "error",
        "GG107",
    ),
    (
        "LS in a comment",
        "a: x # note\u2028other: fail\n".encode(),
        {"a": "x", "other": "fail"},
        "error",
        "GG107",
    ),
    (
        "lone carriage return in a comment",
        b"a: x # note\rother: fail\n",
        {"a": "x", "other": "fail"},
        {"a": "x", "other": "fail"},
        "GG107",
    ),
    (
        "bidirectional control in a comment",
        "a: x # \u202enote\n".encode(),
        {"a": "x"},
        {"a": "x"},
        "GG108",
    ),
    ("list as a key", b"[a, b]: 1\n", "error", {("a", "b"): 1}, "GG113"),
    ("null as a key", b"null: 1\n", {None: 1}, {None: 1}, "GG106"),
    ("5,000 digits", b"a: " + b"1" * 5000 + b"\n", "error", "error", "GG109"),
    ("empty file", b"", None, None, "GG111"),
    ("plain text", b"text\n", "text", "text", "GG111"),
    ("list", b"- 1\n", [1], [1], "GG111"),
]


@pytest.mark.parametrize(
    ("data", "in_pyyaml", "in_ruamel", "code"), [row[1:] for row in ROWS], ids=[r[0] for r in ROWS]
)
def test_what_readers_take_differently_is_refused(
    data: bytes, in_pyyaml: Any, in_ruamel: Any, code: str
) -> None:
    assert in_pyyaml == outcome(pure, data)
    assert in_pyyaml == outcome(compiled, data)
    assert in_ruamel == outcome(ruamel, data)
    reading = read(data)
    assert reading.value is None
    assert code == reading.refusals[0].code


def test_a_byte_order_mark_within_the_file_is_refused() -> None:
    data = "a: 1\n\ufefflabel: 2\n".encode()
    assert {"a": 1, "\ufefflabel": 2} == pure(data) == ruamel(data)
    assert "error" == outcome(compiled, data)
    assert ["GG108"] == [refusal.code for refusal in read(data).refusals]


def test_half_a_surrogate_pair_is_refused() -> None:
    data = b'a: "\\ud800"\n'
    assert {"a": "\ud800"} == pure(data) == ruamel(data)
    assert "error" == outcome(compiled, data)
    assert ["GG113"] == [refusal.code for refusal in read(data).refusals]


def test_composed_and_decomposed_keys_are_two_keys_for_every_reader() -> None:
    data = "\u00e9: 1\ne\u0301: 2\n".encode()
    expected = {"\u00e9": 1, "e\u0301": 2}
    assert expected == pure(data) == compiled(data) == ruamel(data) == read(data).value
