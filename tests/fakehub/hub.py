"""The fake GitHub as tests hold it."""

import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.fakehub import serve_issues, serve_people, serve_pulls, serve_repository, serve_settings
from tests.fakehub.graphql import execute
from tests.fakehub.issues import Issues
from tests.fakehub.openapi import contract
from tests.fakehub.pages import paged
from tests.fakehub.people import App, User
from tests.fakehub.refusal import Refusal
from tests.fakehub.routes import Answer, Ask, Listed, Request, admit, find
from tests.fakehub.rows import Rows
from tests.fakehub.server import Server
from tests.fakehub.trouble import Moment, Trouble, due

SERVED = (serve_issues, serve_people, serve_pulls, serve_repository, serve_settings)
SITE = "https://github.com"


class FakeGitHub(Issues):
    """A repository on a GitHub of its own; enter it to serve it.

    Every request and every answer is held against GitHub's OpenAPI when the recorded data is
    there. A violation answers 500 and fails the test when the block ends.
    """

    def __init__(self, folder: Path, *, repository: str = "org/evals", page_rows: int = 2) -> None:
        super().__init__(folder)
        self.repository = repository
        self.name = repository.split("/")[1]
        self.page_rows = page_rows
        self.requests: list[Request] = []
        self.violations: list[str] = []
        self.promises = contract()  # None lets it answer anything
        self.lock = threading.RLock()
        self._troubles: list[Trouble] = []
        self._moments: list[Moment] = []
        self._server = Server(self)
        self.api = self._server.address
        self.graphql_url = f"{self.api}/graphql"
        self.rows = Rows(self, self.api, SITE, repository)

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.stop()
        said = "\n".join(self.violations)
        if said and error is not None:
            error.add_note(f"The fake GitHub met: {said}")
        assert error or not said, said

    def environment(self, holder: User | App | None = None) -> dict[str, str]:
        """Return what a process needs to talk to this hub as somebody (the gate's App)."""
        return {
            "GITHUB_API_URL": self.api,
            "GITHUB_GRAPHQL_URL": self.graphql_url,
            "GITHUB_SERVER_URL": SITE,
            "GITHUB_REPOSITORY": self.repository,
            "GITHUB_TOKEN": self.token(holder),
        }

    def trouble(
        self,
        pattern: str,
        status: int | None = None,
        *,
        times: int = 1,
        skip: int = 0,
        retry_after: int | None = None,
        limit_reset_in: int | None = None,
        truncated: bool = False,
        cut: bool = False,
        delay: float = 0.0,
    ) -> None:
        """Let the next requests of a pattern (as in `GET */pulls/1`) fail, or be answered badly.

        `status` answers with that error, `truncated` sends half of the JSON, `cut` closes the
        connection in the middle, `delay` waits seconds before the answer.
        """
        limits = (retry_after, limit_reset_in)
        plan = Trouble(pattern, status, times, skip, *limits, truncated, cut, delay)
        self._troubles.append(plan)

    def before(
        self, pattern: str, callback: Callable[[], object], *, times: int = 1, skip: int = 0
    ) -> None:
        """Run a callback before a request of this pattern is answered, after `skip` of them.

        It acts on the hub itself; nobody is answered over HTTP until it is done.
        """
        self._moments.append(Moment(pattern, callback, times, skip))

    def respond(self, request: Request, token: str | None) -> tuple[Answer, list[Trouble]]:
        """Answer a request; return what shall go wrong with the answer, too."""
        with self.lock:
            self.requests.append(request)
            try:
                for moment in due(self._moments, request):
                    moment.callback()
                troubles = due(self._troubles, request, most=1)
                said = [answer for trouble in troubles if (answer := trouble.answer())]
                return said[0] if said else self._answer(request, token), troubles
            except Exception:  # noqa: BLE001 it belongs to the test, not to a thread
                return self._violation(request, traceback.format_exc()), []

    def _answer(self, request: Request, token: str | None) -> Answer:
        caller = self.caller(token) if token else None
        if (token or request.path == "/graphql") and caller is None:
            return _refused(Refusal(401, "Bad credentials"))
        if request.path == "/graphql":
            return Answer(execute(self, request.body))
        try:
            found, names = find(request.method, request.path)
        except LookupError as error:
            return self._violation(request, str(error))
        known = self.promises
        operation = (found.method, found.template)
        faults: list[str] = []
        if known:
            faults = known.faults_of_request(*operation, request.query, request.body)
        if faults:
            return self._violation(request, f"request: {faults}")
        ask = Ask(self, request, caller, names)
        try:
            admit(ask, found)
            told = found.endpoint(ask)
        except Refusal as refusal:
            told = _refused(refusal)
        if isinstance(told, Listed):
            told = paged(told, request, self.api, self.page_rows)
        if known:
            faults = known.faults_of_response(*operation, told.status, told.body)
        return self._violation(request, f"response {told.status}: {faults}") if faults else told

    def _violation(self, request: Request, said: str) -> Answer:
        self.violations.append(f"{request.method} {request.path}: {said}")
        return Answer({"message": self.violations[-1]}, 500)


def _refused(refusal: Refusal) -> Answer:
    body: Any = refusal.body
    return Answer(body, refusal.status)
