"""`http:https://assistant.example.org/eval`: an endpoint that is sent each request by POST."""

from time import perf_counter
from typing import ClassVar
from urllib.parse import urlsplit

from goldengit.errors import CannotJudgeError, GoldengitError, UsageError
from goldengit.models.answer import Answer
from goldengit.models.call import Request
from goldengit.models.case import Case
from goldengit.models.exchange import answer_to, request
from goldengit.targets.base import Doors, Target

TOKEN = "GOLDENGIT_TARGET_TOKEN"  # noqa: S105 the name of a variable


class Http(Target):
    """An HTTP endpoint. `GOLDENGIT_TARGET_TOKEN`, when it is set, is sent as bearer token."""

    kind: ClassVar[str] = "http"

    def __init__(self, what: str, doors: Doors, timeout: float) -> None:
        super().__init__(what, doors, timeout)
        if doors.send is None:
            raise CannotJudgeError(
                "No request can be sent here: httpx is missing.",
                remedy="Install `goldengit[judge]`.",
            )
        _require_url(what)
        self._send = doors.send
        self._headers = _bearer(doors)

    def answer(self, case_id: str, case: Case, repeat: int) -> Answer:
        """Return what the endpoint answers."""
        body = request(case_id, case, repeat)
        start = perf_counter()
        try:
            reply = self._send(Request(self.what, body, self._headers, self.timeout))
            return answer_to(case_id, reply.text, _since(start))
        except GoldengitError as error:
            return Answer(error=str(error), duration_us=_since(start))


def _require_url(text: str) -> None:
    """Refuse what is no URL, and a secret in it: the name of a target stands in scorecards."""
    try:
        url = urlsplit(text)
        sound = url.scheme in {"http", "https"} and bool(url.hostname) and url.port != 0
    except ValueError:
        sound = False
    if not sound or not text.isascii() or not text.isprintable() or " " in text:
        remedy = "Name it whole, such as `https://assistant.example.org/eval`."
        raise UsageError(f"`{text}` is no HTTP URL.", remedy=remedy)
    if url.username is not None or url.password is not None:
        raise UsageError("The URL of the target holds a password.", remedy=f"Put it into {TOKEN}.")


def _bearer(doors: Doors) -> dict[str, str]:
    token = doors.environment.get(TOKEN, "")
    if not token:
        return {}
    if not token.isascii() or not token.isprintable() or " " in token:
        problem = f"{TOKEN} holds what no header can carry."
        raise UsageError(problem, remedy="Set it to the bare token, without a line end.")
    return {"Authorization": f"Bearer {token}"}


def _since(start: float) -> int:
    return round((perf_counter() - start) * 1e6)
