"""Numbers in a text, and whether one number may stand for another."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from math import isinf
from typing import NamedTuple

from goldengit.models.folding import folded

_ROUNDING = 1e-9
_KEPT_DIGITS = 2  # of a round number: 100 may stand for 95 to 105, 20 for 20 only
_NUMBER = re.compile(
    # Not inside a word, an id or another number: neither 19 in covid-19 nor 2 in x2 is one.
    r"(?<![\w.])(?<![^\W\d]-)"
    r"(?:(?P<grouped>[0-9]{1,3}(?:,[0-9]{3})+(?![0-9]))|(?P<whole>[0-9]+))"
    r"(?P<rest>\.[0-9]+|,[0-9]{1,2}(?![0-9]))?"
    r"(?P<power>e[-+]?[0-9]{1,3}(?![\w]))?"
    r"(?P<unit> ?(?:%|percent\b|per cent\b|thousand\b|million\b|billion\b))?"
)
_ENUMERATION = re.compile(r"^[ \t]{0,8}[0-9]{1,3}[.)](?=[ \t])", re.MULTILINE)
_UNITS = {
    "%": 0.01,
    "percent": 0.01,
    "per cent": 0.01,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
}


class Number(NamedTuple):
    """A number as it was written: its size without sign, and how far rounding may have moved it.

    `scale` is what its unit makes of it: 0.01 for a percentage, 1e6 for millions.
    """

    text: str
    size: float
    moved: float
    scale: float = 1.0


def numbers(text: str) -> Iterator[Number]:
    """Yield the numbers of a text in digits, without those that only count the items of a list.

    1,200 is 1200 is 1.2e3, and 3,5 is 3.5. Signs do not count: a hyphen may be a dash.
    """
    for found in _NUMBER.finditer(folded(_ENUMERATION.sub("", text))):
        whole = (found["grouped"] or found["whole"]).replace(",", "")
        rest = (found["rest"] or "").replace(",", ".")
        power = found["power"] or ""
        unit = (found["unit"] or "").strip()
        size = float(f"{whole}{rest}{power}")
        if isinf(size):
            continue
        moved = _last_digit(whole, rest) * float(f"1{power}") / 2
        yield Number(found[0].strip(), size, moved, _UNITS.get(unit, 1.0))


def _last_digit(whole: str, rest: str) -> float:
    """Return the size of one in the last digit that says something."""
    if rest:
        return 10.0 ** -(len(rest) - 1)
    zeros = len(whole) - len(whole.rstrip("0"))
    return 10.0 ** max(0, min(zeros, len(whole) - _KEPT_DIGITS))


class Sizes:
    """The numbers of the sources, ready to be compared with."""

    def __init__(self, found: Iterable[Number]) -> None:
        self._sizes = sorted(
            {size for each in found for size in (each.size, each.size * each.scale)}
        )

    def hold(self, claim: Number, *, rounding: bool) -> bool:
        """Tell whether a claim is one of the numbers, or what rounding makes of one."""
        return any(
            self._near(claim.size * scale, claim.moved * scale if rounding else 0.0)
            for scale in {1.0, claim.scale}
        )

    def _near(self, size: float, moved: float) -> bool:
        slack = moved + _ROUNDING * size
        place = bisect_left(self._sizes, size - slack)
        return place < len(self._sizes) and self._sizes[place] <= size + slack
