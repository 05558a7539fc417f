"""Edits of the work tree: every file of a set is replaced, or none of them is.

Before the first file changes, a journal in the Git folder holds all old and new bytes. Whoever is
killed at any moment leaves either no journal, or one from which the next command makes the work
tree whole: complete when every file was already replaced, else as it was before. A file that
somebody changed in the meantime is never overwritten.
"""

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from goldengit.errors import GoldengitError, UsageError
from goldengit.repository.commits import Entries, adopt_head, stage
from goldengit.repository.plumbing import Repository
from goldengit.repository.work_files import (
    ABSENT,
    beside,
    digest,
    digest_at,
    put,
    remove_empty_parents,
    sync_folder,
    target_of,
    write_durably,
)


@dataclass(frozen=True, slots=True)
class Replacement:
    """One file of an edit: its bytes before and after, None where there is no file.

    `path` leads from the top of the repository, with slashes.
    """

    path: str
    before: bytes | None
    after: bytes | None


@contextmanager
def editing(repository: Repository) -> Iterator[str]:
    """Hold the one right to edit; yield a sentence about an edit that was left over, or "".

    Raises GoldengitError at once when another process is editing this work tree.
    """
    folder = _folder(repository)
    folder.mkdir(parents=True, exist_ok=True)
    # A lock of SQLite's works alike on all systems and ends with its process, however that ends.
    with closing(sqlite3.connect(folder / "edit.lock", timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise _not_locked(error, folder) from error
        yield recover(repository)


@contextmanager
def applied(repository: Repository, edit: Sequence[Replacement]) -> Iterator[None]:
    """Apply an edit for good if the block ends well; take it back if the block raises.

    Call it within `editing`. Raises GoldengitError, with nothing changed, when a file is not what
    it was when it was read, lies outside the work tree or behind a symbolic link, or cannot be
    written.
    """
    try:
        _carry_out(repository, edit)
        yield
    except BaseException:
        _take_back(repository)
        raise
    _retire(repository)


def steps(repository: Repository, edit: Sequence[Replacement]) -> Iterator[str]:
    """Carry out an edit up to the last file, and yield the name of each durable step.

    Wherever it is left, `recover` makes the work tree whole again. The journal stays.
    """
    top = _top(repository)
    _refuse_changed(top, edit)
    draft, journal = _folder(repository) / "edit.draft", _journal(repository)
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    _describe(draft, edit)
    yield "prepared"
    draft.rename(journal)
    sync_folder(journal.parent)
    yield "announced"
    for number, file in enumerate(edit):
        _refuse_changed(top, [file])
        put(journal / f"after-{number}" if file.after is not None else None, top, file.path)
        yield f"replaced {file.path}"


def _carry_out(repository: Repository, edit: Sequence[Replacement]) -> None:
    try:
        for _ in steps(repository, edit):
            pass
    except OSError as error:
        raise GoldengitError(
            f"{error.filename or 'A file'} could not be written: {error.strerror}.",
            remedy="Nothing was changed. Make room, or repair the permissions, and try again.",
        ) from error


def recover(repository: Repository) -> str:
    """Make whole what an interrupted command left behind; return what was done, "" for nothing."""
    shutil.rmtree(_folder(repository) / "edit.draft", ignore_errors=True)
    for scratch in _folder(repository).glob("index-*"):
        scratch.unlink(missing_ok=True)
    if not _journal(repository).exists():
        return ""
    entries = _entries(repository)
    for entry in entries:
        beside(target_of(_top(repository), entry["path"])).unlink(missing_ok=True)
    if all(digest_at(_top(repository), entry["path"]) == entry["after"] for entry in entries):
        adopt_head(repository, [entry["path"] for entry in entries])
        _retire(repository)
        return (
            f"An earlier command was interrupted; its edit of {_files(len(entries))} was complete."
        )
    kept = _take_back(repository)
    taken = (
        f"An earlier command was interrupted; its edit of {_files(len(entries))} was taken back."
    )
    return f"{taken} Changed since and left alone: {', '.join(kept)}." if kept else taken


def tree_with(repository: Repository, tree: str, edit: Sequence[Replacement]) -> str:
    """Return the tree that `tree` becomes by an edit; nothing but Git objects is written."""
    folder = _folder(repository)
    folder.mkdir(parents=True, exist_ok=True)
    index = folder / f"index-{os.getpid()}"
    try:
        stage(repository, index, tree, entries_of(edit))
        return repository.text("write-tree", index=index)
    finally:
        index.unlink(missing_ok=True)


def entries_of(edit: Sequence[Replacement]) -> Entries:
    """Return the bytes that each path of an edit gets; None where it loses its file."""
    return {file.path: file.after for file in edit}


def content(repository: Repository, path: str) -> bytes | None:
    """Return the bytes of a file of the work tree, ignored ones included; None without one."""
    try:
        return target_of(_top(repository), path).read_bytes()
    except FileNotFoundError:
        return None


def ignored(repository: Repository, paths: Sequence[str]) -> tuple[str, ...]:
    """Return those of these paths that `git add` would leave out: ignored and not tracked."""
    _top(repository)  # without a work tree Git would refuse in words of its own
    _, listed = repository.run(
        "check-ignore", "--stdin", "-z",
        stdin="".join(f"{path}\0" for path in paths).encode(), accept=(0, 1), personal=True,
    )  # fmt: skip
    return tuple(listed.decode().split("\0")[:-1])


def path_within(repository: Repository, named: Path) -> str:
    """Return the path from the top of the repository, with slashes, that a person named.

    A path is taken from where the person is, else from the top. Raises UsageError when it leads
    out of the work tree.
    """
    top = _top(repository)
    here = named.parent.resolve() / named.name
    for path in (here, top / named):
        if path.is_relative_to(top) and path.exists():
            return path.relative_to(top).as_posix()
    if not here.is_relative_to(top):
        raise UsageError(f"{named} is not in the repository at {top}.", remedy="Check the path.")
    return here.relative_to(top).as_posix()


def _not_locked(error: sqlite3.OperationalError, folder: Path) -> GoldengitError:
    if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
        return GoldengitError(
            "Another goldengit command is editing this repository.",
            remedy="Wait until it has ended, then try again.",
        )
    return GoldengitError(
        f"{folder} cannot be locked: {error}.", remedy="Make room, or repair its permissions."
    )


# -- the journal -------------------------------------------------------------------------------


def _folder(repository: Repository) -> Path:
    return repository.git_dir / "goldengit"


def _journal(repository: Repository) -> Path:
    return _folder(repository) / "edit"


def _top(repository: Repository) -> Path:
    if repository.top is None:
        raise UsageError(
            "This repository has no work tree to edit.", remedy="Clone it without `--bare`."
        )
    return repository.top


def _describe(folder: Path, edit: Sequence[Replacement]) -> None:
    """Write what an edit will do, durably."""
    for number, file in enumerate(edit):
        for side, data in (("before", file.before), ("after", file.after)):
            if data is not None:
                write_durably(folder / f"{side}-{number}", data)
    entries = [
        {"path": file.path, "before": digest(file.before), "after": digest(file.after)}
        for file in edit
    ]
    write_durably(folder / "journal.json", json.dumps(entries).encode())
    sync_folder(folder)


def _entries(repository: Repository) -> list[dict[str, str]]:
    entries: list[dict[str, str]] = json.loads((_journal(repository) / "journal.json").read_bytes())
    return entries


def _take_back(repository: Repository) -> list[str]:
    """Restore what an edit replaced; return the paths that somebody changed since."""
    if not _journal(repository).exists():
        return []
    top, kept = _top(repository), []
    for number, entry in enumerate(_entries(repository)):
        present = digest_at(top, entry["path"])
        if present == entry["before"]:
            remove_empty_parents(top, entry["path"])
        elif present == entry["after"]:
            _restore(repository, number, entry)
        else:
            kept.append(entry["path"])
    _retire(repository)
    return kept


def _restore(repository: Repository, number: int, entry: dict[str, str]) -> None:
    """Put a backup in its place; the backup itself stays until the journal goes."""
    backup = None
    if entry["before"] != ABSENT:
        backup = _journal(repository) / "restored"
        write_durably(backup, (_journal(repository) / f"before-{number}").read_bytes())
    put(backup, _top(repository), entry["path"])


def _retire(repository: Repository) -> None:
    """Remove the journal: from its renaming on, nothing is left to recover."""
    draft = _folder(repository) / "edit.draft"
    with suppress(FileNotFoundError):
        _journal(repository).rename(draft)
        sync_folder(draft.parent)
    shutil.rmtree(draft, ignore_errors=True)


def _refuse_changed(top: Path, edit: Sequence[Replacement]) -> None:
    for file in edit:
        if digest_at(top, file.path) != digest(file.before):
            raise GoldengitError(
                "The file changed while the command was running, so nothing was written.",
                remedy="Look at it, then run the command again.",
                place=file.path,
            )


def _files(number: int) -> str:
    return "1 file" if number == 1 else f"{number} files"
