"""EvalRow: the one schema of production logs and of eval rows."""

from typing import Literal

from pydantic import JsonValue

from goldengit.models.base import Instant, Noun, Share
from goldengit.models.trace import Trace


class Metadata(Noun):
    """Where and by what the answer was made. What has no field of its own goes to `extra`."""

    model_version: str | None = None
    prompt_version: str | None = None
    timestamp: Instant | None = None
    session_id: str | None = None
    feature: str | None = None
    release: str | None = None
    feature_flags: dict[str, JsonValue] | None = None
    extra: dict[str, JsonValue] | None = None


class UserFeedback(Noun):
    """What the user said or did afterwards. Null means "not said", which is not "no"."""

    thumbs: Literal["up", "down"] | None = None
    retried: bool | None = None
    abandoned: bool | None = None
    score: float | None = None
    comment: str | None = None


class EvalRow(Noun):
    """One interaction: what went in, what came out, and what should have come out."""

    input: JsonValue
    expected_output: JsonValue = None
    actual_output: JsonValue = None
    grader_hints: str | None = None
    metadata: Metadata | None = None
    user_feedback: UserFeedback | None = None
    confidence: Share | None = None
    trace: Trace | None = None
