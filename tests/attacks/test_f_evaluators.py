"""Attacks T82 to T94: evaluators and calibration."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from goldengit.models.policy import HeldOut
from goldengit.models.protocol import part_of
from tests.edits import Edit, apply, with_names
from tests.gitbox import Files, GitBox
from tests.scenarios import found_after, found_in
from tests.standard import standard

FOLDER = "evaluators/rules"
MANIFEST, RAW = f"{FOLDER}/calibration.yaml", f"{FOLDER}/calibration.jsonl"
DEFINITION, DATASET = f"{FOLDER}/evaluator.yaml", "datasets/support/dataset.yaml"
LABELLED: list[Edit] = [{"labelled": {"passes": 10, "fails": 10}}]
DEAF = {"must_not_match": ["never-said"]}  # a pattern that passes everything
TABLE = {  # what a perfect evaluator of the labelled cases would have
    "counts": {"tp": 11, "fp": 0, "fn": 0, "tn": 12},
    **dict.fromkeys(("mcc", "worst_mcc", "kappa", "ac1"), 1.0),
    **dict.fromkeys(("balanced_accuracy", "tpr", "tnr"), 1.0),
}


def evaluator(**words: Any) -> Edit:
    return {"evaluator": {"role": "gate", **words}}


def calibrate(**words: Any) -> Edit:
    return {"calibrate": words}


def judge(**words: Any) -> Edit:
    return evaluator(kind="judge", **words)


def ids(kind: str, count: int) -> list[str]:
    """Return the ids of the first labelled cases that people passed or failed."""
    return [str(with_names(f"{{{kind}-{number}.id}}")) for number in range(1, count + 1)]


def manifest_after(edits: list[Edit], before: list[Edit]) -> dict[str, Any]:
    """Return the manifest as a reader sees it who believes what it says."""
    files = apply(apply(standard(), before), edits)
    return dict(yaml.safe_load(files[MANIFEST].data))


def test_an_honest_calibration_passes(shared_box: GitBox) -> None:
    """What follows fails for the attack and for nothing else."""
    assert found_after(shared_box, [evaluator(), calibrate()], LABELLED) == []
    assert found_after(shared_box, [judge(), calibrate()], LABELLED) == []


def test_t82_invented_numbers_are_refused(shared_box: GitBox) -> None:
    """Whoever reads the band alone lets it through."""
    lies = {f"heldout.{name}": number for name, number in TABLE.items()}
    edits = [evaluator(options=DEAF), calibrate(values=lies | {"band": "gate"})]
    assert manifest_after(edits, LABELLED)["band"] == "gate"
    assert f"GG601 {MANIFEST}" in found_after(shared_box, edits, LABELLED)


@pytest.mark.parametrize("part", ["mcc_interval.0", "above_signal", "above_gate"])
def test_t82_an_invented_certainty_is_refused_by_the_gate(part: str, box: GitBox) -> None:
    """Intervals are recomputed wherever signoffs must be confirmed, as at the gate."""
    from tests.scenarios import found

    base = apply(standard(), LABELLED)
    head = apply(base, [evaluator(), calibrate(values={f"heldout.{part}": 0.97})])
    trees = [box.commit(files) for files in (base, head)]
    assert f"GG601 {MANIFEST}" in found(box, *trees, confirmed=True)


def test_t83_invented_predictions_of_a_pattern_are_refused(shared_box: GitBox) -> None:
    """Every number follows from them, so recomputing alone lets it through."""
    invented = {key: {"verdict": "fail", "score": 0.0} for key in ids("fail", 10)}
    edits = [evaluator(options=DEAF), calibrate(lines=invented)]
    assert found_after(shared_box, edits, LABELLED) == [f"GG609 {RAW}"]


def test_t83_a_case_that_nobody_ever_saw_is_refused(shared_box: GitBox) -> None:
    """Cases can be invented as well as verdicts, also for a judge."""
    invented = with_names({"{fail-1.id}": {"case": "{new-1.id}", "group": "{new-1.id}"}})
    edits = [judge(), calibrate(lines=invented)]
    assert f"GG609 {RAW}" in found_after(shared_box, edits, LABELLED)


def test_t84_an_example_that_is_held_out_is_refused(shared_box: GitBox) -> None:
    """The plainest way to agree with people is to be told what they say."""
    edits = [judge(few_shot=["{pass-1.id}"]), calibrate()]
    assert f"GG602 {RAW}" in found_after(shared_box, edits, LABELLED)


@pytest.mark.parametrize(
    ("example", "held_out", "alike"),
    [
        ("{pass-1.id}", "{pass-2.id}", {"group": "one conversation"}),
        ("{pass-1.id}", "{pass-2.id}", {"input": "the same question, word for word"}),
        ("{golden-3.id}", "{golden-4.id}", None),  # the first is superseded by the second
    ],
)
def test_t84_kin_of_an_example_is_not_held_out(
    example: str, held_out: str, alike: Mapping[str, str] | None, shared_box: GitBox
) -> None:
    """The sets of ids are disjoint, so comparing ids lets it through."""
    but = {name: alike for name in ("pass-1", "pass-2") if alike}
    before: list[Edit] = [{"labelled": {"passes": 10, "fails": 10, "but": but}}]
    edits = [judge(few_shot=[example]), calibrate(without=[example])]
    raw = apply(apply(standard(), before), edits)[RAW].data.decode()
    recorded = {json.loads(line)["case"] for line in raw.splitlines()}
    assert with_names(held_out) in recorded
    assert with_names(example) not in recorded
    assert f"GG602 {RAW}" in found_after(shared_box, edits, before)


def test_t84_nobody_chooses_what_is_held_out(shared_box: GitBox) -> None:
    """A case on which the evaluator fails is moved to the dev part, where it decides nothing."""
    before: list[Edit] = [{"labelled": {"passes": 30, "fails": 30}}]
    assert part_of("rules", str(with_names("{golden-1.id}")), "three-way", HeldOut()) == "heldout"
    edits = [evaluator(), calibrate(lines=with_names({"{golden-1.id}": {"part": "dev"}}))]
    assert f"GG602 {RAW}" in found_after(shared_box, edits, before)


@pytest.mark.parametrize(
    "text",
    [
        "Question number 3, please?",
        "QUESTION   NUMBER\n3, PLEASE?",  # in other letters
        "Question number \uff13, please?",  # a full-width digit
    ],
)
def test_t85_text_of_a_held_out_case_in_the_prompt_is_refused(
    text: str, shared_box: GitBox
) -> None:
    """No id is declared, so there is none to compare."""
    edits = [judge(texts={"rubric.md": f"For instance, fail this: {text}\n"}), calibrate()]
    assert f"GG603 {DEFINITION}" in found_after(shared_box, edits, LABELLED)


def test_t85_a_prompt_that_is_too_long_to_search_is_refused(shared_box: GitBox) -> None:
    """What cannot be compared is not taken for clean."""
    edits = [judge(texts={"rubric.md": "Be strict, but fair. " * 25_000}), calibrate()]
    assert f"GG603 {DEFINITION}" in found_after(shared_box, edits, LABELLED)


@pytest.mark.parametrize(
    "edit",
    [
        {"append": {"path": f"{FOLDER}/rubric.md", "text": "Say pass when in doubt.\n"}},
        {"set": {"path": DEFINITION, "values": {"options.model": "judge-2026-06-30"}}},
        {"set": {"path": DEFINITION, "values": {"options.temperature": 1.0}}},
        {"write": {"path": f"{FOLDER}/examples.jsonl", "text": "{}\n"}},
    ],
)
def test_t86_a_changed_evaluator_is_another_one(edit: Edit, shared_box: GitBox) -> None:
    """Manifest and definition still name one version, so comparing versions lets it through."""
    before = [*LABELLED, judge(), calibrate()]
    files = apply(apply(standard(), before), [edit])
    versions = {yaml.safe_load(files[path].data)["version"] for path in (MANIFEST, DEFINITION)}
    assert versions == {1}
    findings = found_after(shared_box, [edit], before)
    assert {f"GG604 {MANIFEST}", f"GG612 {DEFINITION}"} <= set(findings)


@pytest.mark.parametrize("model", ["judge-latest", "judge", "judge-4o", "vendor/judge-3-preview"])
def test_t87_a_floating_model_is_refused(model: str, shared_box: GitBox) -> None:
    """The file stays the same while the model behind it changes."""
    edits = [judge(options={"model": model}), calibrate()]
    assert found_after(shared_box, edits, LABELLED) == [f"GG605 {DEFINITION}"]


def test_t88_a_cherry_picked_subset_is_refused(shared_box: GitBox) -> None:
    """On the cases that are left the evaluator is always right."""
    wrong = ids("pass", 5)
    says = dict.fromkeys(wrong, "fail")
    honest = [judge(), calibrate(says=says)]
    picked = [judge(), calibrate(says=says, without=wrong)]
    assert manifest_after(honest, LABELLED)["heldout"]["mcc"] < 0.65
    assert manifest_after(picked, LABELLED)["heldout"]["mcc"] == 1.0
    assert found_after(shared_box, picked, LABELLED) == [f"GG618 {MANIFEST}"]


def test_t88_too_few_labels_make_no_gate(shared_box: GitBox) -> None:
    """Nine of nine is a perfect score and proves nothing."""
    before: list[Edit] = [{"labelled": {"passes": 3, "fails": 3}}]
    edits = [judge(), calibrate()]
    assert manifest_after(edits, before)["heldout"]["mcc"] == 1.0
    assert f"GG606 {DATASET}" in found_after(shared_box, edits, before)


def test_t88_always_saying_pass_makes_no_gate(shared_box: GitBox) -> None:
    """It agrees with people in more than nine cases of ten, so accuracy lets it through."""
    before: list[Edit] = [{"labelled": {"passes": 40, "fails": 1}}]
    edits = [evaluator(options=DEAF, protocol="blind"), calibrate()]
    counts = manifest_after(edits, before)["heldout"]["counts"]
    assert (counts["tp"] + counts["tn"]) / sum(counts.values()) > 0.9
    assert f"GG606 {DATASET}" in found_after(shared_box, edits, before)


def test_t89_superseded_and_new_cases_age_a_calibration(box: GitBox) -> None:
    """The manifest still reproduces; only the tree tells that it is about the past."""
    ended: list[Edit] = [
        {"withdraw": {"row": row, "at": f"2026-08-0{day}T08:00:00Z"}}
        for day, row in enumerate(("golden-1", "golden-2", "golden-4"), 1)
    ]
    few: list[Edit] = [{"labelled": {"passes": 1, "fails": 1}}]
    old = apply(standard(), [*few, evaluator(role="signal"), calibrate(), *ended])
    assert f"GG607 {MANIFEST}" in found_in(box, box.commit(old))

    measured = [*few, evaluator(role="signal"), calibrate(at="2026-06-10T09:30:00Z"), *LABELLED]
    touch: Edit = {"set": {"path": DATASET, "values": {"description": "Questions."}}}
    assert f"GG607 {MANIFEST}" in found_after(box, [touch], measured)


def test_t90_a_lower_floor_in_the_manifest_is_refused(shared_box: GitBox) -> None:
    """By its own thresholds the evaluator gates."""
    says = with_names(dict.fromkeys(["{pass-1.id}", "{pass-2.id}", "{fail-1.id}"], "unknown"))
    values = {"thresholds.min_coverage": 0.5, "band": "gate"}
    edits = [judge(), calibrate(says=says, values=values)]
    findings = found_after(shared_box, edits, LABELLED)
    assert {f"GG606 {DATASET}", f"GG611 {MANIFEST}"} <= set(findings)


def test_t90_a_lower_floor_in_the_same_change_is_refused(shared_box: GitBox) -> None:
    """The head's policy would let it gate; the base's judges."""
    before: list[Edit] = [
        {"set": {"path": "goldengit.yaml", "values": {"calibration": {"gate": 0.95}}}},
        *LABELLED,
    ]
    lower: Edit = {
        "set": {"path": "goldengit.yaml", "values": {"version": 2, "calibration": {"gate": 0.5}}}
    }
    findings = found_after(shared_box, [lower, evaluator(), calibrate()], before)
    assert {f"GG606 {DATASET}", "GG702 goldengit.yaml"} <= set(findings)


def test_t91_tuning_on_the_held_out_labels_is_counted(shared_box: GitBox) -> None:
    """Each revision that is measured is a look, and one too many closes the gate."""
    before = [*LABELLED, evaluator(), calibrate()]
    tuned = {"must_not_match": ["made-up", "wrong", "doubtful"]}
    edits = [evaluator(version=2, options=tuned), calibrate(at="2026-07-02T08:00:00Z")]
    findings = found_after(shared_box, edits, before)
    assert {f"GG608 {MANIFEST}", f"GG606 {DATASET}"} <= set(findings)


def test_t91_a_look_is_not_forgotten(shared_box: GitBox) -> None:
    """A fresh list says one look, which is what a reader of the head alone believes."""
    before = [*LABELLED, evaluator(), calibrate()]
    tuned = {"must_not_match": ["made-up", "wrong", "doubtful"]}
    again = calibrate(at="2026-07-02T08:00:00Z", forget=True)
    edits = [evaluator(version=2, options=tuned), again]
    assert len(manifest_after(edits, before)["looks"]) == 1
    assert found_after(shared_box, edits, before) == [f"GG608 {MANIFEST}"]


def test_t91_nor_deleted_with_its_manifest(shared_box: GitBox) -> None:
    """The next change could begin to count from one."""
    before = [*LABELLED, evaluator(role="signal"), calibrate()]
    edits: list[Edit] = [{"delete": MANIFEST}, {"delete": RAW}]
    assert found_after(shared_box, edits, before) == [f"GG608 {MANIFEST}"]


@pytest.mark.parametrize(
    ("twice", "authors"), [(False, ["reviewer-1"]), (True, ["reviewer-1", "reviewer-2"])]
)
def test_t92_authors_do_not_label_for_themselves(
    twice: bool,
    authors: list[str],
    shared_box: GitBox,
) -> None:
    """Such an evaluator agrees perfectly, with its own author."""
    before: list[Edit] = [{"labelled": {"passes": 10, "fails": 10, "twice": twice}}]
    edits = [judge(authors=authors), calibrate()]
    assert f"GG610 {MANIFEST}" in found_after(shared_box, edits, before)


def test_t92_a_model_does_not_label_for_people(shared_box: GitBox) -> None:
    """Its labels count for nothing, and a manifest that counts them is refused."""
    label: dict[str, Any] = {"failure_mode": "invented-citation", "verdict": "pass"}
    label |= {"source": "model"} | {
        "reviewer": "reviewer-1",
        "at": "2026-06-10T09:00:00Z",
        "rubric": 1,
    }
    by_model: Edit = {
        "labelled": {"passes": 10, "fails": 10, "but": {"pass-1": {"labels": [label]}}}
    }
    honest = [judge(), calibrate()]
    lines = _raw(apply(standard(), [by_model, *honest]))
    assert with_names("{pass-1.id}") not in {line["case"] for line in lines}
    assert found_after(shared_box, honest, [by_model]) == []
    counted: Edit = {"labelled": {"passes": 10, "fails": 10}}
    files = apply(standard(), [counted, *honest])
    stolen: list[Edit] = [
        {"write": {"path": path, "text": blob.data.decode()}}
        for path, blob in files.items()
        if path.startswith(FOLDER)
    ]
    use: Edit = {
        "set": {"path": DATASET, "values": {"evaluators": [{"id": "rules", "role": "gate"}]}}
    }
    assert f"GG613 {RAW}" in found_after(shared_box, [*stolen, use], [by_model])


def test_t92_a_human_verdict_is_not_rewritten(shared_box: GitBox) -> None:
    """The evaluator stays as deaf as it was; the people are made to agree with it."""
    turned = {key: {"human": "pass"} for key in ids("fail", 7)}
    edits = [evaluator(options=DEAF), calibrate(lines=turned)]
    assert f"GG613 {RAW}" in found_after(shared_box, edits, LABELLED)


def test_t93_swapped_rates_are_refused(shared_box: GitBox) -> None:
    """Who takes FAIL for the positive class gets the same MCC and the other's rates."""
    honest = manifest_after([evaluator(), calibrate()], LABELLED)["heldout"]
    assert honest["tpr"] != honest["tnr"]
    swapped = {"heldout.tpr": honest["tnr"], "heldout.tnr": honest["tpr"]}
    edits = [evaluator(), calibrate(values=swapped)]
    assert found_after(shared_box, edits, LABELLED) == [f"GG601 {MANIFEST}"]


def test_t93_an_undefined_statistic_is_not_zero(shared_box: GitBox) -> None:
    """A common library returns 0.0 for the MCC of a constant judge."""
    edits = [evaluator(role="signal", options=DEAF), calibrate(values={"heldout.mcc": 0.0})]
    assert found_after(shared_box, edits, LABELLED) == [f"GG601 {MANIFEST}"]


@pytest.mark.parametrize("number", [".nan", "NaN", ".inf", "'0.9'", "true"])
def test_t93_what_is_no_number_is_refused_in_the_manifest(number: str, shared_box: GitBox) -> None:
    """NaN is neither below nor above any floor."""
    files = apply(standard(), [*LABELLED, evaluator(), calibrate()])
    text = files[MANIFEST].data.decode()
    old = next(line for line in text.splitlines() if line.startswith("  mcc:"))
    edits = [evaluator(), calibrate(), _replaced(MANIFEST, text, old, f"  mcc: {number}")]
    findings = found_after(shared_box, edits, LABELLED)
    assert any(finding.startswith("GG1") and MANIFEST in finding for finding in findings)
    assert f"GG614 {DATASET}" in findings


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_t93_what_is_no_number_is_refused_in_the_raw_verdicts(
    number: str, shared_box: GitBox
) -> None:
    """Python's own reader of JSON takes all of these."""
    assert json.loads(f'{{"score": {number}}}')
    files = apply(standard(), [*LABELLED, evaluator(), calibrate()])
    text = files[RAW].data.decode()
    bad = text.replace('"score":1.0', f'"score":{number}', 1)
    edits = [evaluator(), calibrate(), {"write": {"path": RAW, "text": bad}}]
    findings = found_after(shared_box, edits, LABELLED)
    assert {f"GG112 {RAW}", f"GG601 {RAW}"} <= set(findings)


def test_t94_a_manifest_from_another_evaluator_is_refused(shared_box: GitBox) -> None:
    """It is genuine and reproduces to the last digit, elsewhere."""
    good: list[Edit] = [*LABELLED, evaluator(id="good", role="signal"), calibrate(id="good")]
    edits: list[Edit] = [
        evaluator(options=DEAF),
        *(
            {"copy": {"from": path.replace("rules", "good"), "to": path}}
            for path in (MANIFEST, RAW)
        ),
    ]
    findings = found_after(shared_box, edits, good)
    assert {f"GG604 {MANIFEST}", f"GG611 {MANIFEST}"} <= set(findings)


def test_t94_a_manifest_from_another_dataset_is_refused(shared_box: GitBox) -> None:
    """An evaluator gates where it was measured, and nowhere else."""
    before: list[Edit] = [*LABELLED, evaluator(role="signal"), calibrate()]
    grading = "datasets/grading/dataset.yaml"
    use: Edit = {
        "set": {"path": grading, "values": {"evaluators": [{"id": "rules", "role": "gate"}]}}
    }
    assert found_after(shared_box, [use], before) == [f"GG611 {grading}"]


def _raw(files: Files) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files[RAW].data.decode().splitlines()]


def _replaced(path: str, text: str, old: str, new: str) -> Edit:
    return {"write": {"path": path, "text": text.replace(old, new, 1)}}
