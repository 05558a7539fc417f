"""The kind `length`: an answer is as long as it should be, counted in words or otherwise."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from goldengit.evaluators.base import Evaluator, Options
from goldengit.models.base import Count
from goldengit.models.field import FieldName, RowField
from goldengit.models.pattern import Pattern, compiled, utf8
from goldengit.models.row import EvalRow
from goldengit.models.verdict import Verdict, failed, passed, unknown

_ROUNDING = 1e-9
_LARGEST = 2**53
# Scripts that put no space between words, of which a word is about one character: Han (with the
# iteration marks), Hiragana and Katakana.
_CHARACTER_WORDS = re.compile(
    "[\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_STOP = "\u3002"  # the ideographic full stop ends a sentence whatever follows
_WIDE_ENDS = re.compile("[\u3002\uff01\uff1f\uff61]+")
_ENDS = (".", "!", "?", "\u2026")
_CLOSERS = "\"'\u201d\u2019\u00bb)]*_"


class LengthOptions(Options):
    """A least and a greatest length; a greatest one may come from the row.

    A word is what stands between white space and holds a letter or a digit, so that dashes and the
    bars of a table are none; of Chinese and Japanese every character is a word. A sentence ends
    with `.`, `!`, `?` or `…` before white space that no small letter follows, or with one of the
    wide signs of Chinese and Japanese; words left at the end are one too. Characters are Unicode
    code points. Lines of nothing but white space do not count.
    """

    field: Annotated[FieldName, Field(description="Where the text stands.")] = "actual_output"
    unit: Annotated[
        Literal["words", "characters", "sentences", "lines"], Field(description="What is counted.")
    ] = "words"
    min: Annotated[Count | None, Field(description="The least length.")] = None
    max: Annotated[Count | None, Field(description="The greatest length.")] = None
    max_from: Annotated[
        FieldName | None,
        Field(description="Where the row says its greatest length, `metadata.extra.word_budget`."),
    ] = None
    tolerance: Annotated[
        float,
        Field(ge=0, le=1, description="The share by which a text may be shorter or longer: 0.05."),
    ] = 0.0
    leave_out: Annotated[
        Pattern | None,
        Field(description="What this RE2 pattern finds is not counted: `(?m)^#.*$` for headings."),
    ] = None

    @model_validator(mode="after")
    def _limits_something(self) -> "LengthOptions":
        if self.min is None and self.max is None and self.max_from is None:
            raise ValueError("one of min, max and max_from limits the length")
        if self.max is not None and self.max_from is not None:
            raise ValueError("max and max_from exclude each other")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min is above max")
        return self


class Length(Evaluator):
    """Passes a text whose length is within the limits, give or take the tolerance.

    The score is 1 within the limits; outside it falls with the distance, to the shorter of length
    and limit divided by the longer. A row without that text, or without the limit, is unknown.
    """

    kind: ClassVar[str] = "length"
    options_model: ClassVar[type[Options]] = LengthOptions
    options: LengthOptions

    def prepare(self) -> None:
        """Choose how to count."""
        self._field = RowField(self.options.field)
        self._budget = RowField(self.options.max_from) if self.options.max_from else None
        self._count = _COUNTS[self.options.unit]
        self._left_out = compiled(self.options.leave_out) if self.options.leave_out else None

    def judge(self, row: EvalRow) -> Verdict:
        """Count, and compare."""
        text = self._field.text(row)
        if text is None:
            return unknown(self._field.missing(row))
        most: float | None = self.options.max
        if self._budget is not None:
            most = _number(self._budget.value(row))
            if most is None:
                return unknown(f"The row says no length at `{self._budget.name}`.")
        if self._left_out is not None:
            text = self._left_out.sub(b" ", utf8(text)).decode("utf-8", "replace")
        return self._compared(self._count(text), self.options.min or 0, most)

    def _compared(self, length: int, least: int, most: float | None) -> Verdict:
        said = f"{length} {self.options.unit}"
        slack = self.options.tolerance
        if most is not None and length > most:
            inside = length <= most * (1 + slack) + _ROUNDING
            return _verdict(
                f"{said}, at most {_shown(most)} are wanted.", most / length, inside=inside
            )
        if length < least:
            inside = length >= least * (1 - slack) - _ROUNDING
            return _verdict(f"{said}, at least {least} are wanted.", length / least, inside=inside)
        return passed(f"{said}{_limits(least, most)}.")


def _limits(least: int, most: float | None) -> str:
    wanted = [f"at least {least}"] if least else []
    if most is not None:
        wanted.append(f"at most {_shown(most)}")
    return f", {' and '.join(wanted)} are wanted" if wanted else ""


def _verdict(said: str, score: float, *, inside: bool) -> Verdict:
    return passed(f"{said} That is within the tolerance.", score) if inside else failed(said, score)


def _shown(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)


def _number(value: object) -> float | None:
    """Return the length that a row sets, None when it sets none: a number from 0."""
    match value:
        case bool():
            return None
        case int() | float() if 0 <= value <= _LARGEST:
            return value
        case _:
            return None


def _words(text: str) -> int:
    characters = 0
    if not text.isascii():
        text, characters = _CHARACTER_WORDS.subn(" ", text)
    tokens = text.split()
    return characters + len(tokens) - sum(not _is_word(t) for t in tokens if not t.isalnum())


def _is_word(token: str) -> bool:
    return token[0].isalnum() or any(map(str.isalnum, token))


def _sentences(text: str) -> int:
    tokens = text.split() if text.isascii() else _WIDE_ENDS.sub(f"{_STOP} ", text).split()
    ends = 0
    begun = False
    for token, following in pairwise([*tokens, ""]):
        begun = begun or _is_word(token)
        if begun and _ends_sentence(token.rstrip(_CLOSERS), following.lstrip(_CLOSERS)):
            ends, begun = ends + 1, False
    return ends + begun


def _ends_sentence(token: str, following: str) -> bool:
    return token.endswith(_STOP) or (token.endswith(_ENDS) and not following[:1].islower())


def _lines(text: str) -> int:
    return sum(bool(line.strip()) for line in text.splitlines())


_COUNTS: dict[str, Callable[[str], int]] = {
    "words": _words,
    "characters": len,
    "sentences": _sentences,
    "lines": _lines,
}
