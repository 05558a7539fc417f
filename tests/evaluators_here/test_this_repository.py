"""The evaluators of this repository are worth what their manifests and the page about them say."""

import json
import re
import shutil
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

from goldengit import checking
from goldengit.cli import run
from goldengit.gauging.gauge import gauge
from goldengit.models.calibration import Manifest
from goldengit.models.dataset import DatasetSpec, EvaluatorUse
from goldengit.models.evaluator import EvaluatorSpec
from goldengit.models.policy import Policy
from goldengit.models.standing import standing
from goldengit.repository.store import Store, opened
from tests.gitbox import Blob, Files, GitBox
from tests.judge_stub import Asked, JudgeStub, inside_the_fence
from tests.stand_in_judge import MODEL, keywords

TOP = Path(__file__).parents[2]
PAGE = TOP / "docs" / "reference" / "sample-evaluators.md"
DATA = ("goldengit.yaml", ".gitattributes", "datasets", "evaluators", "schemas")
IDS = sorted(path.parent.name for path in TOP.glob("evaluators/*/evaluator.yaml"))
# What a second calibration says anew although nothing changed; the cost is that of the answers
# which a judge gave now, and none when they were kept.
_OF_THE_MOMENT = {"at", "looks", "cost", "policy_version"}


def spec(name: str) -> EvaluatorSpec:
    return EvaluatorSpec.model_validate(_yaml(f"evaluators/{name}/evaluator.yaml"))


def manifest(name: str, top: Path = TOP) -> Manifest:
    return Manifest.model_validate(_yaml(f"evaluators/{name}/calibration.yaml", top))


def uses() -> Iterator[EvaluatorUse]:
    """Yield how the datasets use evaluators."""
    for path in sorted(TOP.glob("datasets/*/dataset.yaml")):
        yield from DatasetSpec.model_validate(_yaml(path.relative_to(TOP).as_posix())).evaluators


def _yaml(path: str, top: Path = TOP) -> object:
    return yaml.safe_load((top / path).read_bytes())


def _rows_of_the_page() -> dict[str, list[str]]:
    """Return the cells of the page's table by evaluator."""
    lines = PAGE.read_text("utf-8").splitlines()
    rows = (line.strip("| ").split(" | ") for line in lines if line.startswith("| `"))
    return {name.strip("`"): cells for name, *cells in rows}


def _files(root: Path) -> Files:
    found = (path for top in DATA for path in (root / top, *(root / top).rglob("*")))
    return {
        path.relative_to(root).as_posix(): Blob(path.read_bytes())
        for path in found
        if path.is_file()
    }


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Come back afterwards: `-C` goes to another folder."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> GitBox:
    """Return a copy of the data in a repository of its own: the cases, then the evaluators."""
    found = GitBox(tmp_path_factory.mktemp("here") / "copy", bare=False)
    files = _files(TOP)
    bare = {path: blob for path, blob in files.items() if not path.startswith("evaluators/")}
    for path in [path for path in bare if path.endswith("/dataset.yaml")]:
        before, _, _ = bare[path].data.partition(b"\nevaluators:")
        bare[path] = Blob(before + b"\n")
    first = found.commit(bare)
    second = found.commit(files, [first])
    found.git("reset", "--quiet", "--hard", second)
    found.git("tag", "cases", first)
    return found


@pytest.fixture
def store(box: GitBox) -> Iterator[Store]:
    with opened(box.folder) as found:
        yield found


@pytest.fixture
def copy(box: GitBox, tmp_path: Path) -> Path:
    """Return a copy that a test may change."""
    shutil.copytree(box.folder, tmp_path / "copy", symlinks=True)
    return tmp_path / "copy"


def test_the_evaluators_are_those_of_the_page() -> None:
    assert sorted(_rows_of_the_page()) == IDS
    assert len(IDS) >= 9


@pytest.mark.parametrize("words", [["--all"], ["--all", "--deep"], ["--range", "cases..HEAD"]])
def test_the_check_passes(
    words: list[str], box: GitBox, capsys: pytest.CaptureFixture[str]
) -> None:
    """No rule finds an error, and the rules of evaluators do not even warn."""
    code = run(["-C", str(box.folder), "check", *words, "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    assert code == 0, report["findings"]


def test_nothing_about_an_evaluator_is_even_a_warning(store: Store) -> None:
    """On the day of the last calibration; later on, manifests grow old and say so."""
    day = max(manifest(name).at for name in IDS)
    tree = store.repository.tree_of("HEAD")
    report = checking.judge(checking.whole(store, tree, now=day, deep=True))
    assert [finding for finding in report.findings if finding.rule.startswith("GG6")] == []


@pytest.mark.parametrize("name", IDS)
def test_the_page_says_what_the_manifest_says(name: str) -> None:
    found = manifest(name)
    kind, mode, protocol, held_out, agreement, band, role = _rows_of_the_page()[name]
    assert kind.partition(",")[0] == found.kind
    assert (mode, protocol, band) == (found.failure_mode, found.protocol, found.band)
    assert int(held_out) == found.heldout.decided
    point = found.heldout.point
    assert point is not None
    assert agreement == f"{'Spearman' if found.heldout.graded else 'MCC'} {point:.3f}"
    assert role == next((use.role for use in uses() if use.id == name), "none")


def test_only_the_band_gate_has_the_role_gate() -> None:
    gating = {use.id for use in uses() if use.role == "gate"}
    assert gating == {"answer-length", "citation-grounding"}
    assert {manifest(name).band for name in gating} == {"gate"}


def test_each_was_looked_at_once() -> None:
    assert {len(manifest(name).looks) for name in IDS} == {1}


def test_a_stand_in_says_so_and_never_gates(store: Store) -> None:
    judges = [name for name in IDS if spec(name).kind == "judge"]
    policy = Policy.model_validate(_yaml("goldengit.yaml"))
    tree = store.snapshot("HEAD", store.repository.tree_of("HEAD"))
    for name in judges:
        found = manifest(name)
        assert spec(name).stand_in
        assert found.stand_in
        assert found.model == MODEL
        may, _ = standing(gauge(tree, name, policy=policy, now=found.at), policy, found.at)
        assert may != "gate"
        assert name not in {use.id for use in uses()}
    assert "no model was ever asked" in PAGE.read_text("utf-8")


def test_the_stand_in_sees_neither_labels_nor_the_expected_answer(copy: Path) -> None:
    with JudgeStub(keywords) as stub:
        _calibrate(copy, stub, "tool-call-judge")
    shown = [set(_recording(asked)) for asked in stub.asked]
    assert len(shown) == manifest("tool-call-judge").cost.calls
    assert set().union(*shown) == {"input", "actual_output", "trace"}


def test_measured_again_every_verdict_and_number_comes_out_the_same(copy: Path) -> None:
    """Also those of the stand-in, which is asked anew, and those of the trained classifier."""
    _expect_the_pinned_version()
    with JudgeStub(keywords) as stub:
        _calibrate(copy, stub)
    for name in IDS:
        path = f"evaluators/{name}/calibration.jsonl"
        assert (copy / path).read_bytes() == (TOP / path).read_bytes()
        assert manifest(name, copy).model_dump(exclude=_OF_THE_MOMENT) == manifest(name).model_dump(
            exclude=_OF_THE_MOMENT
        )
        assert len(manifest(name, copy).looks) == 1


def test_the_classifier_is_trained_again_to_the_same_bytes(copy: Path) -> None:
    _expect_the_pinned_version()
    folder = copy / "evaluators" / "tool-call-classifier"
    for name in ("classifier.skops", "training.json"):
        (folder / name).unlink()
    assert run(["-C", str(copy), "calibrate", "tool-call-classifier", "--fit"]) == 0
    for name in ("classifier.skops", "training.json"):
        wanted = TOP / "evaluators" / "tool-call-classifier" / name
        assert (folder / name).read_bytes() == wanted.read_bytes()


def test_the_classifier_has_seen_no_held_out_case() -> None:
    folder = TOP / "evaluators" / "tool-call-classifier"
    trained = {
        each["case"] for each in json.loads((folder / "training.json").read_bytes())["cases"]
    }
    lines = [json.loads(line) for line in (folder / "calibration.jsonl").read_text().splitlines()]
    assert trained == {line["case"] for line in lines if line["part"] == "dev"}


def _expect_the_pinned_version() -> None:
    training = TOP / "evaluators" / "tool-call-classifier" / "training.json"
    then = json.loads(training.read_bytes())["sklearn"]
    if version("scikit-learn") != then:
        pytest.skip(f"the classifier was trained by scikit-learn {then}")


def _calibrate(folder: Path, stub: JudgeStub, *names: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOLDENGIT_JUDGE_BASE_URL", stub.base_url)
        assert run(["-C", str(folder), "calibrate", *names]) == 0


def _recording(asked: Asked) -> dict[str, object]:
    found = inside_the_fence(asked.question["messages"][-1]["content"])
    assert re.search("label|reviewer", " ".join(found)) is None
    return dict(found)
