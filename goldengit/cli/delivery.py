"""How a report reaches whoever asked: its format, and the terminal or a file."""

import os
import sys
from collections.abc import Iterable
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


class Form(StrEnum):
    """How a judgement or a scorecard may be printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


class Told(StrEnum):
    """How a gate of the forge may be told."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


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
    write_whole("--output", output, [text])
    say(summary(report, look))


def annotations(report: "Report") -> str:
    """Return a report for the log of a GitHub job."""
    from goldengit import __version__
    from goldengit.reporters import REPORTERS
    from goldengit.reporters.base import Look

    return REPORTERS[Format.GITHUB](report, Look(version=__version__))


def write_whole(option: str, output: str, pieces: Iterable[str]) -> None:
    """Write the file that an option names whole or not at all, in UTF-8.

    A device or a pipe just receives the text. Raises CannotJudgeError when it cannot be written.
    """
    try:
        _write(Path(output), pieces)
    except OSError as error:
        raise CannotJudgeError(
            f"{option} {output}: {error.strerror}.", remedy="Name a file that can be written."
        ) from error


def _write(target: Path, pieces: Iterable[str]) -> None:
    if target.exists() and not target.is_file():
        _pour(target, pieces)
        return
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        _pour(beside, pieces)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _pour(target: Path, pieces: Iterable[str]) -> None:
    with target.open("w", encoding="utf-8") as file:
        file.writelines(pieces)
