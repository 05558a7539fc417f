"""`goldengit status`: what each dataset holds, and how long its queue has waited."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from goldengit.cli.delivery import SHAPE, Shape, as_json
from goldengit.cli.terminal import Meter, bold, is_colourful, say
from goldengit.errors import NothingToJudgeError

if TYPE_CHECKING:
    from goldengit.auditing.status import DatasetStatus


def status(format_: Annotated[Shape, SHAPE] = Shape.TEXT) -> int:
    """Show what each dataset holds.

    The version is the Git tree id of the golden folder in the work tree.
    """
    from goldengit.auditing.status import statuses
    from goldengit.checking import moment
    from goldengit.repository.sources import work_tree
    from goldengit.repository.store import opened

    with Meter("Reading golden cases") as meter, opened(Path.cwd(), meter) as store:
        tree = store.snapshot("the work tree", work_tree(store.repository))
        found = statuses(tree, moment())
    if not found:
        raise NothingToJudgeError(
            "There is no dataset here.", remedy="Run `goldengit init`, or go to your repository."
        )
    if format_ is Shape.JSON:
        say(as_json({"schema": "goldengit/status/v1", "datasets": found}))
    else:
        say("\n\n".join("\n".join(_lines(one)) for one in found))
    return 0


def _lines(one: "DatasetStatus") -> Iterator[str]:
    paint = bold if is_colourful(sys.stdout) else str
    yield paint(one.name)
    yield from _rows(
        [
            ("owner", one.owner or "nobody"),
            ("queue", _queue(one)),
            ("candidates", f"{one.candidates:,}"),
            ("golden", _golden(one)),
            ("version", one.version or "no golden case yet"),
            ("root", one.root),
        ]
    )


def _rows(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    column = max(len(name) for name, _ in rows)
    return (f"  {name:<{column}}  {value}" for name, value in rows)


def _queue(one: "DatasetStatus") -> str:
    if one.queued == 0:
        return "empty"
    late = f"; OVERDUE, the limit is {one.queue_limit} days" if one.overdue else ""
    return f"{one.queued:,} waiting, the oldest for {one.queue_age} days{late}"


def _golden(one: "DatasetStatus") -> str:
    ended = {
        "superseded": one.superseded,
        "withdrawn": one.withdrawn,
        "erased": one.erased,
        "expired": one.expired,
    }
    parts = [f"{one.active:,} active", *(f"{n:,} {word}" for word, n in ended.items() if n)]
    return f"{one.golden:,}: {', '.join(parts)}"
