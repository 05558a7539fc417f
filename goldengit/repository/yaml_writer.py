"""The writer: house style, the one form that this program gives a value (DECISIONS 5 and 6).

Block style; a text of several lines as a literal block where that is exact; double quotes around
everything that some reader could take for something else; no folded lines. The last scalar of a
file is never a block, so that text can always be appended. What stands here decides the bytes of
files that are frozen for ever: the tables are explicit, and nothing depends on a library's mood.
"""

import re
from collections.abc import Mapping
from json.encoder import encode_basestring
from math import copysign, isfinite
from typing import Any

from goldengit.errors import RefusedEditError
from goldengit.models.digest import canonical
from goldengit.repository.yaml_bytes import CONTROL, HIDDEN, escaped
from goldengit.repository.yaml_reader import read
from goldengit.repository.yaml_scalars import LARGEST, looks_special

# The order of a case's keys. A key that is unknown here comes after the head; the tail holds what
# is outside the digest and so what may be appended.
HEAD = (
    "schema",
    "id",
    "dataset",
    "digest",
    "input",
    "expected_output",
    "actual_output",
    "grader_hints",
    "metadata",
    "user_feedback",
    "confidence",
    "trace",
    "labels",
    "provenance",
    "severity",
    "valid_until",
    "group",
    "variant_of",
    "attachments",
    "objections",
)
TAIL = ("signoffs", "superseded_by", "withdrawn", "erased")
_Json = Any
_ROWS = ("goldengit/case/v", "goldengit/tombstone/v")

# A letter or a sign beyond Latin-1's controls, then anything but what means something in YAML
# (`: `, ` #`), brackets, the backslash, and blanks that are not plain spaces.
_BLANKS = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_MARKS = rf"\n:#\\\[\]{{}}`\x7f{_BLANKS}"
_PLAIN = re.compile(rf"(?![{_BLANKS}])[A-Za-z\u00a1-\U0010ffff](?:[^{_MARKS}]*[^ {_MARKS}])?")
_HEX = re.compile(r"(?=[^0-9]*[0-9])[0-9A-Fa-f-]+", re.ASCII)
_BLANK_LINE = re.compile(r"^ +$", re.MULTILINE)
_LONGEST_KEY = 1000  # written out; YAML readers look at most 1,024 characters ahead for the colon


def write(value: Mapping[str, Any], *, first_line: str) -> bytes:
    """Return the bytes of a file: `first_line` (a comment), then the value in house style.

    The strict reader reads exactly this value back. Raises ValueError for what it would refuse:
    NaN, infinities, negative zero, integers beyond 2^53 - 1, lone surrogates.
    """
    ordered = _ordered(value)
    lines = [first_line]
    if ordered:
        _block(lines, ordered, "", last=True)
    else:
        lines.append("{}")
    return _encoded(lines)


def append(data: bytes, key: str, block: Mapping[str, Any]) -> bytes:
    """Return the old bytes followed by `block` under a new top-level key, in house style.

    Raises RefusedEditError when the result would not be the old value and the new key alone: the
    file was refused before, has the key already, or ends in a form that nothing can follow.
    """
    lines: list[str] = []
    _block(lines, {key: block}, "", last=True)
    result = data + _encoded(lines)
    before, after = read(data).value, read(result).value
    if before is None or key in before or after is None:
        fits = False
    else:
        fits = canonical(after) == canonical({**before, key: block})
    if not fits:
        problem = f"`{key}` cannot be appended without changing what the file says."
        raise RefusedEditError(
            problem, remedy="Run `goldengit check` on the file and repair it first."
        )
    return result


def _encoded(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def _ordered(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a row with its keys in the schema's order; anything else as it is."""
    if not str(value.get("schema")).startswith(_ROWS):
        return value
    unknown = [key for key in value if key not in HEAD and key not in TAIL]
    return {key: value[key] for key in (*HEAD, *unknown, *TAIL) if key in value}


def _block(lines: list[str], value: _Json, opening: str, *, last: bool) -> None:
    """Write a list or mapping that is not empty.

    `opening` stands before its first entry, and spaces of the same width before the others; so
    the first entry of an item stands on the line of its dash. `last` tells that nothing follows.
    """
    pad = " " * len(opening)
    lead, end = opening, len(value) - 1
    if isinstance(value, Mapping):
        for at, (key, child) in enumerate(value.items()):
            _entry(lines, _key(key, lead, pad), child, pad, last=last and at == end)
            lead = pad
    else:
        for at, child in enumerate(value):
            final = last and at == end
            if _is_block(child):
                _block(lines, child, f"{lead}- ", last=final)
            else:
                lines.append(f"{lead}- {_scalar(child, pad, last=final)}")
            lead = pad


def _entry(lines: list[str], head: str, value: _Json, pad: str, *, last: bool) -> None:
    if _is_block(value):
        lines.append(head)
        _block(lines, value, f"{pad}  ", last=last)
    else:
        lines.append(f"{head} {_scalar(value, pad, last=last)}")


def _is_block(value: _Json) -> bool:
    return isinstance(value, Mapping | list | tuple) and len(value) > 0


def _key(key: str, lead: str, pad: str) -> str:
    text = key if _is_plain(key) else _quoted(key)
    return f"{lead}{text}:" if len(text) <= _LONGEST_KEY else f"{lead}? {text}\n{pad}:"


def _scalar(value: _Json, pad: str, *, last: bool) -> str:
    match value:
        case str():
            return _text(value, pad, last=last)
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() if abs(value) <= LARGEST:
            return str(value)
        case float() if isfinite(value) and (value or copysign(1, value) > 0):
            return _float(value)
        case Mapping():
            return "{}"
        case list() | tuple():
            return "[]"
        case _:
            raise ValueError(f"{value!r} cannot be written exactly")


def _float(value: float) -> str:
    """Return the shortest text of a double in the form that YAML 1.1, 1.2 and JSON share."""
    mantissa, exponent, power = repr(value).partition("e")
    return f"{mantissa}{'' if '.' in mantissa else '.0'}{exponent}{power}"


def _text(text: str, pad: str, *, last: bool) -> str:
    if _is_plain(text):
        return text
    if "\n" in text and not last and _fits_literal(text):
        return _literal(text, f"{pad}  ")
    return _quoted(text)


def _is_plain(text: str) -> bool:
    return (
        _PLAIN.fullmatch(text) is not None
        and not looks_special(text)
        and not _HEX.fullmatch(text)
        and not _needs_escape(text)
    )


def _needs_escape(text: str) -> bool:
    return CONTROL.search(text) is not None or HIDDEN.search(text) is not None


def _fits_literal(text: str) -> bool:
    """Tell whether a literal block holds the text exactly, for every reader and for the eye."""
    return text[0] not in " \n" and not _needs_escape(text) and not _BLANK_LINE.search(text)


def _literal(text: str, pad: str) -> str:
    body = text.rstrip("\n")
    ends = len(text) - len(body)
    header = "|" + ("-" if ends == 0 else "" if ends == 1 else "+")
    lines = [f"{pad}{line}" if line else "" for line in body.split("\n")]
    return "\n".join([header, *lines, *[""] * (ends - 1)])


def _quoted(text: str) -> str:
    quoted = encode_basestring(text)
    return HIDDEN.sub(_escape, CONTROL.sub(_escape, quoted))


def _escape(match: re.Match[str]) -> str:
    return escaped(match.group())
