"""`goldengit explain`: the page of a rule, or the list of all rules."""

import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from textwrap import fill
from typing import TYPE_CHECKING, Annotated

import typer

from goldengit.cli.terminal import bold, is_colourful, say, width

if TYPE_CHECKING:
    from goldengit.reporters.base import Page

_WIDEST = 100  # columns; longer lines are hard to read

Paint = Callable[[str], str]


def explain(
    rule: Annotated[
        str, typer.Argument(metavar="RULE", help="A code such as GG303, or a rule's name.")
    ] = "",
) -> int:
    """Explain a rule, or list them all."""
    from goldengit.cli.pages import find, pages

    room = min(width(sys.stdout) or _WIDEST, _WIDEST)
    paint: Paint = bold if is_colourful(sys.stdout) else str
    if rule:
        say("\n".join(_page(find(rule), room, paint)))
    else:
        say("\n".join(_table(pages().values(), width(sys.stdout), paint)))
    return 0


def _table(known: "Iterable[Page]", room: int | None, paint: Paint) -> Iterator[str]:
    from goldengit.cli.pages import FAMILIES

    listed = list(known)
    column = max((len(page.name) for page in listed), default=0)
    for family, members in groupby(listed, key=lambda page: page.code[:3]):
        yield paint(f"{family}  {FAMILIES.get(family, '')}")
        for page in members:
            line = f"  {page.code}  {page.name:<{column}}  {page.title}"
            yield line if room is None or len(line) <= room else f"{line[: room - 1]}…"
        yield ""
    yield "`goldengit explain GG303` prints the page of a rule."


def _page(page: "Page", room: int, paint: Paint) -> Iterator[str]:
    yield paint(f"{page.code} {page.name}")
    yield from fill(page.title, room).splitlines()
    waiver = "may be waived" if page.waivable else "cannot be waived"
    yield f"{page.severity.label.capitalize()}; {waiver}; since {page.since}."
    above = ""
    for block in _blocks(page.text.replace("**", "")):
        yield from [] if above.startswith("## ") else [""]
        yield from _block(block, room, paint)
        above = block[0]


def _blocks(markdown: str) -> Iterator[list[str]]:
    """Yield headings, fenced code and paragraphs of a page, each as its lines."""
    block: list[str] = []
    fenced = False
    for line in [*markdown.splitlines(), ""]:
        fence = line.startswith("```")
        if block and not fenced and (not line or fence or line.startswith(("## ", "- ", "* "))):
            yield block
            block = []
        if line or fenced:
            block.append(line)
        if block and not fenced and line.startswith("## "):
            yield block
            block = []
        fenced = fenced != fence
        if fence and not fenced:
            yield block
            block = []


def _block(block: list[str], room: int, paint: Paint) -> Iterator[str]:
    if block[0].startswith("## "):
        yield paint(block[0].removeprefix("## "))
    elif block[0].startswith("```"):
        yield from (f"    {line}".rstrip() for line in block[1:-1])
    else:
        hanging = "    " if block[0].startswith(("- ", "* ")) else "  "
        yield fill(
            " ".join(line.strip() for line in block),
            room,
            initial_indent="  ",
            subsequent_indent=hanging,
            break_long_words=False,
            break_on_hyphens=False,
        )
