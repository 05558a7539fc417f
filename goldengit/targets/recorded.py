"""`recorded:answers.jsonl`: answers that were given before, one a line."""

from collections import defaultdict
from typing import ClassVar

from goldengit.errors import CannotJudgeError
from goldengit.models.answer import Answer
from goldengit.models.case import Case
from goldengit.models.exchange import MalformedAnswerError, Response, response
from goldengit.targets.base import Doors, Target


class Recorded(Target):
    """A file of responses. Several lines of one case are the answers to its repeats, in order.

    A case without a line, or with fewer lines than repeats, has an answer that is an error.
    """

    kind: ClassVar[str] = "recorded"

    def __init__(self, what: str, doors: Doors, timeout: float) -> None:
        """Read the file; raise CannotJudgeError, with file and line, for what is no response."""
        super().__init__(what, doors, timeout)
        if doors.read is None:
            raise CannotJudgeError("No file can be read here.")
        self._answers: defaultdict[str, list[Answer]] = defaultdict(list)
        # Only LF ends a line: JSON texts may hold the other separators that Python splits at.
        for number, line in enumerate(doors.read(what).split(b"\n"), 1):
            if line.strip():
                found = _response(line, f"{what}:{number}")
                self._answers[found.case].append(found.answer())

    def answer(self, case_id: str, case: Case, repeat: int) -> Answer:  # noqa: ARG002 the id says it
        """Return what the file says."""
        answers = self._answers.get(case_id, [])
        if repeat < len(answers):
            return answers[repeat]
        if not answers:
            return Answer(error=f"{self.what} holds no answer to this case.")
        problem = f"{self.what} holds {len(answers)} of the answers to this case, not {repeat + 1}."
        return Answer(error=problem)

    def recorded(self, case_id: str) -> int:
        """Return how many answers to a case the file holds."""
        return len(self._answers.get(case_id, []))


def _response(line: bytes, place: str) -> Response:
    try:
        return response(line.decode())
    except UnicodeDecodeError as error:
        raise CannotJudgeError("The line is no UTF-8 text.", place=place) from error
    except MalformedAnswerError as error:
        raise CannotJudgeError(
            error.problem,
            remedy="`goldengit evaluate --save-outputs` shows what a line looks like.",
            place=place,
        ) from error
