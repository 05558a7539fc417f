"""The strict reader: bytes, then libyaml's events, then a value; every refusal with its line.

The events are judged as they arrive and before any object is built from them, so that nothing can
grow: no alias is followed, and reading stops at the first limit. It never raises on any bytes.
"""

from collections.abc import Callable
from typing import Any

import yaml
from yaml._yaml import CParser
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from goldengit.models.reading import Reading, ReadLimits, Refusal, Way
from goldengit.repository.yaml_bytes import byte_refusals
from goldengit.repository.yaml_complaint import complaint, not_valid
from goldengit.repository.yaml_layout import Lax, lax_block, lax_key, lax_value
from goldengit.repository.yaml_scalars import RefusedScalarError, plain_value

MOST_REFUSALS = 20
_WIDEST = ReadLimits()
_UTF8_MOST = 4  # bytes of one character
_SHOWN = 60
_Event = Any  # one of yaml.events; their published types leave the marks open
_Json = Any


def read(data: bytes, *, limits: ReadLimits = _WIDEST) -> Reading:
    """Return the value of a file, the line of each node, or every reason to refuse it.

    The value is None as soon as anything was refused: half a value could pass for a whole one.
    Refusals come in the order of the file, at most 20 of them; their codes are GG101 to GG113.
    """
    if len(data) > limits.file_bytes:
        problem = f"The file has {len(data):,} bytes, more than the limit of {limits.file_bytes:,}."
        remedy = "Cut its trace, or move binaries to attachments."
        return Reading(None, refusals=(Refusal(1, "GG109", problem, remedy),))
    refusals = byte_refusals(data)
    if refusals:
        return Reading(None, refusals=tuple(refusals))
    return _Composer(data, limits).reading()


class _StopError(Exception):
    """Reading cannot go on; the refusal that says why has been noted."""


class _Composer:
    """Builds the value of one document from its events.

    It recurses once per level, and the depth limit keeps that far below Python's own. `_indent` is
    the column of the block collection around the present node, -1 within a flow collection.
    """

    def __init__(self, data: bytes, limits: ReadLimits) -> None:
        self._data = data
        self._text = data.decode()
        self._next: Callable[[], _Event] = CParser(data).get_event
        self._limits = limits
        self._most_nodes = limits.nodes
        self._safe_length = limits.scalar_bytes // _UTF8_MOST
        self._indent = -1
        self._nodes = 0
        self._lines: dict[Way, int] = {}
        self._refusals: list[Refusal] = []

    def reading(self) -> Reading:
        """Return what the document says, or why it is refused."""
        value: dict[str, Any] | None = None
        try:
            value = self._document()
        except _StopError:
            pass
        except (yaml.YAMLError, UnicodeError) as error:
            self._refusals.append(complaint(error, self._data))
        if self._refusals:
            return Reading(None, self._lines, tuple(self._refusals))
        return Reading(value, self._lines)

    def _document(self) -> dict[str, Any]:
        self._next()  # the start of the stream
        start = self._next()
        if type(start) is StreamEndEvent:
            raise self._stop(start, "GG111", "The file holds nothing.", "Write `key: value` lines.")
        if isinstance(start, DocumentStartEvent) and (start.version or start.tags):
            self._refuse(start, "GG105", "The file has a `%` directive.", "Remove the line.")
        root = self._next()
        if type(root) is not MappingStartEvent:
            problem = "The top level of the file is not a mapping of keys to values."
            raise self._stop(root, "GG111", problem, "Write `key: value` lines.")
        self._lines[()] = _line(root)
        value = self._mapping(root, (), 1)
        self._next()  # the end of the document
        after = self._next()
        if type(after) is not StreamEndEvent:
            problem = "A second YAML document begins here."
            raise self._stop(after, "GG104", problem, "Keep one document in each file.")
        return value

    def _node(self, event: _Event, way: Way, depth: int) -> _Json:
        kind = type(event)
        if kind is ScalarEvent:
            return self._scalar(event)
        if kind is MappingStartEvent:
            return self._mapping(event, way, depth)
        if kind is SequenceStartEvent:
            return self._sequence(event, way, depth)
        problem = f"The alias `*{_short(event.anchor)}` is not permitted."
        return self._refuse(event, "GG102", problem, "Write the value out in its place.")

    def _mapping(self, start: _Event, way: Way, depth: int) -> dict[str, Any]:
        outer = self._enter(start, depth)
        mapping: dict[str, Any] = {}
        event = self._next()
        while type(event) is not MappingEndEvent:
            key = self._key(event, way, depth)
            if key in mapping:
                remedy = "Keep one of the two."
                self._refuse(event, "GG101", f"The key `{_short(key)}` stands here twice.", remedy)
            child = (*way, key)
            self._lines[child] = _line(event)
            if start.flow_style:
                self._layout(lax_key(self._text, event))
            mapping[key] = self._node(self._next(), child, depth + 1)
            event = self._next()
        self._leave(start, event, outer)
        return mapping

    def _sequence(self, start: _Event, way: Way, depth: int) -> list[Any]:
        outer = self._enter(start, depth)
        items: list[Any] = []
        event = self._next()
        while type(event) is not SequenceEndEvent:
            child = (*way, len(items))
            self._lines[child] = _line(event)
            items.append(self._node(event, child, depth + 1))
            event = self._next()
        self._leave(start, event, outer)
        return items

    def _enter(self, start: _Event, depth: int) -> int:
        """Begin a collection and return the indentation to go back to."""
        self._count(start)
        if depth > self._limits.depth:
            problem = f"Lists and mappings nest deeper than {self._limits.depth} levels."
            raise self._stop(start, "GG109", problem, "Flatten the value, or store it as text.")
        outer = self._indent
        self._indent = -1 if start.flow_style else start.start_mark.column
        return outer

    def _leave(self, start: _Event, end: _Event, outer: int) -> None:
        self._indent = outer
        if start.flow_style:
            self._layout(lax_value(self._text, start, end, outer))

    def _key(self, event: _Event, way: Way, depth: int) -> str:
        """Return the key; one that was refused gets a name that no other key here can have."""
        before = len(self._refusals)
        if type(event) is not ScalarEvent:
            if type(event) is not AliasEvent:
                problem = "A list or a mapping stands as a key, which JSON does not know."
                self._refuse(event, "GG113", problem, "Write the key as text.")
            self._node(event, way, depth + 1)
        elif event.value == "<<" and not event.style:
            problem = "The merge key `<<` is not permitted."
            self._refuse(event, "GG102", problem, "Write the keys out; quote it if it is text.")
        else:
            key = self._scalar(event)
            if isinstance(key, str):
                return key
            if len(self._refusals) == before:
                problem = f"The key `{_short(event.value)}` is not text."
                self._refuse(event, "GG106", problem, "Put the key between double quotes.")
        return f"\0{self._nodes}"

    def _scalar(self, event: _Event) -> _Json:
        self._count(event)
        text = event.value
        if len(text) > self._safe_length and len(text.encode()) > self._limits.scalar_bytes:
            problem = f"A text has more than {self._limits.scalar_bytes:,} bytes."
            raise self._stop(event, "GG109", problem, "Cut it, or move it to an attachment.")
        style = event.style
        if not style:
            return self._plain(event)
        if style in "|>":
            self._layout(lax_block(self._text, event))
        else:
            self._layout(lax_value(self._text, event, event, self._indent))
        return text

    def _plain(self, event: _Event) -> _Json:
        try:
            return plain_value(event.value, self._limits)
        except RefusedScalarError as error:
            return self._refuse(event, error.code, error.problem, error.remedy)

    def _count(self, event: _Event) -> None:
        """Count one node and refuse what may stand before any node: anchor and tag."""
        self._nodes += 1
        if self._nodes > self._most_nodes:
            problem = f"The file has more than {self._most_nodes:,} keys, values and lists."
            raise self._stop(event, "GG109", problem, "Cut its trace, or split the case.")
        if event.anchor is not None:
            problem = f"The anchor `&{_short(event.anchor)}` is not permitted."
            self._refuse(event, "GG102", problem, "Remove it and write the value where it is used.")
        if event.tag is not None:
            problem = f"The tag `{_short(event.tag)}` is not permitted."
            self._refuse(event, "GG103", problem, "Remove it; quote the value if it is text.")

    def _layout(self, lax: Lax | None) -> None:
        if lax is not None:
            line, problem = lax
            self._note(Refusal(line, "GG111", not_valid(problem), "Repair the layout of the line."))

    def _refuse(self, event: _Event, code: str, problem: str, remedy: str) -> None:
        self._note(Refusal(_line(event), code, problem, remedy))

    def _note(self, refusal: Refusal) -> None:
        self._refusals.append(refusal)
        if len(self._refusals) == MOST_REFUSALS:
            raise _StopError

    def _stop(self, event: _Event, code: str, problem: str, remedy: str) -> _StopError:
        self._refusals.append(Refusal(_line(event), code, problem, remedy))
        return _StopError()


def _line(event: _Event) -> int:
    line: int = event.start_mark.line
    return line + 1


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
