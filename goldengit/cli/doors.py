"""The doors that evaluators and targets are handed: HTTP, child processes, files, settings."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from goldengit.errors import CannotJudgeError
from goldengit.evaluators.base import Doors as EvaluatorDoors
from goldengit.targets.base import Doors as TargetDoors

if TYPE_CHECKING:
    from goldengit.models.call import Reply, Request, Talk
    from goldengit.transport.http import Http


@dataclass(frozen=True)
class Outside:
    """What evaluators and targets may use of the world outside."""

    evaluators: EvaluatorDoors
    targets: TargetDoors


@contextmanager
def outside(concurrency: int) -> Iterator[Outside]:
    """Open the doors; what needs a library opens when it is first used.

    Without httpx there is no `send`, so that whoever needs it cannot even be built: found out at
    the first request, a missing library would look like a judge that says `unknown`.
    """
    send = _LazyHttp(concurrency) if find_spec("httpx") else None
    try:
        yield Outside(
            EvaluatorDoors(send=send, environment=os.environ),
            TargetDoors(talk=_child, send=send, read=_read, environment=os.environ),
        )
    finally:
        if send is not None:
            send.close()


class _LazyHttp:
    """HTTP that is opened by its first request, so that nobody needs it who asks nobody."""

    def __init__(self, concurrency: int) -> None:
        self._concurrency = concurrency
        self._opening = Lock()

    @cached_property
    def _http(self) -> "Http":
        from goldengit.transport.http import PLAIN_HTTP, Http

        allowed = os.environ.get(PLAIN_HTTP) == "1"
        return Http(concurrency=self._concurrency, plain_http=allowed)

    def __call__(self, request: "Request") -> "Reply":
        with self._opening:
            http = self._http
        return http(request)

    def close(self) -> None:
        if "_http" in self.__dict__:
            self._http.close()


def _child(argv: list[str]) -> "Talk":
    from goldengit.transport.children import LineChild

    return LineChild(argv)


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise CannotJudgeError(
            f"The file cannot be read: {error.strerror}.", remedy="Name another.", place=path
        ) from error
