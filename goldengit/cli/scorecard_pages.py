"""How a scorecard is told on a page: the tables and lists of the terminal, in Markdown."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from goldengit.cli.score_tables import about, blocks, cells, columns, held_back, how, legend
from goldengit.reporters.base import counted, visible

if TYPE_CHECKING:
    from goldengit.evaluating.summary import Summary
    from goldengit.models.scorecard import Scorecard

_SHOWN = 50  # cases; the scorecard holds all
_REASON = 300
# Marks, tags, mentions, references, and the beginnings of what becomes a link by itself.
_ACTIVE = re.compile(r"[\\`*_\[\]#!|<>&@~]|:(?=//)|(?<=www)\.", re.IGNORECASE)
# A forge looks for mentions and references in the text that it shows, where no sign is coded.
_CALL = re.compile(r"(&#(?:64|35);)(?=\w)")


def as_markdown(card: "Scorecard", found: "Summary") -> str:
    """Return a scorecard as GitHub-flavoured Markdown."""
    return "\n".join(_page(card, found)) + "\n"


def _page(card: "Scorecard", found: "Summary") -> Iterator[str]:
    yield f"## {plain(card.dataset)}: release {plain(card.release)}"
    yield ""
    yield from (f"- {name}: {plain(value)}" for name, value in about(card, found))
    yield from _tables(card, found)
    weak = held_back(card)
    if weak:
        yield "\n**Meant to gate, and may not**\n"
        yield from (f"- {plain(run.id)}: {run.standing}. {plain(run.why)}" for run in weak)
    if found.whole and found.unjudged:
        yield f"\n**No gating evaluator judged {counted(len(found.unjudged), 'case')}**\n"
        yield from (f"- {plain(case)}" for case in found.unjudged[:_SHOWN])
        yield from _rest(len(found.unjudged))
    yield from _failing(card)


def _tables(card: "Scorecard", found: "Summary") -> Iterator[str]:
    head = columns(card, found)
    shown = [place for place, title in enumerate(head) if title]
    every = [(title, under, parts) for title, under, parts in blocks(found) if parts]
    for title, group in groupby(every, key=lambda block: block[0]):
        yield f"\n| {title} | {' | '.join(head[place] for place in shown)} |"
        yield f"|:--|{'--:|' * len(shown)}"
        for _, under, parts in group:
            if under:
                yield f"| *{under}* |{' |' * len(shown)}"
            for part in parts:
                row = cells(part)
                yield f"| {plain(part.name)} | {' | '.join(row[place] for place in shown)} |"
    yield from (f"\n{line}" for line in legend(head))


def _failing(card: "Scorecard") -> Iterator[str]:
    from goldengit.evaluating.failing import failing
    from goldengit.models.layout import golden_path

    found = failing(card)
    if not found:
        yield "\nNo case failed."
        return
    yield f"\n<details><summary>Not passed: {counted(len(found), 'case')}</summary>\n"
    for one in found[:_SHOWN]:
        yield f"- {plain(golden_path(card.dataset, one.case))}{how(one)}"
        yield from (f"  - {plain(name)}: {plain(reason)}" for name, reason in one.reasons)
    yield from _rest(len(found))
    yield "\n</details>"


def _rest(count: int) -> Iterator[str]:
    if count > _SHOWN:
        yield f"- and {count - _SHOWN:,} more"


def plain(text: str) -> str:
    """Return a text so that Markdown and HTML find nothing in it: no link, no mention, no mark."""
    harmless = _ACTIVE.sub(lambda sign: f"&#{ord(sign[0])};", visible(text, _REASON))
    return _CALL.sub("\\1<!-- -->", harmless)
