"""Which trees a check compares: the index, a range, the whole tree. See `pushes` for a push."""

import os
import re
from collections.abc import Iterable

from goldengit.checking import Question, change_of, transition, whole
from goldengit.errors import NothingToJudgeError, UsageError
from goldengit.models.change import Change
from goldengit.models.layout import DATASETS, EVALUATORS, POLICY
from goldengit.repository import sources
from goldengit.repository.plumbing import Repository
from goldengit.repository.store import Store

DEFAULT_BRANCHES = ("main",)  # protected where no policy can be read: the policy's own default
_ADDRESS = re.compile(r"<([^<>\n]*)> [0-9]+ [+-][0-9]{4}$")


def staged(store: Store, addresses: Iterable[str], *, require_confirmed: bool) -> Change:
    """Return the change from the fork point to what the next commit would hold.

    `addresses` are those that Git set for the running commit; the configured identity joins them.
    """
    repository = store.repository
    fork = sources.fork_point(repository, protected_branches(store, "HEAD"))
    question = Question(
        base=repository.tree_of(fork) if fork else repository.empty_tree,
        head=sources.index_tree(repository, os.environ.get("GIT_INDEX_FILE")),
        base_name=named(repository, fork) if fork else "nothing",
        head_name="the index",
        base_commit=fork,
        head_commit=repository.find_commit("HEAD"),
        author=tuple(sorted({*addresses, *_identity(repository)})),
        require_confirmed=require_confirmed,
    )
    return change_of(store, question)


def edited(store: Store, fork: str | None, tree: str) -> Change:
    """Return the change from the fork point to a tree that this person is about to commit."""
    repository = store.repository
    question = Question(
        base=repository.tree_of(fork) if fork else repository.empty_tree,
        head=tree,
        base_commit=fork,
        head_commit=repository.find_commit("HEAD"),
        author=tuple(sorted(_identity(repository))),
    )
    return change_of(store, question)


def ranged(store: Store, text: str, *, require_confirmed: bool) -> Change:
    """Return the change from A to the merge result of A and B, for a text `A..B`.

    Raises UsageError when the text has another form or an end names nothing.
    """
    if "..." in text:
        raise UsageError(
            f"--range {text}: three dots are no range here.",
            remedy="Write A..B; B is judged as it would be merged into A anyway.",
        )
    base, dots, head = text.partition("..")
    if not (base and dots and head) or ".." in head:
        raise UsageError(
            f"--range {text}: both ends are needed.", remedy="Write A..B, such as main..HEAD."
        )
    return transition(store, base, head, require_confirmed=require_confirmed)


def everything(store: Store, *, deep: bool, require_confirmed: bool) -> Change:
    """Return the whole work tree (of a bare repository: HEAD) as one snapshot.

    Raises NothingToJudgeError when there is no file of ours at all.
    """
    repository = store.repository
    name = "HEAD" if repository.top is None else "the work tree"
    change = whole(
        store,
        sources.work_tree(repository),
        name=name,
        deep=deep,
        require_confirmed=require_confirmed,
    )
    if not any(change.head.entry(path) for path in (POLICY, DATASETS, EVALUATORS)):
        raise NothingToJudgeError(
            f"There is no {POLICY}, no {DATASETS}/ and no {EVALUATORS}/ in {name}.",
            remedy="Run `goldengit init`, or go to the repository that holds them.",
        )
    return change


def protected_branches(store: Store, *names: str | None) -> set[str]:
    """Return the branches that the policies at these commits protect, together.

    A policy that cannot be read protects the default branches: too many is the safe side.
    """
    found: set[str] = set()
    for name in names:
        commit = store.repository.find_commit(name) if name else None
        if commit is not None:
            file = store.snapshot("", store.repository.tree_of(commit)).file(POLICY)
            policy = file.policy if file else None
            found |= set(policy.protected_branches if policy else DEFAULT_BRANCHES)
    return found or set(DEFAULT_BRANCHES)


def named(repository: Repository, commit: str) -> str:
    """Return how people call a commit: `HEAD`, or the start of its id."""
    return "HEAD" if commit == repository.find_commit("HEAD") else commit[:12]


def _identity(repository: Repository) -> set[str]:
    found = set()
    for name in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
        _, output = repository.run("var", name, accept=(0, 1, 128), personal=True)
        match = _ADDRESS.search(output.decode("utf-8", "replace").strip())
        if match and match[1]:
            found.add(match[1])
    return found
