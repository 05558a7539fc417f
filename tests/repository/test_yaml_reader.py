"""The strict reader: what it accepts, what it refuses, and where it says so."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldengit.models.reading import Reading, ReadLimits
from goldengit.repository.yaml_reader import read

AMBIGUOUS = """
    no No NO yes on off y N TRUE True Null NULL ~ = .inf -.Inf .NaN +.inf :symbol
    017 0o17 0x1F 0b11 1:30 1:30:00.5 1_000 1,000 1e3 7e12345 1.0e3 1_0.5
    .5 5. +1 -.5 00 -01 2024-01-01 2024-1-1 2024-01-01T10:00:00Z
"""
INEXACT = r"""
    9007199254740992 -9007199254740992 -0 -0.0 -0.0e-9 1.0e+400 1.0e-400
    0.10000000000000001 0.1000000000000000055511151231258 "\ud800" "\ud83d\ude00" "\U00110000"
"""


def codes(data: bytes) -> list[str]:
    return [refusal.code for refusal in read(data).refusals]


def where(data: bytes) -> list[tuple[str, int]]:
    return [(refusal.code, refusal.line) for refusal in read(data).refusals]


def value(text: str) -> object:
    reading = read(f"v: {text}\n".encode())
    assert reading.value is not None, reading.refusals
    return reading.value["v"]


def test_the_value_of_a_mapping_is_read_with_all_json_types() -> None:
    text = b'a: text\nb: "1"\nc: [1, -2, 1.5, true, false, null]\nd: {}\ne:\nf: |\n  one\n  two\n'
    assert read(text).value == {
        "a": "text",
        "b": "1",
        "c": [1, -2, 1.5, True, False, None],
        "d": {},
        "e": None,
        "f": "one\ntwo\n",
    }


def test_every_node_knows_its_line() -> None:
    reading = read(b"# comment\na: 1\nb:\n  - x\n  - c: 2\n    d:\n      - 3\n")
    lines = {
        (): 2,
        ("a",): 2,
        ("b",): 3,
        ("b", 0): 4,
        ("b", 1): 5,
        ("b", 1, "c"): 5,
        ("b", 1, "d"): 6,
        ("b", 1, "d", 0): 7,
    }
    assert lines == dict(reading.lines)
    assert 5 == reading.line("b", 1, "missing")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("-7", -7),
        ("9007199254740991", 2**53 - 1),
        ("-9007199254740991", -(2**53) + 1),
        ("0.5", 0.5),
        ("-1.50", -1.5),
        ("1.0e+16", 1e16),
        ("1.0e-07", 1e-7),
        ("0.1", 0.1),
        ("2026.1", 2026.1),
    ],
)
def test_a_plain_decimal_number_is_a_number(text: str, expected: float) -> None:
    assert expected == value(text)
    assert type(expected) is type(value(text))


@pytest.mark.parametrize(
    "text",
    [
        "1.2.3",
        "10.0.0.1",
        "7f3a9c",
        "2026-05-23-analyst-answers-7f3a9c",
        "2026-05",
        "nope",
        "None",
        "nullable",
        "v1.5",
        "a:b",
        "-x",
        "...x",
        "1 2",
        "1:30pm",
        "inf",
    ],
)
def test_text_that_no_reader_takes_for_anything_else_needs_no_quotes(text: str) -> None:
    assert text == value(text)


@pytest.mark.parametrize(
    "text",
    [*AMBIGUOUS.split(), "2024-01-01 10:00:00.5 +01:00"],
)
def test_a_scalar_that_readers_take_for_different_things_is_refused(text: str) -> None:
    assert [("GG106", 2)] == where(f"a: 1\nv: {text}\n".encode())
    assert text == value(f'"{text}"')


@pytest.mark.parametrize("key", ["1", "1.5", "true", "null", "no", "2024-01-01", "~", "?\n"])
def test_a_key_that_is_no_text_is_refused(key: str) -> None:
    assert [("GG106", 2)] == where(f"a: 1\n{key}: 1\n".encode())


@pytest.mark.parametrize("key", ["[a, b]", "{a: 1}", "? [a]\n"])
def test_a_list_or_mapping_as_a_key_is_refused(key: str) -> None:
    assert [("GG113", 1)] == where(f"{key}: 1\n".encode())


@pytest.mark.parametrize(
    "text",
    INEXACT.split(),
)
def test_what_json_cannot_carry_exactly_is_refused(text: str) -> None:
    assert [("GG113", 2)] == where(f"a: 1\nv: {text}\n".encode())


def test_a_pair_written_as_one_escape_is_one_character() -> None:
    assert "😀" == value(r'"\U0001F600"')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\na: 2\n", [("GG101", 2)]),
        ('a: 1\n"a": 2\n', [("GG101", 2)]),
        ("b: {a: 1, a: 2}\n", [("GG101", 1)]),
        ("a: 1\na: 2\nb: 1\na: 3\nb: 2\n", [("GG101", 2), ("GG101", 4), ("GG101", 5)]),
        ("a: &x 1\n", [("GG102", 1)]),
        ("a: &x 1\nb: *x\n", [("GG102", 1), ("GG102", 2)]),
        ("*x : 1\n", [("GG102", 1)]),
        ("<<: {a: 1}\n", [("GG102", 1)]),
        ("a: !!str 1\n", [("GG103", 1)]),
        ("a: ! 1\n", [("GG103", 1)]),
        ("a: !x [1]\n", [("GG103", 1)]),
        ("a: !x!y 1\n", [("GG103", 1)]),
        ("!x a: 1\n", [("GG103", 1)]),
        ("a: 1\n---\nb: 1\n", [("GG104", 2)]),
        ("a: 1\n...\nb: 1\n", [("GG104", 3)]),
        ("---\na: 1\n---\n", [("GG104", 3)]),
        ("%YAML 1.1\n---\na: 1\n", [("GG105", 1)]),
        ("%YAML 1.2\n---\na: 1\n", [("GG105", 2)]),
        ("%TAG ! tag:x,2000:\n---\na: 1\n", [("GG105", 2)]),
        ("%FOO\n---\na: 1\n", [("GG105", 1)]),
        ("a: b: c\n", [("GG111", 1)]),
        ("a: [1\n", [("GG111", 1)]),
        ('a: 1\nb: "x\n', [("GG111", 2)]),
        ("a: @x\n", [("GG111", 1)]),
        ("", [("GG111", 1)]),
        ("# only a comment\n", [("GG111", 2)]),
        ("---\n", [("GG111", 2)]),
        ("- a\n", [("GG111", 1)]),
        ("text\n", [("GG111", 1)]),
    ],
)
def test_a_refusal_names_its_code_and_line(text: str, expected: list[tuple[str, int]]) -> None:
    reading = read(text.encode())
    assert [code for code, _ in expected] == [refusal.code for refusal in reading.refusals]
    assert reading.value is None
    if "%" not in text:
        assert expected == where(text.encode())


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [x,\nz]\n", 2),
        ("a: {x: 1\n}\n", 2),
        ('a:\n  b: "x\n  y"\n', 3),
        ('a: "x"# comment\n', 1),
        ("a: [x]# comment\n", 1),
        ("a: |# comment\n  x\n", 1),
        ("a: >\n \n  x\n", 2),
        ("a: {?b: 1}\n", 1),
    ],
)
def test_a_layout_that_only_libyaml_tolerates_is_refused(text: str, line: int) -> None:
    assert [("GG111", line)] == where(text.encode())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[x,\n  z]", ["x", "z"]),
        ("{x: 1,\n  z: 2\n  }", {"x": 1, "z": 2}),
        ('"x\n\n  y"', "x\ny"),
        ('{"b":1}', {"b": 1}),
        ("[a: b] # comment", [{"a": "b"}]),
        ("|- # comment\n  x", "x"),
        (">\n  x\n  y", "x y\n"),
        ("plain\n  goes on", "plain goes on"),
        ("{b :c}", {"b :c": None}),
        ("[]", []),
    ],
)
def test_a_layout_of_the_standard_is_accepted(text: str, expected: object) -> None:
    assert expected == value(text)


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"\xef\xbb\xbfa: 1\n", 1),
        ("a: 1\n".encode("utf-16"), 1),
        (b"a: 1\nb: \xff\n", 2),
        (b"a: \xed\xa0\x80\n", 1),
        (b"a: 1\r\n", 1),
        (b"a: 1 # x\rb: 2\n", 1),
        (b"a: 1\n\tb: 2\n", 2),
        (b"a: \x00\n", 1),
        (b"a: \x7f\n", 1),
        ("a: 1 # x\u0085b: 2\n".encode(), 1),
        ("a: 1 # x\u2028b: 2\n".encode(), 1),
        ("a: 1 # x\u2029b: 2\n".encode(), 1),
        ("a: 1\nb: \uffff\n".encode(), 2),
        (b"a: 1\nb: 2", 2),
    ],
)
def test_bad_bytes_are_refused_with_their_line(data: bytes, line: int) -> None:
    assert [("GG107", line)] == where(data)


@pytest.mark.parametrize(
    "char",
    "\u200b\u200d\u200e\u202e\u2066\u2060\u2064\ufeff\u00ad\u061c\u180e\ufe0f\ufe00\u3164"
    "\U000e0041\U000e0100",
)
def test_invisible_characters_are_refused_raw_and_read_as_escapes(char: str) -> None:
    for text in (f"a: 1\nb: x{char}y\n", f"a: 1\nb: 1 # x{char}\n", f'a: 1\nb: "x{char}"\n'):
        assert [("GG108", 2)] == where(text.encode())
    assert f"x{char}y" == value(f'"x\\U{ord(char):08x}y"')


def test_an_emoji_keeps_its_style_selector() -> None:
    assert "love ❤\ufe0f 1\ufe0f\u20e3" == value("love ❤\ufe0f 1\ufe0f\u20e3")
    assert ["GG108"] == codes("a: ❤\ufe0f\ufe0f\n".encode())


def test_hidden_characters_are_reported_once_a_line() -> None:
    text = "a: 1 # \u200b\u200b\nb: 2 # \u200b\n"
    assert [("GG108", 1), ("GG108", 2)] == where(text.encode())


def test_at_most_twenty_refusals_are_reported() -> None:
    assert 20 == len(read(b"a: 1\n" * 100).refusals)
    assert 20 == len(read("a: 1 # \u200b\n".encode() * 100).refusals)


def test_the_limits_are_the_largest_sizes_that_are_read() -> None:
    limits = ReadLimits(file_bytes=40, scalar_bytes=8, nodes=6, depth=2, digits=3)

    def refused(text: str) -> list[str]:
        return [refusal.code for refusal in read(text.encode(), limits=limits).refusals]

    assert [] == refused("a: [1, 2, 3]\n")
    assert ["GG109"] == refused("a: [1, 2, 3, 4]\n")
    assert [] == refused("a: [1]\n")
    assert ["GG109"] == refused("a: [[1]]\n")
    assert [] == refused("a: äöüß\n")
    assert ["GG109"] == refused("a: äöüßx\n")
    assert [] == refused("a: 123\n")
    assert ["GG109"] == refused("a: 1234\n")
    assert [] == refused(f"a: 1 {'#' * 34}\n")
    assert ["GG109"] == refused(f"a: 1 {'#' * 35}\n")


def test_every_refusal_has_a_line_a_sentence_and_a_remedy() -> None:
    for text in ("a: 1\na: 2\n", "a: no\n", "a: [\n", "a: \x07\n", "- 1\n", "a: &x !y 1\n"):
        for refusal in read(text.encode()).refusals:
            assert refusal.line >= 1
            assert refusal.message.endswith(".")
            assert refusal.remedy.endswith(".")


# fmt: off
PIECES = st.sampled_from([
    "a", "b: ", "- ", "? ", ": ", "\n", "\n  ", "  ", "[", "]", "{", "}", ",", '"', "'", "#", " #",
    "|", ">-", "&x", "*x", "!t", "%", "@", "`", "\\u12", "1", "---", "...", "<<", "é", "\t", "\r",
])
# fmt: on


def never_raises(data: bytes) -> Reading:
    reading = read(data)
    assert (reading.value is None) == bool(reading.refusals)
    assert all(1 <= refusal.line <= data.count(b"\n") + 1 for refusal in reading.refusals)
    return reading


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_no_bytes_make_the_reader_raise(data: bytes) -> None:
    never_raises(data)


@given(st.lists(PIECES, max_size=30).map("".join))
@settings(deadline=None)
def test_no_pieces_of_yaml_make_the_reader_raise(text: str) -> None:
    never_raises(f"k: {text}\n".encode())


VALID = (
    b"schema: goldengit/case/v1\ninput:\n  messages:\n    - role: user\n      content: |-\n"
    b'        two\n        lines\nlabels:\n  - {at: "2026-01-01T00:00:00Z", score: 0.5}\n'
)


@given(st.integers(0, len(VALID) - 1), st.integers(0, 12), st.binary(max_size=4))
@settings(deadline=None)
def test_no_mutation_of_a_valid_file_makes_the_reader_raise(
    at: int, length: int, patch: bytes
) -> None:
    never_raises(VALID[:at] + patch + VALID[at + length :])
