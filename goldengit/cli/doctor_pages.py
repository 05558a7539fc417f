"""How the doctor's findings are told: on a terminal, on a page, and to programs."""

import sys
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from goldengit.cli.delivery import as_json
from goldengit.cli.tables import BOLD, DIM, GREEN, RED, YELLOW, code, markdown_table, painted
from goldengit.cli.tables import sentence as harmless
from goldengit.cli.terminal import width
from goldengit.models.settings import State
from goldengit.reporters.base import counted, visible

if TYPE_CHECKING:
    from goldengit.auditing.doctor import Diagnosed
    from goldengit.models.settings import Diagnosis

_STYLES = {State.OK: GREEN, State.FAIL: RED, State.WARNING: YELLOW, State.UNKNOWN: YELLOW}
_STATE = max(len(state) for state in State)
_GAP = "  "
_GUARANTEE = 38  # columns at most while there is little room
_NARROWEST = 72
_CODE = len("GG801")
_INDENT = " " * (_STATE + len(_GAP) + _CODE + len(_GAP))


def as_text(found: "Diagnosed") -> str:
    """Return the table for people, what to change under each row, and the sum of it."""
    room = width(sys.stdout)
    if room is not None:
        room = max(room, _NARROWEST)
    lines = [painted(visible(_title(found)), BOLD), ""]
    column = _column(found.diagnoses, room)
    head = f"{'state':<{_STATE}}{_GAP}{'code':<{_CODE}}{_GAP}{'guarantee':<{column}}{_GAP}found"
    lines.append(painted(head, BOLD))
    for one in found.diagnoses:
        lines += _row(one, column, room)
    lines += ["", *_ending(found, room)]
    return "\n".join(lines) + "\n"


def as_markdown(found: "Diagnosed") -> str:
    """Return the table as a page in GitHub-flavoured Markdown."""
    rows = [
        (
            f"**{one.state}**" if one.state is not State.OK else "ok",
            one.code,
            code(one.guarantee),
            code(one.found),
            harmless(one.remedy),
        )
        for one in found.diagnoses
    ]
    head = ("state", "code", "guarantee", "found", "what to change")
    title = f"## goldengit doctor: {code(found.home.repository)}\n"
    return "\n".join([title, *markdown_table(head, rows), "", harmless(_sum(found))]) + "\n"


def as_json_text(found: "Diagnosed") -> str:
    """Return the record `goldengit/doctor/v1`, a shape that only ever gains keys."""
    return as_json(
        {
            "schema": "goldengit/doctor/v1",
            "host": found.home.host,
            "repository": found.home.repository,
            "default_branch": found.home.default_branch,
            "commit": found.home.tip,
            "exit_code": found.exit_code,
            "diagnoses": found.diagnoses,
        }
    )


def _title(found: "Diagnosed") -> str:
    home = found.home
    kind = "private" if home.is_private else "public"
    return f"{home.repository} on {home.host}: {kind}, default branch {home.default_branch}"


def _column(diagnoses: "Sequence[Diagnosis]", room: int | None) -> int:
    longest = max((len(visible(one.guarantee)) for one in diagnoses), default=0)
    return longest if room is None else min(longest, _GUARANTEE, room - len(_INDENT) - 20)


def _row(one: "Diagnosis", column: int, room: int | None) -> Iterator[str]:
    """Yield one row; what was found stands under it where there is too little room beside it."""
    state = painted(f"{one.state:<{_STATE}}", _STYLES[one.state])
    guarantee, found = visible(one.guarantee), visible(one.found)
    rest = None if room is None else room - len(_INDENT) - column - len(_GAP)
    beside = len(guarantee) <= column and (rest is None or len(found) <= rest)
    cells = f"{guarantee:<{column}}{_GAP}{found}" if beside else guarantee
    yield f"{state}{_GAP}{one.code}{_GAP}{cells}".rstrip()
    if not beside:
        yield from _under(found, room)
    if one.remedy:
        yield from _under(f"→ {visible(one.remedy)}", room)


def _under(text: str, room: int | None) -> Iterator[str]:
    for at, line in enumerate(_folded(text, None if room is None else room - len(_INDENT) - 2)):
        yield f"{_INDENT}{'  ' if at else ''}{line}"


def _folded(text: str, room: int | None) -> list[str]:
    if room is None or len(text) <= room:
        return [text]
    return textwrap.wrap(text, room, break_long_words=True, break_on_hyphens=False)


def _ending(found: "Diagnosed", room: int | None) -> Iterator[str]:
    style = {0: GREEN, 1: RED}.get(found.exit_code, YELLOW)
    yield from (painted(line, style) for line in _folded(_sum(found), room))
    for state in (State.FAIL, State.UNKNOWN, State.WARNING):
        for one in found.diagnoses:
            if one.state is state:
                yield painted(f"`goldengit explain {one.code}` says why that matters.", DIM)
                return


def _sum(found: "Diagnosed") -> str:
    counts = {state: found.count(state) for state in State}
    parts = [
        f"{counts[State.FAIL]:,} to change" if counts[State.FAIL] else "",
        f"{counts[State.UNKNOWN]:,} unknown" if counts[State.UNKNOWN] else "",
        counted(counts[State.WARNING], "warning") if counts[State.WARNING] else "",
        f"{counts[State.OK]:,} ok",
    ]
    verdict = {0: "Everything that was looked at holds", 1: "Something is left to do"}
    said = verdict.get(found.exit_code, "Not everything could be seen")
    return f"{said}: {', '.join(part for part in parts if part)}."
