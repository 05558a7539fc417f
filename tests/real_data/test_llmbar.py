"""65 judges of 419 pairs of answers, calibrated, and scikit-learn on the same verdicts.

The failure mode is `second-is-better`: a pair passes when people prefer the first answer.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import (
    balanced_accuracy_score,
    cohen_kappa_score,
    confusion_matrix,
    matthews_corrcoef,
)

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

DATASET, MODE = "llmbar", "second-is-better"
SUBSETS = ("natural", "adversarial")
PUBLISHED = ("GPT-4/Vanilla", "ChatGPT/Vanilla")
BEST, WORST = "GPT-4/Rating_Metrics_Reference", "ChatGPT/Vanilla_2shot"
ROUNDING = 1e-6  # of the manifest


@pytest.fixture(scope="module")
def rows(real_data: Path) -> list[Value]:
    """Return the pairs, as recorded."""
    return rows_of(real_data / "llmbar" / "llmbar.jsonl")


@pytest.fixture(scope="module")
def judges(rows: list[Value]) -> list[str]:
    return sorted(rows[0]["judges"])


@pytest.fixture(scope="module")
def measured(
    rows: list[Value], judges: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Measured:
    """Return a repository in which every judge was measured with the answers in first order.

    The published ones were measured in both orders, on each subset, with all labels held out.
    """
    files: Files = {}
    for row in rows:
        passes = row["human_better"] == 1
        labels = [label(MODE, passes), label(f"{MODE}-{subset_of(row)}", passes)]
        pair = {"input": row["input"], "output": [row["output_1"], row["output_2"]]}
        files |= golden(DATASET, row | pair, {"judges": row["judges"]}, labels)
    for judge in judges:
        files |= reading(slug(judge), MODE, judge, 0)
    for judge in PUBLISHED:
        for subset in SUBSETS:
            for order in (0, 1):
                name = f"{slug(judge)}-{subset}-{order}"
                files |= reading(name, f"{MODE}-{subset}", judge, order, protocol="blind")
    modes: dict[str, Value] = {mode: {} for mode in (MODE, *(f"{MODE}-{one}" for one in SUBSETS))}
    found = Measured(tmp_path_factory.mktemp("llmbar") / "clone", DATASET, modes, files)
    assert found.calibrate() == 0
    return found


def subset_of(row: Value) -> str:
    return "natural" if row["subset"] == "Natural" else "adversarial"


def reading(name: str, mode: str, judge: str, order: int, **values: Any) -> Files:
    """Return an evaluator that reads what a judge said: a pass when it named the first answer."""
    options = {"field": f"metadata.extra.judges.{judge}.{order}", "must_match": ["^1$"]}
    return evaluator(name, DATASET, mode, "regex", options, **values)


def held_out(rows: list[Value], name: str) -> Iterator[Value]:
    return (row for row in rows if part(name, id_of(DATASET, row)) == "heldout")


def decided(rows: list[Value], name: str, judge: str) -> tuple[list[int], list[int]]:
    """Return what people and the judge say of the held-out pairs that the judge decided."""
    pairs = [(row["human_better"], row["judges"][judge][0]) for row in held_out(rows, name)]
    known = [(people, int(said)) for people, said in pairs if said is not None]
    return [people for people, _ in known], [said for _, said in known]


def opposite(people: int) -> int:
    return 3 - people


# -- every judge ---------------------------------------------------------------------------


def test_the_split_is_the_hash_of_evaluator_and_case(
    measured: Measured, rows: list[Value], judges: list[str]
) -> None:
    for name in map(slug, judges):
        parts = {case: line["part"] for case, line in measured.lines(name).items()}
        assert parts == {
            case: part(name, case) for case in (id_of(DATASET, row) for row in rows)
        }, name


def test_the_counts_are_those_of_scikit_learn(
    measured: Measured, rows: list[Value], judges: list[str]
) -> None:
    for judge in judges:
        people, said = decided(rows, slug(judge), judge)
        found = measured.manifest(slug(judge))["heldout"]["counts"]
        table = confusion_matrix(people, said, labels=[1, 2])
        assert [[found["tp"], found["fn"]], [found["fp"], found["tn"]]] == table.tolist(), judge


def test_the_statistics_are_those_of_scikit_learn(
    measured: Measured, rows: list[Value], judges: list[str]
) -> None:
    for judge in judges:
        people, said = decided(rows, slug(judge), judge)
        found = measured.manifest(slug(judge))["heldout"]
        wanted = {
            "mcc": matthews_corrcoef(people, said),
            "kappa": cohen_kappa_score(people, said),
            "balanced_accuracy": balanced_accuracy_score(people, said),
        }
        assert {name: found[name] for name in wanted} == pytest.approx(wanted, abs=ROUNDING), judge


def test_what_a_judge_did_not_say_is_unknown_and_at_worst_wrong(
    measured: Measured, rows: list[Value], judges: list[str]
) -> None:
    silent = 0
    for judge in judges:
        found = measured.manifest(slug(judge))["heldout"]
        pairs = [
            (row["human_better"], row["judges"][judge][0]) for row in held_out(rows, slug(judge))
        ]
        missing = [people for people, said in pairs if said is None]
        worst = [opposite(people) if said is None else int(said) for people, said in pairs]
        silent += len(missing)
        assert [found["undecided_passes"], found["undecided_fails"]] == [
            missing.count(1),
            missing.count(2),
        ], judge
        assert found["coverage"] == pytest.approx(1 - len(missing) / len(pairs), abs=ROUNDING)
        assert found["worst_mcc"] == pytest.approx(
            matthews_corrcoef([people for people, _ in pairs], worst), abs=ROUNDING
        )
    assert silent > 0


def test_the_bands_follow_from_the_mcc_of_scikit_learn(
    measured: Measured, rows: list[Value], judges: list[str]
) -> None:
    """Every judge decides enough, so nothing but MCC holds one back."""
    bands: dict[str, list[str]] = {"gate": [], "signal": [], "revise": []}
    for judge in judges:
        mcc = matthews_corrcoef(*decided(rows, slug(judge), judge))
        wanted = "gate" if mcc > 0.6 else "signal" if mcc >= 0.4 else "revise"
        assert measured.manifest(slug(judge))["band"] == wanted, judge
        bands[wanted].append(judge)
    assert BEST in bands["gate"]
    assert {WORST, "ChatGPT/Vanilla", "Falcon/Vanilla", "LLaMA2/Vanilla"} <= {*bands["revise"]}
    assert all(judge.startswith("GPT-4/") for judge in bands["gate"])


def test_the_best_and_the_worst_judge_are_those_of_all_labels(
    measured: Measured, rows: list[Value], judges: list[str]
) -> None:
    """From the raw verdicts of all three parts."""
    word = {"pass": 1, "fail": 2}
    whole = {}
    for judge in judges:
        lines = measured.lines(slug(judge)).values()
        known = [line for line in lines if line["verdict"] != "unknown"]
        whole[judge] = matthews_corrcoef(
            [word[line["human"]] for line in known], [word[line["verdict"]] for line in known]
        )
    assert (max(whole, key=whole.__getitem__), min(whole, key=whole.__getitem__)) == (BEST, WORST)
    assert (whole[BEST], whole[WORST]) == pytest.approx((0.7466, -0.2207), abs=5e-5)


@pytest.mark.parametrize("judge", [BEST, WORST, "GPT-4/Vanilla", "PaLM2/Vanilla_NoRules"])
def test_intervals_and_probabilities_are_those_of_the_posterior(
    measured: Measured, judge: str
) -> None:
    found = measured.manifest(slug(judge))["heldout"]
    mcc, kappa = posterior(**found["counts"])
    for name, values in (("mcc", mcc), ("kappa", kappa)):
        ends = np.quantile(values, [0.025, 0.975])
        assert found[f"{name}_interval"] == pytest.approx(ends, abs=ROUNDING)
    assert found["above_gate"] == pytest.approx((mcc > 0.6).mean(), abs=ROUNDING)
    assert found["above_signal"] == pytest.approx((mcc > 0.4).mean(), abs=ROUNDING)


# -- published numbers ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("judge", "subset", "accuracy", "kappa", "agreement"),
    [
        ("GPT-4/Vanilla", "natural", 0.955, 0.908, 0.95),
        ("GPT-4/Vanilla", "adversarial", 0.810, 0.620, 0.922),
        ("ChatGPT/Vanilla", "natural", 0.815, 0.620, 0.71),
        ("ChatGPT/Vanilla", "adversarial", 0.270, -0.460, 0.643),
    ],
)
def test_the_published_numbers_of_a_subset_come_out(
    measured: Measured, judge: str, subset: str, accuracy: float, kappa: float, agreement: float
) -> None:
    """Accuracy and kappa are means of the two orders, agreement is between them."""
    names = [f"{slug(judge)}-{subset}-{order}" for order in (0, 1)]
    found = [measured.manifest(name)["heldout"] for name in names]
    shares = [
        (one["counts"]["tp"] + one["counts"]["tn"]) / sum(one["counts"].values()) for one in found
    ]
    first, second = (
        {case: line["verdict"] for case, line in measured.lines(name).items()} for name in names
    )
    same = sum(first[case] == second[case] for case in first) / len(first)
    assert sum(found[0]["counts"].values()) == (100 if subset == "natural" else 319)
    assert sum(shares) / 2 == pytest.approx(accuracy, abs=5e-4)
    assert sum(one["kappa"] for one in found) / 2 == pytest.approx(kappa, abs=5e-4)
    assert same == pytest.approx(agreement, abs=5e-4)


def test_the_same_judge_may_gate_on_one_subset_and_must_be_revised_on_the_other(
    measured: Measured,
) -> None:
    names = [f"chatgpt-vanilla-{subset}-1" for subset in SUBSETS]
    assert [measured.manifest(name)["band"] for name in names] == ["gate", "revise"]


# -- the slip of the published kappa: the judge's 2 became 0, the gold stayed 1 and 2 --------


WINNER, SCALE = "winner", {"min": 1, "max": 2, "step": 1}


def recoded(row: Value) -> tuple[int, int]:
    """Return the first winner that GPT-4 Vanilla named: as it was, and with 0 for 2."""
    said = int(row["judges"]["GPT-4/Vanilla"][0])
    return said, said % 2


def natural(rows: list[Value]) -> list[Value]:
    return [row for row in rows if row["subset"] == "Natural"]


def winners(folder: Path, rows: list[Value], scale: Value, *, grade_of_second: int = 2) -> Measured:
    """Return a repository in which the winner of a pair is a grade, and three readers of it."""
    files: Files = {}
    for row in natural(rows):
        said, slipped = recoded(row)
        grade = 1 if row["human_better"] == 1 else grade_of_second
        one = label(WINNER, grade == 2, grade=grade)
        files |= golden(
            DATASET, row, {"said": said, "slipped": slipped, "text": str(slipped)}, [one]
        )
    for name in ("said", "slipped"):
        options = {"field": f"metadata.extra.{name}"}
        files |= evaluator(name, DATASET, WINNER, "grade", options, protocol="blind")
    second = {"field": "metadata.extra.text", "must_match": ["^2$"]}
    files |= evaluator("matched", DATASET, WINNER, "regex", second, protocol="blind")
    modes = {WINNER: {"scale": scale, "pass_at": 2}}
    return Measured(folder / "clone", DATASET, modes, files)


def test_the_slip_is_real(rows: list[Value]) -> None:
    """Nothing in scikit-learn says that 0 was never a label of the gold."""
    gold = [row["human_better"] for row in natural(rows)]
    said, slipped = zip(*map(recoded, natural(rows)), strict=True)
    assert cohen_kappa_score(gold, said) == pytest.approx(0.8977, abs=5e-5)
    assert cohen_kappa_score(gold, slipped) == pytest.approx(0.26776, abs=5e-6)


def test_a_judge_off_the_scale_is_unknown_and_never_measured_as_if_it_were_on_it(
    rows: list[Value], tmp_path: Path
) -> None:
    there = winners(tmp_path, rows, SCALE)
    assert there.calibrate("said", "slipped") == 0
    right, wrong = there.manifest("said"), there.manifest("slipped")
    assert right["heldout"]["kappa"] == pytest.approx(0.897709, abs=ROUNDING)
    assert right["heldout"]["graded"]["quadratic_kappa"] == pytest.approx(0.897709, abs=ROUNDING)
    assert right["band"] == "gate"
    assert wrong["band"] == "revise"
    assert wrong["heldout"]["coverage"] == 0.43
    assert (wrong["heldout"]["kappa"], wrong["heldout"]["graded"]["quadratic_kappa"]) == (0, 0)
    reasons = {
        line["justification"]
        for line in there.lines("slipped").values()
        if line["verdict"] == "unknown"
    }
    assert len(reasons) == 1
    assert "`metadata.extra.slipped` is 0, which" in reasons.pop()


def test_a_scale_wide_enough_for_the_slip_shows_it_as_disagreement(
    rows: list[Value], tmp_path: Path
) -> None:
    there = winners(tmp_path, rows, SCALE | {"min": 0})
    assert there.calibrate("slipped") == 0
    found = there.manifest("slipped")
    gold = [row["human_better"] for row in natural(rows)]
    mcc = matthews_corrcoef(gold, [recoded(row)[0] for row in natural(rows)])
    assert found["heldout"]["graded"]["spearman"] == pytest.approx(-mcc, abs=ROUNDING)
    assert found["band"] == "revise"


def test_a_pattern_on_the_slipped_label_gives_no_grade_to_compare(
    rows: list[Value], tmp_path: Path
) -> None:
    there = winners(tmp_path, rows, SCALE)
    assert there.calibrate("matched") == 0
    found = there.manifest("matched")
    assert found["band"] == "insufficient"
    assert found["reasons"] == ["It grades 0 of 100 held-out labels; 10 are asked for."]


def test_a_pattern_that_never_meets_the_slipped_label_is_a_constant_judge(
    rows: list[Value], tmp_path: Path
) -> None:
    files: Files = {}
    for row in natural(rows):
        one = label(MODE, row["human_better"] == 2)
        files |= golden(DATASET, row, {"slipped": str(recoded(row)[1])}, [one])
    options = {"field": "metadata.extra.slipped", "must_match": ["^2$"]}
    files |= evaluator("second", DATASET, MODE, "regex", options, protocol="blind")
    there = Measured(tmp_path / "clone", DATASET, {MODE: {}}, files)
    assert there.calibrate() == 0
    found = there.manifest("second")
    assert found["band"] == "revise"
    assert found["reasons"] == ["The evaluator never says PASS on n=100; MCC is undefined."]


def test_a_slipped_label_of_people_is_refused(
    rows: list[Value], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = winners(tmp_path, rows, SCALE, grade_of_second=0)
    assert there.calibrate("said") == 3
    assert "The grade 0 of reviewer-1 is not on the scale from 1 to 2." in capsys.readouterr().err
    assert not there.written("said")


@pytest.mark.parametrize("verdict", [0, 1, 2, "2", True], ids=repr)
def test_a_label_that_is_a_number_is_refused(
    rows: list[Value], tmp_path: Path, capsys: pytest.CaptureFixture[str], verdict: Any
) -> None:
    files: Files = {}
    for row in natural(rows):
        files |= golden(
            DATASET, row, {"judges": row["judges"]}, [label(MODE, True, verdict=verdict)]
        )
    files |= reading("vanilla", MODE, "GPT-4/Vanilla", 0)
    there = Measured(tmp_path / "clone", DATASET, {MODE: {}}, files)
    assert there.calibrate("vanilla") == 3
    assert "The case could not be read." in capsys.readouterr().err
    assert not there.written("vanilla")
