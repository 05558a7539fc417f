"""Offered: what a branch would make golden, as it is committed."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from goldengit.errors import RefusedEditError, UsageError
from goldengit.models.case import Case
from goldengit.models.change import File
from goldengit.models.layout import POLICY, Kind, golden_path, locate
from goldengit.models.policy import Policy
from goldengit.repository import commits, sources
from goldengit.repository.snapshot import TreeSnapshot
from goldengit.repository.store import Store

_MADE_OF = frozenset({Kind.CANDIDATE, Kind.LABELS})


@dataclass(frozen=True)
class Offered:
    """A branch with the golden cases that it adds, in the order of their paths.

    `others` counts further files that it adds or changes; candidates and drafts that became
    golden are none. `policy` is the one in force: that of the commit where the branch began.
    """

    branch: str
    policy: Policy
    files: tuple[File, ...]
    others: int


def offered(store: Store) -> Offered:
    """Return what HEAD's branch offers.

    Raises UsageError when HEAD is detached or there is no policy, RefusedEditError for a protected
    branch, for one that makes nothing golden, and for a case that cannot be read.
    """
    branch = _branch(store)
    head, policy, base = _ground(store)
    if branch in policy.protected_branches:
        raise RefusedEditError(
            f"HEAD is on the protected branch {branch}, which is not pushed from here.",
            remedy="Run `git switch --create golden/NAME`, then the command again.",
        )
    changes = store.repository.diff(base.tree, head.tree)
    added = [one.path for one in changes if one.status == "A" and _is_golden(one.path)]
    if not added:
        raise RefusedEditError(
            f"The branch {branch} makes nothing golden.", remedy="Name a candidate to promote."
        )
    files = tuple(file for path in added if (file := head.file(path)) is not None)
    for file in files:
        if not isinstance(file.case, Case):
            raise RefusedEditError(
                "The golden case could not be read.",
                remedy="Run `goldengit check` and repair what it names.",
                place=file.path,
            )
    rest = [one for one in changes if locate(one.path).kind not in _MADE_OF]
    first = base.file(POLICY)
    in_force = (first.policy if first else None) or policy
    return Offered(branch, in_force, files, len(rest) - len(added))


def remaining(store: Store, names: Sequence[str]) -> list[str]:
    """Return those of the candidates, named by id or path, that this branch has not made golden.

    Raises UsageError when HEAD is detached, RefusedEditError for one that is golden in the work
    tree alone: whoever wrote it decides what is committed with it.
    """
    _branch(store)
    head, _, base = _ground(store)
    left = []
    for name in names:
        case = PurePath(name).name.removesuffix(".yaml")
        paths = [golden_path(dataset, case) for dataset in head.datasets]
        if not any(head.entry(path) and not base.entry(path) for path in paths):
            _refuse_uncommitted(store, head, paths)
            left.append(name)
    return left


def _branch(store: Store) -> str:
    branch = commits.current_branch(store.repository)
    if branch is None:
        raise UsageError(
            "HEAD is detached, so there is no branch to open a pull request from.",
            remedy="Run `git switch` to a branch first.",
        )
    return branch


def _ground(store: Store) -> tuple[TreeSnapshot, Policy, TreeSnapshot]:
    """Return HEAD, its policy, and the tree where its branch left the protected ones."""
    repository = store.repository
    head = store.snapshot("HEAD", repository.tree_of("HEAD"))
    file = head.file(POLICY)
    if file is None or file.policy is None:
        raise UsageError(
            f"There is no {POLICY} in HEAD that could be read.",
            remedy="Run `goldengit check --all` to see what is wrong.",
        )
    base = sources.fork_point(repository, file.policy.protected_branches) or "HEAD"
    return head, file.policy, store.snapshot("the base", repository.tree_of(base))


def _is_golden(path: str) -> bool:
    return locate(path).kind is Kind.GOLDEN


def _refuse_uncommitted(store: Store, head: TreeSnapshot, paths: Sequence[str]) -> None:
    top = store.repository.top
    for path in paths if top else ():
        if top and (top / path).exists() and head.entry(path) is None:
            raise RefusedEditError(
                "The case is golden in the work tree, and that is not committed.",
                remedy="Commit it on a branch of its own, then run the command again.",
                place=path,
            )
