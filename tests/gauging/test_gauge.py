"""What an evaluator of a tree may do follows from the tree alone, and from the policy in force."""

from typing import Any

import pytest

from goldengit.errors import CannotJudgeError
from goldengit.gauging.definitions import definition_of
from goldengit.gauging.gauge import gauge
from goldengit.models.change import Gauge
from goldengit.models.policy import Policy
from goldengit.models.recorded import differences
from goldengit.models.standing import standing
from goldengit.repository.store import opened
from tests.edits import Edit, apply
from tests.gitbox import GitBox
from tests.standard import NOW, policy, standard

LABELLED: Edit = {"labelled": {"passes": 10, "fails": 10}}


def read(box: GitBox, edits: list[Edit], **how: Any) -> Gauge:
    """Return the evaluator `rules` of the standard repository after these edits."""
    commit = box.commit(apply(standard(), edits))
    with opened(box.folder) as store:
        tree = store.snapshot("a tree", store.repository.tree_of(commit))
        return gauge(tree, "rules", policy=rule(), now=NOW, **how)


def rule(**calibration: Any) -> Policy:
    return Policy.model_validate(policy() | {"calibration": calibration})


def judged(box: GitBox, *edits: Edit, **calibration: Any) -> tuple[str, str]:
    return standing(read(box, [LABELLED, *edits]), rule(**calibration), NOW)


def calibrated(*, by: Edit | None = None, **words: Any) -> list[Edit]:
    return [by or {"evaluator": {}}, {"calibrate": words}]


def test_an_evaluator_may_do_what_its_numbers_earn(shared_box: GitBox) -> None:
    assert judged(shared_box, *calibrated()) == ("gate", "")
    deaf: Edit = {"evaluator": {"options": {"must_not_match": ["never-said"]}}}
    assert judged(shared_box, *calibrated(by=deaf))[0] == "revise"


def test_without_a_manifest_it_may_do_nothing(shared_box: GitBox) -> None:
    assert judged(shared_box, {"evaluator": {}}) == ("uncalibrated", "It was never calibrated.")


def test_one_that_cannot_be_built_may_do_nothing(shared_box: GitBox) -> None:
    """Its manifest and its definition can be read all the same."""
    judge: Edit = {"evaluator": {"kind": "judge"}}
    lost: Edit = {"delete": "evaluators/rules/rubric.md"}
    found = read(shared_box, [LABELLED, *calibrated(by=judge), lost])
    assert found.definition is not None
    assert standing(found, rule(), NOW)[0] == "uncalibrated"


def test_invented_numbers_entitle_to_nothing(shared_box: GitBox) -> None:
    found = judged(shared_box, *calibrated(values={"heldout.mcc": 0.99}))
    assert found == ("stale", "Its numbers do not follow from its raw verdicts.")


def test_a_stand_in_is_not_passed_off_as_the_model(shared_box: GitBox) -> None:
    judge: Edit = {"evaluator": {"kind": "judge", "stand_in": True}}
    found = judged(shared_box, *calibrated(by=judge, values={"stand_in": False, "band": "gate"}))
    assert found[0] == "stale"


def test_a_probability_is_about_the_floor_that_it_was_computed_for(shared_box: GitBox) -> None:
    """The manifest says with what probability agreement exceeds 0.4, not 0.5."""
    assert judged(shared_box, *calibrated(), mode="guarded")[0] == "gate"
    band, why = judged(shared_box, *calibrated(), mode="guarded", signal=0.5)
    assert (band, why) == (
        "signal",
        "The probability that agreement exceeds 0.5 was not computed.",
    )


def test_numbers_are_recomputed_by_the_thresholds_of_the_manifest(shared_box: GitBox) -> None:
    """A later policy asks another question; the manifest answered its own rightly."""
    edits = [LABELLED, *calibrated()]
    later: Edit = {
        "set": {"path": "goldengit.yaml", "values": {"version": 2, "calibration": {"gate": 0.7}}}
    }
    found = read(shared_box, [*edits, later], thorough=True)
    assert found.manifest is not None
    assert found.manifest.manifest is not None
    assert found.recomputed is not None
    assert differences(found.manifest.manifest.heldout, found.recomputed, thorough=True) == []


def test_a_census_finds_labelled_cases_of_every_month_that_has_some(shared_box: GitBox) -> None:
    found = read(shared_box, [LABELLED, {"evaluator": {}}], census=True)
    assert found.labelled is not None
    assert {case[:7] for case in found.labelled} == {"2026-03", "2026-05", "2026-06"}
    assert len(found.labelled) == 23  # 20, and the three active ones of the standard repository
    measured = read(shared_box, [LABELLED, *calibrated()], census=True)  # all of it was recorded
    assert measured.labelled == found.labelled
    other = read(shared_box, [LABELLED, {"evaluator": {"failure_mode": "wrong-tool"}}], census=True)
    assert other.labelled is not None
    assert len(other.labelled) == 1


def test_people_are_known_as_long_as_their_cases_can_be_read(shared_box: GitBox) -> None:
    withdrawn: Edit = {"withdraw": {"row": "golden-1"}}
    found = read(shared_box, [LABELLED, *calibrated(), withdrawn])
    assert found.people is not None
    assert found.people.labelled == 23
    assert len(found.labels) == 22
    erased: Edit = {"erase": {"row": "golden-1"}}
    assert read(shared_box, [LABELLED, *calibrated(), erased]).people is None


@pytest.mark.parametrize(
    ("edit", "repair"),
    [
        ({"evaluator": {"kind": "oracle"}}, "Write one of them as `kind`."),
        (
            {"evaluator": {"options": {}}},
            "`goldengit schema evaluator-regex` shows what is expected.",
        ),
        ({"evaluator": {"dataset": "nowhere"}}, "Name one of: grading, support."),
        (
            {"evaluator": {"dataset": "grading"}},
            "Declare it in datasets/grading/dataset.yaml, or name one of: overall.",
        ),
    ],
)
def test_what_is_wrong_with_a_definition_comes_with_its_own_repair(
    edit: Edit, repair: str, shared_box: GitBox
) -> None:
    assert read(shared_box, [edit]).repair == repair


def test_a_file_that_is_too_large_has_no_digest(box: GitBox) -> None:
    """Of what cannot be read, any two files would have the same."""
    files = apply(standard(), [{"evaluator": {"kind": "judge"}}])
    with opened(box.folder) as store:
        tree = store.repository.tree_of(box.commit(files))
        limits = Policy.model_validate(policy() | {"limits": {"change_bytes": 10}}).limits
        with pytest.raises(CannotJudgeError, match=r"rubric\.md has [0-9]+ bytes, too many"):
            definition_of(store.snapshot("a tree", tree, limits), "rules")
