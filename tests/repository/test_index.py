"""The index of a dataset's golden cases, against what one sees by reading every file."""

from collections.abc import Iterator
from itertools import combinations

import pytest

from benchmarks.generate import case
from goldengit.models.digest import canonical
from goldengit.models.layout import golden_folder, golden_path
from goldengit.repository.index import GoldenIndex, month_folders
from goldengit.repository.interpret import house_bytes
from goldengit.repository.store import Store, opened
from tests.edits import apply
from tests.gitbox import Blob, GitBox
from tests.standard import id_of, standard

COUNT = 40


@pytest.fixture
def store(box: GitBox) -> Iterator[Store]:
    """Return the box, opened."""
    with opened(box.folder) as store:
        yield store


def _index(box: GitBox, store: Store, values: list[dict[str, object]]) -> GoldenIndex:
    paths = [golden_path("d", str(value["id"])) for value in values]
    pairs = zip(paths, values, strict=True)
    commit = box.commit({path: Blob(house_bytes(path, value)) for path, value in pairs})
    return store.snapshot("", store.repository.tree_of(commit)).index("d")


def test_count_months_and_ids_are_those_of_the_files(box: GitBox, store: Store) -> None:
    values = [case(number) for number in range(COUNT)]
    index = _index(box, store, values)
    assert index.count == COUNT
    assert set(index.months) == {value["id"][:7] for value in values}
    assert all(index.holds(value["id"]) for value in values)
    for stranger in ("", "2021-01", "2021-01-01-question-abcdef", values[0]["id"] + "x", "README"):
        assert not index.holds(stranger)


def test_traces_pairs_and_similar_inputs_find_each_other_and_propose_little_else(
    box: GitBox, store: Store
) -> None:
    values = [case(number) for number in range(COUNT)]
    for first, second in ((0, 7), (3, 30)):
        for key in ("input", "actual_output"):
            values[second][key] = values[first][key]
    values[9]["trace"] = {"trace_id": values[4]["trace"]["trace_id"].upper(), "spans": []}
    index = _index(box, store, values)
    for one, two in combinations(values, 2):
        same_pair = all(canonical(one[k]) == canonical(two[k]) for k in ("input", "actual_output"))
        same_trace = one["trace"]["trace_id"].lower() == two["trace"]["trace_id"].lower()
        assert (two["id"] in index.with_pair(one)) == same_pair
        assert (two["id"] in index.with_trace(one["trace"]["trace_id"])) == same_trace
        if same_pair:
            assert two["id"] in index.similar(one)
    clashing = {values[number]["id"] for number in (0, 7, 3, 30, 9, 4)}
    assert index.clashing() == clashing


def test_closures_and_predecessors_of_the_standard_repository(box: GitBox, store: Store) -> None:
    edits = [{"withdraw": {"row": "golden-1"}}, {"erase": {"row": "golden-2"}}]
    commit = box.commit(apply(standard(), edits))
    index = store.snapshot("", store.repository.tree_of(commit)).index("support")
    kinds = {case_id: closure.kind for case_id, closure in index.closures.items()}
    assert kinds == {
        id_of("golden-1"): "withdrawn",
        id_of("golden-2"): "erased",
        id_of("golden-3"): "superseded_by",
    }
    assert index.predecessors(id_of("golden-4")) == (id_of("golden-3"),)
    assert index.predecessors(id_of("golden-3")) == ()
    active = {id_of("golden-4")}
    value = {"input": None, "actual_output": None}
    assert set(index.with_pair(value)) <= active
    assert index.count == 4


@pytest.mark.parametrize(
    "name", ["2026-13", "2026-00", "202601", "2026-1", "x", "2026-01-01", "0000-01"]
)
def test_only_months_are_month_folders(name: str, box: GitBox, store: Store) -> None:
    tree = store.repository.tree_of(
        box.commit({f"{golden_folder('d')}/{folder}/x": Blob(b"x") for folder in (name, "2026-01")})
    )
    snapshot = store.snapshot("", tree)
    assert set(month_folders(snapshot.entries(golden_folder("d")))) == {"2026-01"}
    assert set(snapshot.index("d").months) == {"2026-01"}
