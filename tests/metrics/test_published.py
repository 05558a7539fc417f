"""Published agreement of real judges and real people comes out to its printed digits."""

import json
from pathlib import Path
from typing import Any

import pytest

from goldengit.metrics.multiclass import multiclass_kappa
from goldengit.metrics.raters import krippendorff_alpha
from goldengit.models.agreement import Counts, weighted_kappa
from tests.metrics.tables import printed, table

pytestmark = pytest.mark.real_data
CUTS = (1, 2, 3)  # the least grade that passes
Confusion = list[list[int]]  # rows: people's grade; columns: the judge's


def read(real_data: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((real_data / "statistics" / name).read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def judges(real_data: Path) -> dict[str, dict[str, Any]]:
    """Return 33 judges by name, each with its confusion and its published values."""
    found: dict[str, dict[str, Any]] = read(real_data, "llmjudge_confusions.json")["judges"]
    return found


@pytest.fixture(scope="module")
def pairs(real_data: Path) -> dict[str, Any]:
    """Return 100 pairs of answers: which one people prefer, and which one the judge."""
    return read(real_data, "llmbar_natural_gpt4_vanilla.json")


def units_of(confusion: Confusion) -> list[tuple[int, int]]:
    return [
        (person, judge)
        for person, row in enumerate(confusion)
        for judge, count in enumerate(row)
        for _ in range(count)
    ]


def cut(confusion: Confusion, least: int) -> Counts:
    """Return the table in which a grade passes from `least` on."""
    low, high = confusion[:least], confusion[least:]
    return table(
        tp=sum(sum(row[least:]) for row in high),
        fp=sum(sum(row[least:]) for row in low),
        fn=sum(sum(row[:least]) for row in high),
        tn=sum(sum(row[:least]) for row in low),
    )


def agreement_of(confusion: Confusion) -> list[float | None]:
    units = units_of(confusion)
    people, judge = [one for one, _ in units], [other for _, other in units]
    return [
        multiclass_kappa(people, judge),
        *(cut(confusion, least).kappa for least in CUTS),
        krippendorff_alpha(units, "ordinal"),
        *(
            krippendorff_alpha([(one >= least, two >= least) for one, two in units], "nominal")
            for least in CUTS
        ),
    ]


def test_264_published_values_of_33_judges_follow_from_the_counts(
    judges: dict[str, dict[str, Any]],
) -> None:
    compared = 0
    for name, judge in judges.items():
        for value, published in zip(
            agreement_of(judge["confusion"]), judge["published"], strict=True
        ):
            assert value is not None, name
            assert abs(value - published) <= 5.1e-5, name
            compared += 1
    assert compared == 264


def test_a_judge_that_never_gives_the_best_grade_agrees_by_chance_alone(
    judges: dict[str, dict[str, Any]],
) -> None:
    confusion = judges["NISTRetrieval-instruct0"]["confusion"]
    constant = cut(confusion, 3)
    assert constant.is_constant
    assert constant.mcc is None
    assert constant.kappa == 0
    assert printed(agreement_of(confusion)[-1], "-.0444")


@pytest.mark.parametrize(
    ("name", "cells", "mcc", "kappa"),
    [
        ("NISTRetrieval-instruct0", (590, 626, 595, 2612), ".3021", ".3021"),
        ("willia-umbrela1", (545, 312, 640, 2926), ".4074", ".3985"),
        ("RMITIR-llama70B", (959, 1067, 226, 2171), ".4264", ".3916"),
    ],
)
def test_mcc_equals_kappa_only_where_judge_and_people_pass_equally_often(
    judges: dict[str, dict[str, Any]],
    name: str,
    cells: tuple[int, int, int, int],
    mcc: str,
    kappa: str,
) -> None:
    counts = cut(judges[name]["confusion"], 2)
    assert counts == table(*cells)
    assert printed(counts.mcc, mcc)
    assert printed(counts.kappa, kappa)


def test_the_judge_of_pairs_has_its_published_accuracy_and_the_right_kappa(
    pairs: dict[str, Any],
) -> None:
    people, judge, swapped = pairs["label"], pairs["judge"], pairs["judge_swapped"]
    right = [sum(map(str.__eq__, people, one)) for one in (judge, swapped)]
    assert sum(right) / 2 == pairs["published"]["accuracy_average_percent"] == 95.5
    agreed = sum(map(str.__eq__, judge, swapped))
    assert agreed == pairs["published"]["positional_agreement_percent"] == 95.0
    kappas = (multiclass_kappa(people, judge), multiclass_kappa(people, swapped))
    assert kappas == pytest.approx((pairs["correct"]["kappa"], pairs["correct"]["kappa_swapped"]))
    assert printed(kappas[0], ".8977")
    assert printed(kappas[1], ".9179")


def test_recoded_labels_are_refused_where_the_scale_is_known(pairs: dict[str, Any]) -> None:
    """The published kappa compares 1 and 2 with 1 and 0."""
    people = [int(label) for label in pairs["label"]]
    judge = [int(label) % 2 for label in pairs["judge"]]
    with pytest.raises(ValueError, match="0 is not in"):
        weighted_kappa(people, judge, range(1, 3))
    trap = multiclass_kappa(people, judge)
    assert trap == pytest.approx(pairs["published"]["kappa_as_published_wrong"], abs=1e-12)
    assert printed(trap, ".26776")


def test_three_people_on_420_summaries_have_the_published_alpha(real_data: Path) -> None:
    found = read(real_data, "newsroom_informativeness_counts.json")
    units = [
        [int(grade) for grade in ratings.split("-")]
        for ratings, count in found["counts_of_sorted_ratings"].items()
        for _ in range(count)
    ]
    assert len(units) == 420
    alpha = krippendorff_alpha(units, "ordinal")
    assert alpha == pytest.approx(found["published_alpha"], abs=1e-12)
