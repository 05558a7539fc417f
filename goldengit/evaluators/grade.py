"""The kind `grade`: a grade that the answer itself holds, where the system is a grader."""

from typing import Annotated, ClassVar

from pydantic import Field

from goldengit.evaluators.base import Evaluator, Options
from goldengit.models.exchange import one_line
from goldengit.models.field import FieldName, RowField
from goldengit.models.row import EvalRow
from goldengit.models.verdict import Verdict, unknown

_ROUNDING = 1e-9


class GradeOptions(Options):
    """The place of a grade. Its scale, and from where on it passes, are the failure mode's."""

    field: Annotated[
        FieldName, Field(description="Where the grade stands: `actual_output.overall.grade`.")
    ]


class Grade(Evaluator):
    """Hands on the grade that a system gave, so that it can be measured against people's grades.

    The verdict is a pass from the failure mode's `pass_at` on, the score the grade's place on the
    scale from 0 to 1. What is no number, or no grade of the scale, is unknown: it is not rounded.
    """

    kind: ClassVar[str] = "grade"
    options_model: ClassVar[type[Options]] = GradeOptions
    options: GradeOptions

    def prepare(self) -> None:
        """Take the scale; raise EvaluatorInvalidError for a failure mode that is not graded."""
        mode = self.definition.failure_mode
        if mode.scale is None or mode.pass_at is None:
            raise self.invalid(
                f"The failure mode `{self.definition.spec.failure_mode}` has no scale of grades."
            )
        self._scale, self._pass_at = mode.scale, mode.pass_at
        self._field = RowField(self.options.field)

    def judge(self, row: EvalRow) -> Verdict:
        """Read the grade."""
        found, place = self._field.value(row), f"`{self._field.name}`"
        if found is None:
            return unknown(f"The row has no {place}.")
        if isinstance(found, bool) or not isinstance(found, int | float):
            return unknown(f"{place} is {one_line(repr(found), 60)}, which is no number.")
        if not self._scale.min <= found <= self._scale.max or not self._scale.holds(found):
            return unknown(f"{place} is {one_line(str(found), 40)}, which the scale does not have.")
        return Verdict(
            verdict="pass" if found >= self._pass_at - _ROUNDING else "fail",
            grade=float(found),
            score=self._scale.score(found),
            justification=f"Graded {found:g}; it passes from {self._pass_at:g} on.",
        )
