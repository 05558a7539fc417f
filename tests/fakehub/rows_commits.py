"""Rows of commits, branches, statuses and activity."""

from tests.fakehub.branches import Activity
from tests.fakehub.commits import Commit, Stamp
from tests.fakehub.rows_people import PeopleRows
from tests.fakehub.rules import Json
from tests.fakehub.statuses import Status


class CommitRows(PeopleRows):
    """Adds what belongs to commits and branches."""

    def commit(self, commit: Commit) -> Json:
        """Return a `commit`: accounts are found by e-mail, null when nothing matches."""
        url = f"{self.root}/commits/{commit.sha}"
        git = f"{self.root}/git/commits/{commit.sha}"
        tree = f"{self.root}/git/trees/{commit.tree}"
        return {
            "sha": commit.sha,
            "node_id": f"C_{commit.sha}",
            "url": url,
            "html_url": f"{self.site}/{self.repository}/commit/{commit.sha}",
            "comments_url": f"{url}/comments",
            "author": self.maybe_user(self.hub.by_email(commit.author.email)),
            "committer": self.maybe_user(self.hub.by_email(commit.committer.email)),
            "parents": [
                {"sha": sha, "url": f"{self.root}/commits/{sha}"} for sha in commit.parents
            ],
            "commit": {
                "url": git,
                "author": _git_user(commit.author),
                "committer": _git_user(commit.committer),
                "message": commit.message,
                "comment_count": 0,
                "tree": {"sha": commit.tree, "url": tree},
                "verification": self._verification(commit),
            },
        }

    def branch(self, name: str) -> Json:
        """Return a `branch-with-protection`."""
        url = f"{self.root}/branches/{name}"
        protected = self.hub.is_protected(name)
        return {
            "name": name,
            "commit": self.commit(self.hub.commits[self.hub.branches[name]]),
            "_links": {"self": url, "html": f"{self.site}/{self.repository}/tree/{name}"},
            "protected": protected,
            "protection": {"enabled": name in self.hub.protected},
            "protection_url": f"{url}/protection",
        }

    def status(self, status: Status) -> Json:
        """Return a `status`."""
        return {**self.simple_status(status), "creator": self.maybe_user(status.creator)}

    def simple_status(self, status: Status) -> Json:
        """Return a `simple-commit-status`, which does not say who posted it."""
        return {
            "id": status.id,
            "node_id": f"SC_{status.id}",
            "state": status.state,
            "context": status.context,
            "description": status.description,
            "target_url": status.target_url,
            "avatar_url": f"{self.site}/{status.creator.login}.png",
            "url": f"{self.root}/statuses/{status.sha}",
            "created_at": status.created_at,
            "updated_at": status.created_at,
        }

    def activity(self, row: Activity) -> Json:
        """Return an `activity`."""
        return {
            "id": row.id,
            "node_id": f"PSH_{row.id}",
            "before": row.before,
            "after": row.after,
            "ref": row.ref,
            "timestamp": row.timestamp,
            "activity_type": row.activity_type,
            "actor": self.maybe_user(row.actor),
        }

    def _verification(self, commit: Commit) -> Json:
        verified = commit.sha in self.hub.verified
        return {
            "verified": verified,
            "reason": "valid" if verified else "unsigned",
            "signature": "a signature" if verified else None,
            "payload": "what was signed" if verified else None,
            "verified_at": commit.committer.date if verified else None,
        }


def _git_user(stamp: Stamp) -> Json:
    return {"name": stamp.name, "email": stamp.email, "date": stamp.date}
