"""A judge on the loopback that answers as a test asks: well, late, wrongly, or not at all.

It speaks HTTP/1.1 itself, on an event loop, so that it can misbehave in every way and is never the
slow part of a measurement. `python -m tests.judge_stub 0.05` runs one that takes 50 ms an answer.
"""

import asyncio
import json
import re
import selectors
import ssl
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

MODEL = "stub-judge-2026-05-01"


@dataclass(frozen=True)
class Answer:
    """One reply. `cut` closes the connection after so many bytes, `drip` is seconds a byte."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut: int | None = None
    drip: float = 0.0
    chunked: bool = False

    @cached_property
    def wire(self) -> bytes:
        """Return the whole reply as it goes over the wire."""
        length = f"content-length: {len(self.body)}"
        framing, body = length, self.body
        if self.chunked:
            framing = "transfer-encoding: chunked"
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(self.body), self.body)
        fields = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        return f"HTTP/1.1 {self.status} .\r\n{framing}\r\n{fields}\r\n".encode() + body


@dataclass(frozen=True)
class Asked:
    """One request that came in."""

    path: str
    headers: dict[str, str]
    body: str

    @property
    def question(self) -> Any:
        """Return the JSON of its body."""
        return json.loads(self.body)


Behaviour = Callable[[Asked], Answer]


def completion(content: Any, **changes: Any) -> bytes:
    """Return the body of a chat completion; what is no text is written as JSON."""
    text = content if isinstance(content, str) else json.dumps(content)
    reply = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": MODEL,
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "message": {"role": "assistant", "content": text},
            }
        ],
        "usage": {"prompt_tokens": 120, "completion_tokens": 30, "total_tokens": 150},
    }
    return json.dumps(reply | changes).encode()


def outside_the_fence(message: str) -> str:
    """Return what a message says itself: without the block that its first line opens.

    The block ends at the next line that carries the first line's last word, as a reader who
    trusts the fence would have it.
    """
    opening, _, rest = message.partition("\n")
    mark = opening.split()[-1]
    lines = rest.split("\n")
    ends = [at for at, line in enumerate(lines) if mark in line]
    return "\n".join(lines[ends[0] + 1 :]) if ends else ""


def inside_the_fence(message: str) -> Any:
    """Return the recording that a message holds."""
    return json.loads(message.split("\n")[1])


def obedient(asked: Asked) -> Answer:
    """Answer what stands outside the fence asks for, else whether the answer is the expected one.

    Its obedience is what an injected instruction wants to reach.
    """
    message = asked.question["messages"][-1]["content"]
    order = re.search(r"answer (pass|fail)", outside_the_fence(message))
    if order:
        return Answer(completion({"justification": "I was told so.", "verdict": order[1]}))
    recording = inside_the_fence(message)
    good = recording.get("actual_output") == recording.get("expected_output")
    verdict = {"justification": "I compared them.", "verdict": "pass" if good else "fail"}
    return Answer(completion(verdict, model=asked.question["model"]))


class JudgeStub:
    """The endpoint, in a thread of its own. `asked` keeps what came in."""

    def __init__(self, *behaviours: Behaviour | Answer, tls: ssl.SSLContext | None = None) -> None:
        self.tls = tls
        self.asked: list[Asked] = []
        self.connections = 0
        self.open: set[asyncio.Transport] = set()
        self._behaviours = list(behaviours) or [obedient]
        # Epoll rounds each wait up to a millisecond, which 50 of them would show.
        self._loop = asyncio.SelectorEventLoop(selectors.SelectSelector())
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()
        self._stop = asyncio.Event()
        self.port = 0

    @property
    def base_url(self) -> str:
        """Return the address that a judge is given."""
        return (
            f"https://localhost:{self.port}/v1" if self.tls else f"http://127.0.0.1:{self.port}/v1"
        )

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def answer(self, asked: Asked) -> Answer:
        """Return the next reply of the plan; the last one repeats."""
        self.asked.append(asked)
        at = min(len(self.asked), len(self._behaviours)) - 1
        behaviour = self._behaviours[at]
        return behaviour if isinstance(behaviour, Answer) else behaviour(asked)

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        server = await self._loop.create_server(
            lambda: _Connection(self), "127.0.0.1", 0, ssl=self.tls
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        while self.open or len(asyncio.all_tasks()) > 1:  # somebody may just be coming in
            for transport in self.open:
                transport.abort()
            await asyncio.sleep(0)
        server.close()


class _Connection(asyncio.Protocol):
    def __init__(self, stub: JudgeStub) -> None:
        self.stub = stub
        self.come = b""
        self.transport: asyncio.Transport
        self.sending: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.stub.connections += 1
        self.stub.open.add(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.stub.open.discard(self.transport)
        if self.sending:
            self.sending.cancel()

    def data_received(self, data: bytes) -> None:
        self.come += data
        head, end, rest = self.come.partition(b"\r\n\r\n")
        if not end:
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        length = int(headers.get("content-length", 0))
        if len(rest) < length:
            return
        self.come = rest[length:]
        asked = Asked(first.split(" ")[1], headers, rest[:length].decode())
        self._send(self.stub.answer(asked))

    def _send(self, answer: Answer) -> None:
        if answer.drip:
            self.sending = asyncio.get_running_loop().create_task(self._drip(answer))
        else:
            asyncio.get_running_loop().call_later(answer.delay, self._write, answer)

    def _write(self, answer: Answer) -> None:
        if self.transport.is_closing():
            return
        self.transport.write(answer.wire[: answer.cut])
        if answer.cut is not None:
            self.transport.close()

    async def _drip(self, answer: Answer) -> None:
        for byte in _bytes(answer.wire):
            self.transport.write(byte)
            await asyncio.sleep(answer.drip)


def _bytes(data: bytes) -> Iterable[bytes]:
    return (data[at : at + 1] for at in range(len(data)))


def main(delay: float) -> None:
    """Serve until killed, and print the address first."""
    reply = Answer(completion({"justification": "It is right.", "verdict": "pass"}), delay=delay)
    with JudgeStub(reply) as stub:
        print(stub.base_url, flush=True)  # noqa: T201 whoever started it reads it
        threading.Event().wait()


if __name__ == "__main__":
    main(float(sys.argv[1]))
