"""What goes wrong around a calibration ends in one sentence, and nothing is half-written."""

import hashlib
import json
import subprocess
import time
from collections.abc import Iterable
from math import atanh, sqrt
from pathlib import Path
from typing import Any

import pytest

from goldengit.calibrating import desk
from goldengit.cli import run
from goldengit.errors import GoldengitError
from goldengit.evaluating.judging import judged
from goldengit.evaluators import Doors
from goldengit.gauging.agreement import measured
from goldengit.models.calibration import RecordedVerdict
from goldengit.models.dataset import Scale
from goldengit.models.layout import evaluator_path
from goldengit.models.policy import Calibration
from tests.cli.running import PROGRAM, environment, interrupted
from tests.gitbox import Blob, Files
from tests.labelled import case, evaluator, files_of
from tests.promoting.bench import Bench
from tests.standard import standard

GOOD, BAD = "It is so [src-1].", "It is so, as everybody knows [made-up]."
OPTIONS = {"banned": ["made-up"]}
ROOT = Path(__file__).parents[2]
DIGEST = f"sha256:{'0' * 64}"


def labels(number: int, **values: Any) -> Files:
    """Return as many labelled cases, half of them failing, that a banned phrase tells apart."""
    return files_of(
        case(at, "fail" if at % 2 else "pass", BAD if at % 2 else GOOD, values=values)
        for at in range(number)
    )


class Place:
    """A repository with a work tree, and the command run inside it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder, self._capsys = folder, capsys
        self.bench: Bench

    def holds(self, *files: Files) -> None:
        every: Files = standard()
        for some in files:
            every |= some
        self.bench = Bench(self._folder, every)

    def calibrate(self, *words: str) -> tuple[int, str, str]:
        """Return the exit code, and what was said on both streams."""
        self._capsys.readouterr()
        code = run(["-C", str(self.bench.top), "calibrate", *words])
        said = self._capsys.readouterr()
        return code, said.out, said.err

    def manifest(self, name: str = "phrase") -> dict[str, Any]:
        return self.bench.value(evaluator_path(name, "calibration.yaml"))

    def path(self, name: str, of: str = "phrase") -> Path:
        return self.bench.top / evaluator_path(of, name)

    def wrote(self, of: str = "phrase") -> list[str]:
        """Return the names of the files of a calibration that are there."""
        return sorted(file.name for file in self.path("", of).glob("calibration.*"))


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Place:
    return Place(tmp_path / "clone", capsys)


# -- cases that are not independent ----------------------------------------------------------


def test_a_hundred_turns_of_one_conversation_are_too_few(place: Place) -> None:
    turns = labels(100, group="conversation-1")
    place.holds(turns, evaluator("phrase", options=OPTIONS, protocol="blind"))
    _, out, _ = place.calibrate("phrase")
    # The four cases of the standard repository are groups of their own.
    assert place.manifest()["band"] == "insufficient"
    assert "are of 4 groups (conversations, users or templates); label cases of 6 more." in out
    assert "on 103 labels in 4 groups" in out


def in_conversations(number: int, turns: int, wrong: Iterable[int]) -> Files:
    """Return conversations with an even number of turns; `wrong` ones are told wrongly."""
    every, missed = range(number * turns), set(wrong)
    return files_of(
        case(
            at,
            "fail" if at % 2 else "pass",
            BAD if (at % 2 == 1) is not (at in missed) else GOOD,
            values={"group": f"conversation-{at // turns}"},
        )
        for at in every
    )


def test_below_twenty_conversations_the_guarded_rule_applies_however_many_turns_there_are(
    place: Place,
) -> None:
    """The same agreement on cases that are independent of each other gates."""
    cases = in_conversations(12, 10, wrong=range(0, 120, 7))
    place.holds(cases, evaluator("phrase", options=OPTIONS, protocol="blind"))
    place.calibrate("phrase")
    found = place.manifest()
    assert found["heldout"]["mcc"] > 0.6
    assert found["heldout"]["groups"] < 20
    assert found["band"] == "signal"
    assert "`guarded` asks for 0.95" in found["reasons"][0]


def graded(number: int, people: int, said: int, group: str) -> RecordedVerdict:
    return RecordedVerdict(
        case=f"2026-06-10-claims-{number:06x}",
        case_digest=DIGEST,
        label=DIGEST,
        group=group,
        part="heldout",
        human="pass" if people >= 3 else "fail",
        human_grade=people,
        verdict="pass" if said >= 3 else "fail",
        grade=said,
    )


def test_grades_are_as_unsure_as_the_conversations_are_few() -> None:
    """With half as many groups, the interval on Fisher's z is wider by the square root of two."""
    pairs = list(
        enumerate(zip([1, 2, 3, 4, 5] * 4, [1, 2, 4, 4, 5, 2, 1, 3, 5, 3] * 2, strict=True))
    )
    reach = []
    for turns in (1, 2):
        lines = [graded(at, *pair, f"conversation-{at // turns}") for at, pair in pairs]
        found = measured(lines, Scale(min=1, max=5), Calibration()).graded
        assert found is not None
        assert found.spearman_interval is not None
        low, high = found.spearman_interval
        reach.append(atanh(high) - atanh(low))
    assert reach[1] / reach[0] == pytest.approx(sqrt(2), abs=1e-4)


# -- labels that are there, verdicts that are not --------------------------------------------


def test_an_evaluator_that_decides_nothing_is_not_told_to_wait_for_labels(place: Place) -> None:
    silent = {"field": "metadata.extra.nothing", "banned": ["made-up"]}
    place.holds(labels(20), evaluator("phrase", options=silent))
    code, out, _ = place.calibrate("phrase")
    assert (code, place.manifest()["band"]) == (0, "insufficient")
    assert "It decides 0 of 23 held-out labels; 10 are asked for." in out
    assert "It decides 0 of 12 held-out FAIL labels; 3 are asked for." in out


def test_an_interval_that_the_prior_alone_would_fill_is_not_shown(place: Place) -> None:
    place.holds(labels(20), evaluator("phrase", options={"required": ["nowhere"]}))
    _, out, _ = place.calibrate("phrase")
    assert "MCC undefined on 23 labels" in out
    assert "probability" not in out


# -- several evaluators ----------------------------------------------------------------------


def test_an_evaluator_that_cannot_be_measured_keeps_no_other_from_it(place: Place) -> None:
    place.holds(
        labels(20),
        evaluator("aaa", options=OPTIONS),
        evaluator("broken", kind="oracle"),
        evaluator("zzz", options=OPTIONS),
    )
    code, out, err = place.calibrate()
    assert code == 3
    assert ["aaa 1", "zzz 1"] == [line[:5] for line in out.splitlines() if "phrases, for" in line]
    assert err.count("There is no kind `oracle`") == 1
    assert len(place.wrote("aaa")) == len(place.wrote("zzz")) == 2
    assert place.wrote("broken") == []


def test_what_was_measured_is_told_as_json_beside_what_was_not(place: Place) -> None:
    place.holds(
        labels(20), evaluator("aaa", options=OPTIONS), evaluator("broken", failure_mode="nowhere")
    )
    code, out, err = place.calibrate("--format", "json")
    assert code == 3
    assert ["aaa"] == [one["evaluator"] for one in json.loads(out)["evaluators"]]
    assert "declares no failure mode nowhere" in err


@pytest.mark.parametrize("name", ["evaluators/phrase", "../phrase", "", "Phrase", "phr ase"])
def test_a_word_that_is_no_id_is_refused_with_the_ids_that_are(place: Place, name: str) -> None:
    place.holds(labels(20), evaluator("phrase", options=OPTIONS))
    code, _, err = place.calibrate(name)
    assert code == 2
    assert f"`{name}` is no id of an evaluator. Name one of: phrase." in err


def test_a_definition_with_the_id_of_another_folder_is_refused(place: Place) -> None:
    """Its split would be another one, and its manifest would lie where nobody looks."""
    (file,) = evaluator("other", options=OPTIONS).values()
    place.holds(labels(20), {evaluator_path("phrase", "evaluator.yaml"): file})
    code, _, err = place.calibrate("phrase")
    assert code == 3
    assert "The id is other, but the folder is named phrase." in err
    assert not place.path("", "other").exists()


# -- what is written -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"schema: [",
        lambda _: b"",
        lambda data: data + b"comment: mine\n",
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data.partition(b"looks:")[0],
    ],
    ids=["no YAML", "empty", "another key", "CRLF", "without looks"],
)
def test_a_manifest_that_cannot_be_read_is_not_replaced_by_one_that_forgot_the_looks(
    place: Place, damage: Any
) -> None:
    place.holds(labels(20), evaluator("phrase", options=OPTIONS))
    place.calibrate("phrase")
    file = place.path("calibration.yaml")
    damaged = damage(file.read_bytes())
    file.write_bytes(damaged)
    code, _, err = place.calibrate("phrase")
    assert code == 3
    assert (
        "The manifest cannot be read, so the looks at the held-out labels cannot be counted" in err
    )
    assert file.read_bytes() == damaged


def test_of_two_calibrations_at_once_the_later_overwrites_no_look(place: Place) -> None:
    place.holds(labels(20), evaluator("phrase", options=OPTIONS))
    with place.bench.store() as store:
        slow = desk.prepare(store, "phrase", Doors(), "2026-08-01T00:00:00Z")
        place.calibrate("phrase")
        first = place.path("calibration.yaml").read_bytes()
        with pytest.raises(GoldengitError, match="changed while the command was running"):
            desk.calibrate(store, slow, judged)
    assert place.path("calibration.yaml").read_bytes() == first


def test_files_that_git_ignores_are_refused_before_anything_is_judged(place: Place) -> None:
    place.holds(labels(20), evaluator("phrase", options=OPTIONS))
    (place.bench.top / ".gitignore").write_text("*.jsonl\n")
    with place.bench.store() as store:
        prepared = desk.prepare(store, "phrase", Doors(), "2026-08-01T00:00:00Z")
        with pytest.raises(GoldengitError, match="Git ignores this path"):
            desk.calibrate(store, prepared, lambda *_: pytest.fail("it was asked"))
    assert place.wrote() == []


def test_a_bare_repository_is_refused(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place.holds(labels(20), evaluator("phrase", options=OPTIONS))
    place.bench.box.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    assert run(["-C", str(tmp_path / "bare.git"), "calibrate", "phrase"]) == 2
    assert "has no work tree to edit" in capsys.readouterr().err


def test_a_definition_with_carriage_returns_is_refused(place: Place) -> None:
    place.holds(labels(20), evaluator("phrase", options=OPTIONS))
    file = place.path("evaluator.yaml")
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    code, _, err = place.calibrate("phrase")
    assert code == 3
    assert "evaluators/phrase/evaluator.yaml: The definition could not be read." in err


def test_what_is_uncommitted_is_measured_as_it_stands(place: Place) -> None:
    place.holds(labels(40), evaluator("phrase", options=OPTIONS, protocol="blind"))
    place.calibrate("phrase")
    before = place.manifest()
    folder = place.bench.top / "datasets/support/golden"
    next(iter(sorted(folder.rglob("2026-06-10-claims-*.yaml")))).unlink()
    place.calibrate("phrase")
    after = place.manifest()
    assert sum(after["heldout"]["counts"].values()) == sum(before["heldout"]["counts"].values()) - 1
    assert after["dataset_version"] != before["dataset_version"]


# -- a team's own code -----------------------------------------------------------------------

SLOW = """
import time
from pathlib import Path

def judge(row):
    Path("{mark}").touch()
    time.sleep(0.2)
    return True
"""
ODD = """
def judge(row):
    print("to whom it may concern")
    number = int(row["input"]["messages"][0]["content"].split()[2].rstrip(","))
    if number % 5 == 0:
        raise RuntimeError("no luck")
    return [float("nan"), float("inf"), -1.0, 0.9, {"score": float("nan"), "verdict": "pass"}][
        number % 5
    ]
"""


def own_code(folder: Path, module: str, source: str) -> Files:
    """Write a module, and return the evaluator `code` that runs it."""
    folder.mkdir(exist_ok=True)
    (folder / f"{module}.py").write_text(source)
    digest = f"sha256:{hashlib.sha256(source.encode()).hexdigest()}"
    options = {"entry_point": f"{module}:judge", "code": digest, "threshold": 0.5}
    return evaluator("code", kind="python", options=options)


def test_crashes_and_numbers_that_are_none_are_unknown_and_prints_are_no_result(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path / "modules")
    only = {path: blob for path, blob in standard().items() if "support/golden" not in path}
    code = own_code(tmp_path / "modules", "odd_judge_of_claims", ODD)
    place.bench = Bench(tmp_path / "clone", only | labels(40) | code)
    ended, out, err = place.calibrate("code", "--format", "json")
    (found,) = json.loads(out)["evaluators"]
    assert (ended, found["band"]) == (0, "insufficient")
    assert "to whom it may concern" in err
    raw = place.path("calibration.jsonl", "code").read_text("utf-8")
    lines = [json.loads(line) for line in raw.splitlines()]
    verdicts = [line["verdict"] for line in lines]
    assert (verdicts.count("pass"), verdicts.count("unknown")) == (8, 32)
    assert sum("RuntimeError: no luck" in line["justification"] for line in lines) == 8
    assert all("score" not in line for line in lines if line["verdict"] == "unknown")


def test_an_interruption_in_the_middle_leaves_nothing_behind(place: Place, tmp_path: Path) -> None:
    mark = tmp_path / "started"
    code = own_code(tmp_path / "modules", "slow_judge_of_claims", SLOW.format(mark=mark))
    place.holds(labels(200), code)
    paths = f"{ROOT}:{tmp_path / 'modules'}"
    process = subprocess.Popen(
        [*PROGRAM, "calibrate", "code"],
        cwd=place.bench.top,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=environment(PYTHONPATH=paths),
    )
    while not mark.exists() and process.poll() is None:
        time.sleep(0.02)
    ran = interrupted(process)
    assert (ran.code, ran.out) == (130, "")
    assert "Interrupted." in ran.err
    assert place.wrote("code") == []
    assert place.bench.box.git("status", "--porcelain") == ""


def test_a_dry_run_runs_no_code(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path / "modules")
    mark = tmp_path / "imported"
    source = f"from pathlib import Path\nPath({str(mark)!r}).touch()\ndef judge(row): return True\n"
    place.holds(labels(20), own_code(tmp_path / "modules", "eager_judge_of_claims", source))
    code, out, _ = place.calibrate("code", "--dry-run")
    assert (code, mark.exists()) == (0, False)
    assert "code 1 would be measured on 23 labelled cases" in out


def test_a_dry_run_needs_neither_an_endpoint_nor_a_training(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GOLDENGIT_JUDGE_BASE_URL", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    options = {"model": "judge-2026-01-01"}
    judge = evaluator("judge", kind="judge", options=options)
    rubric = {evaluator_path("judge", "rubric.md"): Blob(b"Fail what cites no true source.\n")}
    place.holds(labels(20), judge, rubric, evaluator("learnt", kind="classifier"))
    code, out, _ = place.calibrate("judge", "learnt", "--dry-run")
    assert code == 0
    assert "cost           23 calls, about " in out
    assert out.count("protocol       blind") == 2


@pytest.mark.parametrize(
    ("alike", "kin"),
    [
        ({"input": "The same question, word for word?"}, "input"),
        ({"group": "one conversation"}, "group"),
    ],
)
def test_kin_of_an_example_is_found_before_anybody_is_asked(
    alike: dict[str, Any], kin: str, place: Place
) -> None:
    """The example has ended, so it is not among the labels any more; the check would refuse it."""
    shown = case(1, "pass", GOOD, values=alike | {"valid_until": "2026-07-01"})
    held_out = case(2, "pass", GOOD, values=alike)
    options = {"model": "judge-2026-01-01"}
    judge = evaluator("judge", kind="judge", options=options, few_shot=[shown["id"]])
    rubric = {evaluator_path("judge", "rubric.md"): Blob(b"Fail what cites no true source.\n")}
    place.holds(files_of([shown, held_out]), judge, rubric)
    code, out, _ = place.calibrate("judge", "--dry-run")
    said = f"{held_out['id']} is held out, and the evaluator was made from {shown['id']}, which "
    assert code == 0
    assert f"refused        {said}shares its {kin}." in out


def test_whoever_takes_an_example_from_what_is_held_out_is_told_where_to_take_it(
    place: Place,
) -> None:
    """The command that lists the parts works although the evaluator is refused."""
    files = labels(40)
    shown = sorted(Path(path).stem for path in files)
    place.holds(files, evaluator("phrase", options=OPTIONS, few_shot=shown))
    code, _, err = place.calibrate("phrase")
    assert code == 3
    assert "Take examples from another part; `goldengit calibrate phrase --dry-run` lists" in err
    code, out, _ = place.calibrate("phrase", "--dry-run")
    assert code == 0
    assert "  refused        2026-" in out
    assert "  dev   2026-" in out


def test_a_changed_evaluator_is_not_measured_under_its_old_version(place: Place) -> None:
    """It could not be committed so, and would look once more after its version is raised."""
    place.holds(labels(20), evaluator("phrase", options=OPTIONS))
    place.calibrate("phrase")
    before = place.path("calibration.yaml").read_bytes()
    changed: dict[str, Any] = {"options": {"banned": ["made-up", "everybody"]}}
    path = place.path("evaluator.yaml")
    path.write_bytes(evaluator("phrase", **changed)[evaluator_path("phrase", path.name)].data)
    code, _, err = place.calibrate("phrase")
    assert code == 2
    assert "its version is 1; HEAD has 1." in err
    assert "Write `version: 2`, then run the command again." in err
    assert place.path("calibration.yaml").read_bytes() == before
    path.write_bytes(path.read_bytes().replace(b"version: 1", b"version: 2"))
    assert place.calibrate("phrase")[0] == 0


def test_a_dataset_that_cannot_be_read_is_named_instead_of_what_it_should_declare(
    place: Place,
) -> None:
    place.holds(labels(20), evaluator("phrase", options=OPTIONS))
    with (place.bench.top / "datasets/support/dataset.yaml").open("a") as file:
        file.write("colour: red\n")
    code, _, err = place.calibrate("phrase")
    assert code == 3
    assert "datasets/support/dataset.yaml: The dataset support could not be read. Run" in err
