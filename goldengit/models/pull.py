"""A pull request as the forge knew it at one moment: frozen, and judged by nobody yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

CONTEXT = "goldengit/gate"  # of the one required status
WRITERS = frozenset({"admin", "write"})  # GitHub maps `maintain` to write and `triage` to read


class ReviewState(StrEnum):
    """What a review says; an unknown word is an error, never a default."""

    APPROVED = "APPROVED"
    CHANGES_REQUESTED = "CHANGES_REQUESTED"
    COMMENTED = "COMMENTED"
    DISMISSED = "DISMISSED"
    PENDING = "PENDING"

    @property
    def is_decisive(self) -> bool:
        """Tell whether it replaces what the same account said before."""
        return self not in {ReviewState.COMMENTED, ReviewState.PENDING}


@dataclass(frozen=True, slots=True)
class Actor:
    """An account. The login is shown, never compared; an app or a bot is no person."""

    id: int
    login: str
    is_person: bool


@dataclass(frozen=True, slots=True)
class Review:
    """One review. `by` is None for a deleted account, `commit` "" for one that is gone.

    `at` is RFC 3339 text in UTC by the forge's clock, whole seconds, "" while pending. The forge
    may move `commit` forward, so by itself it does not prove what was seen.
    """

    id: int
    by: Actor | None
    state: ReviewState
    commit: str
    at: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """One commit status of the gate's context: who said what, when."""

    id: int
    state: str
    by: int | None
    at: str
    description: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Push:
    """One movement of the pull request's branch; `before` is zeros when it was created."""

    before: str
    after: str
    by: Actor | None
    at: str


@dataclass(frozen=True, slots=True)
class Authorship:
    """Which accounts the forge sees behind a commit: author, committer, co-authors.

    `attributed` tells that the author belongs to an account, and so does the committer unless the
    forge has verified the commit's signature.
    """

    oid: str
    accounts: tuple[Actor, ...]
    attributed: bool


@dataclass(frozen=True)
class PullSnapshot:
    """One pull request, with everything that a judgement may ask about people.

    `pushes` is None where the forge has no record of them (a branch of a fork). `retargeted` is
    when its base last changed, "" for never. `permissions` maps the numeric ids of those who gave a
    decisive review to `admin`, `write`, `read` or `none`. `siblings` are other open pull requests
    to protected branches with the same head.
    """

    number: int
    url: str
    title: str
    opener: Actor | None
    is_open: bool
    is_draft: bool
    head: str
    branch: str
    base_branch: str
    base_protected: bool
    default_branch: str
    commits: tuple[Authorship, ...] = ()
    reviews: tuple[Review, ...] = ()
    pushes: tuple[Push, ...] | None = ()
    retargeted: str = ""
    permissions: Mapping[int, str] = field(default_factory=dict)
    siblings: tuple[int, ...] = ()

    @property
    def mark(self) -> str:
        """Return how every status of this pull request begins."""
        return f"PR #{self.number}:"

    def decisive(self) -> Mapping[int, Review]:
        """Return the latest decisive review of each account, by its numeric id.

        A dismissal takes the place of the approval that it dismissed, so an older one never
        revives (github.com shows such a person as not having reviewed).
        """
        found: dict[int, Review] = {}
        for review in sorted(self.reviews, key=lambda one: (one.at, one.id)):
            if review.by is not None and review.state.is_decisive:
                found[review.by.id] = review
        return found

    def may_write(self, account: int) -> bool:
        """Tell whether an account may push to the repository, as far as that was asked."""
        return self.permissions.get(account) in WRITERS
