"""What people must approve in a change: cases that become golden or end, and what steers a gate."""

from collections.abc import Iterator
from typing import cast

from goldengit.models.approval import ABSENT, FILE, Topic
from goldengit.models.change import Change, FileChange, Snapshot
from goldengit.models.claims import TRANSITION_OF, subject_of
from goldengit.models.layout import EVALUATORS, Kind
from goldengit.models.protection import is_protected
from goldengit.models.signoff import Transition

_STEERS_DATA = frozenset((Kind.DATASET, Kind.RUBRIC, Kind.BASELINE))


def topics(change: Change) -> tuple[Topic, ...]:
    """Return the topics of a change, each once, in the order of the paths."""
    found: dict[Topic, None] = {}
    for each in change.files:
        found.update(dict.fromkeys(_topics(each, change)))
    return tuple(found)


def state_of(snapshot: Snapshot, topic: Topic) -> str:
    """Return what a topic is in a tree: a digest, or mode and id of a file; `ABSENT` if not.

    The mode counts, since a script may become executable, or a file a link, with the same content.
    """
    path, what = topic
    if what == FILE:
        entry = snapshot.entry(path)
        return f"{entry.mode} {entry.oid}" if entry is not None else ABSENT
    file = snapshot.file(path)
    if file is None or file.case is None:
        return ABSENT
    return subject_of(file, cast(Transition, what))


def _topics(each: FileChange, change: Change) -> Iterator[Topic]:
    spot = each.spot
    if spot.kind is Kind.GOLDEN:
        yield from ((each.path, transition) for transition in _transitions(each))
    elif spot.kind.is_of_evaluator:
        yield f"{EVALUATORS}/{spot.evaluator}", FILE
    elif spot.kind in _STEERS_DATA or is_protected(each.path, change.policy):
        yield each.path, FILE


def _transitions(each: FileChange) -> Iterator[Transition]:
    """Yield what a change of a golden file claims to be; what is illegal has rules of its own."""
    after = each.after.case if each.after else None
    before = each.before.case if each.before else None
    if after is None:
        return
    if before is None:
        yield "promote"
    for key, transition in TRANSITION_OF.items():
        if getattr(after, key, None) is not None and getattr(before, key, None) is None:
            yield transition
