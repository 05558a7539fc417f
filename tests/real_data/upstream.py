"""First-parent histories, read with pygit2: what the tests compare the program with."""

from collections.abc import Iterator
from typing import NamedTuple

import pygit2
from pygit2.enums import DeltaStatus

_STATUS = {DeltaStatus.ADDED: "A", DeltaStatus.DELETED: "D", DeltaStatus.MODIFIED: "M"}


class Row(NamedTuple):
    """One path that a step changed, with mode and blob of both sides (zeros where none is)."""

    status: str
    path: str
    old_mode: int
    new_mode: int
    old: str
    new: str


class Step(NamedTuple):
    """One first-parent commit: its time in seconds, the trees before and after, and its rows."""

    commit: str
    seconds: int
    trees: tuple[str, str]
    rows: tuple[Row, ...]


def steps(repository: pygit2.Repository, branch: str = "main") -> Iterator[Step]:
    """Yield the first-parent steps of a branch, oldest first, found without looking for renames."""
    line = [repository.branches[branch].peel(pygit2.Commit)]
    while line[-1].parents:
        line.append(line[-1].parents[0])
    before = repository[repository.TreeBuilder().write()].peel(pygit2.Tree)
    for commit in reversed(line):
        rows = tuple(_row(delta) for delta in before.diff_to_tree(commit.tree).deltas)
        yield Step(str(commit.id), commit.commit_time, (str(before.id), str(commit.tree.id)), rows)
        before = commit.tree


def _row(delta: pygit2.DiffDelta) -> Row:
    old, new = delta.old_file, delta.new_file
    assert old.path == new.path
    return Row(
        _STATUS[delta.status], new.path, int(old.mode), int(new.mode), str(old.id), str(new.id)
    )
