"""HTTP for judges and targets: one client, a deadline, bounded retries, and no secret ever said.

* The deadline holds for a whole exchange, from the name look-up's end to the last byte, however
  slowly the other side drips. The silence between two bytes is all that httpx itself can bound.
* No redirect is followed: a key would go where nobody sent it.
* Plain http goes to this machine only, unless `plain_http` is set, and never through a proxy. For
  https the environment's proxies and certificates count (`trust_env`), as company networks need it.
* An error names the scheme, host and port, and never a header, a path, a query or what a library
  says, which may quote a header. Of what the other side says only the message of a refused request
  is shown, unless it repeats a piece of a header.
* httpx on threads, not on an event loop: with 32 requests at once it does twice as many a second.
"""

import hashlib
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from importlib.util import find_spec
from ipaddress import ip_address
from itertools import count
from typing import TYPE_CHECKING, Self

from goldengit import __version__
from goldengit.errors import CannotJudgeError
from goldengit.models.call import CallFailedError, Reply, Request

if TYPE_CHECKING:
    import httpx

PLAIN_HTTP = "GOLDENGIT_PLAIN_HTTP"  # the variable with which a person allows plain http
_OK = 200
_AGAIN = frozenset({408, 425, 429})  # and every 5xx
_EXPLAINED = frozenset({400, 404, 422})  # refusals whose message helps; 401 tends to quote the key
_LONGEST_WAIT = 60.0  # seconds, whatever Retry-After asks for
_LONGEST_REFUSAL = 64 << 10  # bytes of an error page that are read
_LONGEST_MESSAGE = 200  # characters of it that are shown
_PIECE = 8  # characters of a header that count as a piece of it
_CHUNK = 64 << 10
_HEADERS = {
    "User-Agent": f"goldengit/{__version__}",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Content-Type": "application/json",
}
_SECONDS = re.compile(r"[0-9]{1,9}")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True)
class _Outcome:
    """What one attempt brought: the text, or what went wrong and whether to try again."""

    text: str | None = None
    problem: str = ""
    again: bool = False
    after: float | None = None  # seconds, from Retry-After


class Http:
    """Sends requests (`models.call.Send`); safe to call from several threads.

    `concurrency` bounds the connections, `attempts` the tries; `first_wait` is the longest pause
    before the second try in seconds, doubled with each further one. A reply of more than
    `max_bytes` is refused. Raises CannotJudgeError when httpx is not installed.
    """

    def __init__(
        self,
        *,
        concurrency: int = 8,
        attempts: int = 4,
        first_wait: float = 1.0,
        max_bytes: int = 4 << 20,
        plain_http: bool = False,
    ) -> None:
        _require_httpx()
        from goldengit.transport.deadline import Clock

        self._attempts = attempts
        self._first_wait = first_wait
        self._max_bytes = max_bytes
        self._plain_http = plain_http
        self._places = threading.BoundedSemaphore(concurrency)
        self._clock = Clock()
        self._client = self._opened(concurrency)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __call__(self, request: Request) -> Reply:
        """Return the reply of status 200, or raise CallFailedError after the last attempt."""
        url, where = _address(request.url, plain_http=self._plain_http)
        with self._places:
            for attempt in count(1):
                outcome = self._attempt(url, request)
                if outcome.text is not None:
                    return Reply(status=_OK, text=outcome.text, attempts=attempt)
                if not outcome.again or attempt == self._attempts:
                    break
                time.sleep(_pause(self._first_wait, attempt, outcome.after, request.body))
        tried = f" ({attempt} attempts)" if attempt > 1 else ""
        raise CallFailedError(f"{where} {outcome.problem}{tried}.", attempts=attempt)

    def _opened(self, concurrency: int) -> "httpx.Client":
        import httpx

        from goldengit.transport.deadline import keep

        limits = httpx.Limits(
            max_connections=concurrency, max_keepalive_connections=concurrency, keepalive_expiry=60
        )
        context = httpx.create_ssl_context()
        try:
            client = httpx.Client(
                verify=context,
                limits=limits,
                follow_redirects=False,
                mounts={"http://": httpx.HTTPTransport(verify=context, limits=limits)},
            )
        except (ImportError, ValueError):
            raise CannotJudgeError(
                "The proxy that the environment names cannot be used.",
                remedy="Name an http or https proxy, or unset HTTPS_PROXY and ALL_PROXY.",
            ) from None  # the library's sentence may hold the proxy's password
        keep(client, self._clock)
        return client

    def _attempt(self, url: "httpx.URL", request: Request) -> _Outcome:
        import httpx

        from goldengit.transport.deadline import transport_for

        self._clock.start(request.timeout)
        try:
            headers = httpx.Headers(_HEADERS)
            headers.update(request.headers)
            asked = httpx.Request("POST", url, content=request.body.encode(), headers=headers)
            with closing(transport_for(self._client, url).handle_request(asked)) as response:
                return self._read(response, request)
        except httpx.TimeoutException:
            return _Outcome(problem=f"did not answer within {request.timeout:g} s", again=True)
        except httpx.ConnectError as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                return _Outcome(problem="shows a certificate that SSL_CERT_FILE does not vouch for")
            return _Outcome(problem="could not be reached", again=True)
        except (httpx.NetworkError, httpx.RemoteProtocolError):
            return _Outcome(problem="cut the connection before the reply was whole", again=True)
        except httpx.ProxyError:
            return _Outcome(problem="could not be reached through the proxy", again=True)
        except (httpx.HTTPError, ValueError):  # UnicodeError and what h11 says about a header, too
            return _Outcome(problem="cannot be asked: a header or the body holds a bad character")

    def _read(self, response: "httpx.Response", request: Request) -> _Outcome:
        if response.headers.get("content-encoding", "identity") != "identity":
            return _Outcome(problem="answered in an encoding that nobody asked for")
        status = response.status_code
        if status == _OK:
            return self._whole(response)
        body = _start(response.iter_raw(_CHUNK))
        if response.is_redirect:
            return _Outcome(problem=f"answered with a redirect ({status}), which is not followed")
        return _Outcome(
            problem=f"answered with status {status}{_message(status, body, request)}",
            again=status in _AGAIN or status >= 500,  # noqa: PLR2004 the class of server errors
            after=_asked_wait(response.headers.get("retry-after", "")),
        )

    def _whole(self, response: "httpx.Response") -> _Outcome:
        body = bytearray()
        for chunk in response.iter_raw(_CHUNK):
            body += chunk
            if len(body) > self._max_bytes:
                return _Outcome(problem=f"answered with more than {self._max_bytes} bytes")
        try:
            return _Outcome(text=body.decode())
        except UnicodeDecodeError:
            return _Outcome(problem="answered with what is no UTF-8 text")


@lru_cache(maxsize=64)  # one endpoint is asked thousands of times
def _address(text: str, *, plain_http: bool) -> "tuple[httpx.URL, str]":
    """Return an address and its scheme, host and port; refuse one that is not to be used."""
    import httpx

    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError):
        raise CallFailedError("The address is no URL.", attempts=0) from None
    if url.scheme not in {"https", "http"} or not url.host or url.userinfo:
        raise CallFailedError(
            "The address must begin with https:// or http:// and a host, without a password.",
            attempts=0,
        )
    where = f"{url.scheme}://{url.netloc.decode()}"
    if url.scheme == "http" and not plain_http and not _this_machine(url.host):
        raise CallFailedError(
            f"{where} is not asked: plain http shows everything to the network between. "
            f"Use https, or set {PLAIN_HTTP}=1.",
            attempts=0,
        )
    return url, where


def _require_httpx() -> None:
    if find_spec("httpx") is None:
        raise CannotJudgeError(
            "Asking a model or a target over HTTP needs httpx.",
            remedy="Install `goldengit[judge]`.",
        )


def _this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _start(chunks: Iterator[bytes]) -> bytes:
    """Return the start of an error page; one that is read whole keeps its connection open."""
    body = b""
    for chunk in chunks:
        body += chunk
        if len(body) > _LONGEST_REFUSAL:
            break
    return body


def _message(status: int, body: bytes, request: Request) -> str:
    """Return what the other side says about a bad request, "" when it is not to be shown."""
    if status not in _EXPLAINED:
        return ""
    try:
        found = json.loads(body)["error"]
        said = found if isinstance(found, str) else found["message"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    if not isinstance(said, str) or _repeats(said, request):
        return ""
    text = _CONTROLS.sub(" ", said)[:_LONGEST_MESSAGE].strip().rstrip(".")
    return f": {text}" if text else ""


def _repeats(said: str, request: Request) -> bool:
    """Tell whether a text holds a piece of a header that may be a key."""
    return any(
        value[start : start + _PIECE] in said
        for name, value in request.headers.items()
        if name.lower() not in {"accept", "content-type"}
        for start in range(max(1, len(value) - _PIECE + 1))
    )


def _asked_wait(retry_after: str) -> float | None:
    """Return the seconds that `Retry-After` asks for (RFC 9110, 10.2.3), None when none."""
    if _SECONDS.fullmatch(retry_after):
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _pause(first: float, attempt: int, after: float | None, body: str) -> float:
    """Return the seconds to wait after an attempt: exponential, spread, at least `Retry-After`.

    The spread keeps requests that failed together from coming back together. It follows from the
    request, not from chance, so that a run can be repeated.
    """
    seed = hashlib.sha256(f"{attempt}\n{body}".encode("utf-8", "replace")).digest()
    spread = 0.5 + int.from_bytes(seed[:4], "big") / 2**33  # from one half to one
    return min((after or 0.0) + first * float(2 ** (attempt - 1)) * spread, _LONGEST_WAIT)
