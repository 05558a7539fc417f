"""The table of what the fake answers, and what an answer may be."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from tests.fakehub.people import Caller
from tests.fakehub.refusal import Refusal, not_found, unauthorised

if TYPE_CHECKING:
    from tests.fakehub.hub import FakeGitHub


@dataclass(frozen=True)
class Request:
    """One request that came in; of its Authorization header only that there was one."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    authorised: bool


@dataclass(frozen=True)
class Answer:
    """A status and a JSON body; no body is None. A list of rows goes out in pages."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Listed:
    """Rows to page through: plain, or under a key beside their `total_count`."""

    rows: Sequence[Any]
    key: str | None = None
    beside: dict[str, Any] = field(default_factory=dict)
    cursor: bool = False


@dataclass(frozen=True)
class Ask:
    """A request as an endpoint sees it."""

    hub: "FakeGitHub"
    request: Request
    caller: Caller | None
    names: dict[str, str]

    @property
    def person(self) -> Caller:
        """Return who asks; nobody may write without a token."""
        if self.caller is None:
            raise unauthorised()
        return self.caller

    @property
    def body(self) -> dict[str, Any]:
        """Return the JSON object that came."""
        return self.request.body or {}


Endpoint = Callable[[Ask], Answer | Listed]


@dataclass(frozen=True)
class Route:
    """An operation: its template as in the OpenAPI, and the access it needs."""

    method: str
    template: str
    endpoint: Endpoint
    area: str
    level: str
    level_of_person: str

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """Return the parts of the path that the template names, or None."""
        found = self._pattern.fullmatch(path)
        if method != self.method or not found:
            return None
        return {name: unquote(text) for name, text in found.groupdict().items()}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Return the template as an expression; a branch at its end may hold slashes."""
        names = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(self.template))
        return re.compile(names.replace("(?P<branch>[^/]+)", "(?P<branch>.+)"))


INTEGRATION_REFUSED = "Resource not accessible by integration"
ROUTES: list[Route] = []


def route(operation: str, needs: str, person: str = "") -> Callable[[Endpoint], Endpoint]:
    """Register an endpoint: `GET /path`, `area:level`, and the level if a person needs another."""
    method, template = operation.split()
    area, level = needs.split(":")

    def register(endpoint: Endpoint) -> Endpoint:
        ROUTES.append(Route(method, template, endpoint, area, level, person or level))
        return endpoint

    return register


def find(method: str, path: str) -> tuple[Route, dict[str, str]]:
    """Return the route of a request and the names in its path."""
    for candidate in ROUTES:
        names = candidate.match(method, path)
        if names is not None:
            return candidate, names
    raise LookupError(f"the fake has no {method} {path}")


def admit(ask: Ask, found: Route) -> None:
    """Refuse who may not: 404 for what is hidden, 403 for what is only closed."""
    hub = ask.hub
    owner = ask.names.get("owner", ask.names.get("org"))
    if owner and f"{owner}/{ask.names.get('repo', hub.name)}" != hub.repository:
        raise not_found()
    if found.area == "nothing":
        return
    if not hub.allowed(ask.caller, "metadata", "read"):
        raise not_found()
    level = found.level if ask.caller and ask.caller.app else found.level_of_person
    if ask.caller is None and (found.level != "read" or found.area == "administration"):
        raise unauthorised()
    if not hub.allowed(ask.caller, found.area, level):
        app = ask.caller and ask.caller.app
        right = "admin rights to" if found.area == "administration" else "push access to the"
        said = INTEGRATION_REFUSED if app else f"Must have {right} repository."
        raise Refusal(403, said)
