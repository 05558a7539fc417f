"""Issues, labels and comments."""

from dataclasses import dataclass, field
from pathlib import Path

from tests.fakehub.people import User
from tests.fakehub.pulls import Pull
from tests.fakehub.settings import Settings


@dataclass(eq=False)
class Issue:
    """An issue; a pull request is one too and shares the numbers."""

    id: int
    number: int
    user: User
    title: str
    body: str | None
    created_at: str
    updated_at: str
    state: str = "open"
    closed_at: str | None = None
    labels: list[str] = field(default_factory=list)
    assignees: list[User] = field(default_factory=list)


@dataclass(eq=False)
class Comment:
    """A comment. Writers can edit other people's, which is why approvals are reviews."""

    id: int
    number: int
    user: User
    body: str
    created_at: str
    updated_at: str


class Issues(Settings):
    """The issues and the comments on them and on pull requests."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.issues: dict[int, Issue] = {}
        self.comments: list[Comment] = []

    def open_issue(self, title: str, *, by: User, body: str | None = None) -> Issue:
        """Open an issue."""
        when = self.clock.tick()
        names = (self.next_id(), next(self.numbers), by, title, body)
        issue = Issue(*names, when, when)
        self.issues[issue.number] = issue
        return issue

    def comment(self, number: int, body: str, *, by: User) -> Comment:
        """Comment on an issue or a pull request."""
        when = self.clock.tick()
        self.comments.append(Comment(self.next_id(), number, by, body, when, when))
        return self.comments[-1]

    def numbered(self, number: int) -> Issue | Pull | None:
        """Return the issue or the pull request of a number."""
        return self.issues.get(number) or self.pulls.get(number)
