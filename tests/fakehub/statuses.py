"""Commit statuses (github.md section 3)."""

from dataclasses import dataclass
from pathlib import Path

from tests.fakehub.people import App, User
from tests.fakehub.refusal import Refusal
from tests.fakehub.reviews import Reviews

LONGEST_DESCRIPTION = 140
MOST_STATUSES = 1000


@dataclass(frozen=True)
class Status:
    """A status. It names its creator, not the App, and belongs to a commit, not to a PR."""

    id: int
    sha: str
    state: str
    context: str
    description: str | None
    target_url: str | None
    creator: User
    created_at: str


class Statuses(Reviews):
    """The statuses of each commit, oldest first."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.statuses: dict[str, list[Status]] = {}

    def status(
        self,
        sha: str,
        state: str,
        *,
        context: str = "goldengit/gate",
        description: str | None = None,
        target_url: str | None = None,
        by: User | App | None = None,
    ) -> Status:
        """Post a status as a person or an App (the gate's App without a word)."""
        creator = by if isinstance(by, User) else (by or self.gate).bot
        self._admit(sha, context, description)
        what = (sha, state, context, description, target_url)
        row = Status(self.next_id(), *what, creator, self.clock.tick())
        self.statuses.setdefault(sha, []).append(row)
        return row

    def statuses_of(self, sha: str, context: str | None = None) -> list[Status]:
        """Return the statuses of a commit, newest first; the case of a context does not matter."""
        rows = self.statuses.get(sha, [])
        if context is not None:
            rows = [row for row in rows if row.context.casefold() == context.casefold()]
        return rows[::-1]

    def _admit(self, sha: str, context: str, description: str | None) -> None:
        if not self.commits.exists(sha):
            raise Refusal(422, f"No commit found for SHA: {sha}")
        if len(description or "") > LONGEST_DESCRIPTION:
            raise Refusal(422, "Validation Failed", "description is too long (maximum is 140)")
        if len(self.statuses_of(sha, context)) >= MOST_STATUSES:
            said = "This SHA and context has reached the maximum number of statuses."
            raise Refusal(422, "Validation Failed", said)
