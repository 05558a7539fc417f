"""A case to ask, and the doors of the program."""

from pathlib import Path
from typing import Any

from pydantic import JsonValue

from goldengit.errors import CannotJudgeError
from goldengit.models.answer import Answer
from goldengit.models.case import Case
from goldengit.targets import Doors, Target
from goldengit.transport.children import LineChild

ID = "2026-05-23-analyst-answers-7f3a9c"
LONG = 60.0  # seconds; no test waits for it


def case(given: JsonValue = "Who?", **more: Any) -> Case:
    """Return a case with this input."""
    own = {"schema": "goldengit/case/v1", "id": ID, "provenance": {"origin": "production"}}
    return Case.model_validate(own | {"input": given} | more)


def ask(target: Target, given: JsonValue = "Who?", repeat: int = 0) -> Answer:
    """Return what a target answers to this input."""
    return target.answer(ID, case(given), repeat)


def read(name: str) -> bytes:
    """Read a file, as the program does."""
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise CannotJudgeError(f"{name} cannot be read.") from error


DOORS = Doors(talk=LineChild, read=read)
