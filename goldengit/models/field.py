"""Field: a place in a row, by its dotted name, and the text that a person would read there.

Answers come as text, as a message, as a conversation or as any other JSON. Of a conversation the
text is the last one that the assistant wrote, or, in the `input`, the last one of the user.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, StringConstraints

from goldengit.models.leaves import leaves
from goldengit.models.row import EvalRow

_ROOTS = "|".join(EvalRow.model_fields)  # never the labels of a case
FieldName = Annotated[str, StringConstraints(max_length=200, pattern=rf"^({_ROOTS})(\.[^.]+)*$")]

_TOLD = frozenset({"system", "developer"})
_PLACE = re.compile("-?[0-9]{1,6}")
_TEXT_TYPES = frozenset({"text", "output_text", "input_text"})
_USER = frozenset({"user", "human"})
_ASSISTANT = frozenset({"assistant", "ai", "model"})


class RowField:
    """A place in a row, such as `actual_output.overall.grade` or `input.messages.0.content`.

    A number counts the items of a list from 0, from the end when it is negative.
    """

    __slots__ = ("_root", "_speakers", "_steps", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self._root, *steps = name.split(".")
        self._steps = tuple(steps)
        self._speakers = _USER if self._root == "input" else _ASSISTANT

    def value(self, row: EvalRow) -> Any:
        """Return what stands there; None where nothing does."""
        value = getattr(row, self._root)
        for step in self._steps:
            value = _below(value, step)
        return value

    def text(self, row: EvalRow) -> str | None:
        """Return the text that stands there; None where there is none."""
        value = self.value(row)
        return value if type(value) is str else text_of(value, self._speakers)

    def missing(self, row: EvalRow) -> str:
        """Return the sentence that says why there is no text."""
        value = self.value(row)
        if value is None:
            return f"The row has no `{self.name}`."
        return f"`{self.name}` is no text but {_sort(value)}."


def below(value: Any, name: str) -> Any:
    """Return what stands at a dotted name below a JSON value; None where nothing does."""
    for step in name.split("."):
        value = _below(value, step)
    return value


def text_of(value: Any, speakers: frozenset[str] = _ASSISTANT) -> str | None:
    """Return the text of a message or of its parts, or the last one of these speakers."""
    if isinstance(value, dict) and isinstance(value.get("messages"), list):
        value = value["messages"]
    if isinstance(value, list) and any(_is_block(part) for part in value):
        return _joined(value)
    if isinstance(value, list):
        return next(reversed([*_texts(value, speakers)]), None)
    return _said(value)


def user_texts(value: Any) -> list[str]:
    """Return what users wrote in an input, in order; an input that is a text is theirs."""
    if isinstance(value, dict) and isinstance(value.get("messages"), list):
        value = value["messages"]
    if isinstance(value, list):
        return [*_texts(value, _USER)]
    text = _said(value)
    return [] if text is None else [text]


def spoken_texts(value: Any) -> list[str]:
    """Return everything in an input but what the system was told: of users, assistants, tools."""
    if isinstance(value, dict) and isinstance(value.get("messages"), list):
        value = value["messages"]
    if isinstance(value, list):
        value = [item for item in value if not _is_told(item)]
    return [text for _, text in leaves(value)]


def _is_told(message: Any) -> bool:
    return isinstance(message, dict) and message.get("role") in _TOLD


def _texts(messages: list[Any], speakers: frozenset[str]) -> Iterator[str]:
    for message in messages:
        if isinstance(message, dict) and message.get("role") in speakers:
            text = _said(message)
            if text:
                yield text


def _said(value: Any) -> str | None:
    """Return the text of a text or of a message, whose content may stand in parts."""
    match value:
        case str():
            return value
        case {"role": str(), "content": str(content)}:
            return content
        case {"role": str(), "content": list(parts)}:
            return _joined(parts)
        case _:
            return None


def _joined(parts: list[Any]) -> str | None:
    """Return the texts among the parts of a content, a line each."""
    texts = [part["text"] for part in parts if _is_text(part)]
    return "\n".join(texts) if texts else None


def _is_block(part: Any) -> bool:
    """Tell whether a part says of itself that it is text; a list of other data does not."""
    return _is_text(part) and part.get("type") in _TEXT_TYPES


def _is_text(part: Any) -> bool:
    return isinstance(part, dict) and isinstance(part.get("text"), str)


def _below(value: Any, step: str) -> Any:
    match value:
        case dict():
            return value.get(step)
        case list() | tuple():
            place = int(step) if _PLACE.fullmatch(step) else len(value)
            return value[place] if -len(value) <= place < len(value) else None
        case BaseModel():
            return getattr(value, step) if step in type(value).model_fields else None
        case _:
            return None


def _sort(value: Any) -> str:
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case list() | tuple():
            return "a list without a text of its own"
        case _:
            return "an object without a text of its own"
