"""Many tests at once: what may still be called a finding, in the order of the input."""

from collections.abc import Sequence

from goldengit.models.agreement import above, below


def holm(p_values: Sequence[float], alpha: float) -> tuple[bool, ...]:
    """Return which hypotheses are rejected, with at most `alpha` for any false one among them.

    The i-th smallest of m (from 0) must lie strictly below alpha / (m - i); the first that does not
    ends the list. Holm 1979, Scand. J. Stat. 6(2).
    """
    order = _ascending(p_values)
    rejected: set[int] = set()
    for place, index in enumerate(order):
        if not below(p_values[index], alpha / (len(order) - place)):
            break
        rejected.add(index)
    return _marks(rejected, len(order))


def benjamini_hochberg(p_values: Sequence[float], q: float) -> tuple[bool, ...]:
    """Return which hypotheses are rejected, with at most the share `q` of false ones expected.

    All up to the last i-th smallest of m (from 1) that is at most q * i / m. Benjamini & Hochberg
    1995, J. R. Stat. Soc. B 57(1).
    """
    order = _ascending(p_values)
    last = 0
    for place, index in enumerate(order, start=1):
        if not above(p_values[index], q * place / len(order)):
            last = place
    return _marks(set(order[:last]), len(order))


def _ascending(p_values: Sequence[float]) -> list[int]:
    return sorted(range(len(p_values)), key=p_values.__getitem__)


def _marks(rejected: set[int], m: int) -> tuple[bool, ...]:
    return tuple(index in rejected for index in range(m))
