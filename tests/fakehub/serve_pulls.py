"""Pull requests, their commits and reviews, and merging."""

from tests.fakehub.branches import Fork
from tests.fakehub.pulls import Pull
from tests.fakehub.refusal import Refusal, not_found
from tests.fakehub.routes import Answer, Ask, Listed, route

PULLS = "/repos/{owner}/{repo}/pulls"
PULL = PULLS + "/{pull_number}"
EVENTS = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}
MOST_COMMITS = 250


def pull_named(ask: Ask) -> Pull:
    """Return the pull request of the path."""
    number = ask.names["pull_number"]
    if not number.isdecimal() or int(number) not in ask.hub.pulls:
        raise not_found()
    return ask.hub.pulls[int(number)]


@route(f"GET {PULLS}", "pull_requests:read")
def pulls(ask: Ask) -> Listed:
    """List pull requests, newest first. A `head` without an owner is ignored, as by GitHub."""
    query = ask.request.query
    state, head = query.get("state", "open"), query.get("head", "")
    found = []
    for pull in reversed(ask.hub.pulls.values()):
        row = ask.hub.rows.pull_simple(pull)
        if (
            state in {"all", pull.state}
            and pull.base_ref == query.get("base", pull.base_ref)
            and (":" not in head or row["head"]["label"] == head)
        ):
            found.append(row)
    return Listed(found[::-1] if query.get("direction") == "asc" else found)


@route(f"POST {PULLS}", "pull_requests:write", "read")
def open_pull(ask: Ask) -> Answer:
    """Open a pull request; what `git push` brought before is noticed as the caller's push."""
    hub, by = ask.hub, ask.person.user
    hub.receive(by=by)
    owner, _, head = ask.body["head"].rpartition(":")
    fork = _fork(ask, owner)
    if head not in (fork.branches if fork else hub.branches):
        raise Refusal(422, "Validation Failed", "head is invalid")
    base = ask.body["base"]
    if base not in hub.branches:
        raise Refusal(422, "Validation Failed", "base is invalid")
    for pull in hub.pulls.values():
        if (pull.state, pull.head_ref, pull.fork, pull.base_ref) == ("open", head, fork, base):
            said = f"A pull request already exists for {ask.body['head']}."
            raise Refusal(422, "Validation Failed", said)
    words = {name: ask.body[name] for name in ("title", "body", "draft") if name in ask.body}
    pull = hub.open_pull(head, by=by, base=base, fork=fork, **words)
    return Answer(hub.rows.pull(pull), 201)


@route(f"GET {PULL}", "pull_requests:read")
def pull(ask: Ask) -> Answer:
    """Return a pull request."""
    return Answer(ask.hub.rows.pull(pull_named(ask)))


@route(f"PATCH {PULL}", "pull_requests:write", "read")
def change_pull(ask: Ask) -> Answer:
    """Change title and body, close, reopen or retarget."""
    pull, by = pull_named(ask), ask.person.user
    pull.title = ask.body.get("title", pull.title)
    pull.body = ask.body.get("body", pull.body)
    if ask.body.get("base", pull.base_ref) != pull.base_ref:
        ask.hub.retarget(pull, ask.body["base"], by=by)
    if ask.body.get("state", pull.state) != pull.state:
        (ask.hub.close if pull.state == "open" else ask.hub.reopen)(pull, by=by)
    return Answer(ask.hub.rows.pull(pull))


@route(f"GET {PULL}/commits", "pull_requests:read")
def commits(ask: Ask) -> Listed:
    """List the commits, oldest first, never more than 250 (section 4)."""
    listed = ask.hub.pull_commits(pull_named(ask))[:MOST_COMMITS]
    return Listed([ask.hub.rows.commit(commit) for commit in listed])


@route(f"GET {PULL}/reviews", "pull_requests:read")
def reviews(ask: Ask) -> Listed:
    """List the reviews, oldest first; one that is pending is seen by its author alone."""
    me = ask.caller and ask.caller.user
    rows = ask.hub.reviews_of(pull_named(ask))
    shown = [row for row in rows if row.state != "PENDING" or row.user is me]
    return Listed([ask.hub.rows.review(row) for row in shown])


@route(f"POST {PULL}/reviews", "pull_requests:write", "read")
def create_review(ask: Ask) -> Answer:
    """Review as the caller: who can read may approve, but not the opener (section 5.1)."""
    pull, by = pull_named(ask), ask.person.user
    state = EVENTS.get(ask.body.get("event", ""), "PENDING")
    if by is pull.user and state in {"APPROVED", "CHANGES_REQUESTED"}:
        verb = "approve" if state == "APPROVED" else "request changes on"
        said = f"Can not {verb} your own pull request"
        raise Refusal(422, "Unprocessable Entity", said, plain=True)
    review = ask.hub.review(pull, by, state, body=ask.body.get("body", ""))
    review.commit_id = ask.body.get("commit_id", review.commit_id)
    return Answer(ask.hub.rows.review(review))


@route(f"GET {PULL}/requested_reviewers", "pull_requests:read")
def requested_reviewers(ask: Ask) -> Answer:
    """Return who is asked and has not answered yet."""
    pull, rows = pull_named(ask), ask.hub.rows
    users = [rows.user(user) for user in pull.reviewers]
    return Answer({"users": users, "teams": [rows.team(slug) for slug in pull.team_reviewers]})


@route(f"POST {PULL}/requested_reviewers", "pull_requests:write")
def request_reviewers(ask: Ask) -> Answer:
    """Ask for reviews: of people with access, never of the opener."""
    pull, hub = pull_named(ask), ask.hub
    users = [hub.by_login(login) for login in ask.body.get("reviewers", ())]
    known = [user for user in users if user and user in hub.collaborators]
    if len(known) < len(users):
        said = "Reviews may only be requested from collaborators."
        raise Refusal(422, said)
    if pull.user in known:
        raise Refusal(422, "Review cannot be requested from pull request author.")
    hub.request_review(pull, *known, by=ask.person.user)
    pull.team_reviewers += ask.body.get("team_reviewers", ())
    return Answer(hub.rows.pull_simple(pull), 201)


@route(f"GET {PULL}/merge", "contents:read")
def is_merged(ask: Ask) -> Answer:
    """Say by the status alone whether it is merged."""
    if not pull_named(ask).merged_at:
        raise not_found()
    return Answer(None, 204)


@route(f"PUT {PULL}/merge", "contents:write")
def merge(ask: Ask) -> Answer:
    """Merge, if the head is the one named (409) and the rules allow it (405)."""
    pull = pull_named(ask)
    if ask.body.get("sha", pull.head_sha) != pull.head_sha:
        raise Refusal(409, "Head branch was modified. Review and try the merge again.")
    method = ask.body.get("merge_method", "merge")
    commit = ask.hub.merge(pull, by=ask.person.user, method=method)
    return Answer({"sha": commit, "merged": True, "message": "Pull Request successfully merged"})


def _fork(ask: Ask, owner: str) -> Fork | None:
    if owner in {"", ask.hub.repository.split("/")[0]}:
        return None
    for fork in ask.hub.forks:
        if fork.owner.login == owner:
            return fork
    raise Refusal(422, "Validation Failed", "head is invalid")
