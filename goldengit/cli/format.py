"""`goldengit format`: house style, where a file may still change."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goldengit.cli.editing import judge
from goldengit.cli.terminal import Meter, complain, say

if TYPE_CHECKING:
    from goldengit.promoting.format import Formatted


def format_(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH", help="Files or folders; without any, every dataset."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 when something would change.")
    ] = False,
) -> int:
    """Rewrite rows and drafts in house style.

    What a file says stays; comments but the first line go. Frozen cases stay as they are.
    """
    from goldengit.promoting.format import format_rows
    from goldengit.repository.store import opened

    with Meter("Reading golden cases") as meter, opened(Path.cwd(), meter) as store:
        result = format_rows(store, paths or [], judge=judge, check=check)
    for path, refusal in result.unreadable:
        complain(f"{path}:{refusal.line}: {refusal.code}: {refusal.message} {refusal.remedy}")
    say("\n".join(_told(result, check=check)))
    return int(bool(result.unreadable) or (check and bool(result.changed)))


def _told(result: "Formatted", *, check: bool) -> Iterator[str]:
    from goldengit.reporters.base import counted

    if result.done.recovered:
        yield result.done.recovered
    verb = "would change" if check else "formatted"
    yield from (f"  {verb}  {path}" for path in result.changed)
    yield from (f"  frozen, left alone  {path}" for path in result.frozen)
    rest = f"{counted(result.looked_at, 'file')} looked at."
    if result.changed:
        yield f"{len(result.changed):,} {verb}; {rest}"
    elif result.unreadable:
        yield f"Nothing {verb}; {rest}"
    else:
        yield f"Everything is in house style; {rest}"
