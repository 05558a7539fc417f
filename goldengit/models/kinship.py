"""Kinship: by what a case is recognised as the same matter as another one (statistics 10.3)."""

from collections.abc import Mapping

from goldengit.models.facts import Closure
from goldengit.models.gist import Gist
from goldengit.models.lifecycle import chain

Mark = tuple[str, str]  # what two cases share, and its value
INPUT = "input"


def marks(closures: Mapping[str, Closure], case: str, gist: Gist | None) -> list[Mark]:
    """Return the marks of a case; only the first is known of one that cannot be read.

    Whoever was shown a case knows its successor, the other turns of its conversation, and every
    case that asks the same.
    """
    line = ("line of supersessions", [case, *chain(closures, case)][-1])
    if gist is None or not gist.readable:
        return [line]
    return [line, ("group", gist.group), (INPUT, gist.input)]
