"""House style: what is written is read back exactly, by every reader, and never changes again."""

from io import BytesIO
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from goldengit.errors import RefusedEditError
from goldengit.models.case import Case, Tombstone
from goldengit.models.digest import canonical
from goldengit.repository.yaml_reader import read
from goldengit.repository.yaml_second_opinion import second_opinion
from goldengit.repository.yaml_writer import HEAD, TAIL, append, write

FIRST = "# yaml-language-server: $schema=./schemas/case-v1.json"

# Text that readers have stumbled over, mixed into what hypothesis thinks of.
# fmt: off
AWKWARD = st.sampled_from([
    "no", "y", "~", "null", "1", "1e3", "7e12345", "0x1F", "1:30", "2024-01-01", ".inf", "=", "<<",
    "", " ", "\n", "\n\n", " a", "a ", "a\n", "a\n\n", "\na", "a\n b", "a\n\n\nb\n", "a\n  \nb",
    "a\tb", "a\r\nb\n", "- a", "? a", "a: b", "a #b", "#a", "---", "...", "%a", "&a", "*a", "!a",
    "|", ">", "'", '"', "a'b", 'a"b\nc', "\\", "a\\nb", "[a", "{a}", "@a", "`a", "a:", ":a", "a,b",
    "\u0085", "\u2028", "\ufeff", "\u200b", "\u00ad", "❤\ufe0f", "\ufe0f", "x\n\ufe0f\n",
    "👩\u200d💻", "\u00a0a", "a\u3000b", "\x00", "\x7f", "\uffff", "e\u0301", "deadbeef1",
    "x" * 1100, "x\n" * 600,
])
# fmt: on
TEXT = st.one_of(AWKWARD, st.text(max_size=20), st.lists(AWKWARD, max_size=3).map("".join))
NUMBER = st.one_of(
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: str(x) != "-0.0"),
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBER, TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=12,
)
MAPPING = st.dictionaries(TEXT, JSON, max_size=5)


def written(value: Any) -> str:
    return write(value, first_line=FIRST).decode().removeprefix(f"{FIRST}\n")


@given(MAPPING)
@settings(deadline=None)
def test_every_json_value_is_read_back_exactly(value: dict[str, Any]) -> None:
    data = write(value, first_line=FIRST)
    reading = read(data)
    assert () == reading.refusals
    assert value == reading.value
    assert canonical(value) == canonical(reading.value)
    assert data == write(reading.value or {}, first_line=FIRST)


@given(MAPPING)
@settings(deadline=None)
def test_other_readers_read_the_same_value(value: dict[str, Any]) -> None:
    data = write(value, first_line=FIRST)
    assert canonical(value) == canonical(yaml.load(data, yaml.CSafeLoader))
    assert canonical(value) == canonical(yaml.load(data, yaml.SafeLoader))
    assert canonical(value) == canonical(YAML(typ="safe", pure=True).load(BytesIO(data)))
    assert () == second_opinion(data, read(data))


@given(MAPPING.filter(lambda value: value and "withdrawn" not in value), MAPPING)
@settings(deadline=None)
def test_appending_adds_one_key_and_touches_nothing(
    value: dict[str, Any], block: dict[str, Any]
) -> None:
    data = write(value, first_line=FIRST)
    result = append(data, "withdrawn", block)
    assert result.startswith(data)
    assert canonical({**value, "withdrawn": block}) == canonical(read(result).value)
    assert canonical({"withdrawn": block}) == canonical(read(result[len(data) :]).value)


def test_house_style_is_what_people_would_write() -> None:
    value = {
        "text": "A plain sentence, with a comma.",
        "quoted": "one: two # three",
        "lines": "first\n\n  second\n",
        "open": "no newline\nat the end",
        "kept": "ends twice\n\n",
        "empty": ["", [], {}],
        "nested": [["a", {"b": 1, "c": [2]}], {"d": None}],
        "exact": [0.5, 1e16, 1e-07, 10, True],
        "special": ["no", "2026-05-23T08:00:00Z", "7e12345", "0b1e55", "\u200b", "tab\there"],
        "no": "last\nlines\n",
    }
    assert written(value) == (
        "text: A plain sentence, with a comma.\n"
        'quoted: "one: two # three"\n'
        "lines: |\n  first\n\n    second\n"
        "open: |-\n  no newline\n  at the end\n"
        "kept: |+\n  ends twice\n\n"
        'empty:\n  - ""\n  - []\n  - {}\n'
        "nested:\n  - - a\n    - b: 1\n      c:\n        - 2\n  - d: null\n"
        "exact:\n  - 0.5\n  - 1.0e+16\n  - 1.0e-07\n  - 10\n  - true\n"
        'special:\n  - "no"\n  - "2026-05-23T08:00:00Z"\n  - "7e12345"\n  - "0b1e55"\n'
        '  - "\\u200b"\n  - "tab\\there"\n'
        '"no": "last\\nlines\\n"\n'
    )


def test_an_empty_mapping_is_written_as_such() -> None:
    assert "{}\n" == written({})


def test_a_case_is_written_in_the_order_of_its_schema() -> None:
    value = {
        "signoffs": [],
        "unknown": 1,
        "labels": [],
        "withdrawn": {},
        "input": 1,
        "id": "x1",
        "schema": "goldengit/case/v1",
    }
    wanted = ["schema", "id", "input", "labels", "unknown", "signoffs", "withdrawn"]
    assert wanted == list(read(write(value, first_line=FIRST)).value or {})
    other = {"b": 1, "schema": "goldengit/dataset/v1", "a": 2}
    assert list(other) == list(read(write(other, first_line=FIRST)).value or {})


@pytest.mark.parametrize("model", [Case, Tombstone])
def test_the_written_order_knows_every_key_of_the_schema(model: type[Case | Tombstone]) -> None:
    names = {field.alias or name for name, field in model.model_fields.items()}
    assert set() == names - {*HEAD, *TAIL}


def test_nothing_but_the_two_models_has_a_place_in_the_order() -> None:
    fields = {**Case.model_fields, **Tombstone.model_fields}
    assert {field.alias or name for name, field in fields.items()} == {*HEAD, *TAIL}


@pytest.mark.parametrize("text", ["a\nb", "a\nb\n", "a\nb\n\n"])
def test_the_last_scalar_of_a_file_is_never_a_block(text: str) -> None:
    assert "|" in written({"a": text, "b": 1})
    for value in ({"b": text}, {"b": [1, text]}, {"b": [{"c": {"d": text}}]}):
        assert "|" not in written(value)
        assert value == read(written(value).encode()).value


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), -0.0, 2**53, -(2**53), "\ud800", {1}, b"x"]
)
def test_what_cannot_be_written_exactly_is_an_error(value: Any) -> None:
    with pytest.raises(ValueError):
        write({"a": value}, first_line=FIRST)


@pytest.mark.parametrize(
    "data",
    [
        b"a: 1",
        b"a: no\n",
        b"withdrawn: {}\n",
        b"{a: 1}\n",
        b"a: 1\n...\n",
        b"  a: 1\n",
        b"a: |\n  x\n b\n",
        b"- a\n",
        b"",
    ],
)
def test_nothing_is_appended_where_it_would_not_be_a_key_of_its_own(data: bytes) -> None:
    with pytest.raises(RefusedEditError):
        append(data, "withdrawn", {"reason": "x"})


def test_a_kept_block_at_the_end_of_a_file_does_not_grow() -> None:
    data = b"a: |+\n  x\n\n"
    assert {"a": "x\n\n", "withdrawn": {}} == read(append(data, "withdrawn", {})).value
