"""The repository, its branches and commits, statuses and activity."""

from datetime import datetime, timedelta

from tests.fakehub.refusal import Refusal, not_found
from tests.fakehub.routes import Answer, Ask, Listed, route

ROOT = "/repos/{owner}/{repo}"
PERIODS = {"day": 1, "week": 7, "month": 30, "quarter": 90, "year": 365}


@route(f"GET {ROOT}", "metadata:read")
def repository(ask: Ask) -> Answer:
    """Return the repository."""
    return Answer({**ask.hub.rows.repo(), **ask.hub.merge_settings})


@route(f"GET {ROOT}/branches/{{branch}}", "contents:read")
def branch(ask: Ask) -> Answer:
    """Return a branch."""
    if ask.names["branch"] not in ask.hub.branches:
        raise Refusal(404, "Branch not found")
    return Answer(ask.hub.rows.branch(ask.names["branch"]))


@route(f"GET {ROOT}/commits/{{ref}}", "contents:read")
def commit(ask: Ask) -> Answer:
    """Return a commit."""
    return Answer(ask.hub.rows.commit(ask.hub.commits[_resolved(ask, "ref")]))


@route(f"GET {ROOT}/commits/{{commit_sha}}/pulls", "pull_requests:read")
def commit_pulls(ask: Ask) -> Listed:
    """List pull requests: the merged one that brought it, or all that carry it."""
    pulls = ask.hub.pulls_of(_resolved(ask, "commit_sha"))
    return Listed([ask.hub.rows.pull_simple(pull) for pull in pulls])


@route(f"POST {ROOT}/statuses/{{sha}}", "statuses:write")
def create_status(ask: Ask) -> Answer:
    """Post a status as the caller: whoever may push may say anything (section 3.4)."""
    wanted = {
        "context": ask.body.get("context", "default"),
        "description": ask.body.get("description"),
        "target_url": ask.body.get("target_url"),
    }
    by = ask.person.user
    status = ask.hub.status(ask.names["sha"], ask.body["state"], **wanted, by=by)
    return Answer(ask.hub.rows.status(status), 201)


@route(f"GET {ROOT}/commits/{{ref}}/statuses", "statuses:read")
def statuses(ask: Ask) -> Listed:
    """List the statuses of a commit, newest first."""
    rows = ask.hub.statuses_of(_resolved(ask, "ref"))
    return Listed([ask.hub.rows.status(row) for row in rows])


@route(f"GET {ROOT}/commits/{{ref}}/status", "statuses:read")
def combined_status(ask: Ask) -> Listed:
    """Return the newest status of each context; it does not say who posted them."""
    rows, sha = ask.hub.rows, _resolved(ask, "ref")
    oldest_first = reversed(ask.hub.statuses_of(sha))
    newest = list({row.context.casefold(): row for row in oldest_first}.values())
    states = {row.state for row in newest}
    state = "failure" if states & {"failure", "error"} else "pending"
    beside = {
        "state": "success" if states == {"success"} else state,
        "sha": sha,
        "repository": rows.repo(),
        "commit_url": f"{rows.root}/commits/{sha}",
        "url": f"{rows.root}/commits/{sha}/status",
    }
    return Listed([rows.simple_status(row) for row in newest], "statuses", beside)


@route(f"GET {ROOT}/activity", "contents:read")
def activity(ask: Ask) -> Listed:
    """List who moved branches, newest first, with cursors for pages (section 5.1)."""
    query = ask.request.query
    rows = ask.hub.activities[:: 1 if query.get("direction") == "asc" else -1]
    if "ref" in query:
        ref = f"refs/heads/{query['ref'].removeprefix('refs/heads/')}"
        rows = [row for row in rows if row.ref == ref]
    if "actor" in query:
        rows = [row for row in rows if row.actor.login == query["actor"]]
    if "activity_type" in query:
        rows = [row for row in rows if row.activity_type == query["activity_type"]]
    if "time_period" in query:
        oldest = ask.hub.clock.now - timedelta(days=PERIODS[query["time_period"]])
        rows = [row for row in rows if datetime.fromisoformat(row.timestamp) >= oldest]
    return Listed([ask.hub.rows.activity(row) for row in rows], cursor=True)


def _resolved(ask: Ask, name: str) -> str:
    """Return the commit of a branch name or an id."""
    text = ask.names[name].removeprefix("heads/")
    sha = ask.hub.branches.get(text, text)
    if len(sha) != 40 or not ask.hub.commits.exists(sha):
        if "status" in ask.request.path:
            raise not_found()
        raise Refusal(422, f"No commit found for SHA: {text}")
    return sha
