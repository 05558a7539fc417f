"""GitHub's API over httpx: one token, one origin, every page, bounded patience.

* The token goes to the API's own origin alone; no redirect is followed.
* Pages are followed by their `Link` header to the end (RFC 8288); a link elsewhere is refused.
* `Retry-After` and `x-ratelimit-reset` are heeded, server errors are tried again for GET alone, all
  within one budget of time. After that the answer is unknown, which is an error and never "none".
* Of a request only method, path, status and request id are ever shown.
"""

import json
import re
import time
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from goldengit import __version__
from goldengit.errors import CannotJudgeError, UnverifiableError
from goldengit.forge.place import Place

if TYPE_CHECKING:
    import httpx

Json: TypeAlias = Any  # what an answer holds, before a row model has looked at it

_API_VERSION = "2022-11-28"
_TIMEOUT = 30.0  # seconds of silence
_PATIENCE = 120.0  # seconds of waiting, over all requests of a client
_MOST_PAGES = 1_000
_MOST_BYTES = 32 << 20
_ATTEMPTS = 4
_LONGEST_MESSAGE = 200
_NEXT = re.compile(r'<([^<>]+)>\s*;\s*(?:[^,]*;\s*)?rel="?next"?')
_OPERATION = re.compile(r"\bquery (\w+)")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_TOKEN = re.compile(r"[!-~]*", re.ASCII)
_UNAUTHORISED, _FORBIDDEN, _NOT_FOUND, _TOO_MANY = 401, 403, 404, 429
_SERVER_ERROR = 500


class ForgeError(UnverifiableError):
    """GitHub did not answer, or not with what its documentation promises.

    `status` is the HTTP status, None when no answer came.
    """

    def __init__(self, problem: str, *, status: int | None = None, remedy: str = "") -> None:
        super().__init__(problem, remedy=remedy or "Try again later.")
        self.status = status


class NotFoundError(ForgeError):
    """There is no such thing, or the token may not see it; GitHub does not say which."""


class ForbiddenError(ForgeError):
    """The token may not do this."""


class GitHub:
    """A client for one repository. Paths are relative to it; with a leading `/`, to the API."""

    def __init__(self, place: Place, token: str, *, patience: float = _PATIENCE) -> None:
        if find_spec("httpx") is None:
            raise CannotJudgeError(
                "Asking GitHub needs httpx.", remedy="Install `goldengit[github]`."
            )
        import httpx

        if not _TOKEN.fullmatch(token):
            raise CannotJudgeError(
                "The token holds a character that no token has.",
                remedy="Set GITHUB_TOKEN to the token alone, on one line.",
            )
        self.place = place
        self._patience = patience
        headers = {
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": _API_VERSION,
            "User-Agent": f"goldengit/{__version__}",
        }
        if token:
            headers["Authorization"] = f"Bearer {token}"
        try:
            self._client = httpx.Client(headers=headers, timeout=_TIMEOUT, follow_redirects=False)
        except (ValueError, ImportError, UnicodeError):
            raise CannotJudgeError(
                "The token or the proxy that the environment names cannot be used."
            ) from None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, path: str, **params: str | int) -> Json:
        """Return the JSON at a path."""
        return self._json(self._asked("GET", self._address(path), params=params))

    def pages(self, path: str, key: str | None = None, **params: str | int) -> Iterator[Any]:
        """Yield the rows of a list, all pages of it; `key` names it where it is inside a mapping.

        Raises ForgeError when a page is missing, so a list is never silently short.
        """
        address: str | None = self._address(path)
        asked: Mapping[str, str | int] = {"per_page": 100, **params}
        for _ in range(_MOST_PAGES):
            if address is None:
                return
            answer = self._asked("GET", address, params=asked)
            rows = self._json(answer)
            if key is not None:
                rows = rows.get(key) if isinstance(rows, dict) else None
            if not isinstance(rows, list):
                raise ForgeError(f"{_name('GET', address)} holds no list.")
            yield from rows
            address, asked = self._next(answer), {}
        raise ForgeError(f"GET {path} has more than {_MOST_PAGES} pages.")

    def post(self, path: str, body: Mapping[str, Any]) -> Json:
        """Create something and return it."""
        return self._json(self._asked("POST", self._address(path), body=body))

    def put(self, path: str, body: Mapping[str, Any]) -> Json:
        """Set something and return it."""
        return self._json(self._asked("PUT", self._address(path), body=body))

    def patch(self, path: str, body: Mapping[str, Any]) -> Json:
        """Change something and return it."""
        return self._json(self._asked("PATCH", self._address(path), body=body))

    def graphql(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return the data of a named query; an answer with errors is no answer."""
        name = _OPERATION.search(query)
        body = {"operationName": name[1] if name else None, "query": query, "variables": variables}
        found = self._json(self._asked("POST", self.place.graphql, body=body, reads=True))
        data = found.get("data") if isinstance(found, dict) and not found.get("errors") else None
        if not isinstance(data, dict):
            raise ForgeError("GraphQL did not answer a query.")
        return data

    # -- one exchange ----------------------------------------------------------------------

    def _address(self, path: str) -> str:
        if path.startswith("/"):
            return f"{self.place.api}{path}"
        return f"{self.place.api}/repos/{self.place.repository}{'/' if path else ''}{path}"

    def _asked(
        self,
        method: str,
        address: str,
        *,
        params: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
        reads: bool = False,
    ) -> "httpx.Response":
        """Return an answer of success; `reads` tells that asking twice does no harm."""
        name = _name(method, address)
        for attempt in range(1, _ATTEMPTS + 1):
            answer = self._sent(method, address, params, body, name)
            last = attempt == _ATTEMPTS
            if answer is not None and answer.is_success:
                return answer
            wait = _wait(answer, attempt, again=reads or method == "GET")
            if wait is None or last or not self._may_wait(wait):
                raise _refused(name, answer)
            time.sleep(wait)
        raise AssertionError(name)

    def _sent(
        self,
        method: str,
        address: str,
        params: Mapping[str, str | int] | None,
        body: Mapping[str, Any] | None,
        name: str,
    ) -> "httpx.Response | None":
        """Return the answer, None when none came whole."""
        import httpx

        try:
            with self._client.stream(method, address, params=params or None, json=body) as answer:
                size = 0
                parts = []
                for part in answer.iter_bytes():
                    size += len(part)
                    if size > _MOST_BYTES:
                        raise ForgeError(f"{name} is answered with more than {_MOST_BYTES} bytes.")
                    parts.append(part)
        except httpx.HTTPError:
            return None
        except (ValueError, UnicodeError):
            raise ForgeError(f"{name} cannot be asked: the token holds a bad character.") from None
        return httpx.Response(
            answer.status_code, headers=_plain(answer.headers), content=b"".join(parts)
        )

    def _may_wait(self, seconds: float) -> bool:
        self._patience -= seconds
        return self._patience >= 0

    def _json(self, answer: "httpx.Response") -> Json:
        if not answer.content:
            return None
        try:
            return json.loads(answer.content)
        except (ValueError, RecursionError):
            raise ForgeError("GitHub answered with what is no JSON.") from None

    def _next(self, answer: "httpx.Response") -> str | None:
        """Return the address of the next page, None after the last."""
        found = _NEXT.search(answer.headers.get("link", ""))
        if found is None:
            return None
        if not found[1].startswith(f"{self.place.api}/"):
            raise ForgeError("The next page of a list is said to be somewhere else.")
        return found[1]


def _plain(headers: "httpx.Headers") -> list[tuple[bytes, bytes]]:
    """Return the headers without what is done with: the body is whole and decoded."""
    done = {b"content-encoding", b"content-length", b"transfer-encoding"}
    return [(name, value) for name, value in headers.raw if name.lower() not in done]


def _name(method: str, address: str) -> str:
    return f"{method} {address.partition('?')[0].partition('://')[2].partition('/')[2]}"


def _wait(answer: "httpx.Response | None", attempt: int, *, again: bool) -> float | None:
    """Return the seconds after which to ask again, None when that would not help."""
    pause = 0.25 * 4.0 ** (attempt - 1)
    if answer is None:
        return pause if again else None
    if answer.status_code in {_FORBIDDEN, _TOO_MANY}:
        return _limited(answer)
    return pause if again and answer.status_code >= _SERVER_ERROR else None


def _limited(answer: "httpx.Response") -> float | None:
    """Return how long a rate limit lasts, None when the answer speaks of none."""
    after = answer.headers.get("retry-after", "")
    if after.isascii() and after.isdigit():
        return float(after)
    reset = answer.headers.get("x-ratelimit-reset", "")
    if answer.headers.get("x-ratelimit-remaining") == "0" and reset.isascii() and reset.isdigit():
        return max(0.0, float(reset) - time.time()) + 1.0
    return 5.0 if answer.status_code == _TOO_MANY else None


def _refused(name: str, answer: "httpx.Response | None") -> ForgeError:
    if answer is None:
        remedy = "Check the network, and try again."
        return ForgeError(f"{name} was not answered.", remedy=remedy)
    said, status = _said(answer), answer.status_code
    request = answer.headers.get("x-github-request-id", "")
    text = f"{name} is answered with {status}{said}"
    if request:
        text += f" (request {_CONTROLS.sub(' ', request)[:60]})"
    if status == _NOT_FOUND:
        return NotFoundError(
            f"{text}.", status=status, remedy="Check the name, and what the token may see."
        )
    if status == _FORBIDDEN:
        return ForbiddenError(
            f"{text}.", status=status, remedy="Give the token the permission that it lacks."
        )
    remedy = "Check the token, which was refused." if status == _UNAUTHORISED else ""
    if answer.has_redirect_location:
        remedy = "It was renamed: give `origin` and GITHUB_REPOSITORY its present name."
    return ForgeError(f"{text}.", status=status, remedy=remedy)


def _said(answer: "httpx.Response") -> str:
    try:
        message = json.loads(answer.content)["message"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    if not isinstance(message, str):
        return ""
    return f": {_CONTROLS.sub(' ', message)[:_LONGEST_MESSAGE].strip().rstrip('.')}"
