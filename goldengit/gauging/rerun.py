"""Rerun: an evaluator says once more what it says of each recorded case."""

from goldengit.evaluators import Evaluator
from goldengit.models.answer import Answer, answered, as_judged
from goldengit.models.case import Case
from goldengit.models.verdict import Verdict

_SILENCE = Answer()


class Rerun:
    """The verdicts that an evaluator gives now, by case id, and whether the answer matters to it.

    Cases are shown one at a time and not kept.
    """

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._decided = False
        self._alike = True
        self.verdicts: dict[str, Verdict] = {}

    def show(self, case_id: str, case: Case) -> None:
        """Have a case judged."""
        verdict = self._evaluator.verdict(as_judged(case))
        self.verdicts[case_id] = verdict
        if self._alike and verdict.verdict != "unknown":
            self._decided = True
            unanswered = self._evaluator.verdict(answered(case, _SILENCE))
            self._alike = _without_reason(unanswered) == _without_reason(verdict)

    @property
    def ignores_answer(self) -> bool:
        """Tell whether each case that was decided would have been decided alike with no answer."""
        return self._decided and self._alike


def _without_reason(verdict: Verdict) -> tuple[str, float | None, float | None]:
    return verdict.verdict, verdict.score, verdict.grade
