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
