"""HTTP endpoints as targets, over a real connection to a server on this machine."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from goldengit.errors import UsageError
from goldengit.targets import Doors, Target, build
from goldengit.transport.http import Http
from tests.targets.cases import ID, LONG, ask

Asked = dict[str, Any]
Make = Callable[..., Target]


class Server(ThreadingHTTPServer):
    """A release of an assistant that notes what it was asked and answers with `say`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, dict[str, str], Asked]] = []
        self.say: Callable[[Asked], tuple[int, str]] = _echo

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/eval"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Server)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, dict(self.headers), body))
        status, text = self.server.say(body)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 its name there
        """Say nothing."""


def _echo(asked: Asked) -> tuple[int, str]:
    return 200, json.dumps({"case": asked["case"], "output": asked["input"]})


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def target() -> Iterator[Make]:
    """Return what makes a target of a URL and an environment."""
    with Http(attempts=1) as send:
        yield lambda url, **more: build(url, Doors(send=send, environment=more), LONG)


def test_an_endpoint_is_sent_the_request_and_its_answer_comes_back(
    server: Server, target: Make
) -> None:
    answer = ask(target(server.url), {"q": "Größe 😀"}, repeat=1)
    assert answer.output == {"q": "Größe 😀"}
    assert answer.error is None
    assert answer.duration_us > 0
    [(path, headers, asked)] = server.asked
    assert path == "/eval"
    assert headers["Content-Type"] == "application/json"
    assert "Authorization" not in headers
    assert (asked["case"], asked["repeat"], asked["goldengit"]) == (ID, 1, 1)


def test_the_token_is_sent_and_shown_nowhere(server: Server, target: Make) -> None:
    asked = target(server.url, GOLDENGIT_TARGET_TOKEN="t0ken")
    ask(asked)
    assert server.asked[0][1]["Authorization"] == "Bearer t0ken"
    server.shutdown()
    server.server_close()
    error = ask(asked).error
    assert error is not None
    assert "could not be reached" in error
    assert "t0ken" not in error + repr(asked.doors)


@pytest.mark.parametrize("token", ["two words", "line\n", "größe"])
def test_a_token_that_no_header_carries_is_refused(target: Make, token: str) -> None:
    with pytest.raises(UsageError, match="GOLDENGIT_TARGET_TOKEN holds what no header"):
        target("http://localhost", GOLDENGIT_TARGET_TOKEN=token)


@pytest.mark.parametrize(
    ("status", "text", "problem"),
    [
        (500, "", "answered with status 500"),
        (200, "<html>", "The answer is no JSON"),
        (200, '{"case": "other", "output": 1}', "to another case: `other`"),
        (200, f'{{"case": "{ID}", "error": "busy"}}', "busy"),
    ],
)
def test_what_goes_wrong_is_the_error_of_the_answer(
    server: Server, target: Make, status: int, text: str, problem: str
) -> None:
    server.say = lambda _: (status, text)
    answer = ask(target(server.url))
    assert answer.output is None
    assert answer.error is not None
    assert problem in answer.error


@pytest.mark.parametrize(
    "url",
    [
        "http://",
        "http:localhost",
        "http:ftp://example.org",
        "http://example.org:port/",
        "http://example.org/a b",
        "http://[::1/",
        "https://example.org/\n",
    ],
)
def test_what_is_no_url_is_a_usage_error(target: Make, url: str) -> None:
    with pytest.raises(UsageError, match="is no HTTP URL"):
        target(url)


def test_a_password_in_the_url_is_refused_and_not_repeated(target: Make) -> None:
    for url in ("https://me:secret@example.org/", "https://secret@example.org/"):
        with pytest.raises(UsageError, match="holds a password") as caught:
            target(url)
        assert "secret" not in str(caught.value)
