"""The gate's commit status: read back, and published."""

from goldengit.errors import CannotJudgeError
from goldengit.forge.client import GitHub
from goldengit.forge.rows import StatusRow, UserRow, read
from goldengit.models.pull import CONTEXT, Status

_LONGEST = 140  # characters of a description; a longer one is refused (REST, "Create a status")
_MOST = 1_000  # statuses of one context on one commit
_SPARE = 10  # kept for the sentence that says so


def statuses_on(github: GitHub, commit: str) -> tuple[Status, ...]:
    """Return the statuses of the gate's context on a commit, newest first, whoever posted them."""
    return tuple(
        Status(
            id=row.id,
            state=row.state,
            by=row.creator.id if row.creator else None,
            at=row.created_at,
            description=row.description or "",
            url=row.target_url or "",
        )
        for row in (
            read(StatusRow, value, "a status")
            for value in github.pages(f"commits/{commit}/statuses")
        )
        if row.context.lower() == CONTEXT
    )


def publish(
    github: GitHub, commit: str, state: str, description: str, url: str = "", *, by: int
) -> bool:
    """Post a status unless the newest one says the same already; tell whether it was posted.

    `by` is the account that is to post it. Raises CannotJudgeError when another account's name
    comes back, or when the commit has no room for more statuses.
    """
    known = statuses_on(github, commit)
    text = shortened(description)
    if known and (known[0].by, known[0].state, known[0].description) == (by, state, text):
        return False
    if len(known) >= _MOST - _SPARE and state == "success":
        raise CannotJudgeError(
            f"Commit {commit[:12]} carries {len(known)} statuses, and GitHub takes {_MOST}.",
            remedy="Push a new commit to the pull request.",
        )
    body = {"state": state, "description": text, "context": CONTEXT}
    answer = github.post(f"statuses/{commit}", body | ({"target_url": url} if url else {}))
    posted = read(StatusRow, answer, "the status that was posted")
    if posted.creator is None or posted.creator.id != by:
        raise CannotJudgeError(
            f"The status was posted by account {_id(posted.creator)}, "
            f"and the policy names {by} as the gate's.",
            remedy="Run `goldengit doctor`, and set `forge.gate_account` in the policy.",
        )
    return True


def shortened(description: str) -> str:
    """Return a description as long as GitHub takes it."""
    if len(description) <= _LONGEST:
        return description
    return f"{description[: _LONGEST - 1].rstrip()}…"


def _id(row: UserRow | None) -> str:
    return str(row.id) if row else "nobody"
