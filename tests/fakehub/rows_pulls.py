"""Rows of pull requests, reviews and events."""

from tests.fakehub.branches import Fork
from tests.fakehub.people import User
from tests.fakehub.pulls import Event, Pull
from tests.fakehub.reviews import Review
from tests.fakehub.rows_commits import CommitRows
from tests.fakehub.rules import Json

PULL_LINKS = "comments commits statuses html issue review_comments review_comment self"
PULL_COUNTS = "additions changed_files comments deletions review_comments"


class PullRows(CommitRows):
    """Adds what belongs to pull requests."""

    def pull_simple(self, pull: Pull) -> Json:
        """Return a `pull-request-simple`, as lists have it: without merge details."""
        url = f"{self.root}/pulls/{pull.number}"
        issue = f"{self.root}/issues/{pull.number}"
        html = f"{self.site}/{self.repository}/pull/{pull.number}"
        return {
            "id": pull.id,
            "node_id": f"PR_{pull.id}",
            "number": pull.number,
            "state": pull.state,
            "locked": False,
            "draft": pull.draft,
            "title": pull.title,
            "body": pull.body,
            "user": self.user(pull.user),
            "author_association": self.association(pull.user),
            "head": self._end(pull.head_ref, pull.head_sha, pull.fork),
            "base": self._end(pull.base_ref, pull.base_sha, None),
            "created_at": pull.created_at,
            "updated_at": pull.updated_at,
            "closed_at": pull.closed_at,
            "merged_at": pull.merged_at,
            "merge_commit_sha": pull.merge_commit_sha,
            "labels": [self.label(name) for name in pull.labels],
            "requested_reviewers": [self.user(user) for user in pull.reviewers],
            "requested_teams": [self.team(slug) for slug in pull.team_reviewers],
            "assignee": None,
            "assignees": [],
            "milestone": None,
            "auto_merge": None,
            "url": url,
            "html_url": html,
            "diff_url": f"{html}.diff",
            "patch_url": f"{html}.patch",
            "issue_url": issue,
            "comments_url": f"{issue}/comments",
            "commits_url": f"{url}/commits",
            "review_comments_url": f"{url}/comments",
            "review_comment_url": f"{self.root}/pulls/comments{{/number}}",
            "statuses_url": f"{self.root}/statuses/{pull.head_sha}",
            "_links": {name: {"href": f"{url}/{name}"} for name in PULL_LINKS.split()},
        }

    def pull(self, pull: Pull) -> Json:
        """Return a `pull-request`, as its own address has it."""
        mergeable = self._mergeable(pull)
        states = {None: "unknown", True: "clean", False: "dirty"}
        return {
            **self.pull_simple(pull),
            "merged": pull.merged_at is not None,
            "merged_by": self.maybe_user(pull.merged_by),
            "mergeable": mergeable,
            "rebaseable": mergeable,
            "mergeable_state": "draft" if pull.draft else states[mergeable],
            "maintainer_can_modify": False,
            "commits": len(self.hub.pull_commits(pull)),
            **dict.fromkeys(
                ["additions", "changed_files", "comments", "deletions", "review_comments"], 0
            ),
        }

    def review(self, review: Review) -> Json:
        """Return a `pull-request-review`; one that is PENDING has no time (section 5.1)."""
        url = f"{self.root}/pulls/{review.number}"
        html = f"{self.site}/{self.repository}/pull/{review.number}#pullrequestreview-{review.id}"
        row = {
            "id": review.id,
            "node_id": f"PRR_{review.id}",
            "user": self.maybe_user(review.user),
            "body": review.body,
            "state": review.state,
            "commit_id": review.commit_id,
            "author_association": self.association(review.user),
            "html_url": html,
            "pull_request_url": url,
            "_links": {"html": {"href": html}, "pull_request": {"href": url}},
        }
        return {**row, "submitted_at": review.submitted_at} if review.submitted_at else row

    def event(self, event: Event) -> Json:
        """Return an event of an issue or a pull request."""
        url = f"{self.root}/issues/events/{event.id}"
        commit = f"{self.root}/commits/{event.commit_id}" if event.commit_id else None
        people = {key: who for key, who in event.details.items() if isinstance(who, User)}
        return {
            "id": event.id,
            "node_id": f"EV_{event.id}",
            "url": url,
            "actor": self.user(event.actor),
            "event": event.event,
            "commit_id": event.commit_id,
            "commit_url": commit,
            "created_at": event.created_at,
            "performed_via_github_app": None,
            **event.details,
            **{key: self.user(who) for key, who in people.items()},
        }

    def timeline_review(self, review: Review) -> Json:
        """Return a `timeline-reviewed-event`: its state is in lower case here."""
        row = self.review(review)
        return {
            **row,
            "event": "reviewed",
            "state": review.state.lower(),
            "user": self.user(review.user),
        }

    def _end(self, ref: str, sha: str, fork: Fork | None) -> Json:
        repo = self.repo(fork)
        owner: Json = repo["owner"]
        return {
            "label": f"{owner['login']}:{ref}",
            "ref": ref,
            "sha": sha,
            "repo": None if fork and fork.deleted else repo,
            "user": owner,
        }

    def _mergeable(self, pull: Pull) -> bool | None:
        if pull.computing or pull.state == "closed":
            return None
        base = self.hub.branches[pull.base_ref]
        return self.hub.commits.merged_tree(base, pull.head_sha) is not None
