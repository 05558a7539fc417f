"""Agreement: how often an evaluator says what people say, from integer counts alone.

Everything here is exact and in pure Python, so that the light hook can recompute every point value
of a manifest (DECISIONS 30). Intervals and probabilities are in the shelf of metrics.
"""

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from math import comb, sqrt
from operator import itemgetter

from goldengit.models.base import Count, Noun

SLACK = 1e-9  # two floats nearer than this are on the same side of a threshold
_DIGITS = 6


def above(value: float, threshold: float) -> bool:
    """Tell whether a value is above a threshold and not merely on it."""
    return value > threshold + SLACK


def below(value: float, threshold: float) -> bool:
    """Tell whether a value is below a threshold and not merely on it."""
    return value < threshold - SLACK


def rounded(value: float | None) -> float | None:
    """Return a statistic as files store it: six decimals, None where it is undefined."""
    return None if value is None else round(value, _DIGITS) + 0.0  # no negative zero


class Counts(Noun):
    """A two-by-two table; *pass* is the positive class.

    `fp` are misses (people say fail, the evaluator pass), `fn` false alarms.
    """

    tp: Count
    fp: Count
    fn: Count
    tn: Count

    @property
    def n(self) -> int:
        """Return the number of cases."""
        return self.tp + self.fp + self.fn + self.tn

    @property
    def passes(self) -> int:
        """Return how many cases people passed."""
        return self.tp + self.fn

    @property
    def fails(self) -> int:
        """Return how many cases people failed."""
        return self.fp + self.tn

    @property
    def tpr(self) -> float | None:
        """Return the share of human passes that the evaluator passes."""
        return _ratio(self.tp, self.passes)

    @property
    def tnr(self) -> float | None:
        """Return the share of human fails that the evaluator fails."""
        return _ratio(self.tn, self.fails)

    @property
    def accuracy(self) -> float | None:
        """Return the share of cases on which both agree."""
        return _ratio(self.tp + self.tn, self.n)

    @property
    def balanced_accuracy(self) -> float | None:
        """Return the mean of TPR and TNR, None where a human class is empty."""
        tpr, tnr = self.tpr, self.tnr
        return None if tpr is None or tnr is None else (tpr + tnr) / 2

    @property
    def is_constant(self) -> bool:
        """Tell whether the evaluator says one thing only."""
        return self.tp + self.fp in {0, self.n}

    @property
    def mcc(self) -> float | None:
        """Return Matthews' correlation (phi), None where a margin is empty.

        Matthews 1975, Biochim. Biophys. Acta 405(2).
        """
        margins = (self.tp + self.fp, self.passes, self.fails, self.tn + self.fn)
        if not all(margins):
            return None
        product = margins[0] * margins[1] * margins[2] * margins[3]
        return (self.tp * self.tn - self.fp * self.fn) / sqrt(product)

    @property
    def kappa(self) -> float | None:
        """Return Cohen's kappa, None where chance agreement is certain.

        Cohen 1960, Educ. Psychol. Meas. 20(1).
        """
        chance = self.passes * (self.tp + self.fp) + self.fails * (self.tn + self.fn)
        if self.n == 0 or chance == self.n**2:
            return None
        return ((self.tp + self.tn) * self.n - chance) / (self.n**2 - chance)

    @property
    def ac1(self) -> float | None:
        """Return Gwet's AC1: robust to the mix of classes, but forgiving. Never a gate.

        Gwet 2008, Br. J. Math. Stat. Psychol. 61(1).
        """
        if self.n == 0:
            return None
        share = (self.passes + self.tp + self.fp) / (2 * self.n)
        chance = 2 * share * (1 - share)
        return ((self.tp + self.tn) / self.n - chance) / (1 - chance)

    def against(self, passes: int, fails: int) -> "Counts":
        """Return the table with this many undecided human passes and fails counted as wrong."""
        return Counts(tp=self.tp, fp=self.fp + fails, fn=self.fn + passes, tn=self.tn)


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def ranks(values: Sequence[float]) -> list[float]:
    """Return the mid-ranks of values, from 1; equal values share the mean of their ranks."""
    order = sorted(range(len(values)), key=values.__getitem__)
    found = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and values[order[end + 1]] == values[order[start]]:
            end += 1
        for at in order[start : end + 1]:
            found[at] = (start + end) / 2 + 1
        start = end + 1
    return found


def spearman(people: Sequence[float], evaluator: Sequence[float]) -> float | None:
    """Return the rank correlation with mid-ranks, None where either side is constant."""
    left, right = _centred_ranks(people), _centred_ranks(evaluator)
    both = sum(x * y for x, y in zip(left, right, strict=True))
    spread = sum(x * x for x in left) * sum(y * y for y in right)
    return both / sqrt(spread) if spread else None


def _centred_ranks(values: Sequence[float]) -> list[float]:
    middle = (len(values) + 1) / 2  # ties do not move the mean rank
    return [rank - middle for rank in ranks(values)]


def kendall(people: Sequence[float], evaluator: Sequence[float]) -> float | None:
    """Return tau-b, None where either side is constant. Kendall 1945, Biometrika 33(3).

    Cases are read in the order of people's grades; each one is compared with the sorted evaluator's
    grades of all cases that people graded lower (Knight 1966, JASA 61, by bisection).
    """
    pairs = sorted(zip(people, evaluator, strict=True))
    lower: list[float] = []
    surplus = 0  # concordant minus discordant pairs
    for _, tied in groupby(pairs, key=itemgetter(0)):
        grades = [grade for _, grade in tied]
        for grade in grades:
            surplus += bisect_left(lower, grade) + bisect_right(lower, grade) - len(lower)
        for grade in grades:
            insort(lower, grade)
    spread = _untied_pairs(people) * _untied_pairs(evaluator)
    return surplus / sqrt(spread) if spread else None


def _untied_pairs(values: Sequence[float]) -> int:
    return comb(len(values), 2) - sum(comb(count, 2) for count in Counter(values).values())


def weighted_kappa(
    people: Sequence[float], evaluator: Sequence[float], levels: Sequence[float], power: int = 2
) -> float | None:
    """Return kappa weighted by the distance of grades: `power` 1 is linear, 2 quadratic.

    `levels` is the whole declared scale in order; levels that nobody used count, or the statistic
    would change with the sample. None where chance agreement is certain. Cohen 1968, Psychol.
    Bull. 70(4).

    Raises:
        ValueError: a grade is not one of the levels.
    """
    place = {grade: levels.index(grade) for grade in {*people, *evaluator}}
    observed = expected = 0
    for (x, y), count in Counter(zip(people, evaluator, strict=True)).items():
        observed += abs(place[x] - place[y]) ** power * count
    for x, given in Counter(people).items():
        for y, returned in Counter(evaluator).items():
            expected += abs(place[x] - place[y]) ** power * given * returned
    return 1 - observed * len(people) / expected if expected else None


def bias(people: Sequence[float], evaluator: Sequence[float]) -> float | None:
    """Return the mean of evaluator minus people, in grades; None without any."""
    if not people:
        return None
    return sum(y - x for x, y in zip(people, evaluator, strict=True)) / len(people)
