"""Multiclass: agreement on more than two classes. Gates look at one class against the rest."""

from collections import Counter
from collections.abc import Hashable, Sequence
from math import sqrt

from goldengit.models.agreement import Counts


def multiclass_mcc(people: Sequence[Hashable], evaluator: Sequence[Hashable]) -> float | None:
    """Return Matthews' correlation for any number of classes (R_K); the MCC where there are two.

    None where either side says one thing only. Gorodkin 2004, Comput. Biol. Chem. 28(5).

    Raises:
        ValueError: the two sides differ in length.
    """
    spread = _apart_by_chance(people, people) * _apart_by_chance(evaluator, evaluator)
    return _surplus(people, evaluator) / sqrt(spread) if spread else None


def multiclass_kappa(people: Sequence[Hashable], evaluator: Sequence[Hashable]) -> float | None:
    """Return Cohen's kappa for any number of classes, all mistakes alike.

    None where chance agreement is certain. Cohen 1960, Educ. Psychol. Meas. 20(1).

    Raises:
        ValueError: the two sides differ in length.
    """
    room = _apart_by_chance(people, evaluator)
    return _surplus(people, evaluator) / room if room else None


def _surplus(people: Sequence[Hashable], evaluator: Sequence[Hashable]) -> int:
    """Return the agreement beyond chance, times n squared."""
    apart = sum(one != other for one, other in zip(people, evaluator, strict=True))
    return _apart_by_chance(people, evaluator) - apart * len(people)


def _apart_by_chance(one: Sequence[Hashable], other: Sequence[Hashable]) -> int:
    """Return the disagreement that chance gives with these classes, times n squared."""
    counts = Counter(other)
    equal = sum(count * counts[label] for label, count in Counter(one).items())
    return len(one) * len(other) - equal


def one_against_rest(
    people: Sequence[Hashable], evaluator: Sequence[Hashable], label: Hashable
) -> Counts:
    """Return the two-by-two table in which one class is the positive one.

    Raises:
        ValueError: the two sides differ in length.
    """
    cells = Counter(
        (one == label, other == label) for one, other in zip(people, evaluator, strict=True)
    )
    return Counts(
        tp=cells[True, True],
        fp=cells[False, True],
        fn=cells[True, False],
        tn=cells[False, False],
    )
