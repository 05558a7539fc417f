"""A repository on the fake GitHub, with a clone that the gate judges from: the standard one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from goldengit.forge.client import GitHub
from goldengit.forge.place import place_of
from goldengit.gating.door import Door
from goldengit.gating.merge.decision import Decision
from goldengit.gating.merge.events import Asked
from goldengit.gating.merge.rounds import Round, decisions
from goldengit.models.layout import POLICY
from goldengit.repository.interpret import house_bytes
from goldengit.repository.store import opened
from tests.cli.running import Ran, goldengit
from tests.edits import apply
from tests.fakehub import FakeGitHub
from tests.fakehub.people import App, User
from tests.fakehub.pulls import Pull
from tests.gitbox import Blob, Files, GitBox
from tests.standard import policy, standard

NOW = "2026-08-20T12:00:00Z"
REVIEWERS = ("reviewer-1", "reviewer-2", "reviewer-3", "reviewer-4")
PAGE = "https://github.com/org/evals/actions/runs/1"


@dataclass
class World:
    """The hub, its people by name, and a clone whose `origin` it is."""

    hub: FakeGitHub
    clone: GitBox
    people: dict[str, User] = field(default_factory=dict)
    tips: dict[str, Files] = field(default_factory=dict)
    known: dict[str, Files] = field(default_factory=dict)

    # -- what people do --------------------------------------------------------------------

    def commit(
        self,
        branch: str,
        edits: Sequence[Any],
        *,
        by: str = "opener",
        base: str = "main",
        **who: Any,
    ) -> str:
        """Commit edits on top of a branch (made from `base` when it is new) and push it."""
        parent = self.hub.branches.get(branch) or self.hub.branches[base]
        commit = self.made(edits, parent, author=f"{by}@example.org", **who)
        self.hub.push(branch, commit, by=self.people[by])
        return commit

    def force(self, branch: str, onto: str, edits: Sequence[Any], *, by: str = "opener") -> str:
        """Force-push a branch: these edits on top of another commit."""
        commit = self.made(edits, onto, author=f"{by}@example.org")
        self.hub.push(branch, commit, by=self.people[by])
        return commit

    def made(self, edits: Sequence[Any], onto: str = "", **who: Any) -> str:
        """Return a commit of edits on top of another (the tip of main), pushed nowhere yet."""
        parent = onto or self.hub.branches["main"]
        files = apply(self.known[parent], edits)
        commit = self.hub.box.commit(files, [parent], **who)
        self.known[commit] = files
        return commit

    def pull(
        self, edits: Sequence[Any], *, by: str = "opener", branch: str = "topic", **how: Any
    ) -> Pull:
        """Open a pull request with these edits."""
        self.commit(branch, edits, by=by)
        return self.hub.open_pull(branch, by=self.people[by], **how)

    def approve(self, pull: Pull, *reviewers: str) -> None:
        """Let people approve, one after another."""
        for name in reviewers:
            self.hub.approve(pull, self.people[name])

    # -- what the gate does ----------------------------------------------------------------

    def gate(
        self, *pulls: Pull, announce: bool = False, publish: bool = True, **asked: Any
    ) -> list[Decision]:
        """Run the gate over pull requests and return its words."""
        numbers = tuple(pull.number for pull in pulls)
        wanted = Round(Asked(numbers, announce=announce, **asked), NOW, PAGE if publish else None)
        with opened(self.clone.folder) as store:
            return list(decisions(Door(store, self.client, "origin", {}), wanted))

    @cached_property
    def client(self) -> GitHub:
        """Return the gate's client, which tries nothing again; one for all runs is faster."""
        return GitHub(place_of(self.environment()), self.hub.token(), patience=0)

    def stamp(self, pull: Pull) -> None:
        """Let the gate's status appear on a head, as its first run after a push does."""
        self.hub.status(pull.head_sha, "pending", description=f"PR #{pull.number}: being judged")

    def look(self, pull: Pull) -> Decision:
        """Return the gate's word about one pull request; nothing is published."""
        return self.word(pull, publish=False)

    def word(self, pull: Pull, **how: Any) -> Decision:
        """Run the gate over one pull request and return its word."""
        (decision,) = self.gate(pull, **how)
        return decision

    def fetch(self) -> str:
        """Bring the branches into the clone, as a checkout does, and return the tip of main."""
        self.clone.git("fetch", "--quiet", "origin", "+refs/heads/*:refs/heads/*")
        return self.hub.branches["main"]

    def run(self, *words: str, **more: str) -> Ran:
        """Run the program as a process in the clone."""
        return goldengit(self.clone.folder, *words, **(self.environment() | more))

    def history(self, commit: str) -> list[str]:
        """Return the states of the gate's context on a commit, oldest first."""
        return [one.state for one in self.hub.statuses_of(commit, "goldengit/gate")][::-1]

    def many_rows(self) -> None:
        """Let pages have as many rows as GitHub's, unvalidated: what is in them is known."""
        self.hub.page_rows = 100
        self.relaxed()

    def relaxed(self) -> None:
        """Let the hub answer what GitHub does not promise, for a test of exactly that."""
        self.hub.promises = None

    def environment(self, holder: User | App | None = None) -> dict[str, str]:
        """Return the variables that a job sets."""
        return self.hub.environment(holder)

    def status(self, commit: str) -> tuple[str, str] | None:
        """Return state and description of the newest status of the gate's context."""
        found = self.hub.statuses_of(commit, "goldengit/gate")
        newest = max(found, key=lambda one: one.id, default=None)
        return (newest.state, newest.description or "") if newest else None


def world(folder: Path, **changes: Any) -> World:
    """Return a world whose `main` is the standard repository; `changes` go into its policy."""
    hub = FakeGitHub(folder / "hub")
    clone = GitBox(folder / "clone.git")
    clone.git("remote", "add", "origin", hub.remote)
    made = World(hub, clone)
    made.people["opener"] = hub.user("opener", "write", id=105)
    for number, name in enumerate(REVIEWERS, 101):
        made.people[name] = hub.user(name, "write", id=number)
    made.people["admin"] = hub.user("admin", "admin")
    made.people["writer"] = hub.user("writer", "write")
    made.people["stranger"] = hub.user("stranger")
    files = standard()
    files[POLICY] = Blob(house_bytes(POLICY, with_forge(hub, changes)))
    tip = hub.box.commit(files, author="admin@example.org")
    made.known[tip] = files
    hub.push("main", tip, by=made.people["admin"])
    hub.protect("main")
    return made


def with_forge(hub: FakeGitHub, changes: dict[str, Any]) -> dict[str, Any]:
    """Return the standard policy with the hub's App as the gate."""
    forge = {"gate_account": hub.gate.bot.id} | changes.get("forge", {})
    return policy() | changes | {"forge": forge}
