"""Repeats: how often each case runs, so that noise is told from change.

Never are only the cases repeated that failed: a retried failure turns red into green.
"""

from collections.abc import Sequence
from typing import Literal

from goldengit.evaluating.listing import Listed
from goldengit.targets.base import Target

Repeats = Literal["auto"] | int
AT_MOST = 3  # runs with which `auto` ends where outcomes flip
_AT_FIRST = 2  # runs with which it begins: the second shows what the first was worth
_CRITICAL = 3  # runs of a critical case, whatever the others have (statistics 7.1)


def is_recorded(cases: Sequence[Listed], target: Target) -> bool:
    """Tell whether the answers are at hand, so that asking again would change nothing."""
    return any(target.recorded(case.id) is not None for case in cases)


def planned(cases: Sequence[Listed], target: Target, wish: Repeats) -> tuple[int, ...]:
    """Return how often each case runs, at first where the wish is `auto`.

    What is recorded runs as often as it is held, though no more often than a wish in numbers. A
    case that is not held runs as often as all others do at least, and has no answer.
    """
    if not is_recorded(cases, target):
        return tuple(_wished(case, wish) for case in cases)
    held = [target.recorded(case.id) or 0 for case in cases]
    fewest = min(filter(None, held), default=1)
    return tuple(
        (count or fewest) if wish == "auto" else min(count or fewest, _wished(case, wish))
        for case, count in zip(cases, held, strict=True)
    )


def with_third(counts: Sequence[int]) -> tuple[int, ...]:
    """Return how often each case runs when the first two runs differ too much."""
    return tuple(max(count, AT_MOST) for count in counts)


def _wished(case: Listed, wish: Repeats) -> int:
    count = _AT_FIRST if wish == "auto" else wish
    return max(count, _CRITICAL) if case.severity == "critical" else count
