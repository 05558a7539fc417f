"""The command tree: the options before the verb, and the verbs."""

import os
from collections.abc import Callable
from typing import Annotated

import typer
from typer.core import TyperGroup

from goldengit import __version__
from goldengit.cli import (
    USAGE,
    audit,
    baseline,
    calibrate,
    check,
    doctor,
    erase,
    evaluate,
    explain,
    format,  # noqa: A004 - the module of the verb
    gate,
    init,
    promote,
    schema,
    signoff,
    status,
    steward,
    supersede,
    tour,
    withdraw,
)
from goldengit.cli.terminal import say
from goldengit.errors import UsageError

HELP = """A golden eval dataset in Git that can be trusted.

Every row is a YAML file, every promotion takes two persons, and what is golden stays as it is.
Start with `goldengit tour`, then `goldengit init` in your own repository.
"""

# In the order of the help: first steps, the work, the legal edits, looking back.
VERBS: tuple[tuple[str, Callable[..., int]], ...] = (
    ("tour", tour.tour),
    ("init", init.init),
    ("check", check.check),
    ("format", format.format_),
    ("explain", explain.explain),
    ("schema", schema.schema),
    ("promote", promote.promote),
    ("signoff", signoff.signoff),
    ("supersede", supersede.supersede),
    ("withdraw", withdraw.withdraw),
    ("erase", erase.erase),
    ("calibrate", calibrate.calibrate),
    ("evaluate", evaluate.evaluate),
    ("baseline", baseline.baseline),
    ("status", status.status),
    ("steward", steward.steward),
    ("audit", audit.audit),
    ("doctor", doctor.doctor),
)


# Words that take a verb of their own.
GROUPS: tuple[tuple[str, Callable[[], typer.Typer]], ...] = (("gate", gate.group),)


def command() -> TyperGroup:
    """Return the whole program as one command object."""
    app = typer.Typer(
        name="goldengit",
        help=HELP,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        invoke_without_command=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_before)
    for name, function in VERBS:
        app.command(name)(function)
    for name, group in GROUPS:
        app.add_typer(group(), name=name)
    tree: TyperGroup = typer.main.get_group(app)
    return tree


def _version(asked: bool) -> None:
    if asked:
        say(f"goldengit {__version__}")
        raise typer.Exit


def _before(
    context: typer.Context,
    folder: Annotated[
        str, typer.Option("-C", metavar="DIR", help="Run as if started in DIR.")
    ] = "",
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback when something fails.")
    ] = False,
    version: Annotated[  # noqa: ARG001 - its callback does it
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    context.obj.debug = debug
    if folder:
        _enter(folder)
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(USAGE)


def _enter(folder: str) -> None:
    try:
        os.chdir(folder)
    except OSError as error:
        raise UsageError(f"-C {folder}: {error.strerror}.", remedy="Name a folder.") from error
