"""Quoting: text of a case in Markdown of ours, so that it can only be read.

In code spans and fenced blocks a forge sees no HTML, link, mention or mark. What is left is to
keep the text from ending them.
"""

import json
import re
from collections.abc import Iterable, Iterator
from textwrap import wrap

from pydantic import JsonValue

from goldengit.reporters.base import visible

_LONGEST_SPAN = 160  # characters
_COLUMNS = 96  # a forge shows no more of a line in a block without scrolling
_TAB = 4
_TICKS = re.compile(r"`+")
_WIDEST = 10  # characters that `visible` may make of one


def span(text: str) -> str:
    """Return a short text as a code span that may stand in a table, "" for nothing."""
    shown = visible(text, _LONGEST_SPAN).replace("`", "'").replace("|", "¦").strip()
    return f"`{shown}`" if shown else ""


def fenced(lines: Iterable[str], info: str = "") -> Iterator[str]:
    """Yield lines as a block whose fence is longer than any run of backticks in it."""
    content = list(lines)
    longest = max((len(run) for line in content for run in _TICKS.findall(line)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}{info}"
    yield from content
    yield fence


def shown(value: JsonValue, most: int) -> tuple[list[str], bool]:
    """Return a value as lines of harmless text, and whether they are all of it.

    Text stays as it is, everything else becomes indented JSON. Long lines are wrapped. `most` is
    the number of characters that are kept.
    """
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    lines: list[str] = []
    room = most
    for line in _wrapped(text[:most]):
        room -= len(line) + 1
        if room < 0:
            return lines, False
        lines.append(line)
    return lines, len(text) <= most


def _wrapped(text: str) -> Iterator[str]:
    for line in text.replace("\r\n", "\n").split("\n"):
        parts = wrap(
            line.expandtabs(_TAB),
            _COLUMNS,
            expand_tabs=False,
            replace_whitespace=False,
            drop_whitespace=False,
            break_on_hyphens=False,
        )
        yield from (visible(part, _WIDEST * _COLUMNS) for part in parts or [""])
