"""A tree, read on demand: every kind of entry, wherever it stands."""

from collections.abc import Iterator

import pytest

from goldengit.models.change import Entry
from goldengit.models.policy import Limits
from goldengit.repository.store import Store, opened
from tests.gitbox import GITLINK, SYMLINK, Blob, GitBox
from tests.standard import id_of, path_of, standard


@pytest.fixture
def store(box: GitBox) -> Iterator[Store]:
    """Return the box, opened."""
    with opened(box.folder) as store:
        yield store


def test_entries_files_and_datasets_of_the_standard_repository(box: GitBox, store: Store) -> None:
    tree = store.repository.tree_of(box.commit(standard()))
    snapshot = store.snapshot("it", tree)
    assert (snapshot.name, snapshot.tree) == ("it", tree)
    assert snapshot.datasets == ("grading", "support")
    file = snapshot.file(path_of("golden-1"))
    assert file is not None
    assert file.case is not None
    assert file.case.id == id_of("golden-1")
    assert snapshot.entry("datasets/support") == Entry(
        "datasets/support", "040000", box.git("rev-parse", f"{tree}:datasets/support")
    )


@pytest.mark.parametrize(
    "path",
    ["", "nowhere", "datasets", "datasets/", "goldengit.yaml/x", "datasets//support", "../x", "/"],
)
def test_what_is_no_file_is_none_and_has_no_children(path: str, box: GitBox, store: Store) -> None:
    snapshot = store.snapshot("", store.repository.tree_of(box.commit(standard())))
    assert snapshot.file(path) is None
    if path not in {"", "datasets"}:
        assert snapshot.entries(path) == ()


def test_the_empty_tree_has_nothing(store: Store) -> None:
    snapshot = store.snapshot("", store.repository.empty_tree)
    assert snapshot.entries("") == ()
    assert snapshot.datasets == ()
    assert snapshot.index("any").count == 0


def test_links_submodules_and_executables_are_entries_whose_text_nobody_reads(
    box: GitBox, store: Store
) -> None:
    path = path_of("golden-1")
    data = standard()[path].data
    snapshot = store.snapshot(
        "",
        store.repository.tree_of(
            box.commit(
                {
                    path: Blob(data, SYMLINK),
                    path_of("golden-2"): Blob(b"a" * 40, GITLINK),
                    path_of("golden-3"): Blob(data, "100755"),
                }
            )
        ),
    )
    for row in ("golden-1", "golden-2", "golden-3"):
        file = snapshot.file(path_of(row))
        assert file is not None
        assert (file.case, file.reading) == (None, None)
    index = snapshot.index("support")
    assert index.count == 3
    assert sorted(name for facts in index.months.values() for name in facts.odd) == sorted(
        f"{id_of(row)}.yaml" for row in ("golden-1", "golden-2", "golden-3")
    )


def test_limits_of_the_policy_hold_for_rows_and_those_of_a_change_for_bytes(
    box: GitBox, store: Store
) -> None:
    row, attachment = path_of("golden-1"), f"datasets/support/attachments/{'a' * 64}"
    tree = store.repository.tree_of(
        box.commit({row: Blob(b"x" * 2000), attachment: Blob(b"x" * 2000)})
    )
    small = store.snapshot("", tree, Limits(file_bytes=1024))
    file, bytes_ = small.file(row), small.file(attachment)
    assert file is not None
    assert bytes_ is not None
    assert file.reading is not None
    assert [refusal.code for refusal in file.reading.refusals] == ["GG109"]
    assert (file.size, file.data, bytes_.size, len(bytes_.data)) == (2000, b"", 2000, 2000)
    tiny = store.snapshot("", tree, Limits(change_bytes=1)).file(attachment)
    assert tiny is not None
    assert (tiny.size, tiny.data) == (2000, b"")


def test_of_two_entries_with_one_name_the_first_counts(box: GitBox, store: Store) -> None:
    one, two = box.blob(b"one"), box.blob(b"two")
    snapshot = store.snapshot("", box.tree([("100644", "a", one), ("100644", "a", two)]))
    assert [entry.oid for entry in snapshot.entries("")] == [one, two]
    assert snapshot.entry("a") == Entry("a", "100644", one)


def test_a_file_is_read_once_however_often_it_is_asked_for(box: GitBox, store: Store) -> None:
    tree = store.repository.tree_of(box.commit(standard()))
    one, two = (store.snapshot(name, tree).file(path_of("golden-1")) for name in ("a", "b"))
    assert one is two
