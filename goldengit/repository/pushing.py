"""Pushing a branch to `origin`: an ordinary `git push` with the person's own credentials."""

from collections.abc import Sequence

from goldengit.errors import RefusedEditError, UsageError
from goldengit.repository.plumbing import GitFailedError, Repository

_TELLING = (" ! [", "fatal:", "error:", "remote: error:")  # of what `git push` says, best first


class RefusedPushError(RefusedEditError):
    """`origin` was not reached, or did not take a branch; `output` is all that Git said."""

    def __init__(self, what: str, error: GitFailedError, branch: str) -> None:
        super().__init__(
            f"{what}: {_reason(error)}.",
            remedy=f"The commit stays on {branch}. Repair that and run the command again.",
        )
        self.output = _text(error.complaint)


def push_address(repository: Repository) -> str:
    """Return the address that `origin` is pushed to, "" when there is no such remote."""
    words = ("remote", "get-url", "--push", "origin")
    status, output = repository.run(*words, accept=(0, 2, 128), personal=True)
    return output.decode("utf-8", "replace").strip() if status == 0 else ""


def first_on_origin(repository: Repository, names: Sequence[str], branch: str) -> str:
    """Return the first of these branches that `origin` has.

    Raises RefusedPushError when it cannot be asked, UsageError when it has none of them. `branch`
    is the one that waits to be pushed.
    """
    refs = {f"refs/heads/{name}": name for name in names}
    try:
        listed = repository.text("ls-remote", "--heads", "origin", *refs, personal=True)
    except GitFailedError as error:
        raise RefusedPushError("`origin` was not reached", error, branch) from error
    there = {line.partition("\t")[2] for line in listed.splitlines()}
    for ref, name in refs.items():
        if ref in there:
            return name
    raise UsageError(
        f"`origin` has none of the protected branches: {', '.join(names)}.",
        remedy=f"The commit stays on {branch}. Push the protected branch first.",
    )


def push(repository: Repository, branch: str) -> None:
    """Push a branch to `origin` under its own name and follow it. Nothing is ever forced.

    The person's hooks run. Raises RefusedPushError when Git, a hook or the server says no.
    """
    ref = f"refs/heads/{branch}"
    try:
        repository.run("push", "--set-upstream", "origin", f"{ref}:{ref}", personal=True)
    except GitFailedError as error:
        raise RefusedPushError(f"`origin` did not take {branch}", error, branch) from error


def _reason(error: GitFailedError) -> str:
    """Return the line that says why, of all that Git and a server say."""
    lines = _text(error.complaint).splitlines()
    telling = (line for start in _TELLING for line in lines if line.startswith(start))
    said = next(telling, lines[0] if lines else "Git gave no reason")
    return " ".join(said.strip(" !").split()).rstrip(".")


def _text(complaint: bytes | str) -> str:
    return complaint.decode("utf-8", "replace") if isinstance(complaint, bytes) else complaint
