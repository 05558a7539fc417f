"""What the tests of metrics share: short tables, and numbers as they were printed."""

from collections.abc import Iterator

from hypothesis import strategies as st

from goldengit.models.agreement import Counts


def table(tp: int, fp: int, fn: int, tn: int) -> Counts:
    return Counts(tp=tp, fp=fp, fn=fn, tn=tn)


tables = st.builds(table, *[st.integers(0, 30) for _ in range(4)])
grades = st.integers(1, 5)
graded_pairs = st.lists(st.tuples(grades, grades), max_size=40)


def balanced(n: int, errors: int) -> Counts:
    """Return a table with equal human classes and the errors split between them."""
    missed = errors // 2
    return table(n // 2 - (errors - missed), missed, errors - missed, n // 2 - missed)


def tables_of(n: int) -> Iterator[Counts]:
    for tp in range(n + 1):
        for fp in range(n + 1 - tp):
            for fn in range(n + 1 - tp - fp):
                yield table(tp, fp, fn, n - tp - fp - fn)


def printed(value: float | None, text: str) -> bool:
    """Tell whether a value would be printed like this, to as many digits as the text has."""
    if value is None:
        return text == "undefined"
    digits = len(text.partition(".")[2])
    return abs(value - float(text)) <= 0.5 * 10.0**-digits + 1e-9


def labels_of(counts: Counts) -> tuple[list[int], list[int]]:
    """Return a table as labels: those of people and those of the evaluator, 1 is pass."""
    cells = ((1, 1, counts.tp), (0, 1, counts.fp), (1, 0, counts.fn), (0, 0, counts.tn))
    people = [person for person, _, count in cells for _ in range(count)]
    return people, [evaluator for _, evaluator, count in cells for _ in range(count)]
