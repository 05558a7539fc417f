"""Noise: how often a release contradicts itself, and how many runs of each case that takes."""

from collections.abc import Collection

from goldengit.gating.judgement import Repeats
from goldengit.gating.pairs import runs_of
from goldengit.metrics.repeats import flip_rate
from goldengit.models.agreement import above
from goldengit.models.outcomes import flip_share
from goldengit.models.policy import Deploy
from goldengit.models.scorecard import Scorecard

NOISY_REPEATS = 3  # runs of each case when too many flip
_ANY = 9  # runs that a recorded answer stands for: as many as a policy may ask for


def flips_of(card: Scorecard, evaluators: Collection[str]) -> float | None:
    """Return the share of cases whose outcome differs between the first two runs of a release.

    0 where the answers were recorded once, which no repeat can change; None where a live release
    ran once, or nothing was judged.
    """
    if card.repeats == 1:
        return 0.0 if card.deterministic else None
    runs = [runs for case in card.cases if (runs := runs_of(case, evaluators, 2))]
    return flip_rate([first for first, _ in runs], [second for _, second in runs])


def repeats_of(
    candidate: Scorecard, baseline: Scorecard | None, evaluators: Collection[str], deploy: Deploy
) -> Repeats:
    """Return how many runs of each case the policy needs and both scorecards have.

    A baseline that ran once, or answers that were recorded once beside a live candidate, say
    nothing about noise: then the release counts as noisy. A candidate that contradicts itself
    beside a steady baseline needs the runs, too, or its first run alone would speak for it; the
    rules stay those of a steady release, because its own noise must not earn it milder ones.
    """
    flips = flips_of(baseline, evaluators) if baseline is not None else None
    if baseline is not None and _is_still(baseline) and not _is_still(candidate):
        flips = flips_of(candidate, evaluators)
    noisy = flips is None or above(flips, deploy.aa_flip_max)
    own = _unrest(candidate, evaluators)
    shaky = above(own, deploy.aa_flip_max)
    auto = NOISY_REPEATS if noisy or shaky else 1
    needed = auto if deploy.repeats == "auto" else deploy.repeats
    there = [available(card) for card in (candidate, baseline) if card is not None]
    told = max(flips, own) if flips is not None and shaky else flips
    return Repeats(told, needed, min(needed, *there), noisy)


def available(card: Scorecard) -> int:
    """Return how many runs of each case a scorecard has."""
    return _ANY if _is_still(card) else card.repeats


def _unrest(card: Scorecard, evaluators: Collection[str]) -> float:
    """Return how often a case changes from one run to the next, over all runs; 0 for one run."""
    runs = (runs_of(case, evaluators, card.repeats) for case in card.cases)
    return flip_share(runs) or 0.0


def _is_still(card: Scorecard) -> bool:
    """Tell whether a scorecard rests on answers that were recorded once."""
    return card.deterministic and card.repeats == 1
