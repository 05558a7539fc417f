"""The reader of YAML that is not ours to style: workflows, actions, the hooks' configuration.

Unlike `yaml_reader` it accepts what their own readers accept: any layout, comments, anchors. It
keeps the same limits, an alias counted as all that it stands for, so that nothing can grow, and it
refuses what two readers may take for two things. It never raises on any bytes.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import yaml
from yaml._yaml import CParser
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from goldengit.models.reading import Reading, ReadLimits, Refusal, Way
from goldengit.repository.yaml_complaint import complaint

# GitHub reads YAML 1.2, in which `on` is text; pre-commit reads YAML 1.1, in which it is true.
GITHUB: Mapping[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
PRE_COMMIT: Mapping[str, bool | None] = {
    **GITHUB,
    **dict.fromkeys(("yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("no", "No", "NO", "off", "Off", "OFF"), False),
}
# YAML 1.1 ends a line, and so a comment, at these; YAML 1.2 does not.
_BREAKS = re.compile("[\x85\u2028\u2029]")


def read_foreign(
    data: bytes, limits: ReadLimits, words: Mapping[str, bool | None], *, merges: bool = False
) -> Reading:
    """Return what a file says, with the line of each node, or why it cannot be read.

    Scalars are text, but for those of `words` without quotes. `merges` permits the merge key `<<`.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _refused("GG107", "The file is not UTF-8.", "Save it as UTF-8.")
    if found := _BREAKS.search(text):
        problem = "The file holds a line separator that not every reader takes for one."
        line = text.count("\n", 0, found.start()) + 1
        return _refused("GG107", problem, "Remove it, or write it as an escape.", line)
    reader = _Reader(data, limits, words, merges=merges)
    try:
        value = reader.document()
    except _RefusedError as error:
        return Reading(None, refusals=(error.refusal,))
    except (yaml.YAMLError, UnicodeError) as error:
        return Reading(None, refusals=(complaint(error, data),))
    return Reading(value, reader.lines)


class _RefusedError(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


class _Anchored(NamedTuple):
    """What an anchor stands for, how many nodes it has and how deep they nest."""

    value: Any
    nodes: int
    height: int


class _Reader:
    """Builds the value of one document from its events."""

    def __init__(
        self,
        data: bytes,
        limits: ReadLimits,
        words: Mapping[str, bool | None],
        *,
        merges: bool,
    ) -> None:
        self._next: Callable[[], Any] = CParser(data).get_event
        self._limits = limits
        self._words = words
        self._merges = merges
        self._nodes = 0
        self._anchors: dict[str, _Anchored] = {}
        self.lines: dict[Way, int] = {}

    def document(self) -> dict[str, Any]:
        """Return the one mapping of the file."""
        self._next()  # the start of the stream
        start = self._next()
        if type(start) is StreamEndEvent:
            raise _refusal(start, "GG111", "The file holds nothing.", "Write `key: value` lines.")
        root = self._next()
        if type(root) is not MappingStartEvent:
            problem = "The top level of the file is not a mapping of keys to values."
            raise _refusal(root, "GG111", problem, "Write `key: value` lines.")
        self.lines[()] = _line(root)
        value, _ = self._node(root, (), 1)
        end = self._next()
        after = self._next()
        if type(end) is not DocumentEndEvent or type(after) is not StreamEndEvent:
            problem = "A second YAML document begins here."
            raise _refusal(after, "GG104", problem, "Keep one document in each file.")
        mapping: dict[str, Any] = value
        return mapping

    def _node(self, event: Any, way: Way, depth: int) -> tuple[Any, int]:
        """Return the value of a node, and how many levels nest in it."""
        if type(event) is AliasEvent:
            return self._alias(event, depth)
        if event.tag is not None:
            raise _refusal(event, "GG103", "The file uses an explicit YAML tag.", "Remove it.")
        before = self._nodes
        self._count(event, 1, depth)
        value: Any
        if type(event) is ScalarEvent:
            value, height = self._scalar(event), 0
        elif type(event) is MappingStartEvent:
            value, height = self._mapping(way, depth)
        else:
            value, height = self._sequence(way, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(value, self._nodes - before, height)
        return value, height

    def _alias(self, event: Any, depth: int) -> tuple[Any, int]:
        # An alias inside its own anchor finds none yet, so no value contains itself.
        known = self._anchors.get(event.anchor)
        if known is None:
            problem = "An alias stands for an anchor that is not above it."
            raise _refusal(event, "GG102", problem, "Write the value out in its place.")
        self._count(event, known.nodes, depth + known.height)
        return known.value, known.height

    def _mapping(self, way: Way, depth: int) -> tuple[dict[str, Any], int]:
        mapping: dict[str, Any] = {}
        inherited: list[Any] = []
        height = 0
        while type(event := self._next()) is not MappingEndEvent:
            if type(event) is not ScalarEvent:
                raise _refusal(event, "GG113", "A key is not text.", "Write the key as text.")
            key = event.value
            child = (*way, key)
            self._count(event, 1, depth)
            value, inner = self._node(self._next(), child, depth + 1)
            height = max(height, inner + 1)
            if key == "<<" and not event.style:
                inherited.append(self._merge(event, value))
                continue
            if key in mapping:
                raise _refusal(event, "GG101", "A key stands here twice.", "Keep one of the two.")
            self.lines[child] = _line(event)
            mapping[key] = value
        for part in inherited:
            mapping = {**part, **mapping}
        return mapping, height

    def _merge(self, event: Any, value: Any) -> dict[str, Any]:
        parts = value if isinstance(value, list) else [value]
        if not self._merges or not all(isinstance(part, dict) for part in parts):
            problem = "The merge key `<<` is not permitted here."
            raise _refusal(event, "GG102", problem, "Write the keys out.")
        return {key: part[key] for part in reversed(parts) for key in part}

    def _sequence(self, way: Way, depth: int) -> tuple[list[Any], int]:
        items: list[Any] = []
        height = 0
        while type(event := self._next()) is not SequenceEndEvent:
            child = (*way, len(items))
            self.lines[child] = _line(event)
            value, inner = self._node(event, child, depth + 1)
            height = max(height, inner + 1)
            items.append(value)
        return items, height

    def _scalar(self, event: Any) -> str | bool | None:
        text: str = event.value
        return text if event.style else self._words.get(text, text)

    def _count(self, event: Any, nodes: int, depth: int) -> None:
        self._nodes += nodes
        if self._nodes > self._limits.nodes or depth > self._limits.depth:
            problem = (
                f"The file has more than {self._limits.nodes:,} keys, values and lists, aliases "
                f"written out, or nests deeper than {self._limits.depth} levels."
            )
            raise _refusal(event, "GG109", problem, "Make it smaller.")


def _line(event: Any) -> int:
    line: int = event.start_mark.line
    return line + 1


def _refusal(event: Any, code: str, problem: str, remedy: str) -> _RefusedError:
    return _RefusedError(Refusal(_line(event), code, problem, remedy))


def _refused(code: str, problem: str, remedy: str, line: int = 1) -> Reading:
    return Reading(None, refusals=(Refusal(line, code, problem, remedy),))
