"""DatasetSpec: whose dataset it is, what it looks for and which slices count."""

from math import isfinite
from typing import Annotated, Literal

from pydantic import Field, JsonValue, model_validator

from goldengit.models.base import Count, Day, Many, Name, Noun, Share, Text

_ROUNDING = 1e-9  # of a step, so that 0.1 + 0.2 is still the grade 0.3


class QueueLimits(Noun):
    """How long a flagged row may wait (days) and how many may wait at once."""

    max_age_days: Annotated[int, Field(ge=1)] = 14
    max_size: Annotated[int, Field(ge=1)] = 200


class Scale(Noun):
    """The grades a person may give: from `min` to `max` in steps of `step`."""

    min: float
    max: float
    step: Annotated[float, Field(gt=0)] = 1.0

    @model_validator(mode="after")
    def _ordered(self) -> "Scale":
        if self.min >= self.max or not self.holds(self.max):
            message = "max must lie a whole number of steps above min"
            raise ValueError(message)
        return self

    def holds(self, grade: float) -> bool:
        """Tell whether the grade lies on the scale."""
        steps = (grade - self.min) / self.step  # infinite where min and max are far apart
        within = isfinite(steps) and self.min <= grade <= self.max
        return within and abs(steps - round(steps)) < _ROUNDING

    @property
    def size(self) -> int:
        """Return how many grades the scale has."""
        return self.place(self.max) + 1

    def place(self, grade: float) -> int:
        """Return the number of a grade of the scale, from 0."""
        return round((grade - self.min) / self.step)

    def score(self, grade: float) -> float:
        """Return the grade as a score from 0 to 1."""
        return (grade - self.min) / (self.max - self.min)


class FailureMode(Noun):
    """One way to fail, with the number of the rubric in force; graded when it has a scale."""

    title: Text
    rubric: Annotated[int, Field(ge=1)] = 1
    scale: Scale | None = None
    pass_at: float | None = None
    retired: Day | None = None

    @model_validator(mode="after")
    def _graded_whole(self) -> "FailureMode":
        if (self.scale is None) != (self.pass_at is None):
            message = "scale and pass_at go together"
            raise ValueError(message)
        if self.scale and self.pass_at is not None and not self.scale.holds(self.pass_at):
            message = "pass_at is not a grade of the scale"
            raise ValueError(message)
        return self


class Slice(Noun):
    """The cases whose fields have the given values; dotted names, such as `metadata.feature`."""

    name: Name
    where: dict[str, JsonValue]
    gating: bool = False


class EvaluatorUse(Noun):
    """How this dataset uses an evaluator: its role at the gate and its weight in the score.

    By default it judges the cases that people labelled with its failure mode, on which it was
    measured; `applies_to: all` makes it judge every case.
    """

    id: Name
    role: Literal["gate", "signal"]
    weight: Annotated[float, Field(gt=0)] = 1.0
    applies_to: Literal["labelled", "all"] = "labelled"


class Redaction(Noun):
    """What the scanner of secrets and personal data may let through in this dataset."""

    allow: Many[Text] = ()


class DatasetSpec(Noun):
    """The file `dataset.yaml`: `goldengit/dataset/v1`."""

    schema_: Annotated[Literal["goldengit/dataset/v1"], Field(alias="schema")]
    name: Name
    description: str = ""
    owner: Name | None = None
    queue: QueueLimits = QueueLimits.model_construct()
    failure_modes: dict[Name, FailureMode] = Field(default_factory=dict)
    slices: Many[Slice] = ()
    evaluators: Many[EvaluatorUse] = ()
    redaction: Redaction = Redaction.model_construct()
    double_labelled: Share = 0.2
    max_gating_slices: Count = 5
