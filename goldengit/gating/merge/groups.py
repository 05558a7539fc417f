"""The merge queue: each group is judged as what it is about to make of the protected branch."""

from collections.abc import Iterator, Sequence

from goldengit import checking
from goldengit.errors import CannotJudgeError, GoldengitError
from goldengit.forge.queue import Entry, entries
from goldengit.gating.door import Door
from goldengit.gating.merge.decision import Decision, State
from goldengit.gating.merge.pull import gate_pull
from goldengit.gating.merge.squashed import squashed_rules
from goldengit.gating.merge.topics import state_of, topics
from goldengit.models.change import Change
from goldengit.models.finding import Severity


def gate_groups(door: Door, branch: str, *, now: str) -> Iterator[Decision]:
    """Yield the gate's word about each group of a branch's queue, first one first.

    A group passes when every member passes by itself now, when the rules are content with the whole
    group on top of the branch, and when each thing that people approved is in the group's tree what
    it is at its request's own head.
    """
    queue = entries(door.github, branch)
    if not queue:
        return
    tip = door.tip(branch, f"queue/{branch}")
    members: list[Decision] = []
    for place, entry in enumerate(queue):
        members.append(_member(door, entry, now))
        yield _group(door, entry, queue[: place + 1], members, tip, now)


def _member(door: Door, entry: Entry, now: str) -> Decision:
    """Return the gate's word about a member; one that cannot be judged spoils its groups alone."""
    try:
        return gate_pull(door, entry.pull, now=now)
    except GoldengitError as error:
        return Decision(entry.pull_head, State.ERROR, error.problem)


def _group(
    door: Door,
    entry: Entry,
    queue: Sequence[Entry],
    members: Sequence[Decision],
    tip: str,
    now: str,
) -> Decision:
    named = ", ".join(f"#{one.pull}" for one in queue)
    commit = entry.group_head
    if not door.bring_commit(commit):
        raise CannotJudgeError(f"The group {commit[:12]} of the merge queue cannot be fetched.")
    for one, member in zip(queue, members, strict=True):
        if member.state is not State.SUCCESS or member.commit != one.pull_head:
            moved = member.state is State.SUCCESS
            why = "has another head than when it was queued" if moved else member.sentence
            sentence = f"queue of {named}: #{one.pull} {why}"
            return Decision(commit, _worst(member.state), sentence, tip)
    change = checking.transition(door.store, tip, commit, now=now)
    report = checking.judge(change, squashed_rules())
    if report.failed:
        errors = (one for one in report.findings if one.severity is Severity.ERROR)
        codes = ", ".join(sorted({one.rule for one in errors}))
        sentence = f"queue of {named}: together they break {codes}"
        return Decision(commit, State.FAILURE, sentence, tip, change=change, report=report)
    smuggled = sorted(_not_as_approved(change, members))
    if smuggled:
        sentence = f"queue of {named}: {smuggled[0]} is not what was approved"
        return Decision(commit, State.FAILURE, sentence, tip, change=change, report=report)
    sentence = f"queue of {named}: judged together"
    pulls = tuple(member.pull for member in members if member.pull)
    return Decision(
        commit, State.SUCCESS, sentence, tip, change=change, report=report, members=pulls
    )


def _worst(state: State) -> State:
    """Return the state of a group with a member in this state that does not pass."""
    return State.FAILURE if state in {State.SUCCESS, State.PENDING} else state


def _not_as_approved(change: Change, members: Sequence[Decision]) -> Iterator[str]:
    """Yield the paths of what the group makes otherwise than any of its members' heads."""
    known = [one.change for one in members if one.change is not None]
    for topic in topics(change):
        here = state_of(change.head, topic)
        approved = (one.head for one in known if one.reviewed and topic in one.reviewed.matters)
        if all(state_of(head, topic) != here for head in approved):
            yield topic[0]
