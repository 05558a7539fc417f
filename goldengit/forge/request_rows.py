"""The rows that opening a pull request reads, beside those of `rows`."""

from goldengit.forge.rows import Row, UserRow


class RequestedRow(Row):
    """A pull request after a review was asked for. GitHub leaves out whom it did not take."""

    number: int
    requested_reviewers: tuple[UserRow, ...] | None = None
