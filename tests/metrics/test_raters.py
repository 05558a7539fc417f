"""Raters: the textbook's values, and the definition written out."""

from itertools import permutations
from math import isclose
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.metrics.raters import Level, Unit, gwet_ac1, krippendorff_alpha
from goldengit.models.agreement import Counts
from tests.metrics.tables import grades, labels_of, printed, table, tables

LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval")
# Krippendorff's reliability data, a line a rater: 4 raters, 12 units.
TEXTBOOK = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
units = st.lists(st.lists(st.none() | grades, max_size=5), max_size=12)
levels = st.sampled_from(LEVELS)


def textbook() -> list[Unit]:
    columns = zip(*TEXTBOOK, strict=True)
    return [[None if mark == "." else int(mark) for mark in column] for column in columns]


@pytest.mark.parametrize(
    ("level", "alpha"), [("nominal", "0.743"), ("ordinal", "0.815"), ("interval", "0.849")]
)
def test_the_textbook_example_has_the_textbook_alpha(level: Level, alpha: str) -> None:
    assert printed(krippendorff_alpha(textbook(), level), alpha)


def test_the_textbook_example_has_its_ac1() -> None:
    assert printed(gwet_ac1(textbook(), categories=5), "0.77544")


def distance(one: float, other: float, counts: dict[float, int], level: Level) -> float:
    low, high = sorted((one, other))
    if level == "nominal":
        return float(one != other)
    if level == "interval":
        return (one - other) ** 2
    between = sum(count for grade, count in counts.items() if low <= grade <= high)
    return (between - (counts[low] + counts[high]) / 2) ** 2


def by_definition(rated: list[list[float]], level: Level) -> float | None:
    """Return 1 - D_o/D_e, every ordered pair of grades taken one by one."""
    rated = [unit for unit in rated if len(unit) > 1]
    every = [grade for unit in rated for grade in unit]
    counts = {grade: every.count(grade) for grade in every}
    observed = sum(
        distance(one, other, counts, level) / (len(unit) - 1)
        for unit in rated
        for one, other in permutations(unit, 2)
    )
    expected = sum(distance(one, other, counts, level) for one, other in permutations(every, 2))
    return 1 - observed * (len(every) - 1) / expected if expected else None


@given(units, levels)
def test_alpha_is_its_definition(found: list[Unit], level: Level) -> None:
    rated = [[grade for grade in unit if grade is not None] for unit in found]
    alpha, expected = krippendorff_alpha(found, level), by_definition(rated, level)
    if expected is None:
        assert alpha is None
    else:
        assert alpha is not None
        assert isclose(alpha, expected, abs_tol=1e-12)
        assert alpha <= 1


@given(units, levels, st.randoms(use_true_random=False))
def test_who_rated_and_in_which_order_does_not_matter(
    found: list[list[float | None]], level: Level, chance: Random
) -> None:
    shuffled = [chance.sample(unit, len(unit)) for unit in chance.sample(found, len(found))]
    alpha = krippendorff_alpha(found, level)
    assert krippendorff_alpha(shuffled, level) == pytest.approx(alpha, abs=1e-12)
    padded = [[*unit, None] for unit in found] + [[None], [3], []]
    assert krippendorff_alpha(padded, level) == pytest.approx(alpha, abs=1e-12)


@given(st.lists(st.lists(st.integers(0, 1), min_size=2, max_size=4), max_size=10))
def test_on_two_grades_all_levels_are_one(found: list[list[float]]) -> None:
    nominal, ordinal, interval = (krippendorff_alpha(found, level) for level in LEVELS)
    assert ordinal == pytest.approx(nominal)
    assert interval == pytest.approx(nominal)


@given(tables)
def test_ac1_of_two_raters_is_that_of_the_table(counts: Counts) -> None:
    people, evaluator = labels_of(counts)
    found = gwet_ac1([*zip(people, evaluator, strict=True)], categories=2)
    assert found == pytest.approx(counts.ac1, abs=1e-12)


def test_units_with_one_grade_tell_ac1_how_common_a_grade_is() -> None:
    rated: list[Unit] = [(1, 1), (0, 0), (1, 0)]
    alone: list[Unit] = [(1, None), (1, None), (None, 1)]
    assert gwet_ac1(rated, 2) == pytest.approx((2 / 3 - 0.5) / 0.5)
    assert gwet_ac1(rated + alone, 2) == pytest.approx((2 / 3 - 0.375) / 0.625)


def test_a_grade_that_nobody_gave_is_still_a_grade() -> None:
    rated: list[Unit] = [(1, 1), (2, 2), (1, 2)]
    assert gwet_ac1(rated, 2) != gwet_ac1(rated, 5)
    for categories, given_units in ((0, rated), (1, rated), (2, [*rated, (3, None)])):
        with pytest.raises(ValueError, match="than there are categories"):
            gwet_ac1(given_units, categories)


def test_alpha_is_low_when_everybody_says_the_same_and_ac1_is_high() -> None:
    people, others = labels_of(table(94, 3, 3, 0))
    pairs = [*zip(people, others, strict=True)]
    alpha, ac1 = krippendorff_alpha(pairs, "nominal"), gwet_ac1(pairs, 2)
    assert alpha is not None
    assert ac1 is not None
    assert alpha < 0
    assert ac1 > 0.9
