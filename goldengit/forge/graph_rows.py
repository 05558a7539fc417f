"""The rows of GraphQL's answers, under GraphQL's names.

GitHub's OpenAPI does not describe them; they are written by hand after its documentation.
"""

from goldengit.forge.rows import Row, Sha


class PageInfoRow(Row):
    """Where a page ends."""

    hasNextPage: bool  # noqa: N815
    endCursor: str | None  # noqa: N815


class GraphUserRow(Row):
    """An account; an author that is a bot has none."""

    databaseId: int  # noqa: N815
    login: str


class AuthorRow(Row):
    """Author or co-author of a commit."""

    user: GraphUserRow | None


class AuthorsRow(Row):
    """The authors of a commit."""

    totalCount: int  # noqa: N815
    nodes: tuple[AuthorRow, ...]


class GraphCommitRow(Row):
    """A commit with its authors."""

    oid: Sha
    authors: AuthorsRow


class CommitNodeRow(Row):
    """A commit's place in a pull request."""

    commit: GraphCommitRow


class CommitPageRow(Row):
    """A page of commits."""

    pageInfo: PageInfoRow  # noqa: N815
    nodes: tuple[CommitNodeRow, ...]


class CommitsOfPullRow(Row):
    """The commits of a pull request."""

    commits: CommitPageRow


class PullWithCommitsRow(Row):
    """A repository with one pull request."""

    pullRequest: CommitsOfPullRow  # noqa: N815


class GraphCommitsRow(Row):
    """The answer to the query for co-authors."""

    repository: PullWithCommitsRow


class OidRow(Row):
    """A commit's id."""

    oid: Sha


class QueuedPullRow(Row):
    """A pull request in the queue."""

    number: int
    headRefOid: Sha  # noqa: N815


class EntryRow(Row):
    """A place in the queue; its commit is null until the group is made."""

    position: int
    headCommit: OidRow | None  # noqa: N815
    pullRequest: QueuedPullRow | None  # noqa: N815


class EntriesRow(Row):
    """A page of the queue."""

    pageInfo: PageInfoRow  # noqa: N815
    nodes: tuple[EntryRow, ...]


class QueueRow(Row):
    """A merge queue."""

    entries: EntriesRow


class RepositoryWithQueueRow(Row):
    """A repository; the queue is null when the branch has none."""

    mergeQueue: QueueRow | None  # noqa: N815


class GraphQueueRow(Row):
    """The answer to the query for the merge queue."""

    repository: RepositoryWithQueueRow
