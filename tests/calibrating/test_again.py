"""What a model was recorded to say is judged again (T83)."""

import json
from pathlib import Path

import pytest

from goldengit.models.layout import evaluator_path
from tests.calibrating.test_calibrate import Here, labelled
from tests.gitbox import Blob
from tests.judge_stub import MODEL, Answer, JudgeStub, completion, obedient
from tests.labelled import evaluator

JUDGE = evaluator("phrase", "judge", options={"model": MODEL})
RUBRIC = {evaluator_path("phrase", "rubric.md"): Blob(b"Fail invented sources.\n")}
LENIENT = Answer(completion({"justification": "Fine.", "verdict": "pass"}))


@pytest.fixture
def here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Here:
    """Return a repository whose judge was calibrated on ten cases."""
    monkeypatch.chdir(tmp_path)
    made = Here(tmp_path / "repository", capsys)
    made.commit(labelled(5, 5) | JUDGE | RUBRIC)
    with JudgeStub(obedient) as stub:
        monkeypatch.setenv("GOLDENGIT_JUDGE_BASE_URL", stub.base_url)
        made.calibrate("phrase")
    return made


def ask(
    here: Here, patch: pytest.MonkeyPatch, answer: Answer | None, *words: str, expected: int = 0
) -> tuple[str, int]:
    """Judge again with an endpoint; return what is said, and how often it was asked."""
    with JudgeStub(answer or obedient) as stub:
        patch.setenv("GOLDENGIT_JUDGE_BASE_URL", stub.base_url)
        out, err = here.calibrate("phrase", *words, expected=expected)
        return out + err, len(stub.asked)


def test_a_record_that_still_holds_is_no_finding_and_no_file_changes(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sample is asked anew, whatever is kept."""
    before = here.path("calibration.yaml").read_bytes(), here.path("calibration.jsonl").read_bytes()
    said, asked = ask(here, monkeypatch, None, "--again", "4")
    assert "phrase 1  HOLDS" in said
    assert ("judged again   4 of " in said, asked) == (True, 4)
    assert before == (
        here.path("calibration.yaml").read_bytes(),
        here.path("calibration.jsonl").read_bytes(),
    )


def test_a_model_that_became_lenient_has_drifted(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, _ = ask(here, monkeypatch, LENIENT, "--again", "100", "--format", "json", expected=1)
    (found,) = json.loads(said)["evaluators"]
    assert (found["judged"], found["tolerance"]) == (found["recorded"], 0.05)
    assert {(one["recorded"], one["now"]) for one in found["drifted"]} == {("fail", "pass")}


def test_no_answer_is_no_agreement(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = Answer(b"gone", status=404)
    said, _ = ask(here, monkeypatch, gone, "--again", "3", expected=1)
    assert "phrase 1  DRIFTED" in said
    assert said.count("now unknown.") == 3


def test_which_cases_are_drawn_follows_from_head(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever writes the record cannot choose them, and two runs on one commit agree."""

    def drawn() -> set[str]:
        words = ("--again", "3", "--format", "json")
        said, _ = ask(here, monkeypatch, Answer(b"", status=404), *words, expected=1)
        return {one["case"] for one in json.loads(said)["evaluators"][0]["drifted"]}

    first = drawn()
    assert drawn() == first
    draws = {frozenset(first)}
    for message in ("one", "two", "three", "four"):
        named = ("-c", "user.name=O", "-c", "user.email=o@example.org")
        here.box.git(*named, "commit", "--quiet", "--allow-empty", "-m", message)
        draws.add(frozenset(drawn()))
    assert len(draws) > 1


@pytest.mark.parametrize("name", ["rubric.md", "calibration.yaml"])
def test_the_record_of_another_state_says_nothing(
    name: str, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed rubric, or no manifest at all."""
    if name == "rubric.md":
        here.path(name).write_text("Pass everything.\n")
    else:
        here.path(name).unlink()
    said, asked = ask(here, monkeypatch, None, "--again", "3", expected=3)
    assert asked == 0
    assert "Run `goldengit calibrate phrase`." in said


def test_it_goes_with_no_other_way_of_calibrating(here: Here) -> None:
    _, err = here.calibrate("phrase", "--again", "3", "--dev", expected=2)
    assert "exclude each other" in err
