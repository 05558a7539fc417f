"""Tables and harmless text for the terminal and for Markdown pages."""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence

from goldengit.cli.terminal import is_colourful
from goldengit.reporters.base import visible

BOLD, DIM, RED, YELLOW, GREEN = "1", "2", "31;1", "33;1", "32;1"
Row = Sequence[str]

_SPAN = re.compile(r"((?<!`)`[^`]+`(?!`))")  # two backticks in a row would close another span
_MARK = re.compile(r"[\\*_\[\]~<>&`]|(?P<call>[@#])(?=\w)")
_LONGEST = 300


def painted(text: str, style: str) -> str:
    """Return a text in a style, where a person watches."""
    return f"\x1b[{style}m{text}\x1b[0m" if is_colourful(sys.stdout) else text


def table(head: Row, rows: Sequence[Row], styles: Mapping[str, str]) -> Iterator[str]:
    """Yield an aligned table: words to the left, what is a number to the right.

    `styles` says how a cell of the second column is painted.
    """
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
    yield painted("  ".join(_aligned(head, widths)).rstrip(), BOLD)
    for row in rows:
        cells = _aligned(row, widths)
        cells[1] = painted(cells[1], styles[row[1]]) if row[1] in styles else cells[1]
        yield "  ".join(cells).rstrip()


def _aligned(row: Row, widths: Sequence[int]) -> list[str]:
    words = 2  # the name and what is said of it
    return [
        f"{cell:<{width}}" if at < words else f"{cell:>{width}}"
        for at, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]


def markdown_table(head: Row, rows: Sequence[Row]) -> Iterator[str]:
    """Yield a table of cells that are Markdown already; a bar in one does not end it."""
    for row in (head, ["--"] * len(head), *rows):
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"


def code(text: str) -> str:
    """Return what somebody else wrote as a code span, "" for nothing.

    There no forge sees HTML, links, mentions or marks.
    """
    shown = visible(text, _LONGEST).replace("`", "'").replace("|", "¦").strip()
    return f"`{shown}`" if shown else ""


def sentence(text: str) -> str:
    """Return a sentence of ours as Markdown: its code spans stay, every other mark is a sign."""
    parts = _SPAN.split(visible(text, 10 * _LONGEST))
    return "".join(part if _SPAN.fullmatch(part) else _harmless(part) for part in parts)


def _harmless(text: str) -> str:
    return _MARK.sub(_sign, text)


def _sign(mark: re.Match[str]) -> str:
    """Return a mark as a sign; a mention or a reference is found only in unbroken text."""
    return f"{mark[0]}<!-- -->" if mark["call"] else f"&#{ord(mark[0])};"
