"""What the verbs that edit share: the opened store, the judge they are handed, what is told."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from goldengit.cli.terminal import Meter, bold, complain, is_colourful, say, width
from goldengit.errors import UsageError

if TYPE_CHECKING:
    from goldengit.models.finding import Report
    from goldengit.promoting.desk import Done, RefusedByRulesError
    from goldengit.repository.store import Store


def judge(store: "Store", base: str | None, tree: str) -> "Report":
    """Return what the rules say of a tree that this person is about to make of a commit."""
    from goldengit import checking
    from goldengit.cli import trees

    return checking.judge(trees.edited(store, base, tree))


def carried_out(what: str, edit: "Callable[[Store], Done]", *, joint: str = ", ") -> int:
    """Make an edit in the repository around the present folder, tell it, return the exit code.

    `what` is the word that stands before the ids, `Promoted`, and `joint` what stands between
    them. What the rules refuse is told finding by finding, and nothing has changed then.
    """
    from goldengit.promoting.desk import RefusedByRulesError
    from goldengit.repository.commits import RefusedCommitError
    from goldengit.repository.store import opened

    with Meter("Reading golden cases") as meter, opened(Path.cwd(), meter) as store:
        try:
            done = edit(store)
        except RefusedByRulesError as error:
            _refuse(error)
            return error.exit_code
        except RefusedCommitError as error:
            say(error.output)
            raise
    say("\n".join(_told(what, done, joint)))
    return 0


def legible(text: str) -> str:
    """Return a text of the command line; raise UsageError when its bytes are not UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise UsageError(
            f"The text {text!r} is not UTF-8, so no file can hold it.",
            remedy="Write it again in a UTF-8 terminal.",
        ) from error
    return text


REASON = typer.Option("--reason", metavar="TEXT", help="Why.", callback=legible)


def _refuse(error: "RefusedByRulesError") -> None:
    from goldengit.models.finding import Report

    say(rendered(Report("the edit", error.findings)).rpartition("\n\n")[0])
    complain("The rules refuse this edit. Nothing was written.")


def rendered(report: "Report") -> str:
    """Return a report as text for the standard output."""
    from goldengit import __version__
    from goldengit.reporters.base import Look
    from goldengit.reporters.text import render

    look = Look(__version__, colour=is_colourful(sys.stdout), width=width(sys.stdout))
    return render(report, look)


def _told(what: str, done: "Done", joint: str) -> Iterator[str]:
    paint = bold if is_colourful(sys.stdout) else str
    if done.recovered:
        yield done.recovered
    yield paint(f"{what} {joint.join(done.cases)}." if done.cases else f"{what}.")
    yield from (f"  wrote    {path}" for path in done.written)
    yield from (f"  removed  {path}" for path in done.removed)
    if done.commit:
        where = f" on the new branch {done.branch}" if done.branch else ""
        yield f"Committed as {done.commit[:12]}{where}."
    yield from _remarks(done)
    if done.advice:
        yield paint("Next:")
        yield from (f"  {sentence}" for sentence in done.advice)


def _remarks(done: "Done") -> Iterator[str]:
    """Yield what the rules remark, short of an error, about the files that were written."""
    if done.report is not None:
        mine = tuple(one for one in done.report.findings if one.place.path in done.written)
        if mine:
            yield rendered(replace(done.report, findings=mine, waived=())).rpartition("\n\n")[0]
