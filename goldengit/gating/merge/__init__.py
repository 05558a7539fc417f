"""The gate of merges: a pull request, or a group of the merge queue, gets one commit status.

The tool and the policy are the base's; the head is read as Git objects and never runs. Whatever
cannot be read or proved is no success.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from goldengit import checking
from goldengit.errors import CannotJudgeError, OutOfDateError
from goldengit.forge.branch_settings import branch_row
from goldengit.forge.client import GitHub
from goldengit.forge.pulls import read_pull
from goldengit.forge.statuses import statuses_on
from goldengit.gating.merge.decision import Decision, State, decide
from goldengit.gating.merge.matters import matters_of
from goldengit.gating.merge.proofs import confirmed
from goldengit.gauging.declared import policy_of
from goldengit.models.approval import Matter, Reviewed, Topic, approvals
from goldengit.models.change import Change
from goldengit.models.policy import Forge, Policy
from goldengit.models.pull import PullSnapshot, Status
from goldengit.repository.fetching import fetch, fetch_commit
from goldengit.repository.store import Store

__all__ = ["Decision", "Door", "State", "gate_pull", "policy_at", "reviewed_change"]

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


def gate_pull(door: Door, number: int, *, now: str) -> Decision:
    """Return the gate's word about a pull request as it is now; nothing is published.

    Raises CannotJudgeError (ForgeError among them) when anything that it needs cannot be read.
    """
    from goldengit.gating.pins import pin_findings  # it verifies steps, which needs this module

    pull = read_pull(door.github, number)
    base = door.tip(pull.base_branch, f"base/{number}")
    head = door.bring(f"refs/pull/{number}/head", f"pull/{number}")
    if head != pull.head:
        raise OutOfDateError(
            f"Pull request {number} moved while it was read: {pull.head[:12]} became {head[:12]}.",
            remedy="The next run judges what is there then.",
        )
    policy, _ = policy_at(door, base)
    guarding, _ = policy_at(door, _default_tip(door, pull, base))
    change = reviewed_change(door, pull, base, policy, now=now)
    report = checking.judge(change).plus(*pin_findings(door, change))
    return decide(pull, change, report, guarding, base)


def reviewed_change(
    door: Door, pull: PullSnapshot, base: str, policy: Policy, *, now: str
) -> Change:
    """Return what a pull request, whose head was fetched, makes of a base, with its reviews."""
    change = checking.transition(door.store, base, pull.head, now=now, require_confirmed=True)
    matters = matters_of(door.store, change, pull, policy, door.bring_commit)
    return confirmed(change, _reviewed(door, pull, matters, policy), policy)


def _default_tip(door: Door, pull: PullSnapshot, base: str) -> str:
    """Return the commit whose policy says which branches are protected."""
    if pull.base_branch == pull.default_branch:
        return base
    return door.tip(pull.default_branch, "default")


def _reviewed(
    door: Door, pull: PullSnapshot, matters: Mapping[Topic, Matter], policy: Policy
) -> Reviewed:
    statuses = _statuses(door, pull, matters)
    return Reviewed(
        pull=pull,
        matters=matters,
        approvals={
            topic: approvals(matter, pull, statuses, policy) for topic, matter in matters.items()
        },
    )


def _statuses(
    door: Door, pull: PullSnapshot, matters: Mapping[Topic, Matter]
) -> Mapping[str, Sequence[Status]]:
    """Return the statuses on the commits of the line, as far as any matter asks for them."""
    if not matters or not pull.decisive():
        return {}
    asked: dict[str, None] = {}
    for matter in matters.values():
        for commit in matter.line:
            if matter.states.get(commit) != matter.state:
                break
            asked[commit] = None
    return {commit: statuses_on(door.github, commit) for commit in asked}
