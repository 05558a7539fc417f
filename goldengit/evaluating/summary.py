"""Summary: a scorecard in numbers, as a whole and by evaluator, slice, failure mode and severity.

Pure functions of the scorecard. A number is a mean over cases of a mean over their runs, so that a
case that ran three times counts as much as one that ran twice.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from goldengit.metrics.base import Interval
from goldengit.metrics.rates import wilson
from goldengit.metrics.repeats import pass_hat_k
from goldengit.models.outcomes import combined, flip_share, gating, signalling
from goldengit.models.scorecard import CaseScore, Scorecard
from goldengit.models.verdict import Outcome

SEVERITIES = ("critical", "high", "normal", "low")
Runs = Sequence[Outcome]


@dataclass(frozen=True, slots=True)
class Part:
    """Some cases of a run, as some of its evaluators judge them together.

    `gates` tells that these evaluators may block. `cases` were judged; `rate` is the pass rate over
    the decided runs, `lowest` and `highest` count every unknown as a fail and as a pass. `interval`
    is Wilson's, with each case as one observation. `score` is weighted by evaluator. `every` is
    pass^k: the chance that k runs of a case all pass, with k the repeats of the scorecard. All are
    shares from 0 to 1, and None where nothing was judged or decided.
    """

    name: str
    gates: bool
    cases: int = 0
    rate: float | None = None
    lowest: float | None = None
    highest: float | None = None
    interval: Interval | None = None
    unknown: float | None = None
    score: float | None = None
    every: float | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """A scorecard in numbers.

    `whole` is what gates, `signals` what does not; None where there is no such evaluator. A slice,
    a failure mode or a severity is judged by what gates; where nothing that gates judged it, by the
    signals, and its part says so. `unjudged` are the cases without a gating verdict, critical ones
    first. `flips` is how often the outcome changes from run to run. `answers` and `errors` count
    runs.
    """

    whole: Part | None
    signals: Part | None
    evaluators: tuple[Part, ...]
    slices: tuple[Part, ...]
    failure_modes: tuple[Part, ...]
    severities: tuple[Part, ...]
    unjudged: tuple[str, ...]
    flips: float | None
    answers: int
    errors: int


def summary(card: Scorecard, slices: Iterable[str] = ()) -> Summary:
    """Return a scorecard in numbers; `slices` are declared ones that may hold no case."""
    strong, weak = gating(card), signalling(card)
    declared = tuple(slices)
    others = {name for case in card.cases for name in case.slices}.difference(declared)
    return Summary(
        whole=part("all cases", card, card.cases, strong) if strong else None,
        signals=part("all cases", card, card.cases, weak) if weak else None,
        evaluators=tuple(part(run.id, card, card.cases, [run.id]) for run in card.evaluators),
        slices=tuple(
            _best(name, card, [case for case in card.cases if name in case.slices])
            for name in (*declared, *sorted(others))
        ),
        failure_modes=tuple(_failure_modes(card)),
        severities=tuple(
            _best(name, card, cases)
            for name in SEVERITIES
            if (cases := [case for case in card.cases if case.severity == name])
        ),
        unjudged=tuple(_unjudged(card, strong)),
        flips=flip_share(_runs(case, strong or weak) for case in card.cases),
        answers=sum(len(case.errors) for case in card.cases),
        errors=sum(bool(error) for case in card.cases for error in case.errors),
    )


def part(
    name: str, card: Scorecard, cases: Iterable[CaseScore], evaluators: Collection[str]
) -> Part:
    """Return these cases as these evaluators judge them together."""
    judged = [(case, runs) for case in cases if (runs := _runs(case, evaluators))]
    gates = bool(evaluators) and gating(card).issuperset(evaluators)
    if not judged:
        return Part(name, gates)
    lowest = fmean(_share(runs, "pass") for _, runs in judged)
    unknown = fmean(_share(runs, "unknown") for _, runs in judged)
    decided = [known for _, runs in judged if (known := [one for one in runs if one != "unknown"])]
    passes = sum(_share(known, "pass") for known in decided)
    return Part(
        name=name,
        gates=gates,
        cases=len(judged),
        rate=passes / len(decided) if decided else None,
        lowest=lowest,
        highest=min(1.0, lowest + unknown),
        interval=wilson(passes, len(decided)) if decided else None,
        unknown=unknown,
        score=_score(card, [case for case, _ in judged], evaluators),
        every=fmean(
            pass_hat_k(len(runs), sum(one == "pass" for one in runs), card.repeats)
            for _, runs in judged
        ),
    )


def _failure_modes(card: Scorecard) -> Iterator[Part]:
    for name in sorted({run.failure_mode for run in card.evaluators}):
        every = [run for run in card.evaluators if run.failure_mode == name]
        strong = [run.id for run in every if run.gates]
        yield part(name, card, card.cases, strong or [run.id for run in every])


def _best(name: str, card: Scorecard, cases: Sequence[CaseScore]) -> Part:
    """Return some cases as what gates judges them, or else as the signals do."""
    strong, weak = gating(card), signalling(card)
    found = part(name, card, cases, strong)
    return part(name, card, cases, weak) if cases and weak and not found.cases else found


def _unjudged(card: Scorecard, strong: Collection[str]) -> list[str]:
    found = [case for case in card.cases if not _runs(case, strong)]
    return [
        case.case
        for case in sorted(found, key=lambda one: (SEVERITIES.index(one.severity), one.case))
    ]


def _runs(case: CaseScore, evaluators: Collection[str]) -> Runs:
    """Return the outcome of each run, none where these evaluators did not judge the case."""
    found = (combined(case, evaluators, repeat) for repeat in range(len(case.errors)))
    return [outcome for outcome in found if outcome is not None]


def _share(runs: Runs, outcome: Outcome) -> float:
    return sum(one == outcome for one in runs) / len(runs)


def _score(card: Scorecard, cases: Iterable[CaseScore], ids: Collection[str]) -> float | None:
    weights = {run.id: run.weight for run in card.evaluators if run.id in ids}
    found = [mean for case in cases if (mean := _case_score(case, weights)) is not None]
    return fmean(found) if found else None


def _case_score(case: CaseScore, weights: dict[str, float]) -> float | None:
    """Return the weighted mean of the scores that were given, over the runs of a case."""
    scores = [
        (score, weights[one.evaluator])
        for one in case.judged
        if one.evaluator in weights
        for score in one.scores
        if score is not None
    ]
    total = sum(weight for _, weight in scores)
    return sum(score * weight for score, weight in scores) / total if scores else None
