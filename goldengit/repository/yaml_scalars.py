"""Plain scalars: what a text without quotes means, and whether every reader agrees.

A plain scalar is a value other than text only where YAML 1.1, the YAML 1.2 core schema and JSON
agree on it. It is refused where any common reader could take it for something else: PyYAML (1.1),
ruamel.yaml (1.2), js-yaml, the Go and Rust libraries, and Ruby's Psych, which also reads `1,000` as
a number and `:name` as a symbol.
"""

import re
from decimal import Decimal

from goldengit.models.reading import ReadLimits

LARGEST = (1 << 53) - 1  # beyond it neighbouring integers share one IEEE double
_SHOWN = 60

_CONSTANTS = {"null": None, "true": True, "false": False}
_WORDS = frozenset({*_CONSTANTS, "~", "y", "n", "yes", "no", "on", "off", "=", "<<"})
_LONGEST_WORD = max(map(len, _WORDS))
_STARTS_NUMBER = frozenset("+-.0123456789")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)", re.ASCII)
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+][0-9]+)?", re.ASCII)
_DATE = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
_ZONE = r"[ \t]*(?:Z|[-+][0-9]{1,2}(?::?[0-9]{2})?)"
_TIME = rf"(?:[Tt]|[ \t]+)[0-9]{{1,2}}(?::[0-9]{{1,2}}){{1,2}}(?:\.[0-9]*)?(?:{_ZONE})?"
_LOOKALIKE = re.compile(
    r"[-+]?(?:"
    r"[0-9][0-9_,]*(?:\.[0-9_,]*)?(?:[eE][-+]?[0-9_]+)?"  # 017, 1_000, 1,000, 1., 1e3
    r"|\.[0-9_,]+(?:[eE][-+]?[0-9_]+)?"  # .5
    r"|[0-9][0-9_,]*(?::[0-9]{1,2})+(?:\.[0-9_]*)?"  # 1:30, 1:30:00.5
    r"|0[xX][0-9a-fA-F_,]+|0[oO][0-9_,]+|0[bB][01_,]+"
    r"|\.(?:[iI][nN][fF]|[nN][aA][nN])"
    rf"|{_DATE}(?:{_TIME})?"
    r")",
    re.ASCII,
)


class RefusedScalarError(Exception):
    """A plain scalar that may not stand in a file; only the reader sees it."""

    def __init__(self, code: str, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.code = code
        self.problem = problem
        self.remedy = remedy


def plain_value(text: str, limits: ReadLimits) -> str | float | bool | None:
    """Return what a plain scalar means; an empty one is null.

    Raises RefusedScalarError with GG106 for what readers disagree about, GG113 for a number that
    RFC 8785 cannot carry exactly, GG109 for one with too many digits.
    """
    if text[:1] in _STARTS_NUMBER:
        return _number(text, limits)
    if len(text) > _LONGEST_WORD and text[0] != ":":
        return text
    if text in _CONSTANTS or not text:
        return _CONSTANTS.get(text)
    if text.lower() in _WORDS or (text[0] == ":" and len(text) > 1):
        raise _ambiguous(text)
    return text


def looks_special(text: str) -> bool:
    """Tell whether some reader could take this text, written plain, for something else."""
    return text.lower() in _WORDS or text[:1] == ":" or _LOOKALIKE.fullmatch(text) is not None


def _number(text: str, limits: ReadLimits) -> str | float:
    integer = _INTEGER.fullmatch(text) is not None
    if not integer and not _FLOAT.fullmatch(text):
        if _LOOKALIKE.fullmatch(text):
            raise _ambiguous(text)
        return text
    if sum(map(str.isdigit, text)) > limits.digits:
        problem = f"The number `{text[:_SHOWN]}` has more than {limits.digits} digits."
        raise RefusedScalarError("GG109", problem, "Write it as text between double quotes.")
    return _exact_integer(text) if integer else _exact_float(text)


def _exact_integer(text: str) -> int:
    number = int(text)
    if abs(number) > LARGEST:
        raise _inexact(f"The integer `{text}` is larger than 2^53 - 1.")
    if text == "-0":
        raise _inexact("Negative zero is no number of JSON's own.")
    return number


def _exact_float(text: str) -> float:
    """Return the double, if its shortest text names the same number as this text."""
    number = float(text)
    if text == repr(number) and text != "-0.0":
        return number
    if number == 0 and text[0] == "-":
        raise _inexact("Negative zero is no number of JSON's own.")
    if number in {float("inf"), float("-inf")} or Decimal(text) != Decimal(repr(number)):
        raise _inexact(f"The number `{text}` does not fit an IEEE double exactly.")
    return number


def _ambiguous(text: str) -> RefusedScalarError:
    return RefusedScalarError(
        "GG106",
        f"`{text[:_SHOWN]}` without quotes means different things to different YAML readers.",
        "Put it between double quotes if it is text; otherwise write null, true, false or a plain "
        "decimal number.",
    )


def _inexact(problem: str) -> RefusedScalarError:
    remedy = "Write it as text between double quotes, or as a number of at most 15 digits."
    return RefusedScalarError("GG113", problem, remedy)
