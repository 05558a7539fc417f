"""The kind `phrases`: words and phrases that a text must hold, and others that it must not."""

import re
import unicodedata
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from goldengit.evaluators.base import Evaluator, Options
from goldengit.models.base import Many, Text
from goldengit.models.exchange import one_line
from goldengit.models.field import FieldName, RowField
from goldengit.models.folding import folded
from goldengit.models.row import EvalRow
from goldengit.models.verdict import Verdict, failed, passed, unknown

_AROUND = 20  # characters before and after a phrase that was found
_NAMED = 5  # phrases
# Scripts that put no space between words, in which any place may be where a word ends: Thai, Lao,
# Tibetan, Burmese, Khmer, Hiragana, Katakana, Bopomofo, Han.
_UNSPACED = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u312f\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


class PhrasesOptions(Options):
    """Phrases, compared after NFKC, with straight quotes and dashes and single spaces.

    A whole word does not begin or end inside another one; in scripts without spaces between words
    a phrase is found wherever its characters stand.
    """

    field: Annotated[FieldName, Field(description="Where the text stands.")] = "actual_output"
    banned: Annotated[Many[Text], Field(description="None of these occurs.")] = ()
    required: Annotated[Many[Text], Field(description="These occur.")] = ()
    require: Annotated[
        Literal["all", "any"], Field(description="Whether one of the required ones is enough.")
    ] = "all"
    whole_words: Annotated[
        bool, Field(description="`art` is not found in `party`, nor `sub` in `sub_total`.")
    ] = True
    case_sensitive: Annotated[bool, Field(description="Capital and small letters differ.")] = False

    @model_validator(mode="after")
    def _looks_for_something(self) -> "PhrasesOptions":
        if not self.banned and not self.required:
            raise ValueError("banned or required names at least one phrase")
        return self


class Phrases(Evaluator):
    """Passes a text in which no banned phrase occurs and the required ones do.

    The score is the share of the demands that are met: each banned phrase is one, and so is each
    required one, or all of them together when any will do. A row without that text is unknown.
    """

    kind: ClassVar[str] = "phrases"
    options_model: ClassVar[type[Options]] = PhrasesOptions
    options: PhrasesOptions

    def prepare(self) -> None:
        """Fold the phrases; raise EvaluatorInvalidError for one of which nothing is left."""
        self._field = RowField(self.options.field)
        self._banned = [self._folded_phrase(phrase) for phrase in self.options.banned]
        self._required = [self._folded_phrase(phrase) for phrase in self.options.required]
        self._any = self.options.require == "any"
        groups = bool(self._required) if self._any else len(self._required)
        self._demands = len(self._banned) + groups
        self._met = passed(f"All {self._demands} demands on phrases are met.")

    def judge(self, row: EvalRow) -> Verdict:
        """Look for every phrase."""
        text = self._field.text(row)
        if text is None:
            return unknown(self._field.missing(row))
        text = folded(text, case=self.options.case_sensitive)
        unmet = [
            f"“{one_line(phrase, 60)}” is banned: “{_context(text, phrase, at)}”."
            for phrase in self._banned
            if (at := self._place(text, phrase)) >= 0
        ]
        missing = [phrase for phrase in self._required if self._place(text, phrase) < 0]
        if self._any:
            if len(missing) == len(self._required) > 0:
                unmet.append(f"None of {_listed(missing)} occurs.")
        else:
            unmet += [f"“{one_line(phrase, 60)}” is required." for phrase in missing]
        if not unmet:
            return self._met
        return failed(_cut(unmet), (self._demands - len(unmet)) / self._demands)

    def _folded_phrase(self, phrase: str) -> str:
        found = folded(phrase, case=self.options.case_sensitive)
        if not found:
            raise self.invalid(f"The phrase {phrase!r} holds no sign that can be seen.")
        return found

    def _place(self, text: str, phrase: str) -> int:
        """Return where a phrase occurs first, -1 when it does not."""
        at = text.find(phrase)
        while at >= 0 and self.options.whole_words and _cuts_word(text, at, at + len(phrase)):
            at = text.find(phrase, at + 1)
        return at


def _cuts_word(text: str, start: int, end: int) -> bool:
    """Tell whether a piece of a text begins or ends inside a word."""
    return _inside(text, start) or _inside(text, end)


def _inside(text: str, at: int) -> bool:
    return 0 < at < len(text) and _joins(text[at - 1]) and _joins(text[at])


def _joins(sign: str) -> bool:
    """Tell whether a sign belongs to a word that may go on; marks are part of their letter."""
    if sign.isascii():
        return sign.isalnum() or sign == "_"
    in_word = sign.isalnum() or unicodedata.category(sign)[0] == "M"
    return in_word and not _UNSPACED.match(sign)


def _context(text: str, phrase: str, at: int) -> str:
    return one_line(text[max(0, at - _AROUND) : at + len(phrase) + _AROUND], 100)


def _listed(phrases: list[str]) -> str:
    return one_line(", ".join(f"“{phrase}”" for phrase in phrases[:_NAMED]), 200)


def _cut(unmet: list[str]) -> str:
    more = len(unmet) - _NAMED
    return " ".join([*unmet[:_NAMED], f"And {more} more."] if more > 0 else unmet)
