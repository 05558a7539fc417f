"""The life of a golden case: it stays as it is, byte for byte, until one appendix closes it.

Several rules ask the same questions of a change: what was closed, what went away and where to,
and whether a file only grew by an appendix. The answers stand here once.
"""

import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from goldengit.models.case import TOMBSTONE_SCHEMA, Case
from goldengit.models.change import Change, File
from goldengit.models.digest import APPENDIX_KEYS, canonical
from goldengit.models.facts import Closure
from goldengit.models.layout import Kind
from goldengit.models.policy import Policy
from goldengit.models.signoff import Signoff, SupersededBy, Withdrawn


@dataclass(frozen=True, slots=True)
class Closing:
    """An appendix that the head has and the base had not: `key` names it, `file` is the head's."""

    file: File
    case: Case
    key: str
    block: SupersededBy | Withdrawn

    @property
    def line(self) -> int:
        """Return the line of the appendix."""
        return self.file.line(self.key)

    @property
    def successor(self) -> str:
        """Return the id of the successor, "" for a withdrawal."""
        return self.block.case if isinstance(self.block, SupersededBy) else ""


@dataclass(frozen=True, slots=True)
class Departure:
    """A golden file of the base that is not in the head, and the added file it turned into."""

    before: File
    to: File | None

    @property
    def is_demotion(self) -> bool:
        """Tell whether the case went back to where rows wait for review."""
        return self.to is not None and self.to.spot.kind in {Kind.QUEUE, Kind.CANDIDATE}


def closings(change: Change) -> Iterator[Closing]:
    """Yield every appendix that this change adds to a golden case."""
    for file in change.of_kind(Kind.GOLDEN):
        after = file.after
        if after is None or not isinstance(after.case, Case):
            continue
        for key, block in (
            ("superseded_by", after.case.superseded_by),
            ("withdrawn", after.case.withdrawn),
        ):
            if block is not None and (file.before is None or key not in file.before.value):
                yield Closing(after, after.case, key, block)


def departures(change: Change) -> Iterator[Departure]:
    """Yield every golden file that this change removes from its path.

    A case is recognised by its id, in the name or in the text, and by its bytes.
    """
    gone = [file.before for file in change.of_kind(Kind.GOLDEN) if file.after is None]
    if not gone:
        return
    added = [file.after for file in change.files if file.before is None and file.after is not None]
    marks = {mark: file for file in added for mark in _marks(file)}
    for before in gone:
        if before is not None:
            found = (marks.get(mark) for mark in _marks(before))
            yield Departure(before, next((file for file in found if file is not None), None))


def _marks(file: File) -> tuple[tuple[str, str], ...]:
    """Return by what a case is recognised, the surest first."""
    stem = file.entry.name.removesuffix(".yaml")
    said = file.value.get("id")
    marks = (("id", stem), ("blob", file.entry.oid))
    return (*marks, ("id", said)) if isinstance(said, str) else marks


def core(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a case without its appendices."""
    return {key: part for key, part in value.items() if key not in APPENDIX_KEYS}


def appendices(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the appendices of a case, at most one of which is legal."""
    return {key: value[key] for key in APPENDIX_KEYS if key in value}


def equal(left: object, right: object) -> bool:
    """Tell whether two JSON values are the same by their canonical bytes.

    Python's own `==` takes 1, 1.0 and True for equal.
    """
    return canonical(left) == canonical(right)


def continues(before: File, after: File) -> bool:
    """Tell whether a golden file stayed as it was, or only gained an appendix at its end."""
    if after.entry.mode != before.entry.mode:
        return False
    if after.entry.oid == before.entry.oid:
        return True
    gained = set(appendices(after.value)) - set(appendices(before.value))
    return (
        bool(before.value and after.value and gained)
        and after.data.startswith(before.data)
        and equal(core(before.value), core(after.value))
    )


def is_tombstone(file: File) -> bool:
    """Tell whether a file says that it is what an erasure left."""
    return file.value.get("schema") == TOMBSTONE_SCHEMA


def chain(closures: Mapping[str, Closure], case: str) -> tuple[str, ...]:
    """Return the successors of a case, nearest first; the last one repeats in a cycle."""
    seen = [case]
    while (closure := closures.get(seen[-1])) is not None and closure.successor:
        seen.append(closure.successor)
        if closure.successor in seen[:-1]:
            break
    return tuple(seen[1:])


def has_maintainer(signoffs: Iterable[Signoff], policy: Policy) -> bool:
    """Tell whether a maintainer of the roster, in force at the time, signed as one."""
    return any(
        signoff.role == "maintainer"
        and signoff.reviewer in policy.roster
        and policy.roster[signoff.reviewer].holds("maintainer", signoff.at)
        for signoff in signoffs
    )


def restore_command(change: Change, path: str) -> str:
    """Return the command that brings a file of the base back."""
    source = base_revision(change, change.base.tree)
    return f"git restore --source={source} --staged --worktree -- {shlex.quote(path)}"


def base_revision(change: Change, otherwise: str = "BASE") -> str:
    """Return the base's name where Git understands it, else the other word."""
    name = change.base.name
    return otherwise if " " in name else shlex.quote(name)
