"""Pull requests and their events."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fakehub.branches import Fork
from tests.fakehub.commits import Commit
from tests.fakehub.people import User
from tests.fakehub.rules import Rules


@dataclass(eq=False)
class Pull:
    """A pull request. `base_sha` is the base's tip of the last push or retarget, as on GitHub."""

    id: int
    number: int
    user: User
    title: str
    body: str | None
    head_ref: str
    head_sha: str
    base_ref: str
    base_sha: str
    created_at: str
    fork: Fork | None = None
    draft: bool = False
    state: str = "open"
    updated_at: str = ""
    closed_at: str | None = None
    merged_at: str | None = None
    merged_by: User | None = None
    merge_commit_sha: str | None = None
    computing: bool = False  # GitHub answers `mergeable: null` until it has tried the merge
    reviewers: list[User] = field(default_factory=list)
    team_reviewers: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Event:
    """What happened to a pull request or an issue."""

    id: int
    number: int
    event: str
    actor: User
    created_at: str
    commit_id: str | None = None
    details: dict[str, Any] = field(default_factory=dict)


class Pulls(Rules):
    """The pull requests; `refs/pull/N/head` stays in step with each head."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.pulls: dict[int, Pull] = {}
        self.events: list[Event] = []
        self.numbers = itertools.count(1)  # issues and pull requests share them

    def open_pull(
        self,
        head: str,
        *,
        by: User,
        base: str = "main",
        title: str = "A change",
        body: str | None = None,
        draft: bool = False,
        fork: Fork | None = None,
    ) -> Pull:
        """Open a pull request from a branch of the repository or of a fork."""
        tip = (fork.branches if fork else self.branches)[head]
        names = (self.next_id(), next(self.numbers), by, title, body, head, tip)
        base_sha = self.branches[base]
        pull = Pull(*names, base, base_sha, self.clock.tick(), fork=fork, draft=draft)
        pull.updated_at = pull.created_at
        self.pulls[pull.number] = pull
        self._keep_ref(pull)
        return pull

    def close(self, pull: Pull, *, by: User) -> None:
        """Close without merging."""
        self.note(pull.number, "closed", by)
        pull.state, pull.closed_at = "closed", str(self.clock)

    def reopen(self, pull: Pull, *, by: User) -> None:
        """Open again; the head catches up with what was pushed meanwhile."""
        self.note(pull.number, "reopened", by)
        pull.state, pull.closed_at = "open", None
        tip = (pull.fork.branches if pull.fork else self.branches)[pull.head_ref]
        self._follow(pull, pull.head_sha, tip, by)

    def set_draft(self, pull: Pull, *, by: User, draft: bool) -> None:
        """Make a draft of it, or mark it as ready for review."""
        self.note(pull.number, "convert_to_draft" if draft else "ready_for_review", by)
        pull.draft = draft

    def retarget(self, pull: Pull, base: str, *, by: User) -> None:
        """Change the base: the diff changes, the head does not (section 2.1)."""
        self.note(pull.number, "base_ref_changed", by)
        pull.base_ref, pull.base_sha = base, self.branches[base]

    def request_review(self, pull: Pull, *reviewers: User, by: User) -> None:
        """Ask people for a review."""
        for reviewer in reviewers:
            details = {"requested_reviewer": reviewer, "review_requester": by}
            self.note(pull.number, "review_requested", by, details=details)
            pull.reviewers.append(reviewer)

    def pull_commits(self, pull: Pull) -> list[Commit]:
        """Return the commits of a pull request, oldest first."""
        return self.commits.between(pull.base_sha, pull.head_sha)

    def pulls_of(self, sha: str) -> list[Pull]:
        """Return what the commit endpoint lists: one merged pull request, or all that carry it."""
        merged = [pull for pull in self.pulls.values() if pull.merged_at]
        trunk = self.branches.get(self.default_branch)
        if trunk and self.commits.contains(trunk, sha):
            return [pull for pull in merged if sha in self._brought(pull)][:1]
        listed = [pull for pull in self.pulls.values() if pull.state == "open" or pull.merged_at]
        return [pull for pull in listed if sha in self._carried(pull)]

    def note(
        self,
        number: int,
        event: str,
        by: User,
        *,
        commit_id: str | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        """Write an event."""
        when = self.clock.tick()
        told = (event, by, when, commit_id, details or {})
        self.events.append(Event(self.next_id(), number, *told))
        if number in self.pulls:
            self.pulls[number].updated_at = when

    def head_moved(self, branch: str, fork: Fork | None, before: str, after: str, by: User) -> None:
        """Let the open pull requests of a branch follow it."""
        for pull in self._open_from(branch, fork):
            self._follow(pull, before, after, by)

    def head_gone(self, branch: str, by: User) -> None:
        """Close the pull requests of a deleted branch."""
        for pull in self._open_from(branch, None):
            self.note(pull.number, "head_ref_deleted", by)
            self.close(pull, by=by)

    def base_moved(self, branch: str, by: User) -> None:
        """Mark as merged what a plain push brought into its base, as GitHub does."""
        tip = self.branches[branch]
        for pull in [p for p in self.pulls.values() if p.state == "open" and p.base_ref == branch]:
            if pull.head_sha != pull.base_sha and self.commits.contains(tip, pull.head_sha):
                self.mark_merged(pull, pull.head_sha, by)

    def mark_merged(self, pull: Pull, commit: str, by: User) -> None:
        """Write down that a pull request is merged, and as which commit."""
        self.note(pull.number, "merged", by, commit_id=commit)
        pull.merge_commit_sha, pull.merged_by, pull.merged_at = commit, by, str(self.clock)
        self.close(pull, by=by)

    def diff_changed(self, pull: Pull, before: str, after: str) -> None:
        """Look after reviews; for what is built on pull requests."""

    def _follow(self, pull: Pull, before: str, after: str, by: User) -> None:
        if before == after:
            return
        forced = not self.commits.contains(after, before)
        pull.head_sha, pull.base_sha = after, self.branches[pull.base_ref]
        pull.updated_at = str(self.clock)
        self._keep_ref(pull)
        if forced:
            self.note(pull.number, "head_ref_force_pushed", by, commit_id=after)
        self.diff_changed(pull, before, after)

    def _keep_ref(self, pull: Pull) -> None:
        self.set_ref(f"refs/pull/{pull.number}/head", pull.head_sha)

    def _open_from(self, branch: str, fork: Fork | None) -> list[Pull]:
        opened = (pull for pull in self.pulls.values() if pull.state == "open")
        return [pull for pull in opened if (pull.head_ref, pull.fork) == (branch, fork)]

    def _carried(self, pull: Pull) -> Iterator[str]:
        return (commit.sha for commit in self.pull_commits(pull))

    def _brought(self, pull: Pull) -> set[str]:
        """Return what a merge put on the base: the merge commit and, unless squashed, the rest."""
        assert pull.merge_commit_sha
        return {pull.merge_commit_sha, *self.landed.get(pull.number, ()), *self._carried(pull)}

    @property
    def landed(self) -> dict[int, list[str]]:
        """Return the new commits of each rebase merge, for what is built on pull requests."""
        return {}
