"""Objects by id: every kind of damage is a sentence, and size costs no memory."""

import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pygit2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldengit.errors import CannotJudgeError
from goldengit.models.change import Entry
from goldengit.repository.objects import Blob as Read
from goldengit.repository.objects import ObjectReader, parse_tree
from goldengit.repository.plumbing import Repository
from tests.gitbox import Blob, GitBox

names = st.text(
    st.characters(exclude_characters="\0/", exclude_categories=["Cs"]), min_size=1, max_size=9
)
entries = st.builds(
    Entry,
    names,
    st.sampled_from(["100644", "100755", "120000", "160000", "040000"]),
    st.text("0123456789abcdef", min_size=40, max_size=40),
)


@pytest.fixture
def reader(box: GitBox) -> Iterator[ObjectReader]:
    """Return a reader of the box."""
    reader = ObjectReader(Repository.open(box.folder))
    yield reader
    reader.close()


def _raw(listed: list[Entry]) -> bytes:
    return b"".join(
        f"{e.mode.lstrip('0')} {e.path}".encode("utf-8", "surrogateescape")
        + b"\0"
        + bytes.fromhex(e.oid)
        for e in listed
    )


@given(st.lists(entries, max_size=6))
def test_a_tree_survives_being_written_and_parsed(listed: list[Entry]) -> None:
    assert list(parse_tree(_raw(listed), "", 20)) == listed
    below = list(parse_tree(_raw(listed), "a/b", 20))
    assert [entry.path for entry in below] == [f"a/b/{entry.path}" for entry in listed]


@given(st.lists(entries, min_size=1, max_size=4), st.data())
def test_a_changed_byte_of_a_tree_is_noticed_or_stands_in_the_result(
    listed: list[Entry], data: st.DataObject
) -> None:
    raw = bytearray(_raw(listed))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        parsed = list(parse_tree(bytes(raw), "", 20))
    except CannotJudgeError:
        return
    assert _raw(parsed) == bytes(raw) or bytes(raw).startswith(b"0")  # `040000` is `40000`


@given(st.lists(entries, min_size=1, max_size=4), st.data())
def test_a_tree_that_was_cut_is_damaged(listed: list[Entry], data: st.DataObject) -> None:
    raw = _raw(listed)
    end = data.draw(st.integers(1, len(raw) - 1))
    if end in {len(_raw(listed[:count])) for count in range(len(listed))}:
        return
    with pytest.raises(CannotJudgeError, match="is damaged"):
        list(parse_tree(raw[:end], "", 20))


@pytest.mark.parametrize("name", [b"", b"a/b", b"/"])
def test_a_name_that_would_be_another_path_is_damage(name: bytes) -> None:
    """An entry `a/b` of the root would pass for the file `b` in the folder `a`."""
    with pytest.raises(CannotJudgeError, match="The tree of datasets is damaged"):
        list(parse_tree(b"100644 " + name + b"\0" + b"\1" * 20, "datasets", 20))


def test_trees_of_32_byte_ids_are_parsed() -> None:
    (entry,) = parse_tree(b"40000 a\0" + b"\xab" * 32, "", 32)
    assert entry == Entry("a", "040000", "ab" * 32)


@given(st.lists(names.filter(lambda n: n.lower() not in {".", "..", ".git", "git~1"}), unique=True))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_trees_are_those_of_libgit2(shared_box: GitBox, found: list[str]) -> None:
    repository = Repository.open(shared_box.folder)
    tree = repository.tree_of(shared_box.commit({name: Blob(name.encode()) for name in found}))
    reader = ObjectReader(repository)
    ours = [(entry.path.encode(), entry.oid) for entry in reader.tree(tree, "")]
    theirs = pygit2.Repository(str(shared_box.folder))[tree].peel(pygit2.Tree)
    assert ours == [(entry.raw_name, str(entry.id)) for entry in theirs]
    reader.close()


def test_blobs_come_back_byte_for_byte_one_by_one_and_in_a_stream(
    box: GitBox, reader: ObjectReader
) -> None:
    contents = [
        b"",
        b"\n",
        b"x\n\n\n",
        b"\0\r\n\xff",
        b"f" * 40 + b" blob 3\nabc\n",
        b"y" * 100_000,
    ]
    oids = [box.blob(content) for content in contents]
    assert [reader.blob(oid, 1 << 20).data for oid in oids] == contents
    assert [reader.size(oid) for oid in oids] == list(map(len, contents))
    assert list(reader.many([*oids, *oids], 1 << 20)) == 2 * [
        Read(oid, len(data), data) for oid, data in zip(oids, contents, strict=True)
    ]


def test_packed_objects_are_read_like_loose_ones(box: GitBox, reader: ObjectReader) -> None:
    commit = box.commit({f"d/{number}": Blob(b"%d" % number * 99) for number in range(50)})
    box.git("update-ref", "refs/heads/main", commit)
    tree = Repository.open(box.folder).tree_of(commit)
    loose = [reader.blob(entry.oid, 999).data for entry in reader.tree(tree, "")[:0]]
    folder = reader.tree(reader.tree(tree, "")[0].oid, "d")
    loose = [reader.blob(entry.oid, 999).data for entry in folder]
    box.git("repack", "-a", "-d", "-q")
    box.git("prune-packed")
    fresh = ObjectReader(Repository.open(box.folder))
    assert [fresh.blob(entry.oid, 999).data for entry in folder] == loose
    assert [blob.data for blob in fresh.many([entry.oid for entry in folder], 999)] == loose
    fresh.close()


def test_a_blob_beyond_the_limit_is_only_measured(box: GitBox, reader: ObjectReader) -> None:
    oid = box.blob(b"12345")
    assert reader.blob(oid, 5) == Read(oid, 5, b"12345")
    assert reader.blob(oid, 4) == Read(oid, 5, None)
    assert list(reader.many([oid, oid], 4)) == 2 * [Read(oid, 5, None)]


def test_huge_blobs_take_no_memory(box: GitBox, reader: ObjectReader) -> None:
    huge, small = box.blob(bytes(64 << 20)), box.blob(b"small")
    tracemalloc.start()
    assert reader.blob(huge, 1 << 20).size == 64 << 20
    assert [blob.data for blob in reader.many([huge, small, huge], 1 << 20)] == [
        None,
        b"small",
        None,
    ]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 << 20


@pytest.mark.parametrize(
    "oid", ["", "HEAD", "main:a", "a" * 39, "A" * 40, "a" * 40 + "\n", "-" * 40]
)
def test_what_is_no_id_never_reaches_git(oid: str, reader: ObjectReader) -> None:
    with pytest.raises(CannotJudgeError, match="is no object id"):
        reader.blob(oid, 9)
    with pytest.raises(CannotJudgeError, match="is no object id"):
        list(reader.many([oid], 9))


def test_a_missing_object_and_one_of_another_kind_are_told_by_their_id(
    box: GitBox, reader: ObjectReader
) -> None:
    commit = box.commit({"a": Blob(b"1")})
    for ask in (
        lambda: reader.blob("a" * 40, 9),
        lambda: reader.tree("a" * 40, ""),
        lambda: reader.commit("a" * 40),
        lambda: list(reader.many(["a" * 40], 9)),
    ):
        with pytest.raises(
            CannotJudgeError, match=r"The \w+ a{40} is missing or damaged\. Run `git fsck`"
        ):
            ask()
    for ask in (lambda: reader.blob(commit, 9), lambda: list(reader.many([commit], 9))):
        with pytest.raises(CannotJudgeError, match=f"The blob {commit}"):
            ask()


def _damaged(box: GitBox, how: str) -> str:
    oid = box.blob(os.urandom(90_000))
    path = box.folder / "objects" / oid[:2] / oid[2:]
    path.chmod(0o600)
    data = path.read_bytes()
    spoilt = data[: len(data) // 2] if how == "cut" else data[:-50] + bytes(50)
    path.write_bytes({"empty": b"", "nonsense": b"nonsense"}.get(how, spoilt))
    return oid


@pytest.mark.parametrize("how", ["cut", "flipped", "empty", "nonsense"])
def test_a_damaged_object_ends_the_reading_with_a_sentence(how: str, box: GitBox) -> None:
    """Not with a traceback, not with less than was asked for, and not when it is closed."""
    oid, good = _damaged(box, how), box.blob(b"good")
    reader = ObjectReader(Repository.open(box.folder))
    for ask in (
        lambda: reader.blob(oid, 1 << 20),
        lambda: list(reader.many([good, oid, good], 1 << 20)),
    ):
        with pytest.raises(CannotJudgeError, match=r"damaged|ended in the middle"):
            ask()
    reader.close()
    reader = ObjectReader(Repository.open(box.folder))
    with pytest.raises(CannotJudgeError):
        reader.blob(oid, 1 << 20)
    with pytest.raises(CannotJudgeError):  # the process ended over the damage
        reader.blob(oid, 1 << 20)
    reader.close()


def test_a_stream_may_be_left_in_the_middle_and_a_reader_closed_twice(
    box: GitBox, reader: ObjectReader
) -> None:
    stream = reader.many([box.blob(bytes([number]) * 99_999) for number in range(30)], 1 << 20)
    assert next(stream).size == 99_999
    stream.close()  # type: ignore[attr-defined]
    reader.close()
    reader.close()
    assert reader.size(box.blob(b"again")) == 5


def test_no_process_outlives_its_reader(box: GitBox, tmp_path: Path) -> None:
    reader = ObjectReader(Repository.open(box.folder))
    reader.size(box.blob(b"x"))
    process = reader._process.proc
    assert process.poll() is None
    reader.close()
    assert process.poll() is not None
