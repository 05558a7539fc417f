"""`command:./assistant --release 2`: a program that reads requests and prints answers, as lines."""

import shlex
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from time import perf_counter
from typing import ClassVar

from goldengit.errors import CannotJudgeError, GoldengitError, UsageError
from goldengit.models.answer import Answer
from goldengit.models.call import Talk
from goldengit.models.case import Case
from goldengit.models.exchange import answer_to, request
from goldengit.targets.base import Doors, Target


class Command(Target):
    """A program, started without a shell and kept from case to case.

    There are as many copies of it as there were calls at the same time. A copy that failed, or
    answered with what is no answer, is ended: it may be out of step, one line late for ever.
    """

    kind: ClassVar[str] = "command"

    def __init__(self, what: str, doors: Doors, timeout: float) -> None:
        super().__init__(what, doors, timeout)
        if doors.talk is None:
            raise CannotJudgeError("No program can be started here.")
        self._talk_to = doors.talk
        self._words = _split(what)
        self._lock = Lock()
        self._closed = False
        self._idle: list[Talk] = []
        self._all: set[Talk] = set()
        self._idle.append(self._taken())  # nothing starts yet, but a missing program is found out

    def answer(self, case_id: str, case: Case, repeat: int) -> Answer:
        """Return what the program answers."""
        start = perf_counter()
        try:
            with self._borrowed() as talk:
                text = talk.ask(request(case_id, case, repeat), self.timeout)
                return answer_to(case_id, text, _since(start))
        except GoldengitError as error:
            return Answer(error=str(error), duration_us=_since(start))

    def close(self) -> None:
        """End every copy; calls that still wait fail."""
        with self._lock:
            self._closed = True
            talks = list(self._all)
        # Each may take its time to end; together they take the time of the slowest.
        with ThreadPoolExecutor(len(talks) or 1) as pool:
            list(pool.map(lambda talk: talk.close(), talks))

    @contextmanager
    def _borrowed(self) -> Iterator[Talk]:
        talk = self._taken()
        try:
            yield talk
        except BaseException:
            with self._lock:
                self._all.discard(talk)
            talk.close()
            raise
        with self._lock:
            self._idle.append(talk)

    def _taken(self) -> Talk:
        with self._lock:
            if self._closed:
                raise CannotJudgeError("The target is closed.")
            talk = self._idle.pop() if self._idle else self._talk_to(self._words)
            self._all.add(talk)
            return talk


def _split(what: str) -> list[str]:
    try:
        return shlex.split(what)
    except ValueError as error:
        problem = f"`{what}` is no command line: {error}."
        raise UsageError(problem, remedy="Close each quote, as for a shell.") from error


def _since(start: float) -> int:
    return round((perf_counter() - start) * 1e6)
