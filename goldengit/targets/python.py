"""`python:assistant:answer`: a function of a Python module, called inside this program."""

import importlib
import inspect
import json
import sys
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from time import perf_counter
from typing import Any, ClassVar, cast

from goldengit.errors import CannotJudgeError, GoldengitError, UsageError
from goldengit.models.answer import Answer
from goldengit.models.case import Case
from goldengit.models.exchange import MalformedAnswerError, answer_to, one_line, request
from goldengit.targets.base import Doors, Target

_FORM = "Write `python:module:function`, such as `python:assistant:answer`."


class Python(Target):
    """A function that takes the request as a dict and returns the response, or just the output.

    A returned dict with the key `case` is a response, everything else the output itself. Each call
    has a thread of its own, several run at the same time, and the function must bear that. Python
    cannot end a thread: a call that takes too long is given up and goes on unheard, until the
    program ends. What may hang is better a `command`.
    """

    kind: ClassVar[str] = "python"

    def __init__(self, what: str, doors: Doors, timeout: float) -> None:
        """Import the function; raise UsageError or CannotJudgeError when that fails."""
        super().__init__(what, doors, timeout)
        self._function = _imported(what)

    def answer(self, case_id: str, case: Case, repeat: int) -> Answer:
        """Return what the function returns."""
        asked = request(case_id, case, repeat)
        start = perf_counter()
        try:
            text = self._called(case_id, asked)
            return answer_to(case_id, text, _since(start))
        except GoldengitError as error:
            return Answer(error=str(error), duration_us=_since(start))

    def _called(self, case_id: str, asked: str) -> str:
        """Return the response as JSON text; raise MalformedAnswerError when there is none."""
        heard: SimpleQueue[str | MalformedAnswerError] = SimpleQueue()

        def call() -> None:
            try:
                heard.put(_as_json(case_id, self._function(json.loads(asked))))
            except MalformedAnswerError as error:
                heard.put(error)
            except BaseException as error:  # noqa: BLE001 SystemExit, too, ends only this call
                heard.put(MalformedAnswerError(f"The function raised {_named(error)}."))

        # A daemon, so that a call which hangs does not keep the program from ending.
        Thread(target=call, daemon=True).start()
        try:
            found = heard.get(timeout=self.timeout)
        except Empty:
            problem = f"The function did not return within {self.timeout:g} s."
            raise MalformedAnswerError(problem) from None
        if isinstance(found, MalformedAnswerError):
            raise found
        return found


def _as_json(case_id: str, result: object) -> str:
    """Return a result as the text of a response, so that it is judged like every other answer."""
    said = isinstance(result, dict) and "case" in result
    try:
        return json.dumps(result if said else {"case": case_id, "output": result})
    except (TypeError, ValueError, RecursionError) as error:
        problem = f"The function returned what is no JSON: {_named(error)}."
        raise MalformedAnswerError(problem) from error


def _imported(what: str) -> Callable[[Any], Any]:
    module, _, name = what.partition(":")
    if not all(part.isidentifier() for part in [*module.split("."), name]):
        raise UsageError(f"`{what}` names no function.", remedy=_FORM)
    # The current folder counts as for `python -m`, but last: a `json.py` in it breaks nothing here.
    folder = str(Path.cwd())
    if folder not in sys.path:
        sys.path.append(folder)
    try:
        function = getattr(importlib.import_module(module), name, None)
    except (Exception, SystemExit) as error:
        problem = f"`{module}` cannot be imported: {_named(error)}."
        remedy = "It has to be installed beside goldengit, or to stand in the current folder."
        raise CannotJudgeError(problem, remedy=remedy) from error
    if not callable(function) or inspect.iscoroutinefunction(function):
        problem = f"`{module}` has no function `{name}` that can be called without `await`."
        raise UsageError(problem, remedy=_FORM)
    return cast("Callable[[Any], Any]", function)


def _named(error: BaseException) -> str:
    said = one_line(str(error)).rstrip(".")
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _since(start: float) -> int:
    return round((perf_counter() - start) * 1e6)
