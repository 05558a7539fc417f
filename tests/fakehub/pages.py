"""Pages of rows and the `Link` header that leads to the next one."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from tests.fakehub.routes import Answer, Listed, Request

MOST_ROWS = 100
USUAL_ROWS = 30
CURSORS = {"before", "after"}


def paged(listed: Listed, request: Request, base: str, cap: int) -> Answer:
    """Return one page: `cap` rows at most, whatever `per_page` asks for."""
    asked = int(request.query.get("per_page", USUAL_ROWS))
    size = max(1, min(asked, cap, MOST_ROWS))
    cut = _by_cursor if listed.cursor else _by_number
    rows, links = cut(listed.rows, request.query, size)
    url = base + request.path
    kept = {name: value for name, value in request.query.items() if name not in CURSORS}
    header = ", ".join(
        f'<{url}?{urlencode({**kept, **change})}>; rel="{rel}"' for rel, change in links.items()
    )
    body: Any = rows
    if listed.key:
        body = {"total_count": len(listed.rows), listed.key: rows, **listed.beside}
    return Answer(body, headers={"Link": header} if header else {})


Page = tuple[Sequence[Any], dict[str, dict[str, str]]]


def _by_number(rows: Sequence[Any], query: dict[str, str], size: int) -> Page:
    page = int(query.get("page", 1))
    last = max(1, -(-len(rows) // size))
    numbers: dict[str, int] = {}
    if page > 1:
        numbers |= {"first": 1, "prev": page - 1}
    if page < last:
        numbers |= {"next": page + 1, "last": last}
    links = {rel: {"page": str(number)} for rel, number in numbers.items()}
    return rows[(page - 1) * size : page * size], links


def _by_cursor(rows: Sequence[Any], query: dict[str, str], size: int) -> Page:
    """Page by row id; there is no `last`."""
    ids = [str(row["id"]) for row in rows]
    start = 0
    if "after" in query:
        start = ids.index(query["after"]) + 1
    elif "before" in query:
        start = max(0, ids.index(query["before"]) - size)
    shown = rows[start : start + size]
    links = {}
    if start + size < len(rows):
        links["next"] = {"after": ids[start + size - 1]}
    if start > 0:
        links["prev"] = {"before": ids[start]}
    return shown, links
