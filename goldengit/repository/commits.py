"""Commits of an edit: exactly its paths, whatever else is staged or lies about.

The commit is made from an index of its own, so the hooks run as in any commit and the person's
index is not touched before it succeeded.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from goldengit.errors import RefusedEditError, UsageError
from goldengit.models.change import REGULAR
from goldengit.repository.plumbing import GitFailedError, Repository

# The bytes that each path gets; None where it loses its file.
Entries = Mapping[str, bytes | None]

_UNDER_WAY = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply")


class RefusedCommitError(RefusedEditError):
    """Git, or one of the person's hooks, did not make the commit; `output` is all it said."""

    def __init__(self, error: GitFailedError) -> None:
        super().__init__(
            f"Git or a hook refused the commit: {error.problem}",
            remedy="Nothing was changed. Repair that and try again.",
        )
        self.output = error.complaint


def stage(repository: Repository, index: Path, tree: str, entries: Entries) -> None:
    """Make `index` say `tree` with these entries."""
    repository.run("read-tree", tree, index=index)
    lines = []
    for path, data in entries.items():
        oid = _absent(repository) if data is None else _blob(repository, data)
        lines.append(f"{REGULAR if data is not None else '0'} {oid}\t{path}")
    _update_index(repository, index, lines)


def commit(
    repository: Repository, entries: Entries, message: str, branch: str | None = None
) -> str:
    """Commit these entries on top of HEAD and return the commit's id.

    The author is whom the person's own Git configuration names, and their hooks run. `branch` is
    made first and becomes HEAD's. When Git or a hook refuses, everything is as before and
    RefusedCommitError gives the reason.
    """
    head = repository.find_commit("HEAD")
    former = _switched(repository, branch) if branch else None
    index = repository.git_dir / "goldengit" / f"index-{os.getpid()}"
    try:
        stage(repository, index, head or repository.empty_tree, entries)
        words = ("commit", "--quiet", "--cleanup=verbatim", "--file=-")
        repository.run(*words, stdin=message.encode(), index=index, personal=True)
        adopt_head(repository, entries)
    except GitFailedError as error:
        _undo(repository, head, former, branch)
        raise RefusedCommitError(error) from error
    except BaseException:
        _undo(repository, head, former, branch)
        raise
    finally:
        index.unlink(missing_ok=True)
    return repository.commit("HEAD")


def refuse_unless_ready(repository: Repository, branch: str | None) -> None:
    """Raise UsageError when a commit on top of HEAD, on this new branch, is not possible now."""
    for name in _UNDER_WAY:
        if (repository.git_dir / name).exists():
            raise UsageError(
                "A merge, rebase, cherry-pick or revert is under way.",
                remedy="Finish it first, or leave the commit to yourself.",
            )
    if branch and repository.find_commit(f"refs/heads/{branch}"):
        raise UsageError(
            f"The branch {branch} exists already.",
            remedy=f"Run `git switch {branch}` first, or delete it.",
        )


def current_branch(repository: Repository) -> str | None:
    """Return the name of HEAD's branch, None when HEAD is detached."""
    status, output = repository.run("symbolic-ref", "--quiet", "HEAD", accept=(0, 1))
    return output.decode().strip().removeprefix("refs/heads/") if status == 0 else None


def adopt_head(repository: Repository, paths: Iterable[str]) -> None:
    """Make the person's index say what HEAD says of these paths, where the work tree agrees."""
    head = repository.find_commit("HEAD")
    if head is None:
        return
    lines = []
    for path in paths:
        listed = repository.run("ls-tree", "-z", "--full-tree", head, "--", path)[1]
        present = _present(repository, path)
        entry = listed.split(b"\t", 1)[0].decode().split(" ") if listed else []
        if (entry[2] if entry else _absent(repository)) == present:
            mode = entry[0] if entry else "0"
            lines.append(f"{mode} {present}\t{path}")
    _update_index(repository, repository.git_dir / "index", lines)


def _present(repository: Repository, path: str) -> str:
    target = (repository.top or repository.git_dir) / path
    if not target.exists():
        return _absent(repository)
    return _blob(repository, target.read_bytes())


def _blob(repository: Repository, data: bytes) -> str:
    return repository.text("hash-object", "-w", "--stdin", stdin=data)


def _absent(repository: Repository) -> str:
    return "0" * len(repository.empty_tree)


def _update_index(repository: Repository, index: Path, lines: list[str]) -> None:
    if lines:
        records = "".join(f"{line}\0" for line in lines).encode("utf-8", "surrogateescape")
        repository.run("update-index", "-z", "--index-info", stdin=records, index=index)


def _switched(repository: Repository, branch: str) -> str:
    """Make a branch at HEAD and point HEAD to it: no file changes. Return where HEAD pointed."""
    former = repository.text("symbolic-ref", "HEAD")
    repository.run("update-ref", f"refs/heads/{branch}", "HEAD", _absent(repository))
    repository.run("symbolic-ref", "HEAD", f"refs/heads/{branch}")
    return former


def _undo(repository: Repository, head: str | None, former: str | None, branch: str | None) -> None:
    """Bring HEAD back to where it was, also when the interruption came after the commit."""
    if repository.find_commit("HEAD") != head:
        repository.run("update-ref", *(("HEAD", head) if head else ("-d", "HEAD")))
    if former and branch:
        repository.run("symbolic-ref", "HEAD", former)
        repository.run("update-ref", "-d", f"refs/heads/{branch}")
