"""HTTP on the loopback, a thread a connection, each answer in one write."""

import contextlib
import json
import socket
import sys
import threading
import time
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from tests.fakehub.routes import Answer, Request

if TYPE_CHECKING:
    from tests.fakehub.hub import FakeGitHub

POLL = 0.01


class Server:
    """A server on a port of its own."""

    def __init__(self, hub: "FakeGitHub") -> None:
        self._server = _Listener(hub)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL,), daemon=True
        )
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def stop(self) -> None:
        """Close every connection and wait until nothing runs any more."""
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()


class _Listener(ThreadingHTTPServer):
    daemon_threads = False  # server_close waits for them

    def __init__(self, hub: "FakeGitHub") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hub = hub
        self.open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        for connection in list(self.open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep what broke here for the test; a client that hangs up is none of its business."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            self.hub.violations.append(traceback.format_exc())


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Listener

    def handle_any(self) -> None:
        """Answer one request."""
        address = urlsplit(self.path)
        length = int(self.headers.get("content-length") or 0)
        raw = self.rfile.read(length)
        given = self.headers.get("authorization", "")
        query = dict(parse_qsl(address.query, keep_blank_values=True))
        body = json.loads(raw) if raw else None
        request = Request(self.command, address.path, query, body, bool(given))
        answer, troubles = self.server.hub.respond(request, given.partition(" ")[2] or None)
        for trouble in troubles:
            time.sleep(trouble.delay)
        truncated = any(trouble.truncated for trouble in troubles)
        self._send(answer, truncated=truncated, cut=any(trouble.cut for trouble in troubles))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815 the library's names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the library's name
        """Keep quiet."""

    def _send(self, answer: Answer, *, truncated: bool, cut: bool) -> None:
        body = b"" if answer.body is None else json.dumps(answer.body).encode()
        body = body[: len(body) // 2] if truncated else body
        usual = {
            "Content-Type": "application/json; charset=utf-8",
            "Content-Length": str(len(body)),
            "X-GitHub-Request-Id": f"FAKE:{len(self.server.hub.requests)}",
            "x-ratelimit-limit": "5000",
            "x-ratelimit-remaining": str(5000 - len(self.server.hub.requests)),
            "x-ratelimit-reset": str(int(time.time()) + 3600),
        }
        fields = {name.lower(): value for name, value in {**usual, **answer.headers}.items()}
        lines = [f"{name}: {value}\r\n" for name, value in fields.items()]
        wire = f"HTTP/1.1 {answer.status} .\r\n{''.join(lines)}\r\n".encode() + body
        self.wfile.write(wire[: -max(1, len(body) // 2)] if cut else wire)
        self.close_connection = self.close_connection or cut
