"""The client: one token, one origin, every page, bounded patience; and where the forge is."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from goldengit.errors import CannotJudgeError, UsageError
from goldengit.forge.client import ForbiddenError, ForgeError, GitHub, NotFoundError
from goldengit.forge.place import Place, place_of, token_of
from goldengit.gating.door import Door
from goldengit.repository.fetching import login_of

NOWHERE = "http://127.0.0.1:9"
TOKEN = "ghs_THISISSECRET"


@dataclass
class Said:
    """One answer: its status, body and headers."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Server:
    """Answers what a test has put there, one after the other; the last one again and again."""

    address: str = ""
    answers: list[Said] = field(default_factory=list)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    clients: ExitStack = field(default_factory=ExitStack)

    def client(self, patience: float = 0.0, token: str = TOKEN) -> GitHub:
        """Return a client of it."""
        place = Place(self.address, f"{self.address}/graphql", self.address, "org/evals")
        return self.clients.enter_context(GitHub(place, token, patience=patience))

    def says(self, *answers: Said) -> GitHub:
        """Let it answer so, and return a client without patience."""
        self.answers = list(answers)
        return self.client()


def listener(server: Server) -> type[BaseHTTPRequestHandler]:
    """Return a handler that answers for a server."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            server.asked.append((self.command, self.path, self.headers.get("authorization", "")))
            said = server.answers.pop(0) if len(server.answers) > 1 else server.answers[0]
            body = said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
            self.send_response(said.status)
            for name, value in {"Content-Length": str(len(body)), **said.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_PATCH = answer  # noqa: N815 the library's names

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    return Handler


@pytest.fixture
def server() -> Iterator[Server]:
    """Serve on the loopback."""
    made = Server()
    with ThreadingHTTPServer(("127.0.0.1", 0), listener(made)) as http:
        http.daemon_threads = True
        threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
        made.address = f"http://127.0.0.1:{http.server_address[1]}"
        with made.clients:
            yield made
        http.shutdown()


def problem(work: Callable[[], object]) -> ForgeError:
    """Return the error that some work raises, whose every form hides the token."""
    with pytest.raises(ForgeError) as caught:
        work()
    told = f"{caught.value} {caught.value!r} {caught.value.remedy} {caught.value.args}"
    assert TOKEN not in told
    return caught.value


# -- requests ------------------------------------------------------------------------------------


def test_a_path_is_the_repositorys_and_with_a_slash_the_apis(server: Server) -> None:
    """The token goes along, as a bearer's."""
    github = server.says(Said({"id": 1}))
    github.get("")
    github.get("pulls/1", per_page=3)
    github.get("/user/7")
    assert [path for _, path, _ in server.asked] == [
        "/repos/org/evals",
        "/repos/org/evals/pulls/1?per_page=3",
        "/user/7",
    ]
    assert {secret for _, _, secret in server.asked} == {f"Bearer {TOKEN}"}


def test_without_a_token_none_is_sent(server: Server) -> None:
    """An empty one would be refused."""
    server.answers = [Said({})]
    server.client(token="").get("")
    assert server.asked[0][2] == ""


def test_bodies_go_out_and_answers_come_back(server: Server) -> None:
    """Each verb by its own method; an empty answer is none."""
    github = server.says(Said({"id": 1}))
    assert [github.post("a", {}), github.put("a", {}), github.patch("a", {})] == [{"id": 1}] * 3
    assert [method for method, _, _ in server.asked] == ["POST", "PUT", "PATCH"]
    assert server.says(Said(b"")).get("a") is None


# -- errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, NotFoundError), (403, ForbiddenError), (401, ForgeError), (422, ForgeError)],
)
def test_a_refusal_is_an_error_with_its_status(
    status: int, kind: type[ForgeError], server: Server
) -> None:
    """It names method, path, status, what GitHub said, and the request's id."""
    headers = {"X-GitHub-Request-Id": "AB:12"}
    error = problem(lambda: server.says(Said({"message": "No."}, status, headers)).get("pulls/1"))
    assert (type(error), error.status) == (kind, status)
    assert error.problem == (
        f"GET repos/org/evals/pulls/1 is answered with {status}: No (request AB:12) (GG807)."
    )
    assert len(server.asked) == 1


def test_what_github_says_is_shown_on_one_line_and_cut(server: Server) -> None:
    """It may hold anything."""
    error = problem(
        lambda: server.says(Said({"message": "a\n::error::\x1b[31m" * 99}, 422)).get("")
    )
    assert "\n" not in error.problem
    assert "\x1b" not in error.problem
    assert len(error.problem) < 300


@pytest.mark.parametrize("body", [b"", b"[]", b'"x"', b'{"message": 3}', b"<html>", b"\xff"])
def test_a_refusal_may_say_anything_or_nothing(body: bytes, server: Server) -> None:
    """The status is what counts."""
    assert problem(lambda: server.says(Said(body, 404)).get("x")).status == 404


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000, b"NaN,"])
def test_what_is_no_json_is_no_answer(body: bytes, server: Server) -> None:
    """Half an answer, other bytes, or a depth that no answer has."""
    assert "is no JSON" in problem(lambda: server.says(Said(body)).get("x")).problem


def test_an_answer_that_is_cut_is_no_answer(server: Server) -> None:
    """More bytes were promised than came."""
    cut = Said(b'{"id": 1}', headers={"Content-Length": "100", "Connection": "close"})
    error = problem(lambda: server.says(cut).get("x"))
    assert (error.status, error.problem) == (
        None,
        "GET repos/org/evals/x was not answered (GG807).",
    )


def test_where_nobody_listens_nothing_is_answered() -> None:
    """The port is closed."""
    place = Place(NOWHERE, NOWHERE, NOWHERE, "org/evals")
    with GitHub(place, TOKEN, patience=0) as github:
        assert problem(lambda: github.get("x")).status is None


def test_an_answer_beyond_any_size_is_refused(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not read to its end."""
    monkeypatch.setattr("goldengit.forge.client._MOST_BYTES", 100)
    error = problem(lambda: server.says(Said("x" * 200)).get("x"))
    assert "more than 100 bytes" in error.problem


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int, server: Server) -> None:
    """The token would go along; a renamed repository is told by its new name."""
    away = Said({}, status, {"Location": f"{server.address}/elsewhere"})
    assert problem(lambda: server.says(away, Said({"id": 1})).get("x")).status == status
    assert len(server.asked) == 1


# -- patience ------------------------------------------------------------------------------------


def test_a_server_error_is_asked_again_for_reading_alone(server: Server) -> None:
    """A quarter of a second later; what was posted may have been taken."""
    server.answers = [Said({}, 502), Said({"id": 1})]
    assert server.client(patience=1).get("x") == {"id": 1}
    server.answers = [Said({}, 502), Said({"id": 1})]
    assert problem(lambda: server.client(patience=1).post("x", {})).status == 502
    assert [method for method, _, _ in server.asked] == ["GET", "GET", "POST"]


def test_a_query_is_asked_again(server: Server) -> None:
    """GraphQL reads by POST."""
    server.answers = [Said({}, 502), Said({"data": {"id": 1}})]
    assert server.client(patience=1).graphql("query A { id }", {}) == {"id": 1}


@pytest.mark.parametrize("status", [403, 429])
def test_a_limit_is_waited_for_where_the_answer_tells_how_long(status: int, server: Server) -> None:
    """Posts, too: what is refused was not done."""
    server.answers = [Said({}, status, {"Retry-After": "0"}), Said({"id": 1})]
    assert server.client(patience=1).post("x", {}) == {"id": 1}


def test_a_limit_that_is_over_is_waited_for_by_the_clock(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`x-ratelimit-reset` is a time; one second more is waited, since it has whole seconds."""
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    monkeypatch.setattr("time.time", lambda: 1_000.0)
    spent = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1030"}
    server.answers = [Said({}, 403, spent), Said({"id": 1})]
    assert server.client(patience=60).get("x") == {"id": 1}
    assert waits == [31.0]


def test_all_requests_of_a_client_share_one_budget_of_waiting(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four seconds are there: three are spent on the first, and the second is not waited for."""
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    github = server.client(patience=4)
    server.answers = [Said({}, 429, {"Retry-After": "3"}), Said({"id": 1})]
    assert github.get("x") == {"id": 1}
    server.answers = [Said({}, 429, {"Retry-After": "3"})]
    assert problem(lambda: github.get("x")).status == 429
    assert waits == [3.0]


@pytest.mark.parametrize("after", ["9" * 400, "Wed, 21 Oct 2026 07:28:00 GMT", "-1", "1e3", "²"])
def test_a_limit_without_a_sensible_time_is_not_waited_for(after: str, server: Server) -> None:
    """For ever, at a date, or never: the answer is an error."""
    headers = {"Retry-After": after.encode().decode("latin-1")}
    assert problem(lambda: server.says(Said({}, 403, headers)).get("x")).status == 403


def test_nothing_is_asked_for_ever(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four times, whatever patience there is."""
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    server.answers = [Said({}, 500)]
    assert problem(lambda: server.client(patience=1_000).get("x")).status == 500
    assert (len(server.asked), waits) == (4, [0.25, 1.0, 4.0])


# -- pages ---------------------------------------------------------------------------------------


def link(server: Server, *pages: tuple[str, str]) -> dict[str, str]:
    """Return a `Link` header of (relation, path)."""
    return {"Link": ", ".join(f'<{server.address}{path}>; rel="{rel}"' for rel, path in pages)}


def test_pages_are_followed_to_the_end(server: Server) -> None:
    """The next one stands beside others, in any order."""
    github = server.says(
        Said([1, 2], headers=link(server, ("next", "/p?page=2"), ("last", "/p?page=3"))),
        Said([3], headers=link(server, ("prev", "/p?page=1"), ("next", "/p?page=3"))),
        Said([4], headers=link(server, ("prev", "/p?page=2"), ("first", "/p?page=1"))),
    )
    assert [*github.pages("pulls", state="open")] == [1, 2, 3, 4]
    assert [path for _, path, _ in server.asked] == [
        "/repos/org/evals/pulls?per_page=100&state=open",
        "/p?page=2",
        "/p?page=3",
    ]


def test_a_list_may_stand_under_a_key(server: Server) -> None:
    """Beside its `total_count`."""
    assert [*server.says(Said({"rows": [1, 2], "total_count": 2})).pages("x", "rows")] == [1, 2]


@pytest.mark.parametrize("body", [{}, None, "x", {"rows": None}, {"rows": {"a": 1}}])
def test_what_is_no_list_is_an_error_and_not_empty(body: Any, server: Server) -> None:
    """Nothing may be read as none."""
    for key in (None, "rows"):
        error = problem(lambda key=key: [*server.says(Said(body)).pages("x", key)])  # type: ignore[misc]
        assert "holds no list" in error.problem


@pytest.mark.parametrize(
    "where",
    [
        "http://127.0.0.1:1/p",
        "https://api.github.com.example/p",
        "//elsewhere.example/p",
        "{address}.example/p",
        "{address}@elsewhere.example/p",
        "/p?page=2",
    ],
)
def test_a_next_page_at_another_origin_is_refused(where: str, server: Server) -> None:
    """The token is never sent there; a path alone is no address of a page."""
    there = where.format(address=server.address)
    github = server.says(Said([1], headers={"Link": f'<{there}>; rel="next"'}))
    assert "somewhere else" in problem(lambda: [*github.pages("x")]).problem
    assert len(server.asked) == 1


def test_pages_without_an_end_are_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page leads to itself."""
    monkeypatch.setattr("goldengit.forge.client._MOST_PAGES", 5)
    github = server.says(Said([1], headers=link(server, ("next", "/p"))))
    assert "more than 5 pages" in problem(lambda: [*github.pages("x")]).problem


@pytest.mark.parametrize(
    "body",
    [{"errors": [{"message": "x"}], "data": {"a": 1}}, {"message": "x"}, [], None, {"data": 1}],
)
def test_a_query_with_errors_is_not_answered(body: Any, server: Server) -> None:
    """GraphQL tells its errors with status 200, and parts of the data beside them."""
    problem(lambda: server.says(Said(body)).graphql("query A { a }", {}))


# -- the token -----------------------------------------------------------------------------------


def test_nothing_that_holds_the_token_shows_it(server: Server) -> None:
    """Neither the client nor the place, nor what a gate works with."""
    github = server.client()
    login = login_of("https://github.com", TOKEN)
    door = Door(None, github, "origin", login)  # type: ignore[arg-type]
    shown = f"{github!r} {github} {github.place!r} {door!r} {vars(github)!r}"
    assert TOKEN not in shown
    assert next(iter(login.values())).rpartition(" ")[2] not in shown


@pytest.mark.parametrize("token", ["a\nb", "a\r\nX: y", "ä", "\x00", "\udcff"])
def test_a_token_that_no_header_can_hold_is_told_without_it(token: str, server: Server) -> None:
    """The value itself is in no message."""
    server.answers = [Said({})]
    with pytest.raises(CannotJudgeError) as caught:
        server.client(token=f"{TOKEN}{token}").get("x")
    assert TOKEN not in f"{caught.value}{caught.value!r}"


# -- where the forge is --------------------------------------------------------------------------


def test_without_a_word_it_is_github_com() -> None:
    """The addresses that Actions gives there."""
    assert place_of({"GITHUB_REPOSITORY": "org/evals"}) == Place(
        "https://api.github.com",
        "https://api.github.com/graphql",
        "https://github.com",
        "org/evals",
    )


def test_a_server_of_ones_own_has_its_api_below_itself() -> None:
    """GitHub Enterprise Server: REST under /api/v3, GraphQL beside it under /api/graphql."""
    given = {"GITHUB_SERVER_URL": "https://ghe.example/", "GITHUB_REPOSITORY": "org/evals"}
    place = place_of(given)
    assert (place.api, place.graphql) == (
        "https://ghe.example/api/v3",
        "https://ghe.example/api/graphql",
    )
    assert (place.host, place.owner) == ("ghe.example", "org")
    assert place.page("pull/1") == "https://ghe.example/org/evals/pull/1"


def test_the_addresses_that_are_given_are_taken() -> None:
    """As Actions does on every server."""
    given = {
        "GITHUB_SERVER_URL": "https://ghe.example",
        "GITHUB_API_URL": "https://api.ghe.example/",
        "GITHUB_GRAPHQL_URL": "https://q.ghe.example/graphql",
        "GITHUB_REPOSITORY": "org/evals",
    }
    place = place_of(given)
    assert (place.api, place.graphql) == (
        "https://api.ghe.example",
        "https://q.ghe.example/graphql",
    )


@pytest.mark.parametrize(
    ("origin", "server"),
    [
        ("https://github.com/org/evals.git", "https://github.com"),
        ("https://github.com/org/evals", "https://github.com"),
        ("https://user:pw@github.com/org/evals.git", "https://github.com"),
        ("git@github.com:org/evals.git", "https://github.com"),
        ("github.com:org/evals", "https://github.com"),
        ("ssh://git@ghe.example:2222/org/evals.git", "https://ghe.example"),
    ],
)
def test_the_remote_names_server_and_repository(origin: str, server: str) -> None:
    """As Git writes addresses."""
    place = place_of({}, origin)
    assert (place.server, place.repository) == (server, "org/evals")


@pytest.mark.parametrize(
    "origin",
    ["", "/srv/org/evals", "../org/evals", "copies/org/evals", "file:///srv/org/evals", "evals"],
)
def test_a_remote_on_this_machine_names_no_forge(origin: str) -> None:
    """A path is no address, so no token is sent to a host of that name."""
    with pytest.raises(UsageError, match="not known which repository"):
        place_of({}, origin)


@pytest.mark.parametrize("name", ["evals", "org/", "/evals", "org/evals/x", "org/..%2f", "-o/e"])
def test_a_repository_has_an_owner_and_a_name(name: str) -> None:
    """Nothing else goes into an address."""
    with pytest.raises(UsageError):
        place_of({"GITHUB_REPOSITORY": name})


@pytest.mark.parametrize("name", ["GITHUB_API_URL", "GITHUB_GRAPHQL_URL", "GITHUB_SERVER_URL"])
@pytest.mark.parametrize("address", ["http://ghe.example", "ftp://ghe.example", "ghe.example"])
def test_an_address_that_shows_the_token_is_refused(name: str, address: str) -> None:
    """Without https only this machine is asked."""
    with pytest.raises(CannotJudgeError, match="would show the token"):
        place_of({"GITHUB_REPOSITORY": "org/evals", name: address})
    local = {"GITHUB_REPOSITORY": "org/evals", name: "http://127.0.0.1:8080"}
    assert place_of(local).repository == "org/evals"


# -- whose token it is ---------------------------------------------------------------------------


def test_the_environments_token_is_taken() -> None:
    """GITHUB_TOKEN first, then GH_TOKEN; white space around it is none of it."""
    assert token_of({"GITHUB_TOKEN": " a\n", "GH_TOKEN": "b"}, "github.com") == "a"
    assert token_of({"GITHUB_TOKEN": " ", "GH_TOKEN": "b"}, "github.com") == "b"


def program(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program `gh` on the path, and nothing else but the shell."""
    script = folder / "gh"
    script.write_text(f"#!/bin/sh\n{text}\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_the_token_of_gh_is_the_hosts_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One for github.com is never sent to another server."""
    program(tmp_path, 'echo "$*"', monkeypatch)
    assert token_of({}, "ghe.example") == "auth token --hostname ghe.example"


@pytest.mark.parametrize("text", ["echo x; exit 1", "exit 4", "true", "exec /nowhere"])
def test_a_gh_that_knows_no_token_gives_none(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not logged in, or broken."""
    program(tmp_path, text, monkeypatch)
    assert token_of({}, "github.com") == ""


def test_without_gh_there_is_no_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing on the path has that name."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert token_of({}, "github.com") == ""
