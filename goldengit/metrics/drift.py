"""Has the pass rate of a stream fallen? A Bernoulli CUSUM, one verdict at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import log

from goldengit.errors import CannotJudgeError
from goldengit.models.agreement import above


@dataclass(frozen=True, slots=True)
class Cusum:
    """The evidence of a stream, so far, that its pass rate fell from `baseline` by `delta`.

    A fail adds to it, a pass takes a little away, never below 0; more than `threshold` is an alarm,
    after which the count begins anew. Page 1954, Biometrika 41. Verdicts that resemble their
    neighbours and a changing mix of cases raise false alarms: compare the last items with those
    before them before anybody is woken.

    Raises:
        CannotJudgeError: not 0 < baseline - delta < baseline < 1. Where no case of n failed,
            (n + 1/2) / (n + 1) is a baseline that leaves room for a fail.
    """

    baseline: float
    delta: float
    threshold: float
    evidence: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.baseline - self.delta < self.baseline < 1:
            raise CannotJudgeError(
                f"A fall by {self.delta:g} from a pass rate of {self.baseline:g} cannot be watched "
                "for: both rates must lie between 0 and 1."
            )

    @property
    def is_alarm(self) -> bool:
        """Tell whether the last item raised an alarm."""
        return above(self.evidence, self.threshold)

    def after(self, passed: bool) -> "Cusum":  # noqa: FBT001 a verdict, not a switch
        """Return the state after one more item."""
        fallen = self.baseline - self.delta
        weight = log(fallen / self.baseline) if passed else log((1 - fallen) / (1 - self.baseline))
        before = 0.0 if self.is_alarm else self.evidence
        return Cusum(self.baseline, self.delta, self.threshold, max(0.0, before + weight))


def alarms(start: Cusum, verdicts: Iterable[bool]) -> Iterator[int]:
    """Yield the number of each item, from 1, that raises an alarm."""
    state = start
    for number, passed in enumerate(verdicts, start=1):
        state = state.after(passed)
        if state.is_alarm:
            yield number
