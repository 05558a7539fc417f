"""Outcomes: what the evaluators of a run say of a case together, run by run."""

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise

from goldengit.models.scorecard import CaseScore, Scorecard
from goldengit.models.verdict import Outcome


def gating(card: Scorecard) -> frozenset[str]:
    """Return the ids of the evaluators that may block."""
    return frozenset(run.id for run in card.evaluators if run.gates)


def signalling(card: Scorecard) -> frozenset[str]:
    """Return the ids of the evaluators that may not block, by their role or their calibration."""
    return frozenset(run.id for run in card.evaluators if not run.gates)


def composite(case: CaseScore, card: Scorecard, repeat: int) -> Outcome | None:
    """Return the outcome of one run of a case: what the gating evaluators say together.

    None where no gating evaluator judged the case: nobody entitled to said anything.
    """
    return combined(case, gating(card), repeat)


def composites(case: CaseScore, card: Scorecard) -> tuple[Outcome | None, ...]:
    """Return the outcome of each run of a case. Critical cases may have more runs than others."""
    evaluators = gating(card)
    return tuple(combined(case, evaluators, repeat) for repeat in range(len(case.errors)))


def combined(case: CaseScore, evaluators: Collection[str], repeat: int) -> Outcome | None:
    """Return what these evaluators say of one run of a case together, None where none judged it.

    One fail fails; an unknown, or an error in place of an answer, keeps the rest from a pass.
    """
    said = [one.outcomes[repeat] for one in case.judged if one.evaluator in evaluators]
    if said and case.errors[repeat]:
        said.append("unknown")
    return joined(said)


def joined(outcomes: Collection[Outcome]) -> Outcome | None:
    """Return one outcome for several: fail before unknown before pass, None for none."""
    if not outcomes:
        return None
    if "fail" in outcomes:
        return "fail"
    return "unknown" if "unknown" in outcomes else "pass"


def flip_share(runs: Iterable[Sequence[Outcome | None]]) -> float | None:
    """Return how often the outcome changes from one run of a case to the next, None without two.

    `runs` holds the outcomes of each case; what nobody judged does not count. Of two runs it is the
    share of cases that flip.
    """
    judged = [case for case in runs if None not in case]
    flips = [before != after for case in judged for before, after in pairwise(case)]
    return sum(flips) / len(flips) if flips else None
