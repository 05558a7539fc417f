"""Merging: by a method, through the queue, and the base merged into a head."""

from dataclasses import dataclass
from pathlib import Path

from tests.fakehub.commits import Stamp
from tests.fakehub.people import User
from tests.fakehub.pulls import Pull
from tests.fakehub.refusal import Refusal
from tests.fakehub.statuses import Statuses

SETTINGS = {
    "merge": "allow_merge_commit",
    "squash": "allow_squash_merge",
    "rebase": "allow_rebase_merge",
}


@dataclass(frozen=True)
class Entry:
    """A place in the merge queue: the group commit and what it stands on."""

    pull: Pull
    head_sha: str
    base_sha: str
    branch: str


class Merging(Statuses):
    """What brings a pull request into its base."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.queues: dict[str, list[Entry]] = {}
        self.rebased: dict[int, list[str]] = {}
        self.merge_settings = dict.fromkeys(SETTINGS.values(), True)

    @property
    def landed(self) -> dict[int, list[str]]:
        """Return the new commits of each rebase merge."""
        return self.rebased

    def merge(self, pull: Pull, *, by: User, method: str = "squash", bypass: bool = False) -> str:
        """Merge a pull request; 405 when it cannot be, or when the rules stop those who obey."""
        obstacles = [] if bypass else self.obstacles(pull, method)
        if pull.state == "closed" or pull.draft or obstacles:
            raise Refusal(405, "; ".join(obstacles) or "Pull Request is not mergeable")
        base = self.branches[pull.base_ref]
        ways = {"merge": self._merge, "squash": self._squash, "rebase": self._rebase}
        commit = ways[method](pull, base, by)
        self.land(pull.base_ref, commit, by=by, kind="pr_merge")
        self.mark_merged(pull, commit, by)
        return commit

    def obstacles(self, pull: Pull, method: str) -> list[str]:
        """Return what keeps a pull request out: what the rules of its base miss, or its method.

        Not told: code owners, the last push's approval and open conversations.
        """
        missing = []
        base = pull.base_ref
        rules = self.parameters(base, "required_status_checks")
        for rule in rules:
            missing += [
                f'Required status check "{check["context"]}" is expected.'
                for check in rule["required_status_checks"]
                if not self._succeeded(pull, check["context"], check.get("integration_id"))
            ]
        strict = any(rule["strict_required_status_checks_policy"] for rule in rules)
        if strict and not self.commits.contains(pull.head_sha, self.branches[base]):
            missing.append("Head branch is out of date.")
        for rule in self.parameters(base, "pull_request"):
            words = list(self._words(pull).values())
            if words.count("APPROVED") < rule["required_approving_review_count"]:
                missing.append("At least one more approving review is required.")
            if "CHANGES_REQUESTED" in words:
                missing.append("Changes were requested.")
            if method not in rule.get("allowed_merge_methods", SETTINGS):
                missing.append(f"The rules do not allow {method} merges.")
        if not self.merge_settings[SETTINGS[method]]:
            missing.append(f"The repository does not allow {method} merges.")
        return missing

    def update_branch(self, pull: Pull, *, by: User) -> str:
        """Merge the base into the head, as the button does: approvals are carried over."""
        base = self.branches[pull.base_ref]
        message = f"Merge branch '{pull.base_ref}' into {pull.head_ref}"
        commit = self._merged(pull.head_sha, base, [pull.head_sha, base], by, message)
        self.push(pull.head_ref, commit, by=by, fork=pull.fork)
        return commit

    def enqueue(self, pull: Pull, *, by: User) -> Entry:
        """Put a pull request into the queue of its base: its group commit stands on the last."""
        queue = self.queues.setdefault(pull.base_ref, [])
        base = queue[-1].head_sha if queue else self.branches[pull.base_ref]
        commit = self._squash(pull, base, by)
        branch = f"gh-readonly-queue/{pull.base_ref}/pr-{pull.number}-{base}"
        self.push(branch, commit, by=self.web_flow)
        queue.append(Entry(pull, commit, base, branch))
        return queue[-1]

    def land_queue(self, base: str = "main") -> None:
        """Merge everything in a queue and empty it."""
        for entry in self.queues.pop(base):
            self.land(base, entry.head_sha, by=self.web_flow, kind="merge_queue_merge")
            self.mark_merged(entry.pull, entry.head_sha, self.web_flow)
            self.delete_branch(entry.branch, by=self.web_flow)

    def _merge(self, pull: Pull, base: str, by: User) -> str:
        message = f"Merge pull request #{pull.number} from {pull.head_ref}\n\n{pull.title}"
        return self._merged(base, pull.head_sha, [base, pull.head_sha], by, message)

    def _squash(self, pull: Pull, base: str, by: User) -> str:
        message = f"{pull.title} (#{pull.number})"
        return self._merged(base, pull.head_sha, [base], pull.user, message)

    def _rebase(self, pull: Pull, base: str, by: User) -> str:
        new: list[str] = []
        for commit in self.pull_commits(pull):
            onto = new[-1] if new else base
            tree = self.commits.replayed_tree(commit.sha, onto)
            if tree is None:
                raise Refusal(405, "This branch can't be rebased")
            stamp = self._stamp(by)
            new.append(self.commits.write(tree, [onto], commit.author, stamp, commit.message))
        self.rebased[pull.number] = new
        return new[-1]

    def _merged(self, ours: str, theirs: str, parents: list[str], by: User, message: str) -> str:
        """Write a merge as GitHub's pages do: committed and signed by web-flow."""
        tree = self.commits.merged_tree(ours, theirs)
        if tree is None:
            raise Refusal(405, "Pull Request is not mergeable")
        committer = Stamp("GitHub", "noreply@github.com", int(self.clock.now.timestamp()))
        commit = self.commits.write(tree, parents, self._stamp(by), committer, message)
        self.verify(commit)
        return commit

    def _stamp(self, user: User) -> Stamp:
        return Stamp(user.login, user.noreply, int(self.clock.now.timestamp()))

    def _succeeded(self, pull: Pull, context: str, integration: int | None) -> bool:
        rows = self.statuses_of(pull.head_sha, context)
        bots = {app.bot for app in self.apps if integration in {None, app.id}}
        rows = [row for row in rows if integration is None or row.creator in bots]
        return bool(rows) and rows[0].state == "success"

    def _words(self, pull: Pull) -> dict[User, str]:
        """Return the last decisive word of each reviewer who may write."""
        decisive = {"APPROVED", "CHANGES_REQUESTED", "DISMISSED"}
        rows = [row for row in self.reviews_of(pull) if row.state in decisive]
        last = {row.user: row.state for row in rows}
        writers = {user for user in last if self.permission(user) in {"write", "admin"}}
        return {user: state for user, state in last.items() if user in writers}
