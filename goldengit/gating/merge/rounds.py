"""One round of the gate: everything that was asked for, judged and perhaps published."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from goldengit.errors import GoldengitError
from goldengit.forge.pulls import default_branch, open_pulls
from goldengit.gating.door import Door, policy_at
from goldengit.gating.merge.decision import Decision, State
from goldengit.gating.merge.events import Asked
from goldengit.gating.merge.groups import gate_groups
from goldengit.gating.merge.publishing import Publisher, publish_group, publish_pull
from goldengit.gating.merge.pull import gate_pull
from goldengit.models.policy import Policy


@dataclass(frozen=True)
class Round:
    """What to judge, when, and where each published status leads to; None publishes nothing."""

    asked: Asked
    now: str
    page: str | None = None

    @property
    def is_alone(self) -> bool:
        """Tell whether one pull request was asked for, whose failure is the round's."""
        return len(self.asked.pulls) == 1


def decisions(door: Door, one: Round) -> Iterator[Decision]:
    """Yield the gate's word about each pull request and group that was asked for.

    In a round over several, one that cannot be judged keeps no other waiting: its word is an error.
    Raises CannotJudgeError where nothing can be judged.
    """
    tip = door.tip(default_branch(door.github), "default")
    policy, forge = policy_at(door, tip)
    publisher = Publisher(door, forge.gate_account, one.page) if one.page is not None else None
    for number in _numbers(door, one, policy):
        yield from _kept(one, partial(_pull, door, number, one, publisher), f"#{number}")
    for branch in policy.protected_branches if one.asked.queue else ():
        yield from _kept(one, partial(_queue, door, branch, one, publisher), f"queue of {branch}")


def _numbers(door: Door, one: Round, policy: Policy) -> Iterator[int]:
    if not one.asked.sweep:
        yield from one.asked.pulls
        return
    for row in list(open_pulls(door.github)):
        if row.base.ref in policy.protected_branches:
            yield row.number


def _kept(one: Round, work: Callable[[], Iterator[Decision]], name: str) -> Iterator[Decision]:
    """Yield what some work yields, and an error in its place when it fails among others."""
    try:
        yield from work()
    except GoldengitError as error:
        if one.is_alone:
            raise
        yield Decision(commit="", state=State.ERROR, sentence=f"{name}: {error}")


def _pull(door: Door, number: int, one: Round, publisher: Publisher | None) -> Iterator[Decision]:
    if publisher is None:
        yield gate_pull(door, number, now=one.now)
        return
    found = publish_pull(publisher, number, announce=one.asked.announce, now=one.now)
    if found is not None:
        yield found


def _queue(door: Door, branch: str, one: Round, publisher: Publisher | None) -> Iterator[Decision]:
    for decision in gate_groups(door, branch, now=one.now):
        yield publish_group(publisher, decision) if publisher is not None else decision
