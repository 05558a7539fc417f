"""Issues of ours: found again by a hidden marker and their author, kept in step with what is said.

The marker is the first line of the body. Anybody may write it, so it counts only where the author
is the account of the token, the gate's, or the one of GitHub Actions.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from goldengit.forge.client import ForgeError, GitHub
from goldengit.forge.issue_rows import IssueRow
from goldengit.forge.rows import read
from goldengit.models.pull import Actor

_ACTIONS = "github-actions[bot]"  # no person can have a login with brackets
_REFUSED = 422  # an assignee who is no collaborator

Deed = Literal["opened", "updated", "reopened", "closed", "unchanged"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What an issue shall say; `is_needed` False when nothing is left to do.

    `marker` is a hidden comment on one line.
    """

    marker: str
    title: str
    text: str
    is_needed: bool

    @property
    def body(self) -> str:
        """Return the body: the marker, then the text."""
        return f"{self.marker}\n{self.text}"


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of an issue."""

    number: int
    url: str
    deed: Deed


def find_issues(
    github: GitHub, wishes: Iterable[Wish], authors: Collection[int]
) -> Mapping[str, IssueRow]:
    """Return the issue of each wish by its marker: an open one, else the last that was closed.

    Closed ones are looked for only where one is needed. `authors` are numeric ids.
    """
    every = list(wishes)
    found = _first_ones(github, "open", {wish.marker for wish in every}, authors)
    needed = {wish.marker for wish in every if wish.is_needed} - found.keys()
    return {**_first_ones(github, "closed", needed, authors), **found}


def keep(github: GitHub, wish: Wish, known: IssueRow | None) -> Kept | None:
    """Make an issue say what is wished; return None where none is needed and none is open.

    One that was closed is opened again rather than a new one beside it.
    """
    if known is None:
        return _opened(github, wish) if wish.is_needed else None
    change = _change(wish, known)
    if not change:
        return Kept(known.number, known.html_url, "unchanged")
    row = read(IssueRow, github.patch(f"issues/{known.number}", change), "an issue")
    deeds: Mapping[str | None, Deed] = {"open": "reopened", "closed": "closed"}
    return Kept(row.number, row.html_url, deeds.get(change.get("state"), "updated"))


def assign(github: GitHub, number: int, owner: Actor) -> str:
    """Make an account the one assignee; return what stands in the way, "" for nothing."""
    path = f"issues/{number}"
    if _holds(read(IssueRow, github.get(path), "an issue"), owner):
        return ""
    try:
        row = read(IssueRow, github.patch(path, {"assignees": [owner.login]}), "an issue")
    except ForgeError as error:
        if error.status != _REFUSED:
            raise
        return f"{owner.login} cannot be assigned: no collaborator of the repository."
    return "" if _holds(row, owner) else f"GitHub did not assign {owner.login}."


def _opened(github: GitHub, wish: Wish) -> Kept:
    answer = github.post("issues", {"title": wish.title, "body": wish.body})
    row = read(IssueRow, answer, "the issue that was opened")
    return Kept(row.number, row.html_url, "opened")


def _change(wish: Wish, known: IssueRow) -> dict[str, str]:
    """Return the fields that differ from what is wished."""
    state = "open" if wish.is_needed else "closed"
    wanted = {"title": wish.title, "body": wish.body, "state": state}
    there = {"title": known.title, "body": _plain(known.body), "state": known.state}
    return {name: value for name, value in wanted.items() if value.strip() != there[name].strip()}


def _holds(row: IssueRow, owner: Actor) -> bool:
    return any(one.id == owner.id for one in row.assignees or ())


def _first_ones(
    github: GitHub, state: str, markers: Collection[str], authors: Collection[int]
) -> dict[str, IssueRow]:
    found: dict[str, IssueRow] = {}
    for row in _listed(github, state) if markers else ():
        marker = _plain(row.body).partition("\n")[0].strip()
        if marker in markers and marker not in found and _is_ours(row, authors):
            found[marker] = row
            if len(found) == len(markers):
                break
    return found


def _listed(github: GitHub, state: str) -> Iterator[IssueRow]:
    for value in github.pages("issues", state=state, sort="updated", direction="desc"):
        row = read(IssueRow, value, "an issue")
        if row.pull_request is None:
            yield row


def _is_ours(row: IssueRow, authors: Collection[int]) -> bool:
    author = row.user
    return author is not None and (
        author.id in authors or (author.login, author.type) == (_ACTIONS, "Bot")
    )


def _plain(body: str | None) -> str:
    """Return a body as it was sent: GitHub's pages write lines that end in CR LF."""
    return (body or "").replace("\r\n", "\n")
