"""Branches, pushes and the record of them (github.md section 5.1, pushers)."""

from dataclasses import dataclass, field
from pathlib import Path

from tests.fakehub.clock import Clock
from tests.fakehub.commits import Commits
from tests.fakehub.people import People, User
from tests.gitbox import GitBox

NOTHING = "0" * 40
WORKBENCH = "refs/heads/box"  # where GitBox makes its commits


@dataclass(frozen=True)
class Activity:
    """A row of the activity of a repository, the only record of who moved a branch."""

    id: int
    before: str
    after: str
    ref: str
    timestamp: str
    activity_type: str
    actor: User


@dataclass(eq=False)
class Fork:
    """Somebody's copy: its branches move without leaving an activity row here."""

    id: int
    owner: User
    branches: dict[str, str] = field(default_factory=dict)
    deleted: bool = False  # then its pull requests have `head.repo: null`


class Branches(People):
    """The bare repository and what moved its branches."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.clock = Clock()
        self.default_branch = "main"
        self.box = GitBox(folder / "origin.git")
        self.commits = Commits(self.box)
        self.branches: dict[str, str] = {}
        self.protected: set[str] = set()
        self.verified: set[str] = set()
        self.activities: list[Activity] = []
        self.forks: list[Fork] = []

    @property
    def remote(self) -> str:
        """Return what `git fetch` and `git push` take."""
        return str(self.box.folder)

    def fork(self, owner: User) -> Fork:
        """Fork the repository."""
        self.forks.append(Fork(self.next_id(), owner))
        return self.forks[-1]

    def push(self, branch: str, commit: str, *, by: User, fork: Fork | None = None) -> None:
        """Move a branch, make it if it is new, and let its pull requests follow."""
        branches = fork.branches if fork else self.branches
        before = branches.get(branch)
        if before == commit:
            return
        if fork is None:
            self.set_ref(f"refs/heads/{branch}", commit)
            self._note(branch, before or NOTHING, commit, self._kind(before, commit), by)
        branches[branch] = commit
        if before:
            self.head_moved(branch, fork, before, commit, by)
        if fork is None:
            self.base_moved(branch, by)

    def receive(self, *, by: User) -> None:
        """Take notice of what `git push` brought to the bare repository, as pushes of a user."""
        listed = self.box.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads")
        now = dict(line.removeprefix("refs/heads/").split() for line in listed.splitlines())
        now.pop(WORKBENCH.removeprefix("refs/heads/"), None)
        for branch in [branch for branch in self.branches if branch not in now]:
            self.delete_branch(branch, by=by)
        for branch, commit in now.items():
            if self.branches.get(branch) != commit:
                self.push(branch, commit, by=by)

    def set_ref(self, ref: str, commit: str) -> None:
        """Move a ref, and take away the one GitBox makes commits on: nothing else is fetched."""
        orders = f"update {ref} {commit}\ndelete {WORKBENCH}\n"
        self.box.git("update-ref", "--stdin", stdin=orders.encode())

    def delete_branch(self, branch: str, *, by: User) -> None:
        """Delete a branch; GitHub closes the pull requests that came from it."""
        before = self.branches.pop(branch)
        self.box.git("update-ref", "-d", f"refs/heads/{branch}")
        self._note(branch, before, NOTHING, "branch_deletion", by)
        self.head_gone(branch, by)

    def protect(self, branch: str) -> None:
        """Switch on classic branch protection."""
        self.protected.add(branch)

    def verify(self, sha: str) -> None:
        """Let GitHub find a commit's signature valid."""
        self.verified.add(sha)

    def head_moved(self, branch: str, fork: Fork | None, before: str, after: str, by: User) -> None:
        """Let pull requests follow; for what is built on branches."""

    def head_gone(self, branch: str, by: User) -> None:
        """Close pull requests; for what is built on branches."""

    def base_moved(self, branch: str, by: User) -> None:
        """Find what landed by a push; for what is built on branches."""

    def land(self, branch: str, commit: str, *, by: User, kind: str) -> None:
        """Move a base branch for a merge."""
        self.set_ref(f"refs/heads/{branch}", commit)
        before, self.branches[branch] = self.branches[branch], commit
        self._note(branch, before, commit, kind, by)

    def _kind(self, before: str | None, after: str) -> str:
        if before is None:
            return "branch_creation"
        return "push" if self.commits.contains(after, before) else "force_push"

    def _note(self, branch: str, before: str, after: str, kind: str, by: User) -> None:
        row = (self.next_id(), before, after, f"refs/heads/{branch}", self.clock.tick(), kind, by)
        self.activities.append(Activity(*row))
