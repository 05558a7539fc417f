"""Commits between two points: who is behind them and what each did to each of its parents."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from goldengit.models.change import Entry, FileChange
from goldengit.models.layout import locate
from goldengit.repository.plumbing import RawChange, Repository
from goldengit.repository.snapshot import TreeSnapshot

_PERSON = re.compile(rb"^(?:author|committer) .*?<([^<>\n]*)> -?[0-9]+ [+-][0-9]{4}$", re.MULTILINE)
_COAUTHOR = re.compile(rb"^co-authored-by:[^<\n]*<([^<>\n]*)>[ \t]*$", re.MULTILINE | re.IGNORECASE)
_TREE = re.compile(rb"\Atree ([0-9a-f]{40,64})\n")
_END_OF_TIME = 253_402_300_799  # the last second of the year 9999
_TIME = re.compile(rb"^committer .*> ([0-9]{1,19}) [+-][0-9]{4}$", re.MULTILINE)


def commit_lines(repository: Repository, base: str | None, head: str) -> list[list[str]]:
    """Return [commit, parent, …] for each commit after `base` up to `head`, oldest first."""
    words = ["rev-list", "--topo-order", "--reverse", "--parents", head]
    output = repository.text(*words, *([f"^{base}"] if base else []))
    return [line.split() for line in output.splitlines()]


def first_parents(repository: Repository, base: str | None, head: str) -> list[str]:
    """Return the first-parent line after `base` up to `head`, oldest first."""
    words = ["rev-list", "--first-parent", "--reverse", head]
    return repository.text(*words, *([f"^{base}"] if base else [])).splitlines()


def tree_of_commit(raw: bytes) -> str:
    """Return the tree id in the raw text of a commit."""
    match = _TREE.match(raw)
    return match[1].decode() if match else ""


def _seconds(raw: bytes) -> int:
    """Return the committer's time in the raw text of a commit, seconds since 1970.

    0, when everything is yet to come, for a time that no calendar holds.
    """
    match = _TIME.search(raw.split(b"\n\n", 1)[0])
    return int(match[1]) if match and int(match[1]) <= _END_OF_TIME else 0


def moment_of_commit(raw: bytes) -> str:
    """Return the committer's time as RFC 3339 text in UTC."""
    return datetime.fromtimestamp(_seconds(raw), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def people_of_commit(raw: bytes) -> tuple[str, ...]:
    """Return the addresses of author, committer and co-authors, sorted."""
    head, _, message = raw.partition(b"\n\n")
    found = {*_PERSON.findall(head), *_COAUTHOR.findall(message)}
    return tuple(sorted(address.decode("utf-8", "replace") for address in found))


def is_data(path: str) -> bool:
    """Tell whether a path belongs to the data that the rules guard."""
    return locate(path).kind.is_data


def changed_files(
    raw: Iterable[RawChange], before: TreeSnapshot, after: TreeSnapshot
) -> tuple[FileChange, ...]:
    """Return changes with both sides read, in path order."""
    return tuple(
        FileChange(
            change.path,
            before.read(Entry(change.path, change.old_mode, change.old))
            if change.status != "A"
            else None,
            after.read(Entry(change.path, change.new_mode, change.new))
            if change.status != "D"
            else None,
        )
        for change in sorted(raw, key=lambda change: change.path)
    )


def ever_existed(
    repository: Repository, commit: str, paths: Sequence[str], start: str | None = None
) -> frozenset[str]:
    """Return which of the paths any first-parent step up to `commit` touched.

    One process answers for all paths at once; only when one of them was touched are they asked
    about one by one. `start` bounds the search.
    """
    if not paths or not _touched_by(repository, commit, paths, start):
        return frozenset()
    if len(paths) == 1:
        return frozenset(paths)
    half = len(paths) // 2
    return ever_existed(repository, commit, paths[:half], start) | ever_existed(
        repository, commit, paths[half:], start
    )


def _touched_by(
    repository: Repository, commit: str, paths: Sequence[str], start: str | None
) -> bool:
    asked = "".join(
        f"{line}\n" for line in [commit, *([f"^{start}"] if start else []), "--", *paths]
    )
    _, output = repository.run(
        "rev-list", "--first-parent", "--max-count=1", "--stdin",
        stdin=asked.encode("utf-8", "surrogateescape"),
    )  # fmt: skip
    return bool(output.strip())
