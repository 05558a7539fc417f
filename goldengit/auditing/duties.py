"""Duties: what the owner of a dataset has to see to."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, order=True)
class Duty:
    """One thing to see to. `overdue` tells that a limit somebody set has passed.

    `what` is one word, `place` a path; `problem` and `remedy` are full sentences. They hold ids,
    names and numbers, never the text of a case.
    """

    what: str
    place: str
    problem: str
    remedy: str
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Duties:
    """What is to be seen to in one dataset, overdue things first. `owner` is "" for nobody."""

    dataset: str
    owner: str
    duties: tuple[Duty, ...]

    @property
    def overdue(self) -> int:
        """Return how many things are overdue."""
        return sum(duty.overdue for duty in self.duties)


def days_since(then: str, now: str) -> int:
    """Return the whole days from a day, or what begins with one, to now."""
    return (date.fromisoformat(now[:10]) - date.fromisoformat(then[:10])).days
