"""A deadline for httpx: every step of an exchange ends by it, however slowly the other side drips.

httpx bounds each silence between two bytes, so a reply that comes byte by byte may take for ever.
This module needs httpcore, which httpx brings; it is imported when the first client is made.
"""

import ssl
import threading
import time
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

_PIECE = 64 << 10  # bytes sent between two looks at the clock


class Clock(threading.local):
    """The deadline of what the calling thread is doing now."""

    deadline = 0.0

    def start(self, seconds: float) -> None:
        """Set the deadline so many seconds from now."""
        self.deadline = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left; raise httpcore's timeout when there are none."""
        seconds = self.deadline - time.monotonic()
        if seconds <= 0:
            raise httpcore.ReadTimeout
        return seconds


def keep(client: httpx.Client, clock: Clock) -> None:
    """Make every connection of a client keep the clock's deadline.

    httpx takes no network backend of one's own, so it is put in place here, through names that
    its pinned releases keep private; a test would notice that it no longer bites.
    """
    for transport in (client._transport, *client._mounts.values()):  # noqa: SLF001
        if isinstance(transport, httpx.HTTPTransport):
            pool = transport._pool  # noqa: SLF001
            pool._network_backend = _Backend(pool._network_backend, clock)  # noqa: SLF001


def transport_for(client: httpx.Client, url: httpx.URL) -> httpx.BaseTransport:
    """Return the way that a client takes to an address, directly or through a proxy.

    Asked itself, it keeps no cookies, follows nowhere, and costs a quarter less time than a call of
    the client, which counts when several threads share one processor.
    """
    return client._transport_for_url(url)  # noqa: SLF001


class _Stream(httpcore.NetworkStream):
    """A connection on which no step outlasts the deadline; the timeouts it is given are wider."""

    def __init__(self, inner: httpcore.NetworkStream, clock: Clock) -> None:
        self._inner = inner
        self._clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._inner.read(max_bytes, self._clock.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        for start in range(0, len(buffer), _PIECE):
            self._inner.write(buffer[start : start + _PIECE], self._clock.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        secured = self._inner.start_tls(ssl_context, server_hostname, self._clock.left())
        return _Stream(secured, self._clock)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 a socket, an address, a flag
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Opens such connections."""

    def __init__(self, inner: httpcore.NetworkBackend, clock: Clock) -> None:
        self._inner = inner
        self._clock = clock

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        left = self._clock.left()
        return _Stream(
            self._inner.connect_tcp(host, port, left, local_address, socket_options), self._clock
        )
