"""What history says: the commits of a change, what is about to be committed, former cases."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from goldengit.checking.examine import added, scanned
from goldengit.checking.question import Question
from goldengit.models.change import Commit, FileChange, Merge
from goldengit.models.layout import Kind
from goldengit.models.policy import Policy
from goldengit.repository import history
from goldengit.repository.snapshot import TreeSnapshot
from goldengit.repository.store import Store

Files = tuple[FileChange, ...]


def commits_of(
    store: Store, question: Question, net: Files, head: TreeSnapshot
) -> tuple[Commit, ...]:
    """Return the commits of a change, with what each did to each of its parents.

    What a commit holds and the whole change (`net`) does not bring stays reachable after a merge,
    so it is scanned too.
    """
    if question.head_commit is None:
        return ()
    lines = history.commit_lines(store.repository, question.base_commit, question.head_commit)
    raws = {oid: store.objects.commit(oid) for oid, *_ in lines}
    files = _files(store, lines, raws, head)
    brought = {change.after.entry for change in net if change.after is not None}
    return tuple(
        Commit(
            oid,
            tuple(parents),
            history.people_of_commit(raws[oid]),
            files[oid],
            scanned((file for file in added(files[oid]) if file.entry not in brought), head)
            if question.scan
            else {},
        )
        for oid, *parents in lines
    )


def _files(
    store: Store, lines: Sequence[Sequence[str]], raws: dict[str, bytes], head: TreeSnapshot
) -> dict[str, Files]:
    """Return what each commit did to each of its parents (the empty tree where it has none)."""
    steps = [(oid, parent) for oid, *parents in lines for parent in parents or [""]]
    pairs = [
        (_tree(store, raws, parent), history.tree_of_commit(raws[oid])) for oid, parent in steps
    ]
    files: dict[str, Files] = dict.fromkeys(raws, ())
    for (oid, _), raw in zip(steps, store.repository.diffs(pairs), strict=True):
        data = [change for change in raw if history.is_data(change.path)]
        files[oid] += history.changed_files(data, head, head)
    return files


def _tree(store: Store, raws: dict[str, bytes], commit: str) -> str:
    if not commit:
        return store.repository.empty_tree
    return history.tree_of_commit(raws.get(commit) or store.objects.commit(commit))


def uncommitted(store: Store, question: Question, head: TreeSnapshot) -> Iterator[Commit]:
    """Yield what is staged as the commit that it is about to become."""
    if not question.author:
        return
    tip = question.head_commit
    before = store.repository.tree_of(tip) if tip else store.repository.empty_tree
    raw = [
        change
        for change in store.repository.diff(before, question.head)
        if history.is_data(change.path)
    ]
    files = history.changed_files(raw, head, head)
    yield Commit("", (tip,) if tip else (), question.author, files)


def with_octopus(merge: Merge | None, commits: tuple[Commit, ...]) -> Merge | None:
    """Return the merge with the commits that have more than two parents."""
    octopus = tuple(commit.oid for commit in commits if commit.parents[2:])
    return replace(merge, octopus=octopus) if merge and octopus else merge


def former(store: Store, question: Question, files: Files, policy: Policy | None) -> frozenset[str]:
    """Return the golden paths that a change adds and that existed before, with other bytes.

    Whoever brings back what was wrongly deleted, byte for byte, repairs the set.
    """
    fresh = {
        change.path: change.after.entry.oid
        for change in files
        if change.before is None and change.after is not None and change.spot.kind is Kind.GOLDEN
    }
    if question.former is not None:
        return question.former & fresh.keys()
    if question.base_commit is None:
        return frozenset()
    start = policy.history.continuity_start if policy else None
    touched = history.ever_existed(store.repository, question.base_commit, sorted(fresh), start)
    return frozenset(
        path for path in touched if _last_blob(store, question.base_commit, path) != fresh[path]
    )


def _last_blob(store: Store, commit: str, path: str) -> str:
    """Return the blob that a path held before the last first-parent step that touched it."""
    words = ("rev-list", "--first-parent", "--max-count=1", commit, "--", path)
    before = store.repository.find_commit(f"{store.repository.text(*words)}^1")
    tree = store.repository.tree_of(before) if before else store.repository.empty_tree
    entry = store.snapshot("", tree).entry(path)
    return entry.oid if entry else ""
