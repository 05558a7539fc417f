"""`goldengit gate merge`: whether a pull request may be merged, as one commit status."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goldengit.cli.delivery import Told, as_json
from goldengit.cli.events import event_bytes
from goldengit.cli.summaries import append
from goldengit.cli.terminal import Meter, say
from goldengit.errors import UsageError

if TYPE_CHECKING:
    from goldengit.gating.door import Door
    from goldengit.gating.merge.decision import Decision
    from goldengit.gating.merge.events import Asked


def merge(
    number: Annotated[
        int | None, typer.Option("--pr", metavar="N", min=1, help="Judge this pull request.")
    ] = None,
    event: Annotated[
        str, typer.Option("--event", metavar="FILE", help="Judge what an event of Actions names.")
    ] = "",
    sweep: Annotated[
        bool, typer.Option("--sweep", help="Judge all open pull requests and the merge queue.")
    ] = False,
    publish_status: Annotated[
        bool, typer.Option("--publish-status", help="Post `goldengit/gate` on each head.")
    ] = False,
    summary: Annotated[
        str, typer.Option("--summary", metavar="FILE", help="Append a Markdown page to a file.")
    ] = "",
    format_: Annotated[
        Told, typer.Option("--format", help="For people, for programs or for CI.")
    ] = Told.TEXT,
) -> int:
    """Judge pull requests: content, signoffs, reviews; publish the required status.

    Exit codes: 0 pass (with --publish-status also: waits), 1 no or not yet, 3 could not judge.
    """
    if sum((number is not None, bool(event), sweep)) != 1:
        raise UsageError(
            "It is not said what to judge.", remedy="Give one of --pr, --event and --sweep."
        )
    from goldengit.checking import moment
    from goldengit.cli.forges import door, run_page
    from goldengit.gating.merge.rounds import Round, decisions
    from goldengit.repository.store import opened

    with (
        Meter("Reading golden cases") as meter,
        opened(Path.cwd(), meter) as store,
        door(store) as forge,
    ):
        asked = _asked(forge, number, event)
        page = run_page() if publish_status else None
        found = list(decisions(forge, Round(asked, moment(), page)))
    _tell(found, format_, summary)
    return max((_exit_code(one, asked, publish_status) for one in found), default=0)


def _asked(forge: "Door", number: int | None, event: str) -> "Asked":
    from goldengit.gating.merge.events import Asked, asked_by

    if number is not None:
        return Asked((number,))
    if not event:
        return Asked(sweep=True, queue=True)
    payload = event_bytes(event)
    return asked_by(os.environ.get("GITHUB_EVENT_NAME", ""), payload, forge.github)


def _tell(decisions: "list[Decision]", format_: Told, summary: str) -> None:
    from goldengit.cli import merge_pages as pages

    match format_:
        case Told.JSON:
            say(as_json(pages.as_records(decisions)))
        case Told.GITHUB:
            say(pages.as_annotations(decisions))
        case Told.TEXT:
            say(pages.as_text(decisions) or "Nothing is open that the gate judges.")
    append(summary, pages.as_markdown(decisions))


def _exit_code(decision: "Decision", asked: "Asked", published: bool) -> int:
    """Return the exit code for one decision; a posted wait is no red job (DECISIONS 36)."""
    from goldengit.gating.merge.decision import State

    told = published and (asked.sweep or asked.queue or decision.state is State.PENDING)
    return 0 if told and decision.state is not State.ERROR else decision.state.exit_code
