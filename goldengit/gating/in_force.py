"""The rules that may be in force on a comparison, and what each of them can see.

`point` looks at the drop alone, `guarded` forgives a small drop that chance explains, `certify`
blocks what is not proved to be as good, `test` blocks a drop that is large and significant.
"""

from dataclasses import dataclass
from functools import cache
from math import comb, fsum, inf, sqrt
from statistics import NormalDist
from typing import Literal

from goldengit.gating.judgement import Comparison, Ruling
from goldengit.metrics.paired import mid_p, noninferiority_bound
from goldengit.metrics.power import (
    block_probability,
    difference_variance,
    outcome_probability,
    smallest_detectable_drop,
)
from goldengit.models.agreement import SLACK, above, below
from goldengit.models.policy import Deploy

CERTIFIABLE = 200  # pairs, below which nearly every good release would be blocked
POWER = 0.8
_ENUMERABLE = 2_000  # pairs; their outcomes are counted in about a second
_ENUMERABLE_RUNS = 600  # where each case runs several times, which takes longer
_NEGLIGIBLE = 1e-12
_CERTAINTY = 0.95  # of the bound that certifies

Name = Literal["point", "guarded", "certify", "test"]


@dataclass(frozen=True, slots=True)
class InForce:
    """A rule with its numbers. `alpha` is what a p-value must lie below, where one is asked."""

    name: Name
    max_drop: float
    alpha: float = 0.0

    def ruling(self, found: Comparison) -> Ruling:
        """Return what the rule says of a comparison."""
        if self.name == "certify":
            proved = below(_bound(found), self.max_drop)
            return Ruling.PASS if proved else Ruling.BLOCK
        if not above(found.drop, self.max_drop):
            return Ruling.PASS
        is_plain = self.name == "point"
        is_large = self.name == "guarded" and above(found.drop, 2 * self.max_drop)
        if is_plain or is_large or below(found.p, self.alpha):
            return Ruling.BLOCK
        return Ruling.WARN

    def blocks(self, lost: int, gained: int, n: int) -> bool:
        """Tell whether the rule blocks, with one run of each case."""
        drop = (lost - gained) / n
        p = 1.0 if self.name == "point" else mid_p(lost, gained)
        return self.ruling(Comparison(n, lost, gained, drop, p)) is Ruling.BLOCK

    def threshold(self, error: float) -> float:
        """Return the drop beyond which the rule blocks when the drop's standard error is known."""
        significant = _quantile(1 - self.alpha) * error if error else 0.0
        match self.name:
            case "point":
                return self.max_drop
            case "guarded":
                return min(2 * self.max_drop, max(self.max_drop, significant))
            case "certify":
                return self.max_drop - _quantile(_CERTAINTY) * error
            case "test":
                return max(self.max_drop, significant)

    def smallest(self, n: int, flips: float, repeats: int) -> float | None:
        """Return the smallest drop, in steps of .01, that is blocked four times in five.

        None where even the loss of every case is not. Counted for one run of each case; for more
        runs, or very many cases, the drop is taken as normal (Miller 2024, arXiv 2411.00640).
        """
        if n == 0:
            return None
        if repeats == 1 and n <= _ENUMERABLE:
            return smallest_detectable_drop(self.blocks, n, flips, POWER)
        steps = (step / 100 for step in range(1, 101))
        return next((drop for drop in steps if self._sees(drop, n, flips, repeats)), None)

    def chance(self, n: int, drop: float, flips: float, repeats: int) -> float:
        """Return the chance that the rule blocks a release whose pass rate fell by `drop`.

        `flips` is the share of cases that change between two runs of one release. With one run of
        each case every outcome is counted. With more, a broken case loses all its runs and every
        other run flips like a pair of its own. Very many cases are taken as normal.
        """
        if n == 0:
            return 0.0
        if repeats == 1 and n <= _ENUMERABLE:
            return block_probability(self.blocks, n, drop, flips)
        error = self._error(drop, n, flips, repeats)
        if n * repeats > _ENUMERABLE_RUNS:
            return 1 - NormalDist(drop, error or SLACK).cdf(self.threshold(error))
        return fsum(
            chance * self._with_broken(broken, n, flips, repeats)
            for broken in range(n + 1)
            if (chance := comb(n, broken) * drop**broken * (1 - drop) ** (n - broken)) > _NEGLIGIBLE
        )

    def _with_broken(self, broken: int, n: int, flips: float, repeats: int) -> float:
        """Return the chance that the rule blocks when this many cases lose all their runs."""

        def blocks(lost: int, gained: int, _: int) -> bool:
            drop = (broken + (lost - gained) / repeats) / n
            # Two flips within one case are rare enough to be counted as flips of two cases.
            squares = broken + (lost + gained) / repeats**2
            variance = max(0.0, squares - n * drop**2) / max(1, n - 1)
            return above(drop, self.threshold(sqrt(variance / n)))

        runs = (n - broken) * repeats
        if runs == 0:
            return float(blocks(0, 0, 0))
        return outcome_probability(blocks, runs, flips / 2, flips / 2)

    def _sees(self, drop: float, n: int, flips: float, repeats: int) -> bool:
        error = self._error(drop, n, flips, repeats)
        return not below(drop, self.threshold(error) + _quantile(POWER) * error)

    def _error(self, drop: float, n: int, flips: float, repeats: int) -> float:
        """Return the standard error of a drop.

        A share `drop` of the cases breaks; a run of one release varies by half the flip rate.
        """
        variance = difference_variance(drop * (1 - drop), flips / 2, flips / 2, repeats)
        return sqrt(variance / n)


@cache
def _quantile(share: float) -> float:
    """Return a quantile of the normal distribution, infinite where a policy asks for 0 or 1."""
    return NormalDist().inv_cdf(share) if 0 < share < 1 else inf if share else -inf


def of_whole(deploy: Deploy) -> InForce:
    """Return the rule for the whole, by the policy's mode."""
    return InForce(deploy.mode, deploy.max_drop, deploy.alpha)


def _bound(found: Comparison) -> float:
    if found.error is None:
        return noninferiority_bound(found.lost, found.gained, found.n)
    return found.drop + _quantile(_CERTAINTY) * found.error
