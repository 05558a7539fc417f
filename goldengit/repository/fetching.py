"""Bringing a forge's commits here as objects: no work tree, no hook, no file of theirs is used."""

import base64
from collections.abc import Mapping, Sequence

from goldengit.errors import CannotJudgeError
from goldengit.repository.plumbing import OID, GitFailedError, Repository

_WORDS = (
    "fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head",
    "--no-auto-maintenance", "--no-show-forced-updates",
)  # fmt: skip


def fetch(
    repository: Repository, remote: str, refspecs: Sequence[str], login: Mapping[str, str]
) -> None:
    """Fetch refs. `login` comes from `login_of`. Raises CannotJudgeError when one is not there."""
    try:
        repository.run(*_WORDS, "--end-of-options", remote, *refspecs, settings=login)
    except GitFailedError as error:
        raise CannotJudgeError(
            f"{', '.join(refspecs)} cannot be fetched from {remote}: {error.problem}",
            remedy="Check the remote, and what the token may read.",
        ) from error


def fetch_commit(
    repository: Repository, remote: str, commit: str, login: Mapping[str, str]
) -> bool:
    """Fetch one commit by its id; False when the other side does not give it."""
    if not OID.fullmatch(commit):
        return False
    try:
        repository.run(*_WORDS, "--end-of-options", remote, commit, settings=login)
    except GitFailedError:
        return False
    return repository.find_commit(commit) is not None


def login_of(server: str, token: str) -> Mapping[str, str]:
    """Return the Git setting that shows a token to one server alone, none without a token.

    It reaches the one process through its environment, never a file or a command line.
    """
    if not token:
        return {}
    secret = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return {f"http.{server}/.extraheader": f"Authorization: Basic {secret}"}


def origin_of(repository: Repository, remote: str) -> str:
    """Return the address of a remote, "" when there is none of this name."""
    status, output = repository.run("remote", "get-url", "--end-of-options", remote, accept=(0, 2))
    return output.decode("utf-8", "replace").strip() if status == 0 else ""


def push_ref(
    repository: Repository, remote: str, commit: str, ref: str, login: Mapping[str, str]
) -> bool:
    """Push a commit to a ref that it continues; False when somebody else moved the ref."""
    words = ("push", "--quiet", "--no-verify", "--end-of-options", remote, f"{commit}:{ref}")
    try:
        repository.run(*words, settings=login)
    except GitFailedError as error:
        if "rejected" in error.complaint or "fetch first" in error.complaint:
            return False
        raise CannotJudgeError(
            f"{ref} cannot be pushed to {remote}: {error.problem}",
            remedy="Give the job `contents: write`.",
        ) from error
    return True


def fetch_ref(
    repository: Repository, remote: str, ref: str, name: str, login: Mapping[str, str]
) -> str | None:
    """Fetch a ref under another name and return its commit, None when the remote has none."""
    status, output = repository.run(
        "ls-remote", "--exit-code", "--end-of-options", remote, ref, accept=(0, 2), settings=login
    )
    if status != 0 or not output.strip():
        return None
    fetch(repository, remote, [f"+{ref}:{name}"], login)
    return repository.commit(name)
