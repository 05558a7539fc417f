"""The rows that the stewardship issues read, beside those of `rows`."""

from typing import Any, Literal

from goldengit.forge.rows import Row, UserRow


class IssueRow(Row):
    """An issue; a pull request is listed among them and says so."""

    number: int
    html_url: str
    title: str
    state: Literal["open", "closed"]
    body: str | None = None
    user: UserRow | None
    assignees: tuple[UserRow, ...] | None = None
    pull_request: dict[str, Any] | None = None
