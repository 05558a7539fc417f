"""Notes on single cases: which evaluator did not pass one, and why."""

from collections.abc import Collection, Iterable, Iterator

from goldengit.gating.judgement import CaseNote
from goldengit.gating.pairs import Pair, majority, runs_of
from goldengit.models.scorecard import CaseScore, Scorecard
from goldengit.models.verdict import Outcome


def note_of(case: CaseScore, card: Scorecard, evaluators: Collection[str]) -> CaseNote:
    """Return a case with the first of its evaluators, in the dataset's order, that did not pass it.

    One that failed it comes before one that could not tell.
    """
    order = [run.id for run in card.evaluators if run.id in evaluators]
    said = {one.evaluator: one for one in case.judged}
    for outcome in ("fail", "unknown"):
        for name in order:
            if name in said and outcome in said[name].outcomes:
                return CaseNote(case.case, name, said[name].reason or _error(case))
    return CaseNote(case.case, "", _error(case))


def changed(
    pairs: Iterable[Pair],
    card: Scorecard,
    evaluators: Collection[str],
    *,
    before: Outcome,
    after: Outcome,
) -> Iterator[CaseNote]:
    """Yield the cases that most runs of the baseline and of the candidate decide so.

    `card` is the scorecard of the release that failed them.
    """
    cases = {case.case: case for case in card.cases}
    for pair in pairs:
        if (majority(pair.baseline), majority(pair.candidate)) == (before, after):
            yield note_of(cases[pair.case], card, evaluators)


def undecided(card: Scorecard, evaluators: Collection[str], repeats: int) -> Iterator[CaseNote]:
    """Yield the cases on which most runs decide nothing."""
    for case in card.cases:
        runs = runs_of(case, evaluators, repeats)
        if runs and majority(runs) == "unknown":
            yield note_of(case, card, evaluators)


def _error(case: CaseScore) -> str:
    return next((error for error in case.errors if error), "")
