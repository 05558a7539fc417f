"""Rows of accounts, teams, labels and the repository, with every key that is promised."""

from typing import Any

from tests.fakehub.branches import Fork
from tests.fakehub.people import User
from tests.fakehub.rules import Json
from tests.fakehub.statuses import Statuses

USER_URLS = (
    "events followers following gists organizations received_events repos starred subscriptions"
)
REPOSITORY_URLS = (
    "archive assignees blobs branches collaborators comments commits compare contents contributors "
    "deployments downloads events forks git_commits git_refs git_tags hooks issue_comment "
    "issue_events issues keys labels languages merges milestones notifications pulls releases "
    "stargazers statuses subscribers subscription tags teams trees"
)
HAS = "downloads issues projects wiki pages discussions"
COUNTS = (
    "forks forks_count open_issues open_issues_count size stargazers_count watchers watchers_count "
    "network_count subscribers_count"
)


class PeopleRows:
    """Writes rows of a hub's state; `api` and `site` are the addresses they name."""

    def __init__(self, hub: Statuses, api: str, site: str, repository: str) -> None:
        self.hub = hub
        self.api = api
        self.site = site
        self.repository = repository
        self.root = f"{api}/repos/{repository}"

    def user(self, user: User) -> Json:
        """Return a `simple-user`; the ghost stands where GitHub needs somebody."""
        user = self.hub.ghost if user.deleted else user
        url = f"{self.api}/users/{user.login}"
        return {
            "id": user.id,
            "node_id": f"U_{user.id}",
            "login": user.login,
            "type": user.type,
            "site_admin": False,
            "gravatar_id": "",
            "avatar_url": f"{self.site}/{user.login}.png",
            "html_url": f"{self.site}/{user.login}",
            "url": url,
            **_urls(url, USER_URLS),
        }

    def maybe_user(self, user: User | None) -> Json | None:
        """Return a `nullable-simple-user`: null for a deleted account (section 5.1)."""
        return None if user is None or user.deleted else self.user(user)

    def public_user(self, user: User) -> Json:
        """Return a `public-user`."""
        none = dict.fromkeys(("bio", "blog", "company", "email", "hireable", "location", "name"))
        counts = dict.fromkeys(("followers", "following", "public_gists", "public_repos"), 0)
        return {**self.user(user), **none, **counts, **self._times(), "user_view_type": "public"}

    def association(self, user: User) -> str:
        """Return MEMBER for whoever has a role: it does not prove write access (section 5.1)."""
        return "NONE" if self.hub.permission(user) in {"none", "read"} else "MEMBER"

    def permission(self, user: User) -> Json:
        """Return a `repository-collaborator-permission` (the mapping of section 5.1)."""
        role = self.hub.role(user)
        level = self.hub.permission(user)
        return {
            "permission": level,
            "role_name": role,
            "user": {**self.user(user), "role_name": role},
        }

    def team(self, slug: str) -> Json:
        """Return a `team`."""
        owner = self.repository.split("/")[0]
        url = f"{self.api}/orgs/{owner}/teams/{slug}"
        return {
            "id": 1 + sum(slug.encode()),
            "node_id": f"T_{slug}",
            "name": slug,
            "slug": slug,
            "description": None,
            "permission": "push",
            "type": "organization",
            "parent": None,
            "url": url,
            "html_url": f"{self.site}/orgs/{owner}/teams/{slug}",
            "members_url": f"{url}/members{{/member}}",
            "repositories_url": f"{url}/repos",
        }

    def label(self, name: str) -> Json:
        """Return a `label`."""
        return {
            "id": 1 + sum(name.encode()),
            "node_id": f"LA_{name}",
            "url": f"{self.root}/labels/{name}",
            "name": name,
            "description": "",
            "color": "ededed",
            "default": False,
        }

    def repo(self, fork: Fork | None = None) -> Json:
        """Return a `full-repository`, which is a `repository` too."""
        owner, name = self.repository.split("/")
        owner = fork.owner.login if fork else owner
        url, html = f"{self.api}/repos/{owner}/{name}", f"{self.site}/{owner}/{name}"
        organisation = User(1, owner, "Organization")
        nulls = ("description", "homepage", "language", "mirror_url", "license")
        return {
            "id": fork.id if fork else 1,
            "node_id": f"R_{fork.id if fork else 1}",
            "name": name,
            "full_name": f"{owner}/{name}",
            "owner": self.user(fork.owner if fork else organisation),
            "private": self.hub.private,
            "visibility": "private" if self.hub.private else "public",
            "default_branch": self.hub.default_branch,
            "fork": fork is not None,
            "archived": False,
            "disabled": False,
            "url": url,
            "html_url": html,
            **dict.fromkeys(nulls),
            **_urls(url, REPOSITORY_URLS),
            **{f"{scheme}_url": f"{html}.git" for scheme in ("clone", "git", "ssh", "svn")},
            **{f"has_{what}": what == "issues" for what in HAS.split()},
            **dict.fromkeys(COUNTS.split(), 0),
            **self._times(),
            "pushed_at": str(self.hub.clock),
        }

    def _times(self) -> Json:
        return {"created_at": "2026-01-01T00:00:00Z", "updated_at": str(self.hub.clock)}


def _urls(url: str, names: str) -> dict[str, Any]:
    return {f"{name}_url": f"{url}/{name}" for name in names.split()}
