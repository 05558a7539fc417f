"""Gating: whether a release may go to production, judged by what is committed.

A scorecard of the candidate is compared, case by case, with that of the baseline. Policy, dataset,
evaluators and cases come from the commit; of the scorecards only the verdicts are believed.
"""

from dataclasses import dataclass, replace

from goldengit.evaluating.record import read_scorecard
from goldengit.gating.deploy import judge
from goldengit.gating.door import Door
from goldengit.gating.fitting import fit_baseline, fit_candidate
from goldengit.gating.ground import Ground, ground
from goldengit.gating.judgement import Judgement, Terms
from goldengit.gating.noise import flips_of
from goldengit.gating.operating import Operation, operation
from goldengit.gating.origin import origin_of
from goldengit.gating.pinned import NoBaseline, pinned
from goldengit.gating.trust import aged, examined, originated, reviewed
from goldengit.models.finding import Report
from goldengit.models.outcomes import gating
from goldengit.repository.store import Store

__all__ = ["Gated", "gate_deploy", "operate"]


@dataclass(frozen=True)
class Gated:
    """A judgement with what it rests on. `baseline` is the release compared with, "" for none."""

    judgement: Judgement
    ground: Ground
    candidate: str
    baseline: str
    report: Report


def gate_deploy(
    store: Store,
    dataset: str,
    data: bytes,
    *,
    commit: str,
    now: str,
    place: str = "",
    door: Door | None = None,
) -> Gated:
    """Judge the candidate whose scorecard `data` holds, by what a commit says.

    `now` is RFC 3339 text in UTC, `place` names the scorecard in messages. With a `door` the forge
    is asked how the commit came to its protected branch. Raises CannotJudgeError
    for whatever could not be read or was made for another tree, UsageError for what is not there,
    NothingToJudgeError without an active case.
    """
    card = read_scorecard(data, place)
    here = ground(store, dataset, commit, now)
    fitted = fit_candidate(card, here)
    found = pinned(store, here)
    terms = Terms(here.policy.deploy, here.spec, here.youden, fitted.missing)
    if isinstance(found, NoBaseline):
        terms = replace(terms, no_baseline=found.reason, remedy=found.remedy)
        judged = judge(fitted.card, None, terms)
    else:
        base = fit_baseline(found, here)
        terms = replace(terms, unpaired=base.unpaired, since=base.since)
        judged = judge(fitted.card, base.card, terms)
    origin = origin_of(door, here) if door is not None else None
    tree, report = examined(store, here, origin)
    way = (*reviewed(store, here), *originated(here, origin), *aged(store, here))
    parts = (*judged.parts, tree, *way)
    release = "" if isinstance(found, NoBaseline) else found.release
    return Gated(replace(judged, parts=parts), here, card.release, release, report)


def operate(
    store: Store,
    dataset: str,
    data: bytes,
    *,
    commit: str,
    now: str,
    drop: float,
    place: str = "",
) -> Operation:
    """Return how the gate would treat this release against itself, and how often it misses a drop.

    Where the candidate ran once, the runs of the baseline tell the noise. Raises as `gate_deploy`.
    """
    card = read_scorecard(data, place)
    here = ground(store, dataset, commit, now)
    fitted = fit_candidate(card, here).card
    terms = Terms(here.policy.deploy, here.spec)
    if flips_of(fitted, gating(fitted)) is None:
        found = pinned(store, here)
        if not isinstance(found, NoBaseline):
            fitted = fit_baseline(found, here).card
    return operation(fitted, terms, drop)
