"""The rows of GitHub's answers, as narrow as what is read of them.

What is missing, of another type or of an unknown word is an error, never a default. Which field
stands in which answer is GitHub's OpenAPI description; the tests hold every one against it.
"""

import json
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from goldengit.forge.client import ForgeError
from goldengit.models.pull import Actor, ReviewState

Sha = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?$")]
_When = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")
]


class Row(BaseModel):
    """A part of an answer; other fields are not looked at."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True, defer_build=True)


R = TypeVar("R", bound=Row)


def read(model: type[R], value: Any, what: str) -> R:  # noqa: ANN401 any JSON value
    """Return a row, or raise ForgeError naming the field that is not as documented."""
    try:
        return model.model_validate_json(_text(value))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        way = ".".join(str(step) for step in first["loc"])
        raise ForgeError(
            f"GitHub's answer about {what} is not as documented: {way or 'it'}."
        ) from None


def _text(value: Any) -> str:  # noqa: ANN401 any JSON value
    """Return JSON text, in which pydantic's strict mode takes words for enumerations."""
    return json.dumps(value)


class UserRow(Row):
    """An account."""

    id: int
    login: str
    type: str

    def actor(self) -> Actor:
        """Return it as a noun; apps, bots and placeholders are no persons."""
        return Actor(self.id, self.login, is_person=self.type == "User")


class RepositoryRow(Row):
    """The part of a repository that a branch of a pull request shows."""

    id: int
    full_name: str


class SideRow(Row):
    """Head or base of a pull request; the repository is null when a fork was deleted."""

    ref: str
    sha: Sha
    repo: RepositoryRow | None


class PullRow(Row):
    """A pull request, as lists and details both show it."""

    number: int
    html_url: str
    title: str
    state: Literal["open", "closed"]
    draft: bool = False
    user: UserRow | None
    head: SideRow
    base: SideRow
    merged_at: _When | None
    merge_commit_sha: Sha | None


class ReviewRow(Row):
    """A review; `submitted_at` is absent while it is pending."""

    id: int
    user: UserRow | None
    state: ReviewState
    commit_id: str | None
    html_url: str
    submitted_at: _When | None = None


class StatusRow(Row):
    """A commit status."""

    id: int
    state: Literal["error", "failure", "pending", "success"]
    context: str
    description: str | None
    target_url: str | None
    created_at: _When
    creator: UserRow | None


class VerificationRow(Row):
    """What GitHub says about a commit's signature."""

    verified: bool


class GitCommitRow(Row):
    """The Git half of a commit."""

    verification: VerificationRow | None = None


class CommitRow(Row):
    """A commit of a pull request; author and committer are accounts matched by address."""

    sha: Sha
    commit: GitCommitRow
    author: UserRow | None
    committer: UserRow | None


class ActivityRow(Row):
    """One movement of a branch."""

    before: Sha
    after: Sha
    ref: str
    timestamp: _When
    activity_type: str
    actor: UserRow | None


class PermissionRow(Row):
    """What an account may do in the repository."""

    permission: Literal["admin", "write", "read", "none"]
    user: UserRow | None


class BranchRow(Row):
    """A branch."""

    name: str
    protected: bool


class EventRow(Row):
    """Something that happened to an issue or a pull request."""

    event: str
    created_at: _When


class HomeRow(Row):
    """The repository itself."""

    id: int
    full_name: str
    default_branch: str
    private: bool


# -- GraphQL: fields keep GraphQL's names -------------------------------------------------------


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
    """A place in the queue; its commits are null until the group is made."""

    position: int
    headCommit: OidRow | None  # noqa: N815
    baseCommit: OidRow | None  # noqa: N815
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
