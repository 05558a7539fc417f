"""What an evaluation rests on, read from one tree before anybody is asked."""

from pathlib import Path

import pytest

from goldengit.errors import CannotJudgeError, GoldengitError, NothingToJudgeError, UsageError
from goldengit.evaluating.suite import prepare
from goldengit.evaluators.base import Doors
from goldengit.models.digest import case_digest
from goldengit.models.layout import POLICY, evaluator_path, golden_path
from goldengit.repository.interpret import house_bytes
from goldengit.repository.store import opened
from tests.evaluating.place import DATASET, NOW, USES, Place, files, ids
from tests.gitbox import Blob, GitBox
from tests.labelled import case, evaluator, files_of
from tests.standard import TWO, closed, erased


def refused(place: Place, commit: str = "", dataset: str = "support") -> GoldengitError:
    """Return why a suite cannot be read."""
    with opened(place.top) as store, pytest.raises(GoldengitError) as found:
        prepare(store, dataset, Doors(), NOW, commit)
    return found.value


def test_the_suite_is_that_of_the_commit_when_the_work_tree_holds_the_same(gated: Place) -> None:
    with gated.suite() as suite:
        assert suite.commit == gated.box.git("rev-parse", "HEAD")
        assert sorted(ids()) == [listed.id for listed in suite.cases]
        assert suite.case(suite.cases[0]).id == suite.cases[0].id


def test_files_of_other_kinds_do_not_make_it_another_tree(place: Place) -> None:
    (place.top / "README.md").write_text("Changed, and staged.")
    place.box.git("add", "README.md")
    with place.suite() as suite:
        assert suite.commit == place.box.git("rev-parse", "HEAD")


def test_a_work_tree_that_holds_more_is_called_by_its_tree(place: Place) -> None:
    (place.top / evaluator_path("no-invention", "note.md")).write_text("More.")
    with place.suite() as suite:
        assert suite.commit == f"the work tree ({suite.tree.tree})"
    with place.suite("HEAD") as suite:
        assert suite.commit == place.box.git("rev-parse", "HEAD")
        assert suite.runs[0].standing == "gate"


def test_an_evaluator_gates_by_its_calibration(gated: Place) -> None:
    with gated.suite() as suite:
        (run,) = suite.runs
        assert (run.id, run.kind, run.role, run.standing, run.why, run.gates) == (
            "no-invention",
            "regex",
            "gate",
            "gate",
            "",
            True,
        )
        assert run.digest == suite.evaluators[0].definition.digest


def test_an_evaluator_that_was_edited_is_stale(place: Place) -> None:
    path = place.top / evaluator_path("no-invention", "evaluator.yaml")
    path.write_text(path.read_text().replace("made-up", "made-up|invented"))
    with place.suite() as suite:
        (run,) = suite.runs
        assert ("stale", False) == (run.standing, run.gates)
        assert "changed since it was calibrated" in run.why


def test_an_evaluator_that_was_never_calibrated_only_signals(tmp_path: Path) -> None:
    with Place(tmp_path, files()).suite() as suite:
        assert ("uncalibrated", False) == (suite.runs[0].standing, suite.runs[0].gates)


def test_new_labels_make_a_calibration_stale_as_the_rules_have_it(place: Place) -> None:
    """The suite counts labelled cases by itself, and comes to what `check` comes to."""
    for path, blob in files_of(
        [case(number, "pass", "Fine.") for number in range(100, 113)]
    ).items():
        (place.top / path).parent.mkdir(parents=True, exist_ok=True)
        (place.top / path).write_bytes(blob.data)
    with place.suite() as suite:
        assert "stale" == suite.runs[0].standing
        assert "13 cases were labelled since" in suite.runs[0].why


def test_what_ended_stays_out_and_is_counted(tmp_path: Path) -> None:
    end = {"reason": "It ended.", "at": "2026-07-01T09:00:00Z"}
    values = [case(number, "pass", "It was so.") for number in range(200, 204)]
    over = [
        closed(values[0], "superseded_by", {"case": ids()[0], **end}, TWO),
        closed(values[1], "withdrawn", end, TWO),
        erased(values[2], "support", end, TWO),
        values[3] | {"valid_until": "2026-08-19"},
    ]
    golden = {golden_path("support", value["id"]): value for value in over}
    content = files() | {path: Blob(house_bytes(path, value)) for path, value in golden.items()}
    with Place(tmp_path, content).suite() as suite:
        assert sorted(ids()) == [listed.id for listed in suite.cases]
        assert {"superseded": 1, "withdrawn": 1, "erased": 1, "expired": 1} == suite.left_out


def test_a_case_is_listed_with_what_decides_about_it(tmp_path: Path) -> None:
    uses = [*USES, {"id": "brief", "role": "signal", "applies_to": "all"}]
    label = {"failure_mode": "wrong-tool", "verdict": "fail", "reviewer": "reviewer-1"}
    label |= {"at": "2026-06-10T09:00:00Z", "source": "model"}
    more = {"labels": [label], "group": "talk-7", "metadata": {"feature": "billing"}}
    value = case(300, "pass", "Fine.", values=more)
    with Place(tmp_path, files(uses) | files_of([value])).suite() as suite:
        known = {listed.id: listed for listed in suite.cases}
        odd, first = known[value["id"]], known[ids()[0]]
    assert (odd.failure_modes, odd.group, odd.slices, odd.judges) == (
        (),
        "talk-7",
        ("billing",),
        (1,),
    )
    assert (first.failure_modes, first.group) == (("invented-citation",), first.id)
    assert (first.severity, first.slices, first.judges) == ("critical", ("refunds",), (0, 1))
    assert odd.digest == case_digest(value)


@pytest.mark.parametrize(
    ("spoil", "kind", "said"),
    [
        (
            {POLICY: b"version: [\n"},
            CannotJudgeError,
            "goldengit.yaml: The policy could not be read",
        ),
        ({DATASET: b"name: support\n"}, CannotJudgeError, "dataset.yaml: The dataset could not be"),
        (
            {golden_path("support", ids()[3]): b"id: x\n"},
            CannotJudgeError,
            f"{ids()[3]}.yaml: The case could",
        ),
        (
            {evaluator_path("no-invention", "evaluator.yaml"): b"id: x\n"},
            CannotJudgeError,
            "evaluators/no-invention/evaluator.yaml: The definition could not be read",
        ),
    ],
    ids=["policy", "dataset", "case", "evaluator"],
)
def test_what_cannot_be_read_stops_everything_and_is_named(
    tmp_path: Path, spoil: dict[str, bytes], kind: type[GoldengitError], said: str
) -> None:
    content = files() | {path: Blob(data) for path, data in spoil.items()}
    error = refused(Place(tmp_path, content))
    assert isinstance(error, kind)
    assert said in str(error)


def test_a_golden_file_that_is_no_case_does_not_drop_out_unseen(tmp_path: Path) -> None:
    path = golden_path("support", ids()[0]).replace(ids()[0], "README")
    error = refused(Place(tmp_path, files() | {path: Blob(b"Hello.")}))
    assert isinstance(error, CannotJudgeError)
    assert path == error.place


@pytest.mark.parametrize(
    ("uses", "said"),
    [
        ([], "The dataset names no evaluator"),
        ([*USES, *USES], "The evaluator no-invention is named twice"),
        ([{"id": "missing", "role": "gate"}], "There is no evaluator missing"),
    ],
)
def test_an_evaluator_is_needed_once_and_whole(
    tmp_path: Path, uses: list[dict[str, str]], said: str
) -> None:
    error = refused(Place(tmp_path, files(uses)))
    assert isinstance(error, CannotJudgeError)
    assert said in error.problem
    assert error.remedy


def test_an_evaluator_whose_options_do_not_fit_stops_everything(tmp_path: Path) -> None:
    broken = evaluator("no-invention", "regex", options={"must_match": ["("]})
    assert isinstance(refused(Place(tmp_path, files() | broken)), CannotJudgeError)


def test_a_dataset_or_a_commit_that_is_not_there_is_wrong_usage(gated: Place) -> None:
    error = refused(gated, dataset="suport")
    assert isinstance(error, UsageError)
    assert "support" in error.remedy
    assert isinstance(refused(gated, commit="nowhere"), UsageError)


def test_without_an_active_case_there_is_nothing_to_judge(tmp_path: Path) -> None:
    content = {path: blob for path, blob in files().items() if "/support/golden/" not in path}
    error = refused(Place(tmp_path, content))
    assert isinstance(error, NothingToJudgeError)
    assert 4 == error.exit_code


def test_where_no_evaluator_judges_any_case_there_is_nothing_to_judge(tmp_path: Path) -> None:
    other = evaluator(
        "no-invention", "regex", options={"must_match": ["x"]}, failure_mode="wrong-tool"
    )
    error = refused(Place(tmp_path, files() | other))
    assert isinstance(error, NothingToJudgeError)
    assert "applies_to: all" in error.remedy


def test_a_bare_repository_is_read_at_its_head(tmp_path: Path, box: GitBox) -> None:
    box.git("update-ref", "refs/heads/main", box.commit(files()))
    with opened(box.folder) as store:
        suite = prepare(store, "support", Doors(), NOW)
        assert suite.commit == box.git("rev-parse", "main")
