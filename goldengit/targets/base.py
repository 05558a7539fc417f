"""What every target is: a way to put a case's input to a release and to bring its answer."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from goldengit.models.answer import Answer
from goldengit.models.call import Send, Talk
from goldengit.models.case import Case


@dataclass(frozen=True)
class Doors:
    """What a target may use of the world outside.

    `talk` starts a child process from its argument list; `send` carries HTTP requests; `read`
    returns the bytes of a file that the user named, or raises CannotJudgeError.
    """

    talk: Callable[[list[str]], Talk] | None = None
    send: Send | None = None
    read: Callable[[str], bytes] | None = None
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)


class Target(ABC):
    """One release, ready to answer. `answer` is called from several threads at once.

    A target is named `kind:what`, such as `command:./assistant --release 2`.
    """

    kind: ClassVar[str]

    def __init__(self, what: str, doors: Doors, timeout: float) -> None:
        """Make ready; raise UsageError for what does not fit. `timeout` is in seconds a case."""
        self.what = what
        self.doors = doors
        self.timeout = timeout

    @abstractmethod
    def answer(self, case_id: str, case: Case, repeat: int) -> Answer:
        """Return the answer to a case; never raises: what went wrong is the answer's `error`.

        `repeat` counts the runs of the same case from 0.
        """

    def recorded(self, case_id: str) -> int | None:  # noqa: ARG002 a target that is asked has none
        """Return how many answers to a case were given before and are at hand.

        None where each answer is asked for, and may be another one each time.
        """
        return None

    def close(self) -> None:  # noqa: B027 most targets hold nothing open
        """End what was started."""
