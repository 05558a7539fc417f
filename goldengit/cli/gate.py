"""`goldengit gate`: verdicts for CI, on merges, on pushes and on deploys."""

import typer

from goldengit.cli import USAGE
from goldengit.cli.deploy import deploy
from goldengit.cli.merge import merge
from goldengit.cli.push import push

HELP = "Say yes or no, for CI."


def group() -> typer.Typer:
    """Return the verbs of `goldengit gate`."""
    app = typer.Typer(help=HELP, rich_markup_mode=None, invoke_without_command=True)
    app.callback()(_before)
    app.command("merge")(merge)
    app.command("push")(push)
    app.command("deploy")(deploy)
    return app


def _before(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(USAGE)
