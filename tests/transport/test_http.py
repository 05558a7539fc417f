"""HTTP: real exchanges with a server on the loopback that misbehaves in every way."""

import gc
import json
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from goldengit.errors import CannotJudgeError
from goldengit.models.call import CallFailedError, Reply, Request
from goldengit.transport.http import Http, _asked_wait, _pause
from tests.judge_stub import Answer, JudgeStub

KEY = "sk-test-0123456789abcdef"
HEADERS = {"Authorization": f"Bearer {KEY}"}
GOOD = Answer(b'{"answer": 42}')


def _request(stub: JudgeStub, timeout: float = 10.0, body: str = "{}") -> Request:
    return Request(f"{stub.base_url}/chat/completions", body, HEADERS, timeout)


def _ask(stub: JudgeStub, timeout: float = 10.0, *, attempts: int = 4) -> Reply:
    with Http(attempts=attempts, first_wait=0.01) as http:
        return http(_request(stub, timeout))


def _failure(stub: JudgeStub, timeout: float = 10.0, *, attempts: int = 4) -> CallFailedError:
    with pytest.raises(CallFailedError) as caught:
        _ask(stub, timeout, attempts=attempts)
    return caught.value


def test_a_good_answer_comes_back_at_the_first_attempt() -> None:
    with JudgeStub(GOOD) as stub:
        assert _ask(stub) == Reply(status=200, text='{"answer": 42}', attempts=1)
        (asked,) = stub.asked
    assert asked.path == "/v1/chat/completions"
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["accept-encoding"] == "identity"


def test_the_body_is_sent_as_it_is() -> None:
    body = json.dumps({"text": "Füße \u2028 \U0001f600" * 50_000}, ensure_ascii=False)
    with JudgeStub(GOOD) as stub, Http() as http:
        http(_request(stub, body=body))
        assert stub.asked[0].body == body


def test_a_chunked_answer_is_read() -> None:
    with JudgeStub(Answer(GOOD.body, chunked=True)) as stub:
        assert _ask(stub).text == '{"answer": 42}'


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 529])
def test_what_may_pass_is_tried_again(status: int) -> None:
    with JudgeStub(Answer(b"busy", status), Answer(b"busy", status), GOOD) as stub:
        assert _ask(stub).attempts == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_what_will_not_pass_is_not_tried_again(status: int) -> None:
    with JudgeStub(Answer(b"no", status)) as stub:
        error = _failure(stub)
        assert len(stub.asked) == 1
    assert error.attempts == 1
    assert f"answered with status {status}." in str(error)


def test_attempts_have_an_end() -> None:
    with JudgeStub(Answer(b"busy", 429, {"retry-after": "0"})) as stub:
        error = _failure(stub)
        assert len(stub.asked) == 4
    assert error.attempts == 4
    assert str(error) == f"http://127.0.0.1:{stub.port} answered with status 429 (4 attempts)."


def test_a_wait_that_is_asked_for_is_kept() -> None:
    began = time.monotonic()
    with JudgeStub(Answer(b"", 429, {"Retry-After": "1"}), GOOD) as stub:
        assert _ask(stub).attempts == 2
    assert time.monotonic() - began >= 1.0


def test_a_late_answer_is_none() -> None:
    late = Answer(GOOD.body, delay=30)
    with JudgeStub(late) as stub:
        error = _failure(stub, timeout=0.2, attempts=2)
    assert "did not answer within 0.2 s (2 attempts)." in str(error)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_dripping_answer_ends_at_the_deadline(chunked: bool) -> None:
    """Each byte comes in time; httpx alone would wait for all of them, header by header."""
    dripping = Answer(b"x" * 1000, drip=0.05, chunked=chunked)  # whole after a minute
    with JudgeStub(dripping) as stub:
        error = _failure(stub, timeout=0.5, attempts=1)
    assert "did not answer within 0.5 s." in str(error)


@pytest.mark.parametrize("cut", [0, 5, 30, 48])
def test_a_cut_connection_is_tried_again(cut: int) -> None:
    with JudgeStub(Answer(b"a longer body", cut=cut), GOOD) as stub:
        assert _ask(stub).attempts == 2


@pytest.mark.parametrize("chunked", [False, True])
def test_half_a_body_is_no_answer(chunked: bool) -> None:
    whole = Answer(b'{"answer": 42}' * 10, chunked=chunked)
    half = Answer(whole.body, chunked=chunked, cut=len(whole.wire) - 20)
    with JudgeStub(half) as stub:
        error = _failure(stub)
    assert "cut the connection before the reply was whole (4 attempts)." in str(error)


def test_a_connection_that_the_server_closed_in_between_is_opened_anew() -> None:
    with JudgeStub(Answer(GOOD.body, cut=1000), GOOD) as stub, Http(first_wait=0.01) as http:
        assert [http(_request(stub)).text for _ in range(2)] == ['{"answer": 42}'] * 2


@pytest.mark.parametrize("chunked", [False, True])
def test_a_huge_answer_is_refused(chunked: bool) -> None:
    with JudgeStub(Answer(b"x" * 3_000_000, chunked=chunked)) as stub, Http(max_bytes=1000) as http:
        with pytest.raises(CallFailedError, match="answered with more than 1000 bytes"):
            http(_request(stub))
        assert len(stub.asked) == 1


def test_an_answer_in_an_encoding_is_refused() -> None:
    """A small one may unpack to gigabytes, and none was asked for."""
    with JudgeStub(Answer(b"\x1f\x8b", headers={"content-encoding": "gzip"})) as stub:
        assert "in an encoding that nobody asked for" in str(_failure(stub))


def test_an_answer_that_is_no_text_is_refused() -> None:
    with JudgeStub(Answer(b"\xff\xfe")) as stub:
        assert "is no UTF-8 text" in str(_failure(stub))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed_and_no_key_goes_there(status: int) -> None:
    with JudgeStub(GOOD) as elsewhere:
        there = {"location": f"{elsewhere.base_url}/chat/completions"}
        with JudgeStub(Answer(b"", status, there)) as stub:
            error = _failure(stub)
            assert len(stub.asked) == 1
        assert elsewhere.asked == []
    assert f"a redirect ({status}), which is not followed" in str(error)
    assert str(elsewhere.port) not in str(error)


def test_a_redirect_to_the_same_host_is_not_followed_either() -> None:
    with JudgeStub(Answer(b"", 308, {"location": "/v2/chat/completions"}), GOOD) as stub:
        _failure(stub)
        assert len(stub.asked) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://192.0.2.1/v1",
        "http://example.org/v1",
        "http://127.0.0.1.example.org/v1",
        "http://localhost.example.org/v1",
        "http://0.0.0.0/v1",
    ],
)
def test_plain_http_goes_to_this_machine_only(address: str) -> None:
    with Http() as http, pytest.raises(CallFailedError, match="plain http") as caught:
        http(Request(address, "{}", HEADERS))
    assert caught.value.attempts == 0
    assert "GOLDENGIT_PLAIN_HTTP=1" in str(caught.value)


def test_plain_http_may_be_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name below means this machine, though its text does not say so."""
    monkeypatch.setattr(socket, "getaddrinfo", _loopback(socket.getaddrinfo))
    with JudgeStub(GOOD) as stub, Http(plain_http=True) as http:
        address = f"http://judge.example.org:{stub.port}/v1"
        assert http(Request(address, "{}", HEADERS)).attempts == 1


def _loopback(real: object) -> object:
    return lambda _, port, *rest, **named: real("127.0.0.1", port, *rest, **named)  # type: ignore[operator]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "v1",
        "ftp://127.0.0.1/v1",
        "file:///etc/passwd",
        "https://",
        "http://[::1",
        "https://\x00",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with Http() as http, pytest.raises(CallFailedError) as caught:
        http(Request(address, "{}", HEADERS))
    assert caught.value.attempts == 0


def test_a_password_in_an_address_is_refused_and_not_said() -> None:
    with Http() as http, pytest.raises(CallFailedError) as caught:
        http(Request("https://me:hidden-word@127.0.0.1/v1", "{}"))
    assert "hidden-word" not in str(caught.value)


def test_nobody_there_is_tried_again_and_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        port = taken.getsockname()[1]
        with Http(first_wait=0.01) as http, pytest.raises(CallFailedError) as caught:
            http(Request(f"http://127.0.0.1:{port}/v1?token=hidden-word", "{}", HEADERS))
    assert caught.value.attempts == 4
    assert str(caught.value) == f"http://127.0.0.1:{port} could not be reached (4 attempts)."


@pytest.mark.parametrize("value", [f"Bearer {KEY}\n", f"Bearer {KEY}\r\nX: y", f"Bearer {KEY}é"])
def test_a_bad_header_is_an_error_that_does_not_show_it(value: str) -> None:
    """The library below quotes the header that it refuses."""
    with JudgeStub(GOOD) as stub, Http() as http:
        with pytest.raises(CallFailedError) as caught:
            http(Request(stub.base_url, "{}", {"Authorization": value}))
        assert stub.asked == []
    assert _everything_said(caught.value).count("sk-test") == 0


def _everything_said(error: BaseException) -> str:
    """Return an error's text with those of all errors that hang on it."""
    said = f"{error!r} {error} {vars(error)}\n"
    behind = error.__cause__ or error.__context__
    return said + (_everything_said(behind) if behind else "")


def test_half_a_character_in_the_body_is_an_error() -> None:
    with JudgeStub(GOOD) as stub, Http() as http, pytest.raises(CallFailedError):
        http(_request(stub, body="\ud800"))


def test_what_a_refusal_says_is_shown() -> None:
    said = {"error": {"message": "Unknown parameter:\n'seed'.", "type": "invalid_request_error"}}
    with JudgeStub(Answer(json.dumps(said).encode(), 400)) as stub:
        assert "answered with status 400: Unknown parameter: 'seed'." in str(_failure(stub))


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "Incorrect API key provided."),
        (400, f"Bad key {KEY}."),
        (400, f"Bad key {KEY[:11]}****."),
        (400, f"Bad key ****{KEY[-8:]}."),
    ],
)
def test_what_may_hold_a_key_is_not_shown(status: int, said: str) -> None:
    with JudgeStub(Answer(json.dumps({"error": {"message": said}}).encode(), status)) as stub:
        assert str(_failure(stub)).endswith(f"answered with status {status}.")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"error": 1}', b'{"error": {"message": []}}', b"[" * 60_000]
)
def test_an_odd_refusal_is_only_a_status(body: bytes) -> None:
    with JudgeStub(Answer(body, 400)) as stub:
        assert str(_failure(stub)).endswith("answered with status 400.")


def test_an_endless_refusal_is_not_read_to_its_end() -> None:
    with JudgeStub(Answer(b"x" * 50_000_000, 400)) as stub:
        assert str(_failure(stub)).endswith("answered with status 400.")


def test_neither_request_nor_client_shows_the_key() -> None:
    with Http() as http:
        shown = f"{http!r} {Request('https://example.org', '{}', HEADERS)!r}"
    assert KEY not in shown


def test_many_threads_share_few_connections() -> None:
    with JudgeStub(Answer(GOOD.body, delay=0.01)) as stub:
        with Http(concurrency=4) as http, ThreadPoolExecutor(16) as pool:
            replies = list(pool.map(lambda _: http(_request(stub)), range(200)))
        assert {reply.attempts for reply in replies} == {1}
        assert stub.connections <= 4


def test_waiting_for_a_place_does_not_count_as_lateness() -> None:
    with (
        JudgeStub(Answer(GOOD.body, delay=0.3)) as stub,
        Http(concurrency=1, attempts=1) as http,
        ThreadPoolExecutor(4) as pool,
    ):
        replies = list(pool.map(lambda _: http(_request(stub, timeout=1.0)), range(4)))
    assert len(replies) == 4


def test_plain_http_passes_by_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy would read the key."""
    with JudgeStub(GOOD) as proxy, JudgeStub(GOOD) as stub:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert _ask(stub).attempts == 1
        assert proxy.asked == []


def test_https_goes_through_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with JudgeStub(Answer(b"", 502)) as proxy:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        with (
            Http(first_wait=0.01) as http,
            pytest.raises(CallFailedError, match="through the proxy"),
        ):
            http(Request("https://judge.example.org/v1", "{}", HEADERS))
        assert {asked.path for asked in proxy.asked} == {"judge.example.org:443"}
        assert KEY not in str(proxy.asked)


def test_a_proxy_of_a_strange_kind_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "gopher://me:hidden-word@127.0.0.1:70")
    with pytest.raises(CannotJudgeError, match="proxy that the environment names") as caught:
        Http()
    assert "hidden-word" not in str(caught.value)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a certificate of `localhost` with its key, in one file."""
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    words += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(
        [*words, "-keyout", path, "-out", f"{path}.crt"], check=True, capture_output=True
    )
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")


def _tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@needs_openssl
def test_https_is_spoken(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with JudgeStub(GOOD, tls=_tls(certificate)) as stub:
        assert stub.base_url.startswith("https://")
        assert _ask(stub).text == '{"answer": 42}'


@needs_openssl
def test_the_deadline_holds_for_https(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    dripping = Answer(b"x" * 1000, drip=0.05)
    with JudgeStub(dripping, tls=_tls(certificate)) as stub:
        assert "did not answer within 1 s." in str(_failure(stub, timeout=1.0, attempts=1))


@needs_openssl
def test_a_stranger_gets_no_key(certificate: Path) -> None:
    with JudgeStub(GOOD, tls=_tls(certificate)) as stub:
        assert "shows a certificate that SSL_CERT_FILE does not vouch for" in str(_failure(stub))
        assert stub.asked == []


def test_without_httpx_the_extra_is_named() -> None:
    code = (
        "import sys; sys.modules['httpx'] = None\n"
        "from goldengit.errors import CannotJudgeError\n"
        "from goldengit.transport.http import Http\n"
        "try:\n    Http()\n"
        "except CannotJudgeError as error:\n    print(error)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "needs httpx. Install `goldengit[judge]`." in run.stdout


def test_reading_the_door_imports_no_httpx() -> None:
    code = "import sys, goldengit.transport.http; print('httpx' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_a_closed_client_leaves_nothing_behind() -> None:
    before = threading.active_count()
    with JudgeStub(GOOD) as stub:
        _ask(stub)
    gc.collect()  # an open socket would be a warning, and warnings are errors
    assert threading.active_count() == before


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("7", 7.0),
        ("", None),
        ("-1", None),
        ("soon", None),
        ("1e9", None),
        ("9" * 5000, None),
    ],
)
def test_retry_after_in_seconds(value: str, seconds: float | None) -> None:
    assert _asked_wait(value) == seconds


def test_retry_after_as_a_date() -> None:
    now = datetime.now(UTC)
    soon = _asked_wait(format_datetime(now + timedelta(seconds=30), usegmt=True))
    assert soon is not None
    assert 28 < soon <= 30
    assert _asked_wait(format_datetime(now - timedelta(days=1), usegmt=True)) == 0.0
    assert _asked_wait("Fri, 01 Jan 2100 00:00:00 -0000") is not None


def test_pauses_grow_are_spread_and_have_an_end() -> None:
    pauses = [_pause(1.0, attempt, None, "{}") for attempt in range(1, 12)]
    assert all(2**n / 2 <= pause <= 2**n for n, pause in enumerate(pauses[:6]))
    assert pauses[-1] == 60.0
    assert _pause(1.0, 1, 5.0, "{}") >= 5.5
    assert _pause(1.0, 1, 1e9, "{}") == 60.0
    assert len({_pause(1.0, 1, None, str(body)) for body in range(100)}) == 100
    assert _pause(1.0, 1, None, "{}") == pauses[0]
