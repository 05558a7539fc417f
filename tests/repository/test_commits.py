"""Commits of an edit: its paths and nothing else, and what an interruption leaves."""

from pathlib import Path

import pytest

from goldengit.errors import UsageError
from goldengit.repository.commits import (
    RefusedCommitError,
    commit,
    current_branch,
    refuse_unless_ready,
    stage,
)
from goldengit.repository.edits import Replacement, entries_of, recover, steps
from goldengit.repository.plumbing import Repository
from tests.gitbox import Blob, GitBox

EDIT = (Replacement("a.txt", b"a\n", b"A\n"), Replacement("b.txt", None, b"b\n"))


@pytest.fixture
def clone(tmp_path: Path) -> GitBox:
    box = GitBox(tmp_path / "clone", bare=False)
    for name, value in (("user.name", "Opener"), ("user.email", "opener@example.org")):
        box.git("config", name, value)
    box.git("reset", "--quiet", "--hard", box.commit({"a.txt": Blob(b"a\n")}))
    return box


def carried_out(box: GitBox) -> Repository:
    repository = Repository.open(box.folder)
    (repository.git_dir / "goldengit").mkdir()
    assert 4 == len(list(steps(repository, EDIT)))
    return repository


def test_a_commit_holds_the_entries_and_the_index_follows(clone: GitBox) -> None:
    repository = carried_out(clone)
    oid = commit(repository, entries_of(EDIT), "Both.\n", "topic")
    assert oid == clone.git("rev-parse", "refs/heads/topic")
    assert "topic" == current_branch(repository)
    assert "A\nb" == clone.git("show", "HEAD:a.txt") + "\n" + clone.git("show", "HEAD:b.txt")
    assert "" == clone.git("status", "--porcelain")


def test_the_first_commit_of_a_repository_can_be_made(tmp_path: Path) -> None:
    box = GitBox(tmp_path / "clone", bare=False)
    box.git("config", "user.name", "Opener")
    box.git("config", "user.email", "opener@example.org")
    repository = Repository.open(box.folder)
    (repository.git_dir / "goldengit").mkdir()
    (box.folder / "b.txt").write_bytes(b"b\n")
    commit(repository, {"b.txt": b"b\n"}, "First.\n")
    assert "" == box.git("status", "--porcelain")


def test_without_an_identity_nothing_is_committed(tmp_path: Path) -> None:
    box = GitBox(tmp_path / "clone", bare=False)
    box.git("config", "user.useConfigOnly", "true")
    repository = Repository.open(box.folder)
    (repository.git_dir / "goldengit").mkdir()
    with pytest.raises(RefusedCommitError):
        commit(repository, {"b.txt": b"b\n"}, "First.\n")
    assert repository.find_commit("HEAD") is None


def test_an_index_that_is_locked_takes_the_commit_back(clone: GitBox) -> None:
    """Another Git command holds the person's index: no commit stays that the work tree lacks."""
    repository, head = carried_out(clone), clone.git("rev-parse", "HEAD")
    lock = repository.git_dir / "index.lock"
    lock.touch()
    with pytest.raises(RefusedCommitError, match=r"index\.lock.*Nothing was changed"):
        commit(repository, entries_of(EDIT), "Both.\n", "topic")
    lock.unlink()
    assert (head, "main") == (clone.git("rev-parse", "HEAD"), current_branch(repository))
    assert "" == clone.git("branch", "--list", "topic")


def test_a_kill_between_commit_and_index_is_made_good(clone: GitBox) -> None:
    repository = carried_out(clone)
    index = repository.git_dir / "goldengit" / "index-of-the-killed"
    stage(repository, index, "HEAD", entries_of(EDIT))
    repository.run("commit", "--quiet", "--message=Both.", index=index, personal=True)
    assert clone.git("status", "--porcelain")
    assert "complete" in recover(repository)
    assert "" == clone.git("status", "--porcelain")


def test_a_kill_before_the_commit_leaves_a_complete_edit(clone: GitBox) -> None:
    repository = carried_out(clone)
    assert "complete" in recover(repository)
    assert " M a.txt\n?? b.txt" == clone.git("status", "--porcelain")


@pytest.mark.parametrize("name", ["MERGE_HEAD", "CHERRY_PICK_HEAD", "rebase-merge"])
def test_nothing_is_committed_into_what_is_under_way(clone: GitBox, name: str) -> None:
    repository = Repository.open(clone.folder)
    (repository.git_dir / name).write_text("")
    with pytest.raises(UsageError, match="under way"):
        refuse_unless_ready(repository, None)


def test_a_detached_head_has_no_branch(clone: GitBox) -> None:
    clone.git("checkout", "--quiet", "--detach")
    assert current_branch(Repository.open(clone.folder)) is None
