"""Judging: evaluators and rows in, verdicts out; what a model was paid for is kept."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from typing import Protocol

from goldengit.evaluating.crew import spread
from goldengit.evaluating.progress import Progress, silent
from goldengit.evaluators.base import Evaluator
from goldengit.models.digest import digest_of
from goldengit.models.row import EvalRow
from goldengit.models.verdict import Verdict

_ROW = set(EvalRow.model_fields)


class KeptVerdicts(Protocol):
    """Verdicts that were paid for, by the evaluator's digest, the row's and the repeat.

    Safe to call from several threads.
    """

    def get(self, evaluator: str, row: str, repeat: int = 0) -> Verdict | None:
        """Return the verdict with what it cost then, None where none is kept."""
        ...

    def keep(self, evaluator: str, row: str, verdict: Verdict, repeat: int = 0) -> None:
        """Keep a verdict, unless no model answered: next time may be otherwise."""
        ...


def judge_rows(
    evaluators: Sequence[Evaluator], rows: Iterable[EvalRow]
) -> Iterator[tuple[Verdict, ...]]:
    """Yield the verdicts of the evaluators, in their order, on each row."""
    calls = [evaluator.verdict for evaluator in evaluators]
    for row in rows:
        yield tuple([call(row) for call in calls])


def judged(
    evaluator: Evaluator,
    rows: Iterable[tuple[str, EvalRow]],
    *,
    cache: KeptVerdicts | None = None,
    concurrency: int = 8,
    progress: Progress = silent,
) -> dict[str, Verdict]:
    """Return an evaluator's verdict on each named row, in the order of the rows.

    A kind that is not deterministic is asked by `concurrency` threads, and never for what the cache
    knows. `progress` is told (done, all).
    """
    named = list(rows)
    judge = remembering(evaluator, cache)
    ready()
    found: dict[str, Verdict] = {}
    crew = 1 if evaluator.deterministic else max(1, min(concurrency, len(named)))
    with closing(spread(lambda one: (one[0], judge(one[1], 0)), named, crew)) as results:
        for name, verdict in results:
            found[name] = verdict
            progress(len(found), len(named))
    return {name: found[name] for name, _ in named}


def remembering(
    evaluator: Evaluator, cache: KeptVerdicts | None
) -> Callable[[EvalRow, int], Verdict]:
    """Return how to ask an evaluator for the verdict on a row and a repeat.

    A deterministic kind is computed each time, which is cheaper than to look it up.
    """
    if cache is None or evaluator.deterministic:
        return lambda row, _: evaluator.verdict(row)
    # The wording around the rubric is this program's own, and no part of the definition. The same
    # name at another address may be another model: a stub's verdicts are nobody else's.
    about = evaluator.definition
    by = digest_of([about.digest, evaluator.prompt, evaluator.address, about.failure_mode.pass_at])

    def verdict(row: EvalRow, repeat: int) -> Verdict:
        digest = row_digest(row)
        known = cache.get(by, digest, repeat)
        if known is not None:
            return known
        fresh = evaluator.verdict(row)
        cache.keep(by, digest, fresh, repeat)
        return fresh

    return verdict


def row_digest(row: EvalRow) -> str:
    """Return the digest of everything that an evaluator can see of a row."""
    return digest_of(row.model_dump(mode="json", include=_ROW, exclude_none=True))


def ready() -> None:
    """Build the validators that several threads need, before there are several.

    Before pydantic 2.14, threads that need a deferred one at the same time may get a wrong one.
    """
    for noun in (EvalRow, Verdict):
        noun.model_rebuild()
