"""What an event of GitHub Actions asks for. Its payload is a hint: everything is read anew."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from goldengit.errors import CannotJudgeError
from goldengit.forge.client import GitHub
from goldengit.forge.pulls import open_pulls
from goldengit.gating.event import payload_of

_NEW_CONTENT = frozenset({"opened", "synchronize", "reopened", "edited"})
_BELL = "workflow_run"
_DECIMAL = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)


@dataclass(frozen=True)
class Asked:
    """Which pull requests to judge; `sweep` means all, `queue` the groups of the merge queue.

    `announce` tells that whatever was said before about them no longer holds.
    """

    pulls: tuple[int, ...] = ()
    announce: bool = False
    sweep: bool = False
    queue: bool = False


def asked_by(name: str, payload: bytes, github: GitHub) -> Asked:
    """Return what an event asks for. `name` is GITHUB_EVENT_NAME, `payload` the event's JSON.

    Raises CannotJudgeError for an event that must not decide, or whose payload cannot be read.
    """
    event = payload_of(payload)
    match name:
        case "pull_request_target":
            return Asked((_number(event),), announce=event.get("action") in _NEW_CONTENT)
        case "workflow_run":
            return _rung(event, github)
        case "schedule":
            return Asked(sweep=True, queue=True)
        case "workflow_dispatch":
            return _by_hand(event)
        case other:
            raise CannotJudgeError(
                f"The event {other or '(none)'} must not decide: its workflow file may be the pull "
                "request's own (GG806).",
                remedy="Run the gate on pull_request_target, workflow_run, schedule or "
                "workflow_dispatch.",
            )


def _number(event: dict[str, Any]) -> int:
    pull = event.get("pull_request")
    number = pull.get("number") if isinstance(pull, dict) else None
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise CannotJudgeError("The event's payload names no pull request.")
    return number


def _by_hand(event: dict[str, Any]) -> Asked:
    inputs = event.get("inputs")
    text = str(inputs.get("pr", "")) if isinstance(inputs, dict) else ""
    if not text.strip():
        return Asked(sweep=True, queue=True)
    if not _DECIMAL.fullmatch(text):
        raise CannotJudgeError("The input `pr` is no number of a pull request.")
    return Asked((int(text),))


def _rung(event: dict[str, Any], github: GitHub) -> Asked:
    """Return what a signal was about: the requests with its head, or the merge queue."""
    run = event.get(_BELL)
    cause = run.get("event") if isinstance(run, dict) else None
    head = run.get("head_sha") if isinstance(run, dict) else None
    if cause == "merge_group":
        return Asked(queue=True)
    if cause != "pull_request_review" or not isinstance(head, str):
        raise CannotJudgeError("The signal was rung by an event that nobody expects.")
    return Asked(tuple(_with_head(github, head)))


def _with_head(github: GitHub, head: str) -> Iterator[int]:
    """Yield the open pull requests with a head; the payload lists none for a fork's."""
    for row in open_pulls(github):
        if row.head.sha == head:
            yield row.number
