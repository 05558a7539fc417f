"""Sketches: short keys by which equal traces, equal pairs and similar inputs find each other.

A key only proposes a pair; whoever uses it compares the cases themselves.
"""

import hashlib
import json
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Any

from goldengit.models.digest import canonical

SHINGLE = 5  # characters
PERMUTATIONS = 32
BANDS = 8  # of 4 rows each
# Bands that two texts share to be compared: with probability 0.90 at Jaccard 0.8, 0.002 at 0.3.
SHARED = 2
SIMILAR = 0.8
_TOLD = ("system", "developer")
_SEED = 20260101
_KEY_BITS = 44
_POSITION_BITS = 20
_LONGEST = 20_000  # characters of a text that are compared


def key_of(value: Any) -> int:
    """Return a 44-bit key of a JSON value; equal values have equal keys."""
    return _key(canonical(value))


def normal_text(value: Any) -> str:
    """Return the words of a JSON value: lower case, digits as `#`, no punctuation.

    Of a conversation, what the system was told is left out: every case of a release shares it.
    """
    said = _without_system_messages(value)
    text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
    return " ".join(re.sub(r"[^\w#]+", " ", re.sub(r"\d", "#", text.lower())).split())[:_LONGEST]


def _without_system_messages(value: Any) -> Any:
    match value:
        case {"messages": list(messages)}:
            asked = [message for message in messages if _role(message) not in _TOLD]
            return {**value, "messages": asked}
        case _:
            return value


def _role(message: Any) -> Any:
    return message.get("role") if isinstance(message, dict) else None


def shingles(text: str) -> set[str]:
    """Return all pieces of five characters of a text."""
    return {text[start : start + SHINGLE] for start in range(max(1, len(text) - SHINGLE + 1))}


def similarity(left: Any, right: Any) -> float:
    """Return the Jaccard similarity (0 to 1) of the shingles of two JSON values."""
    one, two = shingles(normal_text(left)), shingles(normal_text(right))
    return len(one & two) / len(one | two)


def bands(value: Any) -> tuple[int, ...]:
    """Return the 44-bit keys of the bands of a JSON value's MinHash signature.

    Banding as in Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", section 3.4.
    """
    import rensa

    sketch = rensa.RMinHash(num_perm=PERMUTATIONS, seed=_SEED)
    sketch.update(list(shingles(normal_text(value))))
    rows = sketch.digest()
    width = PERMUTATIONS // BANDS
    return tuple(
        _key(f"{band} {rows[band * width : (band + 1) * width]}".encode()) for band in range(BANDS)
    )


def _key(data: bytes) -> int:
    return int.from_bytes(hashlib.sha256(data).digest()[:8], "big") >> (64 - _KEY_BITS)


class KeyTable:
    """A sorted table of (key, position), packed into bytes: one lookup is one bisection.

    A position is a place in the list that the table belongs to, below 2^20.
    """

    def __init__(self, packed: bytes = b"") -> None:
        self._cells = array("Q")
        self._cells.frombytes(packed)

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int]]) -> "KeyTable":
        """Return the table of these (key, position) pairs."""
        table = cls()
        table._cells = array("Q", sorted(key << _POSITION_BITS | at for key, at in pairs))
        return table

    def packed(self) -> bytes:
        """Return the table as bytes, for the constructor."""
        return self._cells.tobytes()

    def positions(self, key: int) -> Iterator[int]:
        """Yield the positions that carry a key."""
        at = bisect_left(self._cells, key << _POSITION_BITS)
        while at < len(self._cells) and self._cells[at] >> _POSITION_BITS == key:
            yield self._cells[at] & ((1 << _POSITION_BITS) - 1)
            at += 1

    def keys(self) -> Iterator[int]:
        """Yield every key, in order and as often as it occurs."""
        return (cell >> _POSITION_BITS for cell in self._cells)
