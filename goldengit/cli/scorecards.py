"""How a scorecard is told to people: a table, what did not pass, and what to do next."""

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from goldengit.cli.score_tables import Row, about, blocks, cells, columns, held_back, how, legend
from goldengit.cli.terminal import is_colourful, width
from goldengit.reporters.base import counted, visible

if TYPE_CHECKING:
    from goldengit.evaluating.failing import Failing
    from goldengit.evaluating.summary import Part, Summary
    from goldengit.models.scorecard import Scorecard

_BOLD, _DIM, _RED, _YELLOW, _GREEN = "1", "2", "31", "33", "32"
_SHOWN = 12  # failing cases on a terminal; the scorecard holds all
_REASON = 160
_CELLS = 10  # of a bar
_GOOD, _FAIR = 0.9, 0.7  # from where a bar is green, and yellow; no verdict hangs on it


def as_text(card: "Scorecard", found: "Summary", *, saved: str = "") -> str:
    """Return a scorecard for people; `saved` names the file that holds it."""
    return "\n".join(_text(card, found, saved))


def _text(card: "Scorecard", found: "Summary", saved: str) -> Iterator[str]:
    yield _painted(f"{card.dataset}: release {visible(card.release)}", _BOLD)
    yield from (f"  {name:<7}  {visible(value)}" for name, value in about(card, found))
    yield ""
    yield from _table(card, found)
    yield from _evaluators(card)
    yield from _unjudged(found)
    yield from _failing(card)
    yield from _next(card, found, saved)


# -- the table -------------------------------------------------------------------------------


def _table(card: "Scorecard", found: "Summary") -> Iterator[str]:
    head = columns(card, found)
    every = [(title, under, parts) for title, under, parts in blocks(found) if parts]
    rows = [cells(part) for _, _, parts in every for part in parts]
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    labels = [len(part.name) + 4 for _, _, parts in every for part in parts]
    name = max(*labels, *(len(title) for title, _, _ in every))
    room = width(sys.stdout) or 0
    with_bar = name + sum(widths) + 2 * len(widths) + _CELLS + 2 <= room
    before = ""
    for title, under, parts in every:
        if title != before:
            yield from [""] if before else []
            yield _painted(f"{title:<{name}}  {_line(head, head, widths)}", _BOLD)
            before = title
        if under:
            yield _painted(f"  {under}", _DIM)
        indent = 4 if under else 2
        for part in parts:
            label = f"{'':{indent}}{part.name:<{name - indent}}"
            bar = _bar(part) if with_bar else ""
            yield f"{label}  {_line(head, cells(part), widths)}  {bar}".rstrip()
    yield from (_painted(line, _DIM) for line in legend(head))
    yield ""


def _line(head: Row, row: Row, widths: Sequence[int]) -> str:
    shown = zip(head, row, widths, strict=True)
    return "  ".join(f"{cell:>{width}}" for title, cell, width in shown if title)


def _bar(part: "Part") -> str:
    """Return a pass rate as a bar, where a person watches."""
    if part.rate is None or not is_colourful(sys.stdout):
        return ""
    full = round(part.rate * _CELLS)
    colour = _GREEN if part.rate >= _GOOD else _YELLOW if part.rate >= _FAIR else _RED
    return _painted("█" * full, colour) + _painted("░" * (_CELLS - full), _DIM)


# -- what stands below -----------------------------------------------------------------------


def _evaluators(card: "Scorecard") -> Iterator[str]:
    weak = held_back(card)
    if weak:
        yield _painted("Meant to gate, and may not", _BOLD)
        yield from (f"  {run.id}: {run.standing}. {visible(run.why)}" for run in weak)
        yield ""


def _unjudged(found: "Summary") -> Iterator[str]:
    if found.whole and found.unjudged:
        yield _painted(f"No gating evaluator judged {counted(len(found.unjudged), 'case')}", _BOLD)
        yield from _cut([f"  {case}" for case in found.unjudged], _SHOWN)
        yield ""


def _failing(card: "Scorecard") -> Iterator[str]:
    from goldengit.evaluating.failing import failing

    found = failing(card)
    if not found:
        yield "No case failed."
        yield ""
        return
    yield _painted(f"Not passed: {counted(len(found), 'case')}", _BOLD)
    for one in found[:_SHOWN]:
        yield f"  {_path(card, one)}{how(one)}"
        for evaluator, reason in one.reasons:
            yield f"      {evaluator}: {visible(reason, _REASON)}".rstrip(": ")
    yield from _rest(len(found))
    yield ""


def _path(card: "Scorecard", one: "Failing") -> str:
    from goldengit.models.layout import golden_path

    return golden_path(card.dataset, one.case)


def _cut(lines: Sequence[str], most: int) -> Iterator[str]:
    yield from lines[:most]
    yield from _rest(len(lines), most)


def _rest(count: int, most: int = _SHOWN) -> Iterator[str]:
    if count > most:
        yield f"  … and {count - most:,} more; the scorecard holds all of them"


def _next(card: "Scorecard", found: "Summary", saved: str) -> Iterator[str]:
    yield "Next:"
    entitled = [run.id for run in card.evaluators if run.standing == "gate"]
    if not found.whole and entitled:
        ids = ", ".join(entitled)
        yield f"  Nothing gates: {ids} may, and has the role `signal` in dataset.yaml"
    elif not found.whole:
        ids = " ".join(run.id for run in card.evaluators)
        yield f"  goldengit calibrate {ids}    so that they may gate"
    elif saved:
        yield f"  goldengit gate deploy {card.dataset} --candidate {saved}"
    else:
        yield "  Run it again with --output FILE: the deploy gate reads that scorecard."


def _painted(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if is_colourful(sys.stdout) else text
