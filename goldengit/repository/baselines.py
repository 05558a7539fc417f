"""Baselines: scorecards kept in Git under `refs/goldengit/baselines/<dataset>`.

The ref is a chain of commits, each with one scorecard, so that every baseline that ever was stays
reachable and one fetch brings them all. Which one counts is not said here: a file on the protected
branch pins the id of its blob.
"""

from goldengit.errors import CannotJudgeError
from goldengit.repository.plumbing import GitFailedError, Repository
from goldengit.repository.store import Store

REFS = "refs/goldengit/baselines"
_NAME = "scorecard.json"


def ref_of(dataset: str) -> str:
    """Return the ref that keeps the baselines of a dataset."""
    return f"{REFS}/{dataset}"


def tip(repository: Repository, dataset: str) -> str | None:
    """Return the commit that the ref of a dataset points to, None when there is none."""
    return repository.find_commit(ref_of(dataset))


def keep(repository: Repository, dataset: str, data: bytes, message: str) -> str:
    """Keep a scorecard as the latest of its dataset and return the id of its blob.

    The commit is in the person's own name. The latest one kept again changes nothing. Raises
    CannotJudgeError when somebody else moved the ref in the meantime.
    """
    blob = repository.text("hash-object", "-w", "--stdin", stdin=data)
    line = f"100644 blob {blob}\t{_NAME}\n".encode()
    tree = repository.text("mktree", stdin=line)
    last = tip(repository, dataset)
    if last is not None and repository.tree_of(last) == tree:
        return blob
    parents = ("-p", last) if last else ()
    words = ("commit-tree", tree, *parents)
    try:
        commit = repository.text(*words, stdin=message.encode(), personal=True)
    except GitFailedError as error:
        raise CannotJudgeError(
            f"The baseline cannot be kept: {error.problem}",
            remedy="Set `git config user.name` and `git config user.email`, and try again.",
        ) from error
    move(repository, dataset, commit, last)
    return blob


def move(repository: Repository, dataset: str, new: str | None, old: str | None) -> None:
    """Point the ref of a dataset to another commit, if it still points to `old`; None is no ref."""
    nothing = "0" * len(repository.empty_tree)
    if new is None:
        repository.run("update-ref", "-d", ref_of(dataset), old or nothing)
    else:
        repository.run("update-ref", ref_of(dataset), new, old or nothing)


def read(store: Store, oid: str, limit: int) -> bytes | None:
    """Return a scorecard by the id of its blob, None where this clone does not have it.

    Raises CannotJudgeError when it has more than `limit` bytes.
    """
    status, kind = store.repository.run("cat-file", "-t", oid, accept=(0, 128))
    if status != 0:
        return None
    data = store.objects.blob(oid, limit).data if kind == b"blob\n" else None
    if data is None:
        raise CannotJudgeError(
            f"The object {oid} is no scorecard of at most {limit:,} bytes.",
            remedy="Pin another baseline with `goldengit baseline`.",
        )
    return data
