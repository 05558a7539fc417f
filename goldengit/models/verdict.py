"""Verdict: what an evaluator says about one row."""

from typing import Literal

from goldengit.models.base import Count, Digest, Noun, Share
from goldengit.models.dataset import FailureMode

Outcome = Literal["pass", "fail", "unknown"]


class Cost(Noun):
    """What a verdict cost: model calls made (retries included) and tokens that were counted."""

    calls: Count = 0
    input_tokens: Count = 0
    output_tokens: Count = 0

    def __add__(self, other: "Cost") -> "Cost":
        """Return the sum of two costs."""
        return Cost(
            calls=self.calls + other.calls,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
        )


class Verdict(Noun):
    """Pass, fail or unknown, with a score from 0 to 1 and the reason.

    `unknown` has neither score nor grade: nothing was measured. `grade` is the raw grade of a
    graded failure mode. `model` names the model that answered, `output` is the digest of its raw
    answer; both are None where no model was asked.
    """

    verdict: Outcome
    score: Share | None = None
    grade: float | None = None
    justification: str = ""
    cost: Cost = Cost.model_construct()
    model: str | None = None
    output: Digest | None = None


def passed(justification: str, score: float = 1.0) -> Verdict:
    """Return a pass."""
    return Verdict(verdict="pass", score=score, justification=justification)


def failed(justification: str, score: float = 0.0) -> Verdict:
    """Return a fail."""
    return Verdict(verdict="fail", score=score, justification=justification)


def graded(mode: FailureMode, grade: float, justification: str) -> Verdict:
    """Return what a grade means; ValueError when the failure mode has no such grade."""
    if mode.scale is None or mode.pass_at is None or not mode.scale.holds(grade):
        raise ValueError(f"{grade:g} is no grade of this failure mode")
    outcome: Outcome = "pass" if grade >= mode.pass_at else "fail"
    score = min(max(mode.scale.score(grade), 0.0), 1.0)  # rounding may leave the range by a hair
    return Verdict(verdict=outcome, score=score, grade=grade, justification=justification)


def unknown(reason: str, cost: Cost | None = None, model: str | None = None) -> Verdict:
    """Return that nothing could be said, and why; never a pass and never a fail."""
    return Verdict(verdict="unknown", justification=reason, cost=cost or Cost(), model=model)
