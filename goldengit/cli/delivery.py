"""How a report reaches whoever asked: its format, and the terminal or a file."""

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from goldengit.cli.terminal import is_colourful, say, width
from goldengit.errors import CannotJudgeError

if TYPE_CHECKING:
    from goldengit.models.finding import Report


class Format(StrEnum):
    """How a report may be printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"
    JUNIT = "junit"


class Shape(StrEnum):
    """How what is no report may be printed."""

    TEXT = "text"
    JSON = "json"


SHAPE = typer.Option("--format", help="For people or for programs.")
FORMAT = typer.Option("--format", help="For people, for programs or for CI.")
OUTPUT = typer.Option("--output", metavar="FILE", help="Write the report to a file.")


def as_json(value: object) -> str:
    """Return a record of ours, with the records inside it, as indented JSON."""
    import dataclasses
    import json

    def plain(one: object) -> object:
        if dataclasses.is_dataclass(one) and not isinstance(one, type):
            return {field.name: getattr(one, field.name) for field in dataclasses.fields(one)}
        return one.model_dump() if hasattr(one, "model_dump") else str(one)

    return json.dumps(value, default=plain, indent=2, ensure_ascii=False)


def deliver(report: "Report", format_: Format, output: str, *, elsewhere: int = 0) -> None:
    """Print a report, or write it to a file and print its summary.

    `elsewhere` counts findings that it leaves out. Raises CannotJudgeError when it cannot be
    written.
    """
    from goldengit import __version__
    from goldengit.reporters import REPORTERS
    from goldengit.reporters.base import Look, Page, summary

    pages: dict[str, Page] = {}
    if format_ is Format.SARIF:
        from goldengit.cli.pages import pages as all_pages

        pages = all_pages()
    look = Look(
        version=__version__,
        pages=pages,
        colour=not output and is_colourful(sys.stdout),
        width=None if output else width(sys.stdout),
        elsewhere=elsewhere,
    )
    text = REPORTERS[format_](report, look)
    if not output:
        say(text)
        return
    try:
        _write(Path(output), text)
    except OSError as error:
        raise CannotJudgeError(
            f"--output {output}: {error.strerror}.", remedy="Name a file that can be written."
        ) from error
    say(summary(report, look))


def _write(target: Path, text: str) -> None:
    """Write a file whole or not at all; a device or a pipe just receives the text."""
    if target.exists() and not target.is_file():
        target.write_text(text, encoding="utf-8")
        return
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
