"""`goldengit calibrate`: an evaluator is measured against people."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goldengit.cli.delivery import SHAPE, Shape, as_json
from goldengit.cli.terminal import Meter, complain, say
from goldengit.errors import GoldengitError, UsageError

if TYPE_CHECKING:
    from goldengit.calibrating.desk import Judging
    from goldengit.evaluating.judging import KeptVerdicts
    from goldengit.evaluators.base import Evaluator
    from goldengit.models.row import EvalRow
    from goldengit.models.verdict import Verdict
    from goldengit.repository.store import Store


def calibrate(
    evaluators: Annotated[
        list[str] | None, typer.Argument(metavar="EVALUATOR…", help="Which; all by default.")
    ] = None,
    fit: Annotated[
        bool, typer.Option("--fit", help="Train a classifier first, on what is not held out.")
    ] = False,
    dev: Annotated[
        bool, typer.Option("--dev", help="Measure on the dev part alone; write nothing.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the split and what it would cost; run nothing.")
    ] = False,
    again: Annotated[
        int | None,
        typer.Option(
            "--again", metavar="N", min=1, help="Judge N recorded cases again; write nothing."
        ),
    ] = None,
    concurrency: Annotated[
        int, typer.Option("--concurrency", min=1, max=256, help="Model calls at the same time.")
    ] = 8,
    format_: Annotated[Shape, SHAPE] = Shape.TEXT,
) -> int:
    """Measure evaluators against people's labels.

    Writes a manifest and the raw verdicts beside each definition. Only an evaluator whose
    manifest says `gate` may stop a deploy. One that cannot be measured keeps no other from it.
    With --again a sample is compared with what was recorded, and the exit code is 1 when more of it
    differs than the policy's `calibration.rerun_tolerance`.
    """
    from goldengit.repository.store import opened

    if sum((fit, dev, dry_run, again is not None)) > 1:
        raise UsageError("`--fit`, `--dev`, `--dry-run` and `--again` exclude each other.")
    told: list[object] = []
    refused: dict[str, int] = {}
    drifted = False
    with Meter("Reading labels") as meter, opened(Path.cwd(), meter) as store:
        for name in _named(store, evaluators):
            try:
                if again is not None:
                    record, text, failed = _again(store, name, concurrency, again)
                    drifted = drifted or failed
                else:
                    record, text = _one(store, name, concurrency, fit=fit, dev=dev, dry_run=dry_run)
            except GoldengitError as error:
                refused[str(error)] = error.exit_code
                continue
            if format_ is Shape.TEXT:
                say(f"\n{text}" if told else text)
            told.append(record)
    if format_ is Shape.JSON:
        say(as_json({"schema": "goldengit/calibrations/v1", "evaluators": told}))
    for sentence in refused:
        complain(sentence)
    return min(refused.values(), default=int(drifted))


def _named(store: "Store", evaluators: list[str] | None) -> tuple[str, ...]:
    """Return the ids that were named, each once; without any, those of all evaluators.

    Raises UsageError for a name that is no id, and where there is no evaluator.
    """
    from goldengit.gauging.definitions import evaluator_ids
    from goldengit.models.layout import NAME
    from goldengit.repository.sources import work_tree

    tree = store.snapshot("the work tree", work_tree(store.repository))
    there = evaluator_ids(tree)
    if not evaluators and not there:
        raise UsageError(
            "There is no evaluator here.", remedy="Write evaluators/<id>/evaluator.yaml."
        )
    for name in evaluators or ():
        if not NAME.fullmatch(name):
            raise UsageError(
                f"`{name}` is no id of an evaluator.",
                remedy=f"Name one of: {', '.join(there)}." if there else "",
            )
    return tuple(dict.fromkeys(evaluators or there))


def _one(
    store: "Store", name: str, concurrency: int, *, fit: bool, dev: bool, dry_run: bool
) -> tuple[object, str]:
    """Return what came out for one evaluator, for programs and for people."""
    from goldengit.calibrating import desk
    from goldengit.checking import moment
    from goldengit.cli import calibrations
    from goldengit.cli.doors import outside

    now = moment()
    trained = _fitted(store, name, now) if fit else ""
    with outside(concurrency) as doors:
        with redirect_stdout(sys.stderr):  # whatever code of its own an evaluator imports
            prepared = desk.prepare(store, name, doors.evaluators, now, for_judging=not dry_run)
        if dry_run:
            return calibrations.plan(prepared)
        with _judging(store, concurrency) as judging:
            if dev:
                measured, verdicts = desk.on_dev(prepared, judging)
                return calibrations.on_dev(prepared, measured, verdicts)
            record, text = calibrations.calibrated(desk.calibrate(store, prepared, judging))
            return record, trained + text


def _again(store: "Store", name: str, concurrency: int, sample: int) -> tuple[object, str, bool]:
    """Return what came out for one evaluator, for programs and for people, and whether it fails."""
    from goldengit.calibrating import desk
    from goldengit.calibrating.again import again
    from goldengit.checking import moment
    from goldengit.cli import calibrations
    from goldengit.cli.doors import outside

    with outside(concurrency) as doors:
        with redirect_stdout(sys.stderr):
            prepared = desk.prepare(store, name, doors.evaluators, moment())
        found = again(store, prepared, _asking(concurrency, None), sample)
    return (*calibrations.again(found), found.failed)


def _fitted(store: "Store", name: str, now: str) -> str:
    from goldengit.calibrating.fit import fit

    written, count = fit(store, name, now)
    return f"Trained {name} on {count} cases: {', '.join(written)}.\n"


@contextmanager
def _judging(store: "Store", concurrency: int) -> "Iterator[Judging]":
    """Yield how rows are judged; what a model was paid for is kept."""
    from goldengit.repository.verdict_cache import VerdictCache

    with VerdictCache(store.repository.common_dir / "goldengit") as cache:
        yield _asking(concurrency, cache)
        if cache.problem:
            complain(cache.problem)


def _asking(concurrency: int, cache: "KeptVerdicts | None") -> "Judging":
    """Return how rows are judged, with or without what is kept."""
    from goldengit.evaluating.judging import judged

    def run(
        evaluator: "Evaluator", rows: "Iterable[tuple[str, EvalRow]]"
    ) -> "Mapping[str, Verdict]":
        what = f"Judging with {evaluator.definition.spec.id}"
        # What an evaluator prints is no result. The meter takes its own hands off the standard
        # output before that is given back.
        with redirect_stdout(sys.stderr), Meter(what) as meter:
            return judged(evaluator, rows, cache=cache, concurrency=concurrency, progress=meter)

    return run
