"""An evaluator is measured by the command, in a real repository."""

import json
from pathlib import Path
from typing import Any

import pytest

from goldengit.cli import run
from goldengit.models.calibration import Manifest
from goldengit.models.layout import evaluator_path
from goldengit.repository.interpret import house_bytes
from goldengit.repository.sources import work_tree
from goldengit.repository.store import opened
from tests.gitbox import Blob, Files, GitBox
from tests.judge_stub import MODEL, Answer, JudgeStub, obedient
from tests.labelled import case, evaluator, files_of
from tests.standard import standard

GOOD, BAD = "It is so [src-1].", "It is so, as everybody knows [made-up]."
OPTIONS = {"banned": ["made-up"]}


def labelled(passes: int, fails: int, *, wrong: int = 0) -> Files:
    """Return cases of which a banned phrase tells all but `wrong` failing ones."""
    good = [case(number, "pass", GOOD) for number in range(passes)]
    bad = [case(1000 + at, "fail", GOOD if at < wrong else BAD) for at in range(fails)]
    return files_of([*good, *bad])


class Here:
    """A repository with a work tree, and the program run inside it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.box = GitBox(folder, bare=False)
        self._capsys = capsys

    def commit(self, files: Files) -> None:
        oid = self.box.commit(standard() | files)
        self.box.git("reset", "--quiet", "--hard", oid)

    def write(self, files: Files) -> None:
        for path, blob in files.items():
            target = self.box.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(blob.data)

    def calibrate(self, *words: str, expected: int = 0) -> tuple[str, str]:
        self._capsys.readouterr()
        code = run(["-C", str(self.box.folder), "calibrate", *words])
        said = self._capsys.readouterr()
        assert code == expected, said
        return said.out, said.err

    def manifest(self, name: str = "phrase") -> Manifest:
        with opened(self.box.folder) as store:
            tree = store.snapshot("the work tree", work_tree(store.repository))
            file = tree.file(evaluator_path(name, "calibration.yaml"))
        assert file is not None
        assert file.reading is not None
        assert file.reading.refusals == ()
        assert file.manifest is not None
        return file.manifest

    def path(self, name: str) -> Path:
        return self.box.folder / evaluator_path("phrase", name)


@pytest.fixture
def here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Here:
    monkeypatch.chdir(tmp_path)
    return Here(tmp_path / "repository", capsys)


def test_a_manifest_says_what_the_verdicts_are_worth(here: Here) -> None:
    here.commit(labelled(14, 12, wrong=2) | evaluator("phrase", options=OPTIONS))
    out, _ = here.calibrate("phrase")
    found = here.manifest()
    counts = found.heldout.counts
    assert (counts.tp, counts.fp, counts.fn, counts.tn) == (
        15,
        4,
        0,
        10,
    )  # three of them are the standard repository's
    assert (found.band, found.protocol, len(found.looks)) == ("gate", "blind", 1)
    assert found.heldout.mcc_interval is not None
    assert found.people.annotators == ("reviewer-1",)
    assert "GATE" in out
    assert "people: fail           4         10" in out


def test_the_file_is_in_house_style_and_holds_the_digest_of_the_verdicts(here: Here) -> None:
    here.commit(labelled(14, 12) | evaluator("phrase", options=OPTIONS))
    here.calibrate("phrase")
    path = evaluator_path("phrase", "calibration.yaml")
    with opened(here.box.folder) as store:
        file = store.snapshot("it", work_tree(store.repository)).file(path)
    assert file is not None
    assert file.data == house_bytes(path, file.value)


def test_the_same_evaluator_measured_again_writes_the_same_numbers_and_no_second_look(
    here: Here,
) -> None:
    here.commit(labelled(14, 12) | evaluator("phrase", options=OPTIONS))
    here.calibrate("phrase")
    first = here.manifest()
    verdicts = here.path("calibration.jsonl").read_bytes()
    here.calibrate("phrase")
    second = here.manifest()
    assert here.path("calibration.jsonl").read_bytes() == verdicts
    assert (second.heldout, second.looks) == (first.heldout, first.looks)


def test_a_changed_evaluator_on_the_same_labels_is_another_look_and_blind_allows_one(
    here: Here,
) -> None:
    here.commit(labelled(12, 12) | evaluator("phrase", options=OPTIONS))
    here.calibrate("phrase")
    assert here.manifest().band == "gate"
    here.write(evaluator("phrase", version=2, options={"banned": ["made-up", "everybody"]}))
    out, _ = here.calibrate("phrase")
    assert (here.manifest().band, len(here.manifest().looks)) == ("signal", 2)
    assert "looked at 2 times, 1 are allowed" in out


def test_labels_that_nobody_looked_at_make_the_held_out_part_fresh_again(here: Here) -> None:
    """Blind with 16 labels, then 29: the first look saw fewer than half only with 40 and more."""
    blind: dict[str, Any] = {"options": OPTIONS, "protocol": "blind"}
    here.commit(labelled(8, 5) | evaluator("phrase", **blind))
    here.calibrate("phrase")
    here.write(evaluator("phrase", **blind | {"version": 2, "authors": ["reviewer-4"]}))
    here.write(labelled(12, 12))
    here.calibrate("phrase")
    assert here.manifest().band == "signal"
    here.write(labelled(40, 40))
    here.calibrate("phrase")
    assert here.manifest().band == "gate"
    assert [look.labels for look in here.manifest().looks] == [16, 83]


def test_with_sixty_labels_there_are_three_parts_by_hash(here: Here) -> None:
    here.commit(labelled(40, 40) | evaluator("phrase", options=OPTIONS))
    out, _ = here.calibrate("phrase", "--dry-run", "--format", "json")
    plan = json.loads(out)["evaluators"][0]
    assert plan["protocol"] == "three-way"
    assert all(len(plan["parts"][part]) > 3 for part in ("train", "dev", "heldout"))
    assert not here.path("calibration.yaml").exists()
    here.calibrate("phrase")
    found = here.manifest()
    assert found.heldout.counts.n == len(plan["parts"]["heldout"])
    assert found.dev is not None
    assert found.dev.counts.n == len(plan["parts"]["dev"])


def test_dev_is_measured_without_a_look_and_without_a_file(here: Here) -> None:
    here.commit(labelled(20, 20) | evaluator("phrase", options=OPTIONS))
    out, _ = here.calibrate("phrase", "--dev")
    assert "on the dev part; nothing was written" in out
    assert not here.path("calibration.yaml").exists()


def test_in_blind_mode_there_is_no_dev_part(here: Here) -> None:
    here.commit(labelled(8, 8) | evaluator("phrase", options=OPTIONS))
    _, err = here.calibrate("phrase", "--dev", expected=2)
    assert "All labels are held out" in err


def test_people_who_disagree_are_counted_and_left_out(here: Here) -> None:
    split = [case(2000 + at, "fail", BAD, second="pass") for at in range(3)]
    agreed = [case(3000 + at, "fail", BAD, second="fail") for at in range(3)]
    here.commit(
        labelled(12, 10) | files_of([*split, *agreed]) | evaluator("phrase", options=OPTIONS)
    )
    here.calibrate("phrase")
    found = here.manifest()
    assert (found.heldout.counts.n, found.heldout.ambiguous) == (28, 3)
    assert (found.people.double_labelled, found.people.labelled) == (6, 31)
    assert any("On 3 cases people disagree" in note for note in found.notes)


def test_cases_that_ended_do_not_count(here: Here) -> None:
    old = case(1, "pass", GOOD, values={"valid_until": "2026-07-01"})
    here.commit(labelled(12, 12) | files_of([old]) | evaluator("phrase", options=OPTIONS))
    here.calibrate("phrase")
    assert here.manifest().heldout.counts.n == 26


def test_an_example_that_is_held_out_is_refused_before_anything_is_written(here: Here) -> None:
    shown = case(1, "pass", GOOD)
    here.commit(labelled(12, 12) | evaluator("phrase", options=OPTIONS, few_shot=[shown["id"]]))
    _, err = here.calibrate("phrase", expected=3)
    assert f"{shown['id']} is held out, and the evaluator was made from it" in err
    assert not here.path("calibration.yaml").exists()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"kind": "oracle"}, "There is no kind `oracle`"),
        ({"dataset": "nowhere"}, "There is no dataset nowhere. Name one of: grading, support."),
        ({"failure_mode": "rudeness"}, "declares no failure mode rudeness"),
        ({"options": {"banned": 3}}, "banned"),
    ],
)
def test_a_definition_that_does_not_fit_is_refused_with_its_place(
    here: Here, change: dict[str, Any], why: str
) -> None:
    here.commit(labelled(12, 12) | evaluator("phrase", **({"options": OPTIONS} | change)))
    _, err = here.calibrate("phrase", expected=3)
    assert why in err
    assert "evaluators/phrase/evaluator.yaml" in err


def test_an_evaluator_that_is_not_there_is_named(here: Here) -> None:
    here.commit(labelled(3, 3))
    _, err = here.calibrate("phrase", expected=3)
    assert "There is no evaluator phrase" in err


def test_without_any_label_there_is_nothing_to_judge(here: Here) -> None:
    here.commit(evaluator("phrase", options=OPTIONS, failure_mode="overall", dataset="grading"))
    (here.box.folder / "datasets/grading/golden").rename(here.box.folder / "elsewhere")
    _, err = here.calibrate("phrase", expected=4)
    assert "No active case of grading is labelled for overall" in err


def test_a_case_that_cannot_be_read_stops_the_calibration(here: Here) -> None:
    files = labelled(12, 12)
    path = next(iter(files))
    here.commit(files | evaluator("phrase", options=OPTIONS))
    (here.box.folder / path).write_bytes(b"schema: [")
    _, err = here.calibrate("phrase", expected=3)
    assert path in err
    assert not here.path("calibration.yaml").exists()


def test_options_that_exclude_each_other_are_refused(here: Here) -> None:
    here.commit(labelled(3, 3) | evaluator("phrase", options=OPTIONS))
    _, err = here.calibrate("phrase", "--dev", "--fit", expected=2)
    assert "exclude each other" in err


def test_only_a_classifier_is_trained(here: Here) -> None:
    here.commit(labelled(20, 20) | evaluator("phrase", options=OPTIONS))
    _, err = here.calibrate("phrase", "--fit", expected=2)
    assert "A phrases evaluator is not trained" in err


def test_a_model_that_is_never_heard_does_not_replace_a_manifest(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The endpoint answers at first, and is down when the evaluator is measured again."""
    judge = evaluator("phrase", "judge", options={"model": MODEL})
    rubric = {evaluator_path("phrase", "rubric.md"): Blob(b"Fail invented sources.\n")}
    here.commit(labelled(5, 5) | judge | rubric)
    with JudgeStub(obedient) as stub:
        monkeypatch.setenv("GOLDENGIT_JUDGE_BASE_URL", stub.base_url)
        here.calibrate("phrase")
        before = here.path("calibration.yaml").read_bytes()
    (here.box.folder / ".git/goldengit/verdicts-1.sqlite").unlink()
    with JudgeStub(Answer(b"down for maintenance", status=404)) as stub:
        monkeypatch.setenv("GOLDENGIT_JUDGE_BASE_URL", stub.base_url)
        _, err = here.calibrate("phrase", expected=3)
    assert f"The model {MODEL} gave no usable answer" in err
    assert here.path("calibration.yaml").read_bytes() == before


def test_what_a_judge_said_once_is_not_paid_for_again(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = evaluator("phrase", "judge", options={"model": MODEL})
    rubric = {evaluator_path("phrase", "rubric.md"): Blob(b"Fail invented sources.\n")}
    here.commit(labelled(5, 5) | judge | rubric)
    with JudgeStub(obedient) as stub:
        monkeypatch.setenv("GOLDENGIT_JUDGE_BASE_URL", stub.base_url)
        here.calibrate("phrase")
        first = len(stub.asked)
        here.calibrate("phrase")
        assert (first, len(stub.asked)) == (13, 13)
