"""The cases that did not pass, with what was said of them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from goldengit.evaluating.summary import SEVERITIES
from goldengit.models.outcomes import combined, gating
from goldengit.models.scorecard import CaseScore, Scorecard
from goldengit.models.verdict import Outcome


@dataclass(frozen=True, slots=True)
class Failing:
    """A case that did not pass in every run.

    `outcomes` are those of its runs; `reasons` hold an evaluator's id and what it said of the first
    run that it did not pass.
    """

    case: str
    severity: str
    outcomes: tuple[Outcome, ...]
    reasons: tuple[tuple[str, str], ...]

    @property
    def failed(self) -> int:
        """Return how many runs failed."""
        return self.outcomes.count("fail")


def failing(card: Scorecard) -> tuple[Failing, ...]:
    """Return the cases that what gates did not pass; without any such evaluator, what signals.

    Critical cases come first, then those that failed most often.
    """
    evaluators = gating(card) or frozenset(run.id for run in card.evaluators)
    found = [one for case in card.cases for one in _failing(case, evaluators)]
    return tuple(
        sorted(found, key=lambda one: (one.severity != SEVERITIES[0], -_share(one), one.case))
    )


def _failing(case: CaseScore, evaluators: Collection[str]) -> Iterator[Failing]:
    runs = [combined(case, evaluators, repeat) for repeat in range(len(case.errors))]
    outcomes = tuple(outcome for outcome in runs if outcome is not None)
    if any(outcome != "pass" for outcome in outcomes):
        error = next(filter(None, case.errors), "")
        said = [
            (one.evaluator, one.reason)
            for one in case.judged
            if one.evaluator in evaluators and any(outcome != "pass" for outcome in one.outcomes)
        ]
        yield Failing(
            case.case,
            case.severity,
            outcomes,
            # Without an answer every evaluator says the same.
            (("no answer", error),) if error and "fail" not in outcomes else tuple(said),
        )


def _share(one: Failing) -> float:
    return one.failed / len(one.outcomes)
