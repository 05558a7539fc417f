"""The trees that people ask about: a commit, the index, the work tree, a merge result."""

import shutil
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from goldengit.errors import CannotJudgeError
from goldengit.models.change import Merge
from goldengit.models.layout import (
    ACTION_NAMES,
    ACTIONS,
    ATTRIBUTES,
    DATASETS,
    EVALUATORS,
    HOOKS,
    POLICY,
    SCHEMAS,
    WORKFLOWS,
    locate,
)
from goldengit.repository.plumbing import OID, GitFailedError, Repository

# What the work tree source looks at; everything else is taken as it is in the index.
DATA_ROOTS = (
    *(DATASETS, EVALUATORS, SCHEMAS, POLICY, ATTRIBUTES, ".gitmodules"),
    *(WORKFLOWS, ACTIONS, HOOKS, *ACTION_NAMES),
)


def index_tree(repository: Repository, index_file: str | None = None) -> str:
    """Return the tree that the next commit would have.

    `index_file` is the `GIT_INDEX_FILE` that a running `git commit` has set; it is used only when
    it lies in the repository's own Git folder (DECISIONS 28).
    """
    index = repository.git_dir / "index"
    if index_file:
        index = _own_index(repository, index_file)
    return _write_tree(repository, index)


def work_tree(repository: Repository) -> str:
    """Return the tree that committing all of the work tree's data files would give.

    Ignored files stay out, as they would of a commit. A bare repository has no work tree: its
    HEAD is taken.
    """
    if repository.top is None:
        return repository.tree_of("HEAD")
    return _write_tree(repository, repository.git_dir / "index", _touched(repository))


def fork_point(repository: Repository, branches: Iterable[str], tip: str = "HEAD") -> str | None:
    """Return the commit up to which a branch is protected: what is golden there is frozen.

    On a protected branch that is its own tip; elsewhere the nearest merge base with a protected
    branch, local or remote; without any, the tip itself. None when there is no commit yet. While a
    merge is under way, what it brings counts as HEAD's: a topic that merges main left it just now.
    """
    head = repository.find_commit(tip)
    if head is None or _is_protected(repository, branches, tip):
        return head
    tips = [head, *_merged_into_head(repository)] if tip == "HEAD" else [head]
    bases = [
        base
        for name in _protected_refs(repository, branches)
        for one in tips
        if (base := _merge_base(repository, name, one)) is not None
    ]
    return _newest(repository, bases) if bases else head


def is_ancestor(repository: Repository, old: str, new: str) -> bool:
    """Tell whether `new` continues from `old`."""
    return repository.run("merge-base", "--is-ancestor", old, new, accept=(0, 1))[0] == 0


def is_on_protected_line(repository: Repository, branches: Iterable[str], commit: str) -> bool:
    """Tell whether a commit is, or was, the tip of a protected branch, local or remote."""
    tips = _protected_refs(repository, branches)
    if not tips:
        return False
    listed = repository.text("rev-list", "--first-parent", *tips)
    return commit in listed.split("\n")


@dataclass(frozen=True, slots=True)
class Merged:
    """The tree in which two commits come together, and what stood in the way."""

    tree: str
    merge: Merge


def merged(repository: Repository, base: str, head: str) -> Merged:
    """Return the merge result of two commits; on a conflict, the head's tree and the conflicts."""
    _, output = repository.run("merge-base", "--all", base, head, accept=(0, 1))
    bases = tuple(output.decode().split())
    if len(bases) != 1:
        return Merged(repository.tree_of(head), Merge(bases))
    if bases[0] == base:
        return Merged(repository.tree_of(head), Merge(bases))
    status, output = repository.run(
        "merge-tree", "--write-tree", "--no-messages", "--name-only", "-z", base, head,
        accept=(0, 1),
    )  # fmt: skip
    tree, *conflicts = output.decode("utf-8", "surrogateescape").rstrip("\0").split("\0")
    if not OID.fullmatch(tree):
        raise CannotJudgeError("`git merge-tree` printed no tree.")
    if status == 1:
        return Merged(repository.tree_of(head), Merge(bases, conflicts=tuple(sorted(conflicts))))
    return Merged(tree, Merge(bases, two_sided=_two_sided(repository, bases[0], base, head)))


def _two_sided(repository: Repository, ancestor: str, base: str, head: str) -> tuple[str, ...]:
    start = repository.tree_of(ancestor)
    ours = {change.path: change.new for change in repository.diff(start, repository.tree_of(base))}
    theirs = {
        change.path: change.new for change in repository.diff(start, repository.tree_of(head))
    }
    return tuple(
        sorted(
            path
            for path in ours.keys() & theirs.keys()
            if locate(path).kind.is_data and ours[path] != theirs[path]
        )
    )


def _own_index(repository: Repository, index_file: str) -> Path:
    index = (repository.top or repository.git_dir).joinpath(index_file).resolve()
    homes = {repository.git_dir.resolve(), repository.common_dir.resolve()}
    if not any(home in index.parents for home in homes):
        raise CannotJudgeError(
            f"GIT_INDEX_FILE is {index_file!r}, which is not in this repository's Git folder.",
            remedy="Unset it and try again.",
        )
    return index


def _write_tree(repository: Repository, index: Path, touched: bytes = b"") -> str:
    """Return the tree of an index, with the touched files as they are in the work tree.

    Git notes in the index which trees it made, as it does in every commit; that makes the next
    time cheap. Where the index is locked, cannot be written or would have to change, a copy serves.
    """
    if index.exists() and not touched:
        with suppress(GitFailedError):
            return repository.text("write-tree", index=index)
    with tempfile.TemporaryDirectory(prefix="goldengit-") as folder:
        scratch = Path(folder) / "index"
        if index.exists():
            shutil.copy2(index, scratch)
        if touched:
            words = ("update-index", "-z", "--add", "--remove", "--stdin")
            repository.run(*words, stdin=touched, index=scratch)
        try:
            return repository.text("write-tree", index=scratch)
        except CannotJudgeError as error:
            raise CannotJudgeError(
                f"The index cannot become a tree: {error.problem}",
                remedy="Resolve the conflicts, then `git add` the files.",
            ) from error


def _touched(repository: Repository) -> bytes:
    """Return the data files that differ from the index, NUL-terminated, deletions included.

    What is in the index comes first: a file that became a folder goes before what is in the folder
    comes. A repository inside is listed as a folder; without the slash it is what `git add` would
    make of it, a submodule.
    """
    asked = (("--modified", "--deleted"), ("--others",))
    with ThreadPoolExecutor(
        len(asked)
    ) as pool:  # each looks at every file; together they wait once
        known, others = pool.map(lambda words: _listed(repository, words), asked)
    return known + others.replace(b"/\0", b"\0")


def _listed(repository: Repository, words: Iterable[str]) -> bytes:
    command = ("ls-files", "-z", "--exclude-standard", *words, "--", *DATA_ROOTS)
    return repository.run(*command)[1]


def _is_protected(repository: Repository, branches: Iterable[str], tip: str) -> bool:
    if tip != "HEAD":
        return False
    status, output = repository.run("symbolic-ref", "--quiet", "HEAD", accept=(0, 1))
    return status == 0 and output.decode().strip().removeprefix("refs/heads/") in set(branches)


def _protected_refs(repository: Repository, branches: Iterable[str]) -> list[str]:
    wanted = set(branches)
    listed = repository.text("for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes")
    return [
        name
        for name in listed.split("\n")
        if name.removeprefix("refs/heads/") in wanted
        or (name.startswith("refs/remotes/") and name.split("/", 3)[-1] in wanted)
    ]


def _merged_into_head(repository: Repository) -> list[str]:
    """Return the commits that a merge under way brings, which the next commit will have."""
    try:
        return (repository.git_dir / "MERGE_HEAD").read_text("ascii").split()
    except FileNotFoundError:
        return []


def _merge_base(repository: Repository, left: str, right: str) -> str | None:
    status, output = repository.run("merge-base", left, right, accept=(0, 1))
    return output.decode().strip() if status == 0 else None


def _newest(repository: Repository, commits: list[str]) -> str:
    """Return the commit that continues from all the others as far as one does."""
    newest = commits[0]
    for commit in commits[1:]:
        if is_ancestor(repository, newest, commit):
            newest = commit
    return newest
