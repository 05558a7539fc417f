"""What the metrics share: an interval, and the libraries that most of them need."""

from dataclasses import dataclass

from goldengit.errors import CannotJudgeError

Z = 1.959963984540054  # the 97.5 % quantile of the normal distribution


@dataclass(frozen=True, slots=True)
class Interval:
    """Two bounds with 95 % between them, both in the unit of the statistic."""

    low: float
    high: float


def require_stats() -> None:
    """Import numpy and scipy, or say what to install.

    Called at the head of every public function that needs them, before it imports what it uses:
    so a metric is cheap to import, and a missing extra is one sentence instead of a traceback.

    Raises:
        CannotJudgeError: the extra `stats` is not installed.
    """
    try:
        import numpy as np  # noqa: F401
        import scipy  # noqa: F401
    except ImportError as error:
        raise CannotJudgeError(
            "Intervals and probabilities need numpy and scipy.",
            remedy="Install `goldengit[stats]`.",
        ) from error
