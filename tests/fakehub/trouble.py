"""What goes wrong on the way (refusals, limits, bad JSON, cuts) and what comes between."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeVar

from tests.fakehub.refusal import Refusal
from tests.fakehub.routes import Answer, Request

MESSAGES = {
    403: "Resource not accessible by integration",
    404: "Not Found",
    429: "You have exceeded a secondary rate limit.",
}


@dataclass
class Trouble:
    """What befalls the next `times` requests of a pattern, after letting `skip` of them pass."""

    pattern: str
    status: int | None = None
    times: int = 1
    skip: int = 0
    retry_after: int | None = None
    limit_reset_in: int | None = None
    truncated: bool = False
    cut: bool = False
    delay: float = 0.0

    def answer(self) -> Answer | None:
        """Return what is said instead, if anything is."""
        if self.status is None:
            return None
        headers = {}
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        if self.limit_reset_in is not None:
            headers["x-ratelimit-remaining"] = "0"
            headers["x-ratelimit-reset"] = str(int(time.time()) + self.limit_reset_in)
        said = MESSAGES.get(self.status, "Server Error")
        if self.limit_reset_in is not None:
            said = "API rate limit exceeded"
        return Answer(Refusal(self.status, said).body, self.status, headers)


@dataclass
class Moment:
    """A callback that runs before one request is answered."""

    pattern: str
    callback: Callable[[], object]
    times: int = 1
    skip: int = 0


Plan = TypeVar("Plan", Trouble, Moment)


def due(plans: list[Plan], request: Request, most: int | None = None) -> list[Plan]:
    """Return the plans for this request, `most` of them; patterns are as in `GET */pulls/1`."""
    line = f"{request.method} {request.path}"
    found: list[Plan] = []
    for plan in plans:
        if not plan.times or not fnmatchcase(line, plan.pattern):
            continue
        if plan.skip:
            plan.skip -= 1
        elif most is None or len(found) < most:
            plan.times -= 1
            found.append(plan)
    return found
