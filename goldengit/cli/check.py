"""`goldengit check`: what the rules say, at every door."""

import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goldengit.cli.delivery import FORMAT, OUTPUT, Format, deliver
from goldengit.cli.terminal import Meter
from goldengit.errors import UsageError

if TYPE_CHECKING:
    from goldengit.cli.call import Call
    from goldengit.cli.pushes import Push
    from goldengit.models.change import Change
    from goldengit.models.finding import Report
    from goldengit.repository.store import Store


def check(
    context: typer.Context,
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH", help="Show only what is at or under these paths."),
    ] = None,
    staged: Annotated[bool, typer.Option("--staged", help="Judge what is staged.")] = False,
    push: Annotated[bool, typer.Option("--push", help="Judge what is about to be pushed.")] = False,
    range_: Annotated[
        str | None, typer.Option("--range", metavar="A..B", help="Judge B as merged into A.")
    ] = None,
    all_: Annotated[
        bool, typer.Option("--all", help="Judge the whole work tree (the default).")
    ] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="With --all: scan every file, verify every signature.")
    ] = False,
    require_confirmed: Annotated[
        bool, typer.Option("--require-confirmed", help="A claim that nothing confirms is an error.")
    ] = False,
    format_: Annotated[Format, FORMAT] = Format.TEXT,
    output: Annotated[str, OUTPUT] = "",
) -> int:
    """Judge a change, or everything.

    Exit codes: 0 no error, 1 errors, 2 wrong usage, 3 could not judge, 4 nothing to judge.
    """
    source = _source(staged=staged, push=push, range_=range_, all_=all_, deep=deep)
    from goldengit.checking import judge
    from goldengit.repository.store import opened

    with Meter("Reading golden cases") as meter, opened(Path.cwd(), meter) as store:
        pushed = _pushed() if source == "--push" else ()
        changes = _changes(
            store, context.obj, source, range_ or "", pushed,
            deep=deep, require_confirmed=require_confirmed,
        )  # fmt: skip
        report = _with_steps(store, _joined([judge(change) for change in changes]), pushed)
        wanted = [_wanted(store, changes, path) for path in paths or []]
    shown, elsewhere = _narrowed(report, wanted)
    deliver(shown, format_, output, elsewhere=elsewhere)
    return int(shown.failed)


def _source(*, staged: bool, push: bool, range_: str | None, all_: bool, deep: bool) -> str:
    asked = {"--staged": staged, "--push": push, "--range": range_ is not None, "--all": all_}
    flags = [flag for flag, wanted in asked.items() if wanted] or ["--all"]
    if len(flags) > 1:
        raise UsageError(f"{' and '.join(flags)} exclude each other.", remedy="Choose one.")
    if deep and flags != ["--all"]:
        raise UsageError(
            f"--deep belongs to --all; {flags[0]} scans whatever it changes anyway.",
            remedy="Leave it out.",
        )
    return flags[0]


def _changes(
    store: "Store",
    call: "Call",
    source: str,
    range_: str,
    pushed: "Iterable[Push]",
    *,
    deep: bool,
    require_confirmed: bool,
) -> "list[Change]":
    from goldengit.cli import pushes, trees

    match source:
        case "--staged":
            return [trees.staged(store, call.addresses, require_confirmed=require_confirmed)]
        case "--range":
            return [trees.ranged(store, range_, require_confirmed=require_confirmed)]
        case "--push":
            found = (
                pushes.change_of_push(store, push, require_confirmed=require_confirmed)
                for push in pushed
            )
            return [change for change in found if change is not None]
        case _:
            return [trees.everything(store, deep=deep, require_confirmed=require_confirmed)]


def _pushed() -> "tuple[Push, ...]":
    from goldengit.cli import pushes

    return pushes.announced(os.environ, sys.stdin)


def _with_steps(store: "Store", report: "Report", pushed: "Iterable[Push]") -> "Report":
    """Return a report with the errors of single steps that the whole push does not show."""
    if not pushed:
        return report
    from goldengit.cli import pushes

    known = {(finding.place.path, finding.rule) for finding in report.findings}
    fresh = {
        finding
        for push in pushed
        for finding in pushes.errors_of_steps(store, push)
        if (finding.place.path, finding.rule) not in known
    }
    return replace(report, findings=tuple(sorted({*report.findings, *fresh})))


def _joined(reports: "list[Report]") -> "Report":
    from goldengit.models.finding import Report

    if len(reports) == 1:
        return reports[0]
    return Report(
        source=", ".join(report.source for report in reports) or "nothing guarded is pushed",
        findings=tuple(sorted({one for report in reports for one in report.findings})),
        waived=tuple(dict.fromkeys(one for report in reports for one in report.waived)),
        judged=sum(report.judged for report in reports),
        unconfirmed=sum(report.unconfirmed for report in reports),
    )


def _wanted(store: "Store", changes: "list[Change]", path: str) -> str:
    """Return a path argument as the repository calls it, "" for all of it."""
    from goldengit.repository.edits import path_within

    # A bare repository has no work tree to be in: there, a path starts at its root.
    is_bare = store.repository.top is None
    name = os.path.normpath(path) if is_bare else path_within(store.repository, Path(path))
    if name == ".":
        return ""
    if not any(side.entry(name) for change in changes for side in (change.head, change.base)):
        raise UsageError(
            f"{path!r} is neither in the tree that is judged nor in the one before it.",
            remedy="Check the spelling; a path is relative to where you are.",
        )
    return name


def _narrowed(report: "Report", wanted: list[str]) -> "tuple[Report, int]":
    """Return the report on these paths alone, and how many findings are elsewhere."""
    from dataclasses import replace

    if not wanted or "" in wanted:
        return report, 0
    folders = tuple(f"{path}/" for path in wanted)

    def is_inside(path: str) -> bool:
        return path in wanted or path.startswith(folders)

    findings = tuple(one for one in report.findings if is_inside(one.place.path))
    waived = tuple(one for one in report.waived if is_inside(one.finding.place.path))
    shown = replace(report, findings=findings, waived=waived)
    return shown, len(report.findings) - len(findings)
