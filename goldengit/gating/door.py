"""The door of the gates on a forge: the repository here, the API, and how commits come over."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from goldengit.errors import CannotJudgeError, OutOfDateError
from goldengit.forge.branch_settings import branch_row
from goldengit.forge.client import GitHub
from goldengit.gauging.declared import policy_of
from goldengit.models.policy import Forge, Policy
from goldengit.repository.fetching import fetch, fetch_commit
from goldengit.repository.store import Store

_REFS = "refs/goldengit/forge"


@dataclass(frozen=True)
class Door:
    """What a gate works with: the repository here, the forge, and how to fetch from it."""

    store: Store
    github: GitHub
    remote: str
    login: Mapping[str, str] = field(repr=False)  # holds the token

    def bring(self, source: str, name: str) -> str:
        """Fetch a ref under a name of ours and return the commit it stands for."""
        target = f"{_REFS}/{name}"
        fetch(self.store.repository, self.remote, [f"+{source}:{target}"], self.login)
        return self.store.repository.commit(target)

    def tip(self, branch: str, name: str) -> str:
        """Fetch a branch and return its commit, which the forge must name as well.

        Raises OutOfDateError when it names another one: policy and base come from this branch, and
        a remote could be a mirror, or another repository than the one whose reviews are read.
        """
        for _ in range(2):  # it may move between the two questions
            here = self.bring(f"refs/heads/{branch}", name)
            there = branch_row(self.github, branch).commit.sha
            if here == there:
                return here
        place = self.github.place
        raise OutOfDateError(
            f"`{branch}` is {there[:12]} in {place.repository} on {place.host}, and {here[:12]} "
            f"at the remote {self.remote}.",
            remedy=f"If it did not move just now, correct GITHUB_REPOSITORY or {self.remote}.",
        )

    def bring_commit(self, commit: str) -> bool:
        """Fetch a commit by its id; False when the forge does not give it."""
        return fetch_commit(self.store.repository, self.remote, commit, self.login)


def policy_at(door: Door, commit: str) -> tuple[Policy, Forge]:
    """Return the policy of a commit, whose `forge` must be the one that is asked.

    Raises CannotJudgeError when it names none, or another host: numeric ids are worth something on
    their own host alone.
    """
    tree = door.store.snapshot(commit[:12], door.store.repository.tree_of(commit))
    policy = policy_of(tree)
    if policy.forge is None:
        raise CannotJudgeError(
            f"The policy of {commit[:12]} does not say whose status is the gate's.",
            remedy="Add `forge:` with its `gate_account` to goldengit.yaml: see `goldengit init "
            "--github`.",
        )
    host = door.github.place.host
    if policy.forge.host != host:
        raise CannotJudgeError(
            f"The policy's accounts are those of {policy.forge.host}, and this is {host}.",
            remedy="Name the host in `forge.host`, and the persons' accounts there.",
        )
    return policy, policy.forge
