"""Pairs: the same case with both releases, and what their difference comes to."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from statistics import stdev

from goldengit.gating.judgement import Comparison
from goldengit.metrics.paired import mid_p, repeated_p
from goldengit.models.outcomes import combined
from goldengit.models.scorecard import CaseScore, Scorecard
from goldengit.models.verdict import Outcome

Outcomes = tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """One case: its outcomes with the baseline and with the candidate, run by run."""

    case: str
    baseline: Outcomes
    candidate: Outcomes


def runs_of(case: CaseScore, evaluators: Collection[str], repeats: int) -> Outcomes:
    """Return the outcomes of the first runs of a case; empty where none of these judged it.

    Where a recorded answer has fewer runs than asked for, its last one stands for the rest: it
    would be the same again.
    """
    last = len(case.errors) - 1
    found = (combined(case, evaluators, min(repeat, last)) for repeat in range(repeats))
    return tuple(outcome for outcome in found if outcome is not None)


def paired(
    candidate: Scorecard,
    baseline: Scorecard,
    evaluators: Collection[str],
    repeats: int,
) -> list[Pair]:
    """Return the pairs that these evaluators judged, in the candidate's order.

    Of each case those count who judged it in both scorecards, so that a case is never compared
    with fewer judges than it had before.
    """
    before = {case.case: case for case in baseline.cases}
    found = []
    for case in candidate.cases:
        old = before.get(case.case)
        both = _judges(case, evaluators) & _judges(old, evaluators) if old else set()
        if old is not None and both:
            pair = Pair(case.case, runs_of(old, both, repeats), runs_of(case, both, repeats))
            found.append(pair)
    return found


def compared(pairs: Sequence[Pair], *, worst: bool) -> Comparison:
    """Return what the pairs come to when every unknown counts against the candidate, or for it."""
    scores = [
        (_passes(pair.baseline, unknown=worst), _passes(pair.candidate, unknown=not worst))
        for pair in pairs
    ]
    repeats = len(pairs[0].candidate) if pairs else 1
    differences = [(before - after) / repeats for before, after in scores]
    lost = sum(2 * before > repeats >= 2 * after for before, after in scores)
    gained = sum(2 * after > repeats >= 2 * before for before, after in scores)
    n = len(pairs)
    return Comparison(
        n=n,
        lost=lost,
        gained=gained,
        # From integers, so that one of twenty is exactly the threshold of 0.05.
        drop=sum(before - after for before, after in scores) / (n * repeats) if n else 0.0,
        p=mid_p(lost, gained) if repeats == 1 else repeated_p(differences),
        error=_error(differences) if repeats > 1 else None,
        before=sum(before for before, _ in scores) / (n * repeats) if n else 0.0,
        after=sum(after for _, after in scores) / (n * repeats) if n else 0.0,
    )


def majority(outcomes: Iterable[Outcome]) -> Outcome:
    """Return pass where more than half of the runs pass, unknown where only unknowns prevent it."""
    every = list(outcomes)
    passes = every.count("pass")
    if 2 * passes > len(every):
        return "pass"
    return "unknown" if 2 * (passes + every.count("unknown")) > len(every) else "fail"


def _judges(case: CaseScore, evaluators: Collection[str]) -> set[str]:
    return {one.evaluator for one in case.judged if one.evaluator in evaluators}


def _passes(outcomes: Outcomes, *, unknown: bool) -> int:
    return sum(one == "pass" or (unknown and one == "unknown") for one in outcomes)


def _error(differences: Sequence[float]) -> float:
    n = len(differences)
    return stdev(differences) / n**0.5 if n > 1 else 0.0
