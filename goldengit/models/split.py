"""The split of cases by hash: anybody can derive it, and a new case never moves an old one."""

import hashlib
from collections.abc import Mapping
from typing import Literal

Part = Literal["train", "dev", "heldout"]
_BEFORE_HELD_OUT: tuple[Part, ...] = ("train", "dev")
_BYTES = 7
_POSITIONS = 1 << 8 * _BYTES


def position(salt: str, identity: str) -> float:
    """Return where an identity stands between 0 and 1, as evenly spread as SHA-256.

    `salt` is the evaluator's id, so that a few-shot case of one may be held out from another.
    `identity` is the id of the group (conversation, user, template) where a case has one, or else
    of the case: duplicates on both sides of a split would leak.
    """
    digest = hashlib.sha256(f"{salt}\0{identity}".encode()).digest()
    return int.from_bytes(digest[:_BYTES], "big") / _POSITIONS


def assign(at: float, fractions: Mapping[Part, float]) -> Part:
    """Return the part in which a position falls: train first, then dev; the rest is held out.

    A part without a fraction is empty, so `{}` holds everything out (blind mode).
    """
    end = 0.0
    for part in _BEFORE_HELD_OUT:
        end += fractions.get(part, 0.0)
        if at < end:
            return part
    return "heldout"


def is_drawn(salt: str, identity: str, probability: float) -> bool:
    """Tell whether an identity belongs to the random sample of this inclusion probability.

    A larger probability keeps everything that a smaller one drew.
    """
    # The division in `position` may round its last few values to 1.
    return probability >= 1 or position(salt, identity) < probability
