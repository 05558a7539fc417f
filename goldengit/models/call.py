"""Calls to programs outside: what is sent, what comes back. The doors that carry them are given.

Evaluators and targets are shelves and open no door themselves; whoever builds one hands it what it
may use (`Doors`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from goldengit.errors import GoldengitError


@dataclass(frozen=True, slots=True)
class Request:
    """A POST of JSON text. `timeout` is in seconds, for the whole exchange."""

    url: str
    body: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)  # may hold a key
    timeout: float = 60.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the HTTP status, the text, and how many attempts it took."""

    status: int
    text: str
    attempts: int = 1


class CallFailedError(GoldengitError):
    """Nothing came back in time, or nothing usable after the last attempt."""

    def __init__(self, problem: str, *, attempts: int = 1) -> None:
        super().__init__(problem)
        self.attempts = attempts


class Send(Protocol):
    """Sends a request and returns the reply of status 200; safe to call from several threads.

    Retries are bounded and inside. Raises CallFailedError.
    """

    def __call__(self, request: Request) -> Reply:
        """Send it."""
        ...


class Talk(Protocol):
    """A child process that answers each line with one line; one caller at a time."""

    def ask(self, line: str, timeout: float) -> str:
        """Return the answer to a line; raise CallFailedError, after which it starts anew."""
        ...

    def close(self) -> None:
        """End the process."""
        ...
