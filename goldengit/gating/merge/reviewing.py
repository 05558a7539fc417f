"""A pull request as a change that people have reviewed: matters, approvals, confirmed claims."""

from collections.abc import Mapping, Sequence

from goldengit import checking
from goldengit.forge.statuses import statuses_on
from goldengit.gating.door import Door
from goldengit.gating.merge.matters import matters_of
from goldengit.gating.merge.proofs import confirmed
from goldengit.models.approval import Matter, Reviewed, Topic, approvals
from goldengit.models.change import Change
from goldengit.models.policy import Policy
from goldengit.models.pull import PullSnapshot, Status


def reviewed_change(
    door: Door, pull: PullSnapshot, base: str, policy: Policy, *, now: str
) -> Change:
    """Return what a pull request, whose head was fetched, makes of a base, with its reviews."""
    change = checking.transition(door.store, base, pull.head, now=now, require_confirmed=True)
    matters = matters_of(door.store, change, pull, policy, door.bring_commit)
    return confirmed(change, _reviewed(door, pull, matters, policy), policy)


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
