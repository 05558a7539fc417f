"""History: who is behind a commit, when, what it did, and what was there before."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.repository import history
from goldengit.repository.store import Store, opened
from tests.gitbox import Blob, GitBox

MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


@pytest.fixture
def store(box: GitBox) -> Iterator[Store]:
    """Return the box, opened."""
    with opened(box.folder) as store:
        yield store


def _raw(header: str = "", message: str = "A change.\n", time: str = "1780000000 +0200") -> bytes:
    people = f"author A <a@example.org> {time}\ncommitter C <c@example.org> {time}\n"
    return f"tree {'a' * 40}\n{people}{header}\n{message}".encode()


def test_author_committer_and_co_authors_are_behind_a_commit(box: GitBox, store: Store) -> None:
    oid = box.commit(
        {"a": Blob(b"1")}, author="a@x.org", committer="c@x.org", co_authors=["d@x.org", "E@x.org"]
    )
    assert history.people_of_commit(store.objects.commit(oid)) == (
        "E@x.org", "a@x.org", "c@x.org", "d@x.org",
    )  # fmt: skip


@pytest.mark.parametrize("key", ["Co-authored-by", "co-authored-by", "CO-AUTHORED-BY"])
def test_co_authors_count_however_the_word_is_written(key: str) -> None:
    message = f"Text.\n\n{key}: B <b@example.org>\n{key}: <bare@example.org>  \n"
    assert history.people_of_commit(_raw(message=message)) == (
        "a@example.org", "b@example.org", "bare@example.org", "c@example.org",
    )  # fmt: skip


def test_an_author_in_the_message_or_in_a_signed_tag_is_nobody() -> None:
    tag = (
        "mergetag object x\n author M <m@example.org> 1 +0000\n tagger T <t@example.org> 1 +0000\n"
    )
    raw = _raw(tag, "author N <n@example.org> 1780000000 +0000\n")
    assert history.people_of_commit(raw) == ("a@example.org", "c@example.org")


def test_the_time_of_a_commit_is_its_committers_in_utc() -> None:
    assert history.moment_of_commit(_raw(time="0 +0200")) == "1970-01-01T00:00:00Z"
    message = "x\n\ncommitter D <d@x> 99 +0000\n"
    assert history.moment_of_commit(_raw(message=message)) == "2026-05-28T20:26:40Z"


@given(st.integers(0, 10**22), st.sampled_from(["+0000", "-1130", "+9999"]))
def test_any_time_that_git_stores_is_a_moment_or_the_beginning_of_time(
    seconds: int, zone: str
) -> None:
    """What no calendar holds is the beginning: everything is yet to come then, and so refused."""
    moment = history.moment_of_commit(_raw(time=f"{seconds} {zone}"))
    assert MOMENT.fullmatch(moment)
    fits = seconds < 253_402_300_800
    assert datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp() == (
        seconds if fits else 0
    )


def test_a_time_of_five_thousand_digits_is_the_beginning_of_time() -> None:
    assert history.moment_of_commit(_raw(time="9" * 5000 + " +0000")) == "1970-01-01T00:00:00Z"


@given(st.binary(max_size=300))
def test_no_bytes_of_a_commit_raise(raw: bytes) -> None:
    assert MOMENT.fullmatch(history.moment_of_commit(raw))
    assert isinstance(history.people_of_commit(raw), tuple)
    assert isinstance(history.tree_of_commit(raw), str)


def _merged_history(box: GitBox) -> tuple[str, str, str, str]:
    root = box.commit({"datasets/a": Blob(b"1")})
    main = box.commit({"datasets/a": Blob(b"2")}, [root])
    side = box.commit({"datasets/a": Blob(b"1"), "datasets/b": Blob(b"1")}, [root])
    merge = box.commit({"datasets/a": Blob(b"2"), "datasets/b": Blob(b"1")}, [main, side])
    return root, main, side, merge


def test_commits_come_after_their_parents_with_all_of_them(box: GitBox, store: Store) -> None:
    root, main, side, merge = _merged_history(box)
    lines = history.commit_lines(store.repository, root, merge)
    assert sorted(lines) == sorted([[main, root], [side, root], [merge, main, side]])
    assert lines[-1][0] == merge
    assert history.commit_lines(store.repository, None, root) == [[root]]
    assert history.commit_lines(store.repository, merge, merge) == []
    assert history.first_parents(store.repository, None, merge) == [root, main, merge]
    assert history.first_parents(store.repository, root, merge) == [main, merge]


def test_changed_files_have_both_sides_in_the_order_of_paths(box: GitBox, store: Store) -> None:
    root, main, side, _ = _merged_history(box)
    trees = [store.repository.tree_of(oid) for oid in (main, side)]
    before, after = (store.snapshot("", tree) for tree in trees)
    changed = history.changed_files(reversed(store.repository.diff(*trees)), before, after)
    assert [(change.path, change.status) for change in changed] == [
        ("datasets/a", "M"), ("datasets/b", "A"),
    ]  # fmt: skip
    assert [change.before and change.before.data for change in changed] == [b"2", None]
    assert root


def test_what_ever_stood_at_a_path_of_the_first_parent_line_existed(
    box: GitBox, store: Store
) -> None:
    paths = [f"datasets/d/golden/2026-01/{number}" for number in range(9)]
    first = box.commit({paths[0]: Blob(b"0"), paths[5]: Blob(b"5")})
    second = box.commit({paths[3]: Blob(b"3")}, [first])
    third = box.commit({}, [second])
    ever = history.ever_existed
    assert ever(store.repository, third, paths) == {paths[0], paths[3], paths[5]}
    assert ever(store.repository, third, paths, second) == {paths[3]}  # it went after `second`
    assert ever(store.repository, first, paths[3:4]) == frozenset()
    assert ever(store.repository, third, []) == frozenset()


def test_what_only_a_merged_branch_had_for_a_while_never_existed(box: GitBox, store: Store) -> None:
    root = box.commit({"x": Blob(b"1")})
    there = box.commit({"x": Blob(b"1"), "datasets/y": Blob(b"1")}, [root])
    gone = box.commit({"x": Blob(b"1")}, [there])
    merge = box.commit({"x": Blob(b"1")}, [root, gone])
    assert history.ever_existed(store.repository, merge, ["datasets/y"]) == frozenset()
    assert history.ever_existed(store.repository, gone, ["datasets/y"]) == {"datasets/y"}


def test_paths_are_taken_literally(box: GitBox, store: Store) -> None:
    commit = box.commit({"datasets/a": Blob(b"1")})
    for pattern in ("datasets/*", ":(glob)**", ":/", "datasets/[a]"):
        assert history.ever_existed(store.repository, commit, [pattern]) == frozenset()
