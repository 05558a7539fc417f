"""One evaluation carried out: its journal, its run, and how the scorecard is delivered."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from goldengit.cli import INTERRUPTED
from goldengit.cli.delivery import Form, write_whole
from goldengit.cli.terminal import Meter, complain, say
from goldengit.errors import CannotJudgeError

if TYPE_CHECKING:
    from goldengit.evaluating.repeats import Repeats
    from goldengit.evaluating.running import Evaluation, Ran
    from goldengit.evaluating.suite import Suite
    from goldengit.models.scorecard import Scorecard
    from goldengit.repository.run_journal import RunJournal
    from goldengit.repository.store import Store
    from goldengit.repository.verdict_cache import VerdictCache
    from goldengit.targets.base import Target


@dataclass(frozen=True)
class Order:
    """What the words of the command ask for."""

    target: str
    release: str
    concurrency: int
    output: str
    save_outputs: str
    fresh: bool
    form: Form


def carry_out(
    store: "Store", suite: "Suite", target: "Target", wish: "Repeats", order: Order
) -> int:
    """Run the suite, or what is left of it, and deliver the scorecard."""
    from goldengit.evaluating.running import Evaluation

    # The journal closes before the target does: the errors of calls that an interrupt cut off are
    # no answers of the release.
    meter, verdicts = Meter("Evaluating"), _verdicts(store, suite)
    with _journal(store, suite, target, order) as journal:
        evaluation = Evaluation(
            suite,
            target,
            answers=journal,
            verdicts=verdicts,
            concurrency=order.concurrency,
            progress=meter,
        )
        try:
            with meter:
                ran = evaluation.run(wish)
        except KeyboardInterrupt:
            complain(_how_to_go_on(journal))
            return INTERRUPTED
        _deliver(evaluation, ran, order, journal)
        if journal is not None:
            journal.remove()
    if verdicts is not None:
        verdicts.close()
    return 0


def _journal(
    store: "Store", suite: "Suite", target: "Target", order: Order
) -> "AbstractContextManager[RunJournal | None]":
    """Return the journal of this run; recorded answers need none."""
    from goldengit.checking import moment
    from goldengit.evaluating.repeats import is_recorded
    from goldengit.repository.run_journal import RunJournal

    if is_recorded(suite.cases, target):
        return nullcontext()
    run = {
        "dataset": suite.dataset,
        "root": suite.root,
        "target": order.target,
        "release": order.release,
    }
    journal = RunJournal(_folder(store), run, moment(), fresh=order.fresh)
    if journal.kept:
        complain(
            f"Going on with the run that began at {journal.started}: {journal.kept:,} answers are "
            f"kept, {journal.errors:,} of them errors. --fresh asks for all of them anew."
        )
    return journal


def _verdicts(store: "Store", suite: "Suite") -> "VerdictCache | None":
    """Return where paid verdicts are kept, None when nobody is paid.

    It stays open after an interrupt: a thread may still bring a verdict that was paid for.
    """
    from goldengit.repository.verdict_cache import VerdictCache

    if all(evaluator.deterministic for evaluator in suite.evaluators):
        return None
    cache = VerdictCache(_folder(store))
    if cache.problem:
        complain(cache.problem)
    return cache


def _folder(store: "Store") -> Path:
    return store.repository.common_dir / "goldengit"


def _how_to_go_on(journal: "RunJournal | None") -> str:
    if journal is None:
        return "Nothing was written. Run the same command again."
    return (
        f"{len(journal):,} answers are kept. Run the same command again to go on, or add --fresh "
        "to begin anew."
    )


def _deliver(
    evaluation: "Evaluation",
    ran: "Sequence[Sequence[Ran]]",
    order: Order,
    journal: "RunJournal | None",
) -> None:
    from goldengit.evaluating.card import scorecard

    try:
        card = scorecard(evaluation, ran, order.release, order.target)
    except CannotJudgeError:
        if journal is not None:
            journal.remove()  # it holds nothing but errors, which nobody wants to go on with
        raise
    if order.save_outputs:
        lines = _answers(evaluation, [len(runs) for runs in ran])
        write_whole("--save-outputs", order.save_outputs, lines)
    if order.output:
        write_whole("--output", order.output, [_as_json(card)])
    say(_shown(card, evaluation, order))


def _answers(evaluation: "Evaluation", counts: Sequence[int]) -> Iterator[str]:
    """Yield every answer as a line, case by case in the order of the repeats."""
    from goldengit.models.exchange import recorded

    for listed, answer in evaluation.answers(counts):
        yield f"{recorded(listed.id, answer)}\n"


def _shown(card: "Scorecard", evaluation: "Evaluation", order: Order) -> str:
    from goldengit.cli import scorecards
    from goldengit.evaluating.summary import summary

    if order.form is Form.JSON:
        return _as_json(card)
    found = summary(card, [one.name for one in evaluation.suite.spec.slices])
    if order.form is Form.MARKDOWN:
        from goldengit.cli.scorecard_pages import as_markdown

        return as_markdown(card, found)
    return scorecards.as_text(card, found, saved=order.output)


def _as_json(card: "Scorecard") -> str:
    from goldengit.evaluating.record import scorecard_bytes

    return scorecard_bytes(card).decode()
