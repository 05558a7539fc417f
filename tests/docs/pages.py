"""Reading the documentation: which pages there are, and the fenced blocks and code in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).parents[2]
DOCS = TOP / "docs"

_FENCE = re.compile(r"^```(?P<info>[^`\n]*)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`([^`\n]+)`")
_COMMENT = re.compile(r"<!-- tried(?: after (?P<first>[\w./-]+))? -->")
_NOT_OURS = frozenset({"node_modules", "dist", "build"})


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: the words after its fence, what is in it, and its line in the page."""

    language: str
    notes: dict[str, str]
    body: str
    line: int


def every_page() -> list[Path]:
    """Return all Markdown files of the project, sorted."""
    found = [path for path in TOP.rglob("*.md") if not _is_hidden(path.relative_to(TOP))]
    return sorted([*found, *(TOP / ".github").rglob("*.md")])


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") or part in _NOT_OURS for part in path.parts)


def tried_pages() -> dict[Path, Path | None]:
    """Return the pages whose blocks are run, each with the page that is run before it, or None.

    Such a page says so in a comment: `<!-- tried -->`, or `<!-- tried after ../tutorial.md -->`.
    """
    found: dict[Path, Path | None] = {}
    for page in sorted(DOCS.rglob("*.md")):
        match = _COMMENT.search(page.read_text(encoding="utf-8"))
        if match:
            first = match["first"]
            found[page] = (page.parent / first).resolve() if first else None
    return found


def blocks(text: str) -> Iterator[Block]:
    """Yield the fenced blocks of a page in order."""
    for match in _FENCE.finditer(text):
        language, _, rest = match["info"].strip().partition(" ")
        notes = dict(re.findall(r'(\w+)="?([^"\s]+)"?', rest))
        yield Block(language, notes, match["body"], text.count("\n", 0, match.start()) + 1)


def code(text: str) -> Iterator[str]:
    """Yield everything that a page shows as code: the lines of its fenced blocks, and its spans."""
    for block in blocks(text):
        yield from block.body.replace("\\\n", " ").splitlines()
        yield from _SPAN.findall(block.body)
    yield from _SPAN.findall(_FENCE.sub("", text))


def links(text: str) -> Iterator[str]:
    """Yield the targets of a page's links that stay inside the project."""
    for target in re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", _SPAN.sub("", _FENCE.sub("", text))):
        if not re.match(r"[a-z]+:", target):
            yield target


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as forges derive them."""
    titles = re.findall(r"^#{1,6} +(.+?)$", _FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
