"""Workflow runs, and accounts by their number: what only `goldengit doctor` asks for."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fakehub.hub import FakeGitHub
from tests.fakehub.refusal import not_found
from tests.fakehub.routes import ROUTES, Answer, Ask, Listed, Route, route

GATE = ".github/workflows/goldengit-gate.yml"


@dataclass(frozen=True)
class Run:
    """A run of a workflow; the conclusion is None while it runs."""

    created_at: str
    conclusion: str | None = "success"
    event: str = "schedule"
    path: str = GATE


class FakeGitHubWithRuns(FakeGitHub):
    """A hub whose workflows have run."""

    def __init__(self, folder: Path, *, repository: str = "org/evals") -> None:
        super().__init__(folder, repository=repository)
        self.runs: list[Run] = []


@route("GET /repos/{owner}/{repo}/actions/runs", "actions:read")
def workflow_runs(ask: Ask) -> Listed:
    """List runs, newest first, of an event and since a time if asked."""
    query = ask.request.query
    runs = ask.hub.runs if isinstance(ask.hub, FakeGitHubWithRuns) else []
    since = query.get("created", ">=").removeprefix(">=")
    found = [
        (number, run)
        for number, run in enumerate(runs, 1)
        if query.get("event", run.event) == run.event and run.created_at >= since
    ]
    found.sort(key=lambda each: each[1].created_at, reverse=True)
    return Listed([_row(ask, number, run) for number, run in found], "workflow_runs")


def account(ask: Ask) -> Answer:
    """Return an account by its number."""
    number = int(ask.names["account_id"])
    for user in ask.hub.users:
        if user.id == number and not user.deleted:
            return Answer(ask.hub.rows.public_user(user))
    raise not_found()


class _ByNumber(Route):
    """GitHub answers `GET /user/{account_id}` as it does by login; the subset lacks the path."""

    def match(self, method: str, path: str) -> dict[str, str] | None:
        found = re.fullmatch(r"/user/(?P<account_id>[0-9]+)", path)
        return found.groupdict() if method == self.method and found else None


ROUTES.append(_ByNumber("GET", "/users/{username}", account, "nothing", "read", "read"))


def _row(ask: Ask, number: int, run: Run) -> dict[str, Any]:
    hub = ask.hub
    url = f"{hub.rows.root}/actions/runs/{number}"
    links = ("jobs", "logs", "check_suite", "cancel", "rerun", "artifacts", "workflow")
    return {
        "id": number,
        "node_id": f"WFR_{number}",
        "run_number": number,
        "workflow_id": 1,
        "name": "goldengit-gate",
        "display_title": "goldengit-gate",
        "path": run.path,
        "event": run.event,
        "status": "completed" if run.conclusion else "in_progress",
        "conclusion": run.conclusion,
        "head_branch": hub.default_branch,
        "head_sha": hub.branches[hub.default_branch],
        "head_commit": None,
        "created_at": run.created_at,
        "updated_at": run.created_at,
        "repository": hub.rows.repo(),
        "head_repository": hub.rows.repo(),
        "pull_requests": [],
        "url": url,
        "html_url": url,
        **{f"{name}_url": f"{url}/{name}" for name in links},
    }
