"""Status: its numbers are those that counting every file gives."""

import hashlib
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldengit.auditing.status import DatasetStatus, statuses
from goldengit.models.digest import case_digest
from goldengit.models.layout import Kind, locate
from goldengit.repository.store import Store, opened
from tests.edits import Edit, apply, parsed
from tests.gitbox import Files, GitBox
from tests.standard import NOW, standard

EDITS: list[Edit] = [
    {"withdraw": {"row": "golden-1"}},
    {"supersede": {"row": "golden-2", "by": "golden-4"}},
    {"erase": {"row": "golden-5"}},
    {"promote": {"row": "candidate-1"}},
    {"delete": {"path": "{candidate-2}"}},
    {"delete": {"path": "{queue-1}"}},
    {"case": {"row": "new-1", "values": {"valid_until": "2026-08-19"}}},
    {"case": {"row": "new-2", "values": {"valid_until": "2026-08-20"}}},
    {"case": {"row": "new-3", "place": "queue", "values": {"expected_output": None}}},
]


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> GitBox:
    """Return a repository for all examples."""
    return GitBox(tmp_path_factory.mktemp("status") / "box.git")


@pytest.fixture(scope="module")
def store(box: GitBox) -> Iterator[Store]:
    """Return that repository, opened."""
    with opened(box.folder) as store:
        yield store


def _statuses(box: GitBox, store: Store, files: Files) -> dict[str, DatasetStatus]:
    snapshot = store.snapshot("", store.repository.tree_of(box.commit(files)))
    return {status.name: status for status in statuses(snapshot, NOW)}


def _rows(files: Files, dataset: str, kind: Kind) -> list[dict[str, object]]:
    spots = {path: locate(path) for path in files}
    wanted = [p for p, spot in spots.items() if (spot.kind, spot.dataset) == (kind, dataset)]
    return [parsed(files, path) for path in wanted]


def _digest(value: dict[str, object]) -> str:
    return str(value["digest"]) if "erased" in value else case_digest(value)


def _root(golden: list[dict[str, object]]) -> str:
    months: dict[str, list[str]] = {}
    for value in golden:
        months.setdefault(str(value["id"])[:7], []).append(f"{value['id']} {_digest(value)}\n")
    leaves = {
        month: hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()
        for month, lines in months.items()
    }
    text = "".join(f"{month} {leaf}\n" for month, leaf in sorted(leaves.items()))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


@given(edits=st.lists(st.sampled_from(EDITS), unique_by=str))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_numbers_are_those_of_counting(edits: list[Edit], box: GitBox, store: Store) -> None:
    files = apply(standard(), edits)
    found = _statuses(box, store, files)
    assert set(found) == {"grading", "support"}
    for dataset, status in found.items():
        golden = _rows(files, dataset, Kind.GOLDEN)
        queued = _rows(files, dataset, Kind.QUEUE)
        ended = [
            sum(key in value for value in golden)
            for key in ("superseded_by", "withdrawn", "erased")
        ]
        over = [v for v in golden if str(v.get("valid_until") or "9") < NOW[:10]]
        assert status.golden == len(golden)
        assert [status.superseded, status.withdrawn, status.erased] == ended
        assert status.expired == len(over)
        assert status.active == len(golden) - sum(ended) - len(over)
        assert status.candidates == len(_rows(files, dataset, Kind.CANDIDATE))
        assert status.queued == len(queued)
        assert (status.queue_age == -1) == (not queued)
        assert status.root == _root(golden)
        assert status.owner == "reviewer-4"


def test_the_version_is_the_tree_of_the_golden_folder(box: GitBox, store: Store) -> None:
    files = standard()
    status = _statuses(box, store, files)["support"]
    assert status.version == box.git("rev-parse", f"{box.commit(files)}:datasets/support/golden")


def test_a_queue_is_overdue_after_its_days(box: GitBox, store: Store) -> None:
    snapshot = store.snapshot("", store.repository.tree_of(box.commit(standard())))
    ages = [
        (day, statuses(snapshot, day)[1].queue_age, statuses(snapshot, day)[1].overdue)
        for day in ("2026-08-18", "2026-09-01", "2026-09-02")
    ]
    assert ages == [("2026-08-18", 0, False), ("2026-09-01", 14, False), ("2026-09-02", 15, True)]


def test_an_empty_dataset_and_an_empty_repository_have_a_status(box: GitBox, store: Store) -> None:
    assert _statuses(box, store, {}) == {}
    path = "datasets/new/dataset.yaml"
    status = _statuses(box, store, {path: standard()["datasets/support/dataset.yaml"]})["new"]
    assert (status.golden, status.active, status.version, status.queue_age) == (0, 0, "", -1)
    assert status.root == _root([])
