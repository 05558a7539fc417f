"""`goldengit evaluate`: a release answers the golden cases, and a scorecard comes back."""

import os
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goldengit.cli.delivery import Form
from goldengit.cli.editing import legible
from goldengit.cli.evaluations import Order, carry_out
from goldengit.cli.terminal import Meter, say
from goldengit.errors import CannotJudgeError, UsageError

if TYPE_CHECKING:
    from goldengit.evaluating.forecast import Forecast
    from goldengit.evaluating.repeats import Repeats
    from goldengit.evaluating.suite import Suite
    from goldengit.targets.base import Target


def evaluate(
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="Whose cases are asked.")],
    target: Annotated[
        str,
        typer.Option(
            "--target",
            metavar="KIND:WHAT",
            callback=legible,
            help="What answers: command:./app, http:URL, python:module:function, recorded:FILE.",
        ),
    ],
    release: Annotated[
        str,
        typer.Option(
            "--release", metavar="NAME", callback=legible, help="How its version is called."
        ),
    ],
    repeats: Annotated[
        str, typer.Option(metavar="auto|N", help="Runs of each case, instead of the policy's.")
    ] = "",
    concurrency: Annotated[
        int, typer.Option(min=1, max=256, help="Answers and model calls at the same time.")
    ] = 8,
    timeout: Annotated[
        float, typer.Option(min=0.001, max=86_400.0, metavar="S", help="Seconds for one answer.")
    ] = 60.0,
    output: Annotated[
        str, typer.Option("--output", metavar="FILE", help="Write the scorecard as JSON.")
    ] = "",
    save_outputs: Annotated[
        str, typer.Option(metavar="FILE", help="Write the answers, for `recorded:FILE`.")
    ] = "",
    commit: Annotated[
        str, typer.Option(metavar="REV", help="Read this commit instead of the work tree.")
    ] = "",
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Forget the answers of an interrupted run.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would be asked and paid; ask nobody.")
    ] = False,
    format_: Annotated[
        Form, typer.Option("--format", help="For people, for programs or for a page.")
    ] = Form.TEXT,
) -> int:
    """Score a release on the active golden cases of a dataset.

    It is no gate: once every case was asked it ends with 0, whatever it found. `goldengit gate
    deploy` compares scorecards.
    """
    from goldengit.checking import moment
    from goldengit.cli.doors import outside
    from goldengit.evaluating.suite import prepare
    from goldengit.repository.store import opened
    from goldengit.targets import build

    if not release.strip():
        raise UsageError("The release has no name.", remedy="Say which version answers.")
    order = Order(target, release, concurrency, output, save_outputs, fresh, format_)
    _refuse_unwritable(order)
    wish, meter = _wish(repeats), Meter("Reading cases")
    with outside(concurrency) as doors, opened(Path.cwd(), meter) as store:
        with meter:
            suite = prepare(store, dataset, doors.evaluators, moment(), commit, meter)
        wish = wish or suite.policy.deploy.repeats
        with closing(build(target, doors.targets, timeout)) as asked:
            if dry_run:
                return _foretell(suite, asked, wish, format_)
            return carry_out(store, suite, asked, wish, order)


def _wish(text: str) -> "Repeats | None":
    if text in {"", "auto"}:
        return "auto" if text else None
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 9:  # noqa: PLR2004 as in the policy
        return int(text)
    raise UsageError(f"--repeats {text}: it is neither auto nor a number from 1 to 9.")


def _refuse_unwritable(order: Order) -> None:
    """Find out before anything is asked that there is no folder for what comes of it."""
    for option, name in (("--output", order.output), ("--save-outputs", order.save_outputs)):
        if name and not Path(name).absolute().parent.is_dir():
            raise CannotJudgeError(
                f"{option} {name}: there is no such folder.", remedy="Make it first."
            )


def _foretell(suite: "Suite", target: "Target", wish: "Repeats", form: Form) -> int:
    from goldengit.cli.delivery import as_json
    from goldengit.cli.forecasts import foretold
    from goldengit.evaluating.forecast import forecast

    found = forecast(suite, target, wish)
    if form is Form.JSON:
        say(as_json({"schema": "goldengit/forecast/v1", "forecast": found}))
    else:
        say(foretold(found, _prices(found)))
    return 0


def _prices(found: "Forecast") -> "Mapping[str, tuple[float, float]]":
    """Return what the judges would cost at least and at most, as far as prices are set."""
    from goldengit.evaluators.judge import money

    sums = {
        name: (money(low, os.environ), money(high, os.environ))
        for name, (low, high) in found.judges.items()
    }
    return {
        name: (low, high)
        for name, (low, high) in sums.items()
        if low is not None and high is not None
    }
