"""Users, teams and limits."""

from tests.fakehub.people import User
from tests.fakehub.refusal import Refusal, not_found
from tests.fakehub.routes import Answer, Ask, route


def user_named(ask: Ask) -> User:
    """Return the account of the path."""
    user = ask.hub.by_login(ask.names["username"])
    if user is None:
        raise not_found()
    return user


@route("GET /user", "nothing:read")
def me(ask: Ask) -> Answer:
    """Return who the token belongs to; an installation of an App is nobody."""
    if ask.person.app:
        raise Refusal(403, "Resource not accessible by integration")
    return Answer(ask.hub.rows.public_user(ask.person.user))


@route("GET /users/{username}", "nothing:read")
def user(ask: Ask) -> Answer:
    """Return an account."""
    return Answer(ask.hub.rows.public_user(user_named(ask)))


@route("GET /orgs/{org}/teams/{team_slug}/memberships/{username}", "members:read")
def membership(ask: Ask) -> Answer:
    """Return a membership: 404 for no member, 403 for a token that may not look (section 5.1)."""
    slug, member = ask.names["team_slug"], user_named(ask)
    if member not in ask.hub.teams.get(slug, ()):
        raise not_found()
    url = f"{ask.hub.rows.team(slug)['url']}/memberships/{member.login}"
    return Answer({"role": "member", "state": "active", "url": url})


@route("GET /repos/{owner}/{repo}/collaborators/{username}/permission", "metadata:read", "write")
def permission(ask: Ask) -> Answer:
    """Return the permission of an account; a person needs push access to ask."""
    return Answer(ask.hub.rows.permission(user_named(ask)))


@route("GET /rate_limit", "nothing:read")
def rate_limit(ask: Ask) -> Answer:
    """Return the limits."""
    used = len(ask.hub.requests)
    limit = {"limit": 5000, "remaining": 5000 - used, "used": used, "reset": 1_800_000_000}
    resources = dict.fromkeys(("core", "graphql", "search"), limit)
    return Answer({"rate": limit, "resources": resources})
