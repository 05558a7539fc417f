"""Reading pull requests: the API's rows become one frozen snapshot."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from urllib.parse import quote

from goldengit.forge.branch_settings import branch_row
from goldengit.forge.client import ForgeError, GitHub, NotFoundError
from goldengit.forge.graph_rows import GraphCommitsRow
from goldengit.forge.rows import (
    ActivityRow,
    CommitRow,
    EventRow,
    HomeRow,
    PermissionRow,
    PullRow,
    ReviewRow,
    UserRow,
    read,
)
from goldengit.models.pull import Actor, Authorship, PullSnapshot, Push, Review

_MOST_COMMITS = (
    250  # GitHub lists no more of a pull request (REST, "List commits on a pull request")
)
_WEB_FLOW = 19864447  # the account of commits made on the web; it is nobody's
_RETARGETS = frozenset({"base_ref_changed", "automatic_base_change_succeeded"})
_MOVEMENTS = frozenset(
    {"push", "force_push", "branch_creation", "branch_deletion", "pr_merge", "merge_queue_merge"}
)
_CO_AUTHORS = """
query CommitAuthors($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    commits(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { commit {
      oid authors(first: 100) { totalCount nodes { user { databaseId login } } }
    } } }
  } }
}
"""


def read_pull(github: GitHub, number: int) -> PullSnapshot:
    """Return everything that a judgement asks about a pull request.

    Raises ForgeError when an answer is missing or not as documented, or when there are more
    commits than GitHub lists.
    """
    row = pull_row(github, number)
    home = read(HomeRow, github.get(""), "the repository")
    from_fork = row.head.repo is None or row.head.repo.id != home.id
    found_reviews = tuple(_reviews(github, number))
    return PullSnapshot(
        number=number,
        url=row.html_url,
        title=row.title,
        opener=_actor(row.user),
        is_open=row.state == "open",
        is_draft=row.draft,
        head=row.head.sha,
        branch=row.head.ref,
        base_branch=row.base.ref,
        base_protected=_is_protected(github, row.base.ref),
        default_branch=home.default_branch,
        commits=tuple(_authorships(github, row)),
        reviews=found_reviews,
        pushes=None if from_fork else tuple(_pushes(github, row.head.ref)),
        retargeted=read_retargeted(github, number),
        permissions=_permissions(github, found_reviews),
        siblings=read_siblings(github, row),
    )


def pull_row(github: GitHub, number: int) -> PullRow:
    """Return the row of a pull request alone: state, head and base as they are now."""
    return read(PullRow, github.get(f"pulls/{number}"), f"pull request {number}")


def read_reviews(github: GitHub, number: int) -> tuple[Review, ...]:
    """Return the reviews of a pull request as they are now."""
    return tuple(_reviews(github, number))


def open_pulls(github: GitHub) -> Iterator[PullRow]:
    """Yield the open pull requests."""
    for value in github.pages("pulls", state="open"):
        yield read(PullRow, value, "open pull requests")


def pulls_of_commit(github: GitHub, commit: str) -> Iterator[PullRow]:
    """Yield the pull requests that a commit belongs to; none for a commit that GitHub lacks."""
    try:
        yield from _pulls_of(github, commit)
    except NotFoundError:
        return
    except ForgeError as error:
        if error.status != 422:  # noqa: PLR2004 GitHub's word for a commit that it does not have
            raise


def _pulls_of(github: GitHub, commit: str) -> Iterator[PullRow]:
    for value in github.pages(f"commits/{commit}/pulls"):
        yield read(PullRow, value, "the pull requests of a commit")


def default_branch(github: GitHub) -> str:
    """Return the name of the default branch."""
    return read(HomeRow, github.get(""), "the repository").default_branch


def _actor(row: UserRow | None) -> Actor | None:
    return row.actor() if row else None


def _is_protected(github: GitHub, branch: str) -> bool:
    try:
        return branch_row(github, branch).protected
    except NotFoundError:
        return False


def _reviews(github: GitHub, number: int) -> Iterator[Review]:
    for value in github.pages(f"pulls/{number}/reviews"):
        row = read(ReviewRow, value, "a review")
        if row.state.is_decisive and row.submitted_at is None:
            raise ForgeError("GitHub's answer about a review is not as documented: submitted_at.")
        yield Review(
            id=row.id,
            by=_actor(row.user),
            state=row.state,
            commit=row.commit_id or "",
            at=row.submitted_at or "",
            url=row.html_url,
        )


def _permissions(github: GitHub, reviews: Iterable[Review]) -> Mapping[int, str]:
    """Return what each account with a decisive review may do in the repository."""
    people = {one.by.id: one.by for one in reviews if one.by is not None and one.state.is_decisive}
    return {number: _permission(github, actor) for number, actor in people.items()}


def _permission(github: GitHub, actor: Actor) -> str:
    """Return an account's permission; "none" when its login now belongs to somebody else."""
    try:
        answer = github.get(f"collaborators/{quote(actor.login, safe='')}/permission")
    except NotFoundError:
        return "none"
    row = read(PermissionRow, answer, "a permission")
    return row.permission if row.user is not None and row.user.id == actor.id else "none"


def _authorships(github: GitHub, pull: PullRow) -> Iterator[Authorship]:
    """Yield who the forge sees behind each commit. Raises ForgeError when the list is short."""
    rows = [
        read(CommitRow, value, "a commit") for value in github.pages(f"pulls/{pull.number}/commits")
    ]
    if len(rows) >= _MOST_COMMITS:
        raise ForgeError(
            f"Pull request {pull.number} has {_MOST_COMMITS} commits or more, and GitHub lists no "
            "more of them.",
            remedy="Squash its commits, or split it.",
        )
    if pull.head.sha not in {row.sha for row in rows}:
        raise ForgeError(f"The commits of pull request {pull.number} do not contain its head.")
    more = _co_authors(github, pull.number)
    for row in rows:
        if row.sha not in more:
            raise ForgeError(f"Nobody is said to be behind commit {row.sha[:12]}.")
        made_on_web = row.committer is not None and row.committer.id == _WEB_FLOW
        verified = row.commit.verification is not None and row.commit.verification.verified
        known = row.author is not None and (row.committer is not None or verified)
        accounts = [_actor(row.author), None if made_on_web else _actor(row.committer)]
        yield Authorship(
            oid=row.sha,
            accounts=tuple(one for one in (*accounts, *more[row.sha]) if one is not None),
            attributed=known,
        )


def _co_authors(github: GitHub, number: int) -> Mapping[str, tuple[Actor, ...]]:
    """Return the accounts behind each commit, trailers included, as GraphQL matches them."""
    owner, _, name = github.place.repository.partition("/")
    found: dict[str, tuple[Actor, ...]] = {}
    after: str | None = None
    while True:
        variables = {"owner": owner, "name": name, "number": number, "after": after}
        answer = github.graphql(_CO_AUTHORS, variables)
        page = read(GraphCommitsRow, answer, "co-authors").repository.pullRequest.commits
        for node in page.nodes:
            if node.commit.authors.totalCount > len(node.commit.authors.nodes):
                raise ForgeError(
                    f"Commit {node.commit.oid[:12]} has more co-authors than are listed."
                )
            found[node.commit.oid] = tuple(
                Actor(one.user.databaseId, one.user.login, is_person=True)
                for one in node.commit.authors.nodes
                if one.user is not None
            )
        if not page.pageInfo.hasNextPage:
            return found
        after = page.pageInfo.endCursor


def _pushes(github: GitHub, branch: str) -> Iterator[Push]:
    for value in github.pages("activity", ref=f"refs/heads/{branch}"):
        row = read(ActivityRow, value, "the activity of a branch")
        if row.activity_type not in _MOVEMENTS:
            raise ForgeError(f"A branch moved in an unknown way: {row.activity_type[:40]!r}.")
        if row.ref == f"refs/heads/{branch}":
            yield Push(row.before, row.after, _actor(row.actor), row.timestamp)


def read_retargeted(github: GitHub, number: int) -> str:
    """Return when the base of a pull request last changed, "" for never."""
    rows = (read(EventRow, value, "an event") for value in github.pages(f"issues/{number}/events"))
    return max((row.created_at for row in rows if row.event in _RETARGETS), default="")


def read_siblings(github: GitHub, pull: PullRow) -> tuple[int, ...]:
    """Return the other open pull requests to protected branches with the same head commit.

    Both ways of asking are taken: by the commit, and by the branch, which also finds forks.
    """
    owner = pull.head.repo.full_name.partition("/")[0] if pull.head.repo else ""
    by_branch = (
        github.pages("pulls", state="open", head=f"{owner}:{pull.head.ref}") if owner else ()
    )
    rows = chain(
        _pulls_of(github, pull.head.sha),
        (read(PullRow, value, "open pull requests") for value in by_branch),
    )
    others = {
        row.number: row.base.ref
        for row in rows
        if row.state == "open" and row.head.sha == pull.head.sha and row.number != pull.number
    }
    return tuple(number for number, base in sorted(others.items()) if _is_protected(github, base))
