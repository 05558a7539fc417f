"""Protocol: which labels an evaluator may be made from, and which it is measured on.

Statistics 10.1: below 30 labels all of them are held out and looked at once (blind), below 60
there is no part to take examples from, and from 60 on there are three parts.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from goldengit.models.calibration import Look, Measured, Protocol
from goldengit.models.policy import HeldOut
from goldengit.models.split import Part, assign, position


def protocol_for(labels: int, rule: HeldOut, wish: Literal["split", "blind"]) -> Protocol:
    """Return the protocol for this many settled labels. Staying blind is always allowed."""
    if wish == "blind" or labels < rule.blind_below:
        return "blind"
    return "two-way" if labels < rule.two_way_below else "three-way"


def fractions(protocol: Protocol, rule: HeldOut) -> Mapping[Part, float]:
    """Return the share of each part; the rest is held out."""
    match protocol:
        case "blind":
            return {}
        case "two-way":
            return {"dev": rule.two_way_dev}
        case "three-way":
            return {"train": rule.train, "dev": rule.dev}


def part_of(salt: str, group: str, protocol: Protocol, rule: HeldOut) -> Part:
    """Return the part that a group of cases belongs to, by hash alone."""
    return assign(position(salt, group), fractions(protocol, rule))


def looks_in_force(looks: Iterable[Look], heldout: Measured) -> int:
    """Return how many looks wear out the labels that are held out today.

    A look counts as long as it saw at least half of them: labels that nobody looked at make a
    held-out set fresh again.
    """
    now = heldout.decided + heldout.undecided
    return sum(2 * look.labels >= now for look in looks)


def looks_allowed(protocol: Protocol, most: int) -> int:
    """Return how often the held-out labels may be looked at: once in blind mode."""
    return 1 if protocol == "blind" else most
