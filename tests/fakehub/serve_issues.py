"""Issues, comments, labels and events."""

from typing import Any

from tests.fakehub.issues import Comment, Issue
from tests.fakehub.pulls import Pull
from tests.fakehub.refusal import Refusal, not_found
from tests.fakehub.routes import Answer, Ask, Listed, route

ISSUES = "/repos/{owner}/{repo}/issues"
ISSUE = ISSUES + "/{issue_number}"
COMMENT = ISSUES + "/comments/{comment_id}"


@route(f"GET {ISSUES}", "issues:read")
def issues(ask: Ask) -> Listed:
    """List issues, newest first; pull requests are among them."""
    query = ask.request.query
    wanted = {label for label in query.get("labels", "").split(",") if label}
    everything: list[Issue | Pull] = [*ask.hub.issues.values(), *ask.hub.pulls.values()]
    everything.sort(key=lambda one: -one.number)
    found = [
        one
        for one in everything
        if query.get("state", "open") in {"all", one.state}
        and wanted <= set(one.labels)
        and query.get("creator", one.user.login) == one.user.login
    ]
    return Listed([_row(ask, one) for one in found])


@route(f"POST {ISSUES}", "issues:write", "read")
def create_issue(ask: Ask) -> Answer:
    """Open an issue; labels and assignees are for those who may push."""
    issue = ask.hub.open_issue(ask.body["title"], by=ask.person.user, body=ask.body.get("body"))
    _set(ask, issue)
    return Answer(_row(ask, issue), 201)


@route(f"GET {ISSUE}", "issues|pull_requests:read")
def issue(ask: Ask) -> Answer:
    """Return an issue or the issue side of a pull request."""
    return Answer(_row(ask, _numbered(ask)))


@route(f"PATCH {ISSUE}", "issues|pull_requests:write")
def change_issue(ask: Ask) -> Answer:
    """Change what the body names."""
    found, by = _numbered(ask), ask.person.user
    found.title = ask.body.get("title", found.title)
    found.body = ask.body.get("body", found.body)
    _set(ask, found)
    state = ask.body.get("state", found.state)
    if state != found.state:
        ask.hub.note(found.number, "closed" if state == "closed" else "reopened", by)
        found.state = state
        found.closed_at = str(ask.hub.clock) if state == "closed" else None
    found.updated_at = ask.hub.clock.tick()
    return Answer(_row(ask, found))


@route(f"GET {ISSUE}/comments", "issues|pull_requests:read")
def comments(ask: Ask) -> Listed:
    """List comments, oldest first."""
    number = _numbered(ask).number
    return Listed([_comment(ask, row) for row in ask.hub.comments if row.number == number])


@route(f"POST {ISSUE}/comments", "issues|pull_requests:write", "read")
def create_comment(ask: Ask) -> Answer:
    """Comment as the caller."""
    number = _numbered(ask).number
    return Answer(_comment(ask, ask.hub.comment(number, ask.body["body"], by=ask.person.user)), 201)


@route(f"GET {COMMENT}", "issues|pull_requests:read")
def comment(ask: Ask) -> Answer:
    """Return a comment."""
    return Answer(_comment(ask, _comment_named(ask)))


@route(f"PATCH {COMMENT}", "issues|pull_requests:write")
def change_comment(ask: Ask) -> Answer:
    """Change a comment: writers may change anybody's."""
    found = _comment_named(ask)
    found.body, found.updated_at = ask.body["body"], ask.hub.clock.tick()
    return Answer(_comment(ask, found))


@route(f"POST {ISSUE}/labels", "issues|pull_requests:write")
def add_labels(ask: Ask) -> Answer:
    """Add labels; the body is a list or has one."""
    found, given = _numbered(ask), ask.request.body
    names = given.get("labels", []) if isinstance(given, dict) else given
    found.labels += [name for name in names if name not in found.labels]
    return Answer([ask.hub.rows.label(name) for name in found.labels])


@route(f"GET {ISSUE}/events", "issues|pull_requests:read")
def events(ask: Ask) -> Listed:
    """List events, oldest first: a retarget is `base_ref_changed`."""
    number = _numbered(ask).number
    found = [event for event in ask.hub.events if event.number == number]
    return Listed([ask.hub.rows.event(event) for event in found])


@route(f"GET {ISSUE}/timeline", "issues|pull_requests:read")
def timeline(ask: Ask) -> Listed:
    """List events and submitted reviews, oldest first; states of reviews are in lower case."""
    number, hub = _numbered(ask).number, ask.hub
    timed = [(e.created_at, hub.rows.event(e)) for e in hub.events if e.number == number]
    timed += [
        (review.submitted_at, hub.rows.timeline_review(review))
        for review in hub.reviews
        if review.number == number and review.submitted_at
    ]
    return Listed([row for _, row in sorted(timed, key=lambda pair: pair[0])])


def _numbered(ask: Ask) -> Issue | Pull:
    number = ask.names["issue_number"]
    found = ask.hub.numbered(int(number)) if number.isdecimal() else None
    if found is None:
        raise not_found()
    return found


def _comment_named(ask: Ask) -> Comment:
    for row in ask.hub.comments:
        if str(row.id) == ask.names["comment_id"]:
            return row
    raise not_found()


def _set(ask: Ask, issue: Issue | Pull) -> None:
    if "labels" in ask.body:
        issue.labels = list(ask.body["labels"])
    if "assignees" in ask.body and isinstance(issue, Issue):
        found = [ask.hub.by_login(login) for login in ask.body["assignees"]]
        known = [user for user in found if user and user in ask.hub.collaborators]
        if len(known) < len(found):
            raise Refusal(422, "Validation Failed", "assignees are invalid")
        issue.assignees = known


def _row(ask: Ask, one: Issue | Pull) -> dict[str, Any]:
    rows = ask.hub.rows
    url = f"{rows.root}/issues/{one.number}"
    kind = "pull" if isinstance(one, Pull) else "issues"
    html = f"{rows.site}/{rows.repository}/{kind}/{one.number}"
    assignees = [rows.user(user) for user in getattr(one, "assignees", ())]
    row = {
        "id": one.id,
        "node_id": f"I_{one.id}",
        "number": one.number,
        "title": one.title,
        "body": one.body,
        "user": rows.maybe_user(one.user),
        "author_association": rows.association(one.user),
        "state": one.state,
        "locked": False,
        "labels": [rows.label(name) for name in one.labels],
        "assignee": assignees[0] if assignees else None,
        "assignees": assignees,
        "milestone": None,
        "comments": sum(comment.number == one.number for comment in ask.hub.comments),
        "created_at": one.created_at,
        "updated_at": one.updated_at,
        "closed_at": one.closed_at,
        "url": url,
        "html_url": html,
        "repository_url": rows.root,
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "labels_url": f"{url}/labels{{/name}}",
    }
    if isinstance(one, Pull):
        links = {"diff_url": f"{html}.diff", "patch_url": f"{html}.patch", "html_url": html}
        row["pull_request"] = {"url": f"{rows.root}/pulls/{one.number}", **links}
    return row


def _comment(ask: Ask, row: Comment) -> dict[str, Any]:
    rows = ask.hub.rows
    return {
        "id": row.id,
        "node_id": f"IC_{row.id}",
        "user": rows.maybe_user(row.user),
        "author_association": rows.association(row.user),
        "body": row.body,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "url": f"{rows.root}/issues/comments/{row.id}",
        "html_url": f"{rows.site}/{rows.repository}/issues/{row.number}#issuecomment-{row.id}",
        "issue_url": f"{rows.root}/issues/{row.number}",
    }
