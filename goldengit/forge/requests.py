"""Opening a pull request, and asking for reviews."""

from dataclasses import dataclass
from urllib.parse import quote

from goldengit.forge.client import ForgeError, GitHub
from goldengit.forge.place import Place
from goldengit.forge.request_rows import RequestedRow
from goldengit.forge.rows import PullRow, read
from goldengit.models.pull import Actor

_REFUSED = 422  # what cannot be processed: it exists already, or it is no collaborator


@dataclass(frozen=True, slots=True)
class Opened:
    """A pull request that is open; `is_new` tells that this call opened it."""

    number: int
    url: str
    opener: Actor | None
    is_new: bool


def open_request(github: GitHub, *, title: str, body: str, branch: str, base: str) -> Opened:
    """Open the pull request of a branch, or find the one that is open and leave it as it is.

    Raises ForgeError when GitHub refuses it for another reason.
    """
    wanted = {"title": title, "body": body, "head": branch, "base": base}
    try:
        row = read(PullRow, github.post("pulls", wanted), "the pull request that was opened")
    except ForgeError as error:
        present = _present(github, branch, base) if error.status == _REFUSED else None
        if present is None:
            raise
        return _opened(present, is_new=False)
    return _opened(row, is_new=True)


def ask_for_review(github: GitHub, number: int, reviewer: Actor) -> str:
    """Ask an account to review a pull request; return what stands in the way, "" for nothing.

    One a time: GitHub refuses a whole list for one who is no collaborator.
    """
    path = f"pulls/{number}/requested_reviewers"
    try:
        answer = github.post(path, {"reviewers": [reviewer.login]})
    except ForgeError as error:
        return f"GitHub did not take the request to {reviewer.login}: {error.problem}"
    row = read(RequestedRow, answer, "the reviews that were asked for")
    if any(one.id == reviewer.id for one in row.requested_reviewers or ()):
        return ""
    return f"GitHub did not take the request to {reviewer.login}."


def compare_link(place: Place, branch: str, base: str) -> str:
    """Return the page on which a person opens the pull request of a branch."""
    return place.page(f"compare/{quote(base)}...{quote(branch)}?expand=1")


def _present(github: GitHub, branch: str, base: str) -> PullRow | None:
    """Return the open pull request of a branch of this repository."""
    head = f"{github.place.owner}:{branch}"
    for value in github.pages("pulls", state="open", head=head, base=base):
        row = read(PullRow, value, "open pull requests")
        if (row.head.ref, row.base.ref) == (branch, base) and _is_here(github, row):
            return row
    return None


def _is_here(github: GitHub, row: PullRow) -> bool:
    """Tell whether a pull request's branch is one of the repository, and not of a fork."""
    return row.head.repo is not None and (
        row.head.repo.full_name.lower() == github.place.repository.lower()
    )


def _opened(row: PullRow, *, is_new: bool) -> Opened:
    opener = row.user.actor() if row.user else None
    return Opened(row.number, row.html_url, opener, is_new)
