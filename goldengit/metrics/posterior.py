"""Posterior: what a two-by-two table lets one believe about an agreement statistic.

Dirichlet(1/2, 1/2, 1/2, 1/2) over the four cells (Jeffreys' prior) factorises into three
independent Betas: TPR, TNR and the share of human passes. Each is represented by equally likely
values, and a statistic is evaluated at every combination. The 95 % interval that comes of it covers
92 to 98 % in every scenario tried at 15 to 40 labels; a percentile bootstrap falls to 44 %.
"""

from dataclasses import dataclass, field
from math import sqrt
from typing import TYPE_CHECKING, Literal

from goldengit.metrics.base import Interval, require_stats
from goldengit.models.agreement import SLACK, Counts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Grid = NDArray[np.float64]

Statistic = Literal["mcc", "kappa", "balanced_accuracy", "tpr", "tnr", "ac1", "f1"]

# Equally likely values of each Beta: a constant of the manifest, not an option, because verdicts
# near a limit depend on it in the third decimal.
POINTS = 96


@dataclass(frozen=True, slots=True)
class Beta:
    """A Beta distribution with parameters `a` and `b`; a share of which nothing is certain."""

    a: float
    b: float

    def quantile(self, q: float) -> float:
        """Return the share below which the probability `q` lies."""
        from scipy.special import betaincinv

        return float(betaincinv(self.a, self.b, q))

    def above(self, threshold: float) -> float:
        """Return the probability that the share is above a threshold."""
        from scipy.special import betaincc

        return float(betaincc(self.a, self.b, min(max(threshold, 0.0), 1.0)))

    def values(self) -> "Grid":
        """Return as many equally likely values as the grid has points, in rising order."""
        import numpy as np
        from scipy.special import betaincinv

        values: Grid = betaincinv(self.a, self.b, (np.arange(POINTS) + 0.5) / POINTS)
        return values


@dataclass(frozen=True, eq=False)
class Posterior:
    """What is known of an evaluator: its TPR, its TNR and the share of human passes.

    `passes` is a number where the mix of classes was chosen, or is asked about, and so is no
    information. Grids are kept once they were needed: 7 MB a statistic.
    """

    tpr: Beta
    tnr: Beta
    passes: Beta | float
    _grids: dict[Statistic, "Grid"] = field(default_factory=dict, init=False, repr=False)

    def grid(self, statistic: Statistic) -> "Grid":
        """Return the equally likely values of a statistic, in rising order."""
        if statistic not in self._grids:
            self._grids[statistic] = self._evaluate(statistic)
        return self._grids[statistic]

    def interval(self, statistic: Statistic) -> Interval:
        """Return the 95 % credible interval, from the 2.5 % to the 97.5 % quantile."""
        return Interval(self.quantile(statistic, 0.025), self.quantile(statistic, 0.975))

    def quantile(self, statistic: Statistic, q: float) -> float:
        """Return the value below which the statistic lies with probability `q`."""
        share = self._share(statistic)
        if share:
            return share.quantile(q)
        import numpy as np

        return float(np.quantile(self.grid(statistic), q))

    def probability_above(self, statistic: Statistic, threshold: float) -> float:
        """Return the probability that the statistic is above a threshold, not merely on it."""
        share = self._share(statistic)
        if share:
            return share.above(threshold + SLACK)
        grid = self.grid(statistic)
        not_above = int(grid.searchsorted(threshold + SLACK, side="right"))
        return (grid.size - not_above) / grid.size

    def _share(self, statistic: Statistic) -> Beta | None:
        """Return the distribution of a statistic that has one in closed form."""
        return {"tpr": self.tpr, "tnr": self.tnr}.get(statistic)

    def _evaluate(self, statistic: Statistic) -> "Grid":
        import numpy as np

        tpr, tnr = self.tpr.values()[:, None, None], self.tnr.values()[None, :, None]
        passes = self.passes.values() if isinstance(self.passes, Beta) else self.passes
        values = _statistic(statistic, tpr, tnr, np.atleast_1d(np.asarray(passes, float)))
        return np.sort(values, axis=None)


def _statistic(name: Statistic, tpr: "Grid", tnr: "Grid", passes: "Grid") -> "Grid":
    """Return a statistic of the cells (P·TPR, (1-P)(1-TNR), P(1-TPR), (1-P)·TNR), broadcast.

    `said` is the share that the evaluator passes. The formulas are those of `Counts`, with the
    margins factored out.
    """
    import numpy as np

    fails = 1 - passes
    said = passes * tpr + fails * (1 - tnr)
    agreed = passes * tpr + fails * tnr
    match name:
        case "tpr":
            return tpr
        case "tnr":
            return tnr
        case "balanced_accuracy":
            return (tpr + tnr) / 2
        case "mcc":
            values: Grid = (tpr + tnr - 1) * np.sqrt(passes * fails / (said * (1 - said)))
            return values
        case "kappa":
            chance = passes * said + fails * (1 - said)
            return (agreed - chance) / (1 - chance)
        case "ac1":
            chance = (passes + said) * (1 - (passes + said) / 2)
            return (agreed - chance) / (1 - chance)
        case _:  # F1
            return 2 * passes * tpr / (passes + said)


def posterior(
    counts: Counts, *, groups: int | None = None, prevalence: float | None = None
) -> Posterior:
    """Return what a table of decided cases lets one believe.

    Args:
        counts: the table; an empty one gives the prior.
        groups: how many conversations, users or templates the cases come from. Cases of one group
            are not independent, so the counts are scaled down to sum to this number; never up.
        prevalence: a share of human passes between 0 and 1 to take as given, where the mix of
            classes was chosen or another mix is asked about.

    Raises:
        CannotJudgeError: the extra `stats` is not installed.
        ValueError: the prevalence is not between 0 and 1, or there are cases but no group.
    """
    require_stats()
    if prevalence is not None and not 0 < prevalence < 1:
        raise ValueError("prevalence must lie between 0 and 1")
    if groups is not None and groups < min(counts.n, 1):
        raise ValueError("cases must come from at least one group")
    scale = min(1.0, groups / counts.n) if groups and counts.n else 1.0
    tp, fp, fn, tn = (scale * cell for cell in (counts.tp, counts.fp, counts.fn, counts.tn))
    return Posterior(
        tpr=Beta(tp + 0.5, fn + 0.5),
        tnr=Beta(tn + 0.5, fp + 0.5),
        passes=Beta(tp + fn + 1, fp + tn + 1) if prevalence is None else prevalence,
    )


def at_prevalence(counts: Counts, prevalence: float) -> float | None:
    """Return the MCC that the same TPR and TNR would have at another share of human passes.

    None where either rate is unknown, or where a margin of that table would be empty.
    """
    tpr, tnr = counts.tpr, counts.tnr
    if tpr is None or tnr is None:
        return None
    said = prevalence * tpr + (1 - prevalence) * (1 - tnr)
    margins = prevalence * (1 - prevalence) * said * (1 - said)
    return prevalence * (1 - prevalence) * (tpr + tnr - 1) / sqrt(margins) if margins else None


def probability_fell(fresh: Posterior, history: Posterior) -> float:
    """Return the probability that the MCC behind `fresh` is below the one behind `history`.

    Ties count half. Where the mixes of classes differ, both should be made with one `prevalence`.
    """
    now, before = fresh.grid("mcc"), history.grid("mcc")
    not_above = before.searchsorted(now, side="left") + before.searchsorted(now, side="right")
    return 1 - float(not_above.mean()) / (2 * before.size)
