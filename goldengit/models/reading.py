"""Reading: what the strict reader made of the bytes of one file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# A way into a parsed value: ("labels", 0, "verdict"). The empty way is the document itself.
Way = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Refusal:
    """Why the reader did not accept a file, or a part of it: a code, a line and the remedy."""

    line: int
    code: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """What the reader takes at most; the defaults are the widest values there are (DECISIONS 7).

    `file_bytes` and `scalar_bytes` count UTF-8 bytes, `nodes` every key, value, list and mapping,
    `depth` the lists and mappings inside each other, `digits` the digits of one number.
    """

    file_bytes: int = 1 << 20
    scalar_bytes: int = 512 << 10
    nodes: int = 50_000
    depth: int = 64
    digits: int = 32


@dataclass(frozen=True, slots=True)
class Reading:
    """The value of a file, the line of each of its nodes, and what was refused.

    `value` is None when nothing could be read; it is never a partial value that looks whole:
    whoever uses it looks at `refusals` first.
    """

    value: dict[str, Any] | None
    lines: Mapping[Way, int] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()

    @property
    def sound(self) -> bool:
        """Tell whether the file was read and nothing in it was refused."""
        return self.value is not None and not self.refusals

    def line(self, *way: str | int) -> int:
        """Return the line of a node, or of the nearest node above it that has one (else 0)."""
        for end in range(len(way), -1, -1):
            if way[:end] in self.lines:
                return self.lines[way[:end]]
        return 0
