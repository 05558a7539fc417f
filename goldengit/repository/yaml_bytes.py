"""The byte filter: what may not stand in a file, whatever it would mean as YAML.

Readers disagree about such bytes (NEL and LS end a comment for some of them), or people cannot see
them. Inside a value they are written as escapes between double quotes, which everybody can see.
"""

import re
from collections.abc import Callable

from goldengit.models.reading import Refusal

_MOST = 20

# Every ASCII byte that may stand raw: the line feed and what is printed. The tab is out: it is a
# control character, and where it may indent is what YAML readers disagree about most.
_ASCII = bytes([0x0A, *range(0x20, 0x7F)])

# C0, DEL, C1 with NEL, the line and paragraph separators, and the two non-characters that YAML
# itself forbids.
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")

# What nobody sees: soft hyphen, grapheme joiner, Arabic letter mark, Hangul, Khmer and Mongolian
# fillers, zero-width and bidirectional controls, invisible operators, variation selectors, the byte
# order mark, annotation, shorthand and musical formatting, tags and the supplementary selectors.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
# The two selectors of text and emoji style are ordinary writing after a symbol that has both
# styles; anywhere else they could carry hidden data.
_STYLED = "#*0-9\u00a9\u00ae\u203c\u2049\u2122-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
HIDDEN = re.compile(f"[{_INVISIBLE}]|(?<![{_STYLED}])[\ufe0e\ufe0f]")


def byte_refusals(data: bytes) -> list[Refusal]:
    """Return why these bytes may not be read as YAML: GG107 and GG108, empty when they may."""
    if data.isascii() and not data.translate(None, _ASCII):
        return _ending(data)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return [_not_utf8(data, error)]
    if text.startswith("\ufeff"):
        problem = "The file begins with a byte order mark."
        return [_bad_byte(1, problem, "Save it as UTF-8 without one.")]
    first_of_each = _found(CONTROL, text, _control, lambda _, char: char)
    first_of_each_line = _found(HIDDEN, text, _hidden, lambda line, _: line)
    return [*first_of_each, *first_of_each_line, *_ending(data)][:_MOST]


def _found(
    pattern: re.Pattern[str],
    text: str,
    refusal: Callable[[int, str], Refusal],
    key: Callable[[int, str], int | str],
) -> list[Refusal]:
    """Return a refusal for the first match of each key, with its line."""
    found: dict[int | str, Refusal] = {}
    at, line = 0, 1
    for match in pattern.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        this = key(line, match.group())
        if this not in found:
            found[this] = refusal(line, match.group())
        if len(found) == _MOST:
            break
    return list(found.values())


def _control(line: int, char: str) -> Refusal:
    if char == "\r":
        problem = "A line ends with a carriage return, or has one inside."
        return _bad_byte(line, problem, "Save the file with LF line endings.")
    if char == "\t":
        problem = "The file has a tab."
        remedy = "Indent with spaces; within a text write `\\t` between double quotes."
        return _bad_byte(line, problem, remedy)
    return _bad_byte(line, f"The file has the control character U+{ord(char):04X}.", _escape(char))


def _hidden(line: int, char: str) -> Refusal:
    problem = f"The invisible character U+{ord(char):04X} stands in the file as it is."
    return Refusal(line, "GG108", problem, _escape(char))


def _escape(char: str) -> str:
    return f"Remove it, or write `{escaped(char)}` between double quotes."


def escaped(char: str) -> str:
    """Return the escape of a character as YAML's double quotes know it (JSON's, up to U+FFFF)."""
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"  # noqa: PLR2004


def _ending(data: bytes) -> list[Refusal]:
    if data.endswith(b"\n") or not data:
        return []
    problem = "The last line does not end with a line feed."
    return [_bad_byte(data.count(b"\n") + 1, problem, "Add a line feed at the end.")]


def _not_utf8(data: bytes, error: UnicodeDecodeError) -> Refusal:
    line = data.count(b"\n", 0, error.start) + 1
    problem = f"The byte 0x{data[error.start]:02X} is not UTF-8."
    return _bad_byte(line, problem, "Save the file as UTF-8 without a byte order mark.")


def _bad_byte(line: int, message: str, remedy: str) -> Refusal:
    return Refusal(line, "GG107", message, remedy)
