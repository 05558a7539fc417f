"""The forecast: what an evaluation would ask and pay for, before it asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from goldengit.evaluating.repeats import Repeats, is_recorded, planned, with_third
from goldengit.evaluating.suite import Suite
from goldengit.models.answer import as_judged
from goldengit.models.verdict import Cost
from goldengit.targets.base import Target


@dataclass(frozen=True, slots=True)
class Forecast:
    """What an evaluation would do at least and, where outcomes flip, at most.

    `answers` counts runs of cases; `judges` holds, for each evaluator that asks a model, about what
    that costs. What is kept from before is not taken off.
    """

    cases: int
    answers: tuple[int, int]
    judges: Mapping[str, tuple[Cost, Cost]]


def forecast(suite: Suite, target: Target, wish: Repeats) -> Forecast:
    """Return what an evaluation would do; nothing is asked.

    What production answered stands in for the answers that nobody knows yet.
    """
    least = planned(suite.cases, target, wish)
    grows = wish == "auto" and not is_recorded(suite.cases, target)
    most = with_third(least) if grows else least
    judges = {}
    for place, run in enumerate(suite.runs):
        costs = _cost(suite, place, least), _cost(suite, place, most)
        if costs[0] is not None and costs[1] is not None:
            judges[run.id] = (costs[0], costs[1])
    return Forecast(len(suite.cases), (sum(least), sum(most)), judges)


def _cost(suite: Suite, place: int, counts: Sequence[int]) -> Cost | None:
    return suite.evaluators[place].estimate(
        row
        for case, count in zip(suite.cases, counts, strict=True)
        if place in case.judges
        for row in [as_judged(suite.case(case))] * count
    )
