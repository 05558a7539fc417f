"""Leakage: text of a case in what a model is told besides the row that it judges.

An evaluator that was written with a case before its eyes agrees with people on this case for the
wrong reason (statistics 10.3).
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pydantic import JsonValue

from goldengit.models.row import EvalRow

_WHOLE = 20  # characters; a shorter text, such as "Yes.", stands in any prompt
_VERBATIM = 40  # characters in a row that are no coincidence
_GRAM = 5  # characters of the grams that two texts are compared by
_ALIKE = 0.8


@dataclass(frozen=True, slots=True)
class Leak:
    """A part of a case that a prompt holds. `certain` when it is there as a whole."""

    what: str
    certain: bool


class Prompt:
    """A prompt, prepared once to be searched for many cases in time linear in their texts."""

    def __init__(self, text: str) -> None:
        self.text = _plain(text)

    @cached_property
    def _windows(self) -> frozenset[str]:
        last = len(self.text) - _VERBATIM
        return frozenset(self.text[at : at + _VERBATIM] for at in range(last + 1))

    @cached_property
    def _grams(self) -> frozenset[str]:
        return _grams_of(self.text)

    def leaks(self, row: EvalRow) -> Iterator[Leak]:
        """Yield what of a row the prompt holds, at most one leak for each part of the row."""
        parts = {
            "input": row.input,
            "output": row.actual_output,
            "expected output": row.expected_output,
        }
        for what, value in parts.items() if self.text else ():
            texts = [_plain(text) for text in _texts(value)]
            if any(len(text) >= _WHOLE and text in self.text for text in texts):
                yield Leak(what, certain=True)
            elif any(self._resembles(text) for text in texts):
                yield Leak(what, certain=False)

    def _resembles(self, text: str) -> bool:
        last = len(text) - _VERBATIM
        if any(text[at : at + _VERBATIM] in self._windows for at in range(last + 1)):
            return True
        grams = _grams_of(text) if len(text) >= _WHOLE else frozenset()
        either = len(grams | self._grams)
        return bool(grams) and len(grams & self._grams) >= _ALIKE * either


def _grams_of(text: str) -> frozenset[str]:
    return frozenset(text[at : at + _GRAM] for at in range(len(text) - _GRAM + 1))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def _texts(value: JsonValue) -> Iterator[str]:
    """Yield the texts of a value; what the system itself was told belongs to no single case."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict) and value.get("role") not in {"system", "developer"}:
        for item in value.values():
            yield from _texts(item)
