"""Grades and yes/no labels of reasoning, calibrated, and scipy and scikit-learn on the same."""

from collections.abc import Callable, Iterable, Iterator
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import kendalltau, spearmanr
from sklearn.metrics import cohen_kappa_score, confusion_matrix, matthews_corrcoef

from tests.gitbox import Files
from tests.real_data.measuring import (
    Measured,
    Value,
    evaluator,
    golden,
    id_of,
    label,
    part,
    posterior,
    rows_of,
    slug,
)

pytestmark = pytest.mark.real_data

ROUNDING = 1e-6  # of the manifest
GRADES = [1, 2, 3, 4, 5]
QUALITY = "overall-quality"
BLIND, SPLIT = "blind", "split"
# The modes with their "yes" among 881 steps; the first five are rarer than one in fifty.
RARE = {"Repetition": 2, "Grammar": 5, "Hallucination": 9, "Arithmetic": 10, "Redundancy": 16}
COMMON = {
    "Final Answer": 74,
    "Commonsense": 78,
    "Coherency and Logic": 82,
    "Factuality": 94,
}


# -- grades: coherency against overall quality -----------------------------------------------


@pytest.fixture(scope="module")
def answers(real_data: Path) -> list[Value]:
    """Return the 756 graded answers, as recorded."""
    return rows_of(real_data / "roscoe" / "roscoe_overall.jsonl")


@pytest.fixture(scope="module")
def graded(answers: list[Value], tmp_path_factory: pytest.TempPathFactory) -> Measured:
    """Return a repository in which one grade was measured against the other, blind and split."""
    files: Files = {}
    for row in answers:
        quality, coherency = row["scores"]["overall_quality"], row["scores"]["coherency"]
        one = label(QUALITY, quality >= 4, grade=quality, score=(quality - 1) / 4)
        files |= golden("answers", row, {"coherency": coherency}, [one])
    for name in (BLIND, SPLIT):
        options = {"field": "metadata.extra.coherency"}
        files |= evaluator(name, "answers", QUALITY, "grade", options, protocol=name)
    modes = {QUALITY: {"scale": {"min": 1, "max": 5, "step": 1}, "pass_at": 4}}
    found = Measured(tmp_path_factory.mktemp("answers") / "clone", "answers", modes, files)
    assert found.calibrate() == 0
    return found


def pairs(answers: list[Value], name: str) -> tuple[list[int], list[int]]:
    """Return both grades of the answers that an evaluator holds out."""
    scores = [
        row["scores"]
        for row in answers
        if name == BLIND or part(name, id_of("answers", row)) == "heldout"
    ]
    return [one["overall_quality"] for one in scores], [one["coherency"] for one in scores]


@pytest.mark.parametrize("name", [BLIND, SPLIT])
def test_agreement_on_grades_is_that_of_scipy_and_scikit_learn(
    graded: Measured, answers: list[Value], name: str
) -> None:
    people, said = pairs(answers, name)
    found = graded.manifest(name)["heldout"]["graded"]
    wanted = {
        "n": len(people),
        "spearman": spearmanr(people, said).statistic,
        "kendall": kendalltau(people, said, variant="b").statistic,
        "quadratic_kappa": cohen_kappa_score(people, said, labels=GRADES, weights="quadratic"),
        "bias": np.mean(np.subtract(said, people)),
    }
    assert {key: found[key] for key in wanted} == pytest.approx(wanted, abs=ROUNDING)


@pytest.mark.parametrize("name", [BLIND, SPLIT])
def test_the_intervals_are_the_jackknife_on_the_correlations_of_scipy(
    graded: Measured, answers: list[Value], name: str
) -> None:
    people, said = pairs(answers, name)
    found = graded.manifest(name)["heldout"]["graded"]
    assert found["spearman_interval"] == pytest.approx(jackknife(spearmanr, people, said), abs=1e-5)
    assert found["kendall_interval"] == pytest.approx(jackknife(kendalltau, people, said), abs=1e-5)


def jackknife(
    correlation: Callable[..., Any], people: list[int], said: list[int]
) -> tuple[float, float]:
    n = len(people)
    without = [correlation(np.delete(people, at), np.delete(said, at)).statistic for at in range(n)]
    z = np.arctanh(without)
    reach = 1.96 * sqrt((n - 1) / n * ((z - z.mean()) ** 2).sum())
    middle = np.arctanh(correlation(people, said).statistic)
    return np.tanh(middle - reach), np.tanh(middle + reach)


@pytest.mark.parametrize("name", [BLIND, SPLIT])
def test_the_counts_are_those_of_grades_that_pass(
    graded: Measured, answers: list[Value], name: str
) -> None:
    people, said = pairs(answers, name)
    found = graded.manifest(name)["heldout"]["counts"]
    table = confusion_matrix(np.greater_equal(people, 4), np.greater_equal(said, 4))
    assert [[found["tn"], found["fp"]], [found["fn"], found["tp"]]] == table.tolist()


def test_a_lenient_grade_gates_by_its_order_and_its_bias_stands_beside(graded: Measured) -> None:
    found = graded.manifest(BLIND)
    assert found["band"] == "gate"
    assert found["heldout"]["graded"]["spearman"] == pytest.approx(0.676, abs=5e-4)
    assert found["heldout"]["graded"]["bias"] == pytest.approx(0.783, abs=5e-4)


# -- nine yes/no failure modes of 881 steps --------------------------------------------------


@pytest.fixture(scope="module")
def steps(real_data: Path) -> list[Value]:
    """Return the steps, as recorded."""
    return rows_of(real_data / "roscoe" / "roscoe_gsm8k_stepwise.jsonl")


@pytest.fixture(scope="module")
def judged(
    steps: list[Value], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[int], Measured]:
    """Return a function from a number of steps to the repository that measured on them.

    Two evaluators a mode: one repeats the label, the other says what the label of another mode is.
    The steps of one answer are a group.
    """
    made: dict[int, Measured] = {}

    def repository(number: int) -> Measured:
        if number not in made:
            folder = tmp_path_factory.mktemp(f"steps-{number}") / "clone"
            made[number] = _judged(folder, steps[:number])
        return made[number]

    return repository


def _judged(folder: Path, steps: list[Value]) -> Measured:
    files: Files = {}
    groups = answer_of(steps)
    for row in steps:
        said = {slug(mode): word for mode, word in row["labels"].items()}
        labels = [label(mode, word == "no") for mode, word in said.items()]
        files |= golden("steps", row, said, labels, group=groups[row["id"]])
    for mode in (*RARE, *COMMON):
        for name, column in (("perfect", mode), ("other", other(mode))):
            options = {"field": f"metadata.extra.{slug(column)}", "must_match": ["^no$"]}
            files |= evaluator(f"{name}-{slug(mode)}", "steps", slug(mode), "regex", options)
    modes: dict[str, Value] = {slug(mode): {} for mode in (*RARE, *COMMON)}
    found = Measured(folder, "steps", modes, files)
    assert found.calibrate() == 0
    return found


def other(mode: str) -> str:
    """Return the mode whose label serves as a verdict on this one."""
    return "Coherency and Logic" if mode == "Final Answer" else "Final Answer"


def answer_of(steps: Iterable[Value]) -> dict[str, str]:
    """Return the group of each step: the answer that it is a step of."""
    numbers: dict[str, int] = {}
    return {row["id"]: f"answer-{numbers.setdefault(row['input'], len(numbers))}" for row in steps}


def held_out(steps: list[Value], name: str) -> Iterator[Value]:
    groups = answer_of(steps)
    return (row for row in steps if part(name, groups[row["id"]]) == "heldout")


def test_five_modes_are_rarer_than_one_in_fifty(steps: list[Value]) -> None:
    found = {mode: sum(row["labels"][mode] == "yes" for row in steps) for mode in (*RARE, *COMMON)}
    assert found == RARE | COMMON
    assert all(count < 881 / 50 for count in RARE.values())


@pytest.mark.parametrize("number", [30, 45, 60])
def test_with_few_labels_nothing_can_be_said_of_a_rare_failure_not_even_of_a_perfect_evaluator(
    judged: Callable[[int], Measured], number: int
) -> None:
    there = judged(number)
    for mode in RARE:
        for name in (f"perfect-{slug(mode)}", f"other-{slug(mode)}"):
            found = there.manifest(name)
            assert found["band"] == "insufficient", name
            fails = found["heldout"]["counts"]["fp"] + found["heldout"]["counts"]["tn"]
            wanted = f"{fails} held-out FAIL labels; label {3 - fails} more FAIL."
            assert wanted in found["reasons"], name


@pytest.mark.parametrize("number", [30, 45, 60])
def test_steps_of_fewer_than_ten_answers_are_too_few_however_many_they_are(
    judged: Callable[[int], Measured], number: int
) -> None:
    """At 60 labels, 25 steps with three failures are held out, of six answers."""
    for mode in (*RARE, *COMMON):
        found = judged(number).manifest(f"perfect-{slug(mode)}")
        assert found["heldout"]["groups"] < 10
        assert found["band"] == "insufficient", mode


def test_the_steps_of_an_answer_are_never_on_both_sides_of_the_split(
    judged: Callable[[int], Measured], steps: list[Value]
) -> None:
    groups = answer_of(steps)
    for mode in (*RARE, *COMMON):
        name = f"perfect-{slug(mode)}"
        lines = judged(881).lines(name)
        assert {case: line["part"] for case, line in lines.items()} == {
            id_of("steps", row): part(name, groups[row["id"]]) for row in steps
        }
        answers = {groups[row["id"]] for row in held_out(steps, name)}
        assert judged(881).manifest(name)["heldout"]["groups"] == len(answers) < 110


def test_the_label_of_another_mode_agrees_as_little_as_scikit_learn_says(
    judged: Callable[[int], Measured], steps: list[Value]
) -> None:
    for mode in (*RARE, *COMMON):
        name = f"other-{slug(mode)}"
        labels = [row["labels"] for row in held_out(steps, name)]
        people = [one[mode] for one in labels]
        said = [one[other(mode)] for one in labels]
        found = judged(881).manifest(name)
        counts = found["heldout"]["counts"]
        table = confusion_matrix(people, said, labels=["no", "yes"])
        assert [[counts["tp"], counts["fn"]], [counts["fp"], counts["tn"]]] == table.tolist()
        if "yes" in people:
            mcc = matthews_corrcoef(people, said)
            assert found["heldout"]["mcc"] == pytest.approx(mcc, abs=ROUNDING)
        few = people.count("yes") < 3
        assert found["band"] == ("insufficient" if few else "revise"), mode


def test_the_uncertainty_is_that_of_as_many_cases_as_there_are_answers(
    judged: Callable[[int], Measured],
) -> None:
    """Counts scaled down to the groups; were steps independent, the interval would be narrower."""
    found = judged(881).manifest("other-factuality")["heldout"]
    counts, groups = found["counts"], found["groups"]
    scaled = {cell: count * groups / sum(counts.values()) for cell, count in counts.items()}
    assert found["mcc_interval"] == pytest.approx(interval(**scaled), abs=ROUNDING)
    narrow = interval(**counts)
    assert narrow[1] - narrow[0] < 0.6 * (found["mcc_interval"][1] - found["mcc_interval"][0])


def interval(**cells: float) -> list[float]:
    return [float(end) for end in np.quantile(posterior(**cells)[0], [0.025, 0.975])]


def test_a_handful_of_failures_makes_nothing_certain_however_many_passes_there_are(
    judged: Callable[[int], Measured],
) -> None:
    """A perfect evaluator on about 400 steps: below three failures too few, at five not sure."""
    found = {mode: judged(881).manifest(f"perfect-{slug(mode)}") for mode in RARE}
    fails = {mode: one["heldout"]["counts"]["tn"] for mode, one in found.items()}
    assert fails == {
        "Repetition": 2,
        "Grammar": 3,
        "Hallucination": 8,
        "Arithmetic": 5,
        "Redundancy": 11,
    }
    assert found["Repetition"]["band"] == "insufficient"
    unsure = {mode for mode, one in found.items() if one["heldout"]["above_signal"] < 0.95}
    assert unsure == {"Repetition", "Grammar", "Arithmetic"}


def test_with_all_steps_a_perfect_evaluator_of_a_common_mode_may_gate(
    judged: Callable[[int], Measured],
) -> None:
    for mode in COMMON:
        found = judged(881).manifest(f"perfect-{slug(mode)}")
        assert (found["band"], found["heldout"]["mcc"]) == ("gate", 1.0)
        assert found["heldout"]["above_gate"] > 0.99
