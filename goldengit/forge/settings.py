"""Reading the settings of a repository: every part is known, or unknown with a reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import quote

from goldengit.forge.branch_settings import branch_row, read_branch, read_bypasses
from goldengit.forge.client import ForgeError, GitHub, NotFoundError
from goldengit.forge.parts import ADMINISTRATOR, READER, WRITER, seen
from goldengit.forge.rows import PermissionRow, UserRow, read
from goldengit.forge.setting_rows import (
    ActionsRow,
    EnvironmentRow,
    OwnersErrorsRow,
    PatternRow,
    RepositorySettingsRow,
    RunRow,
    WorkflowTokenRow,
)
from goldengit.models.settings import (
    GATE_ENVIRONMENT,
    GATE_WORKFLOW,
    Actions,
    Environment,
    Home,
    Known,
    Member,
    OwnersError,
    Run,
    Settings,
    WorkflowToken,
)

Progress = Callable[[int, int], None]

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Wanted:
    """What to ask for: branches by name, accounts by numeric id, and the present time."""

    branches: Sequence[str]
    accounts: Sequence[int]
    now: str


def read_home(github: GitHub) -> Home:
    """Return the repository and the tip of its default branch. Raises ForgeError without them."""
    row = read(RepositorySettingsRow, github.get(""), "the repository")
    tip = branch_row(github, row.default_branch).commit.sha
    return Home(
        host=github.place.host,
        repository=row.full_name,
        is_private=row.private,
        default_branch=row.default_branch,
        tip=tip,
        methods=_methods(row),
    )


def _methods(row: RepositorySettingsRow) -> frozenset[str] | None:
    allowed = {
        "merge": row.allow_merge_commit,
        "squash": row.allow_squash_merge,
        "rebase": row.allow_rebase_merge,
    }
    if None in allowed.values():
        return None
    return frozenset(method for method, is_allowed in allowed.items() if is_allowed)


def read_settings(github: GitHub, home: Home, wanted: Wanted, progress: Progress) -> Settings:
    """Return everything that the guarantees ask about; what is refused is Unknown."""
    steps = len(wanted.branches) + len(wanted.accounts) + 1
    branches = []
    for at, name in enumerate(wanted.branches):
        progress(at, steps)
        branches.append(read_branch(github, name))
    accounts = {}
    for at, number in enumerate(wanted.accounts, len(branches)):
        progress(at, steps)
        accounts[number] = seen(WRITER, partial(_member, github, number))
    progress(steps - 1, steps)
    return Settings(
        home=home,
        now=wanted.now,
        branches=tuple(branches),
        bypasses=read_bypasses(github, branches),
        environment=seen(READER, lambda: _environment(github)),
        token=seen(ADMINISTRATOR, lambda: _token(github)),
        actions=seen(ADMINISTRATOR, lambda: _actions(github)),
        owners_errors=seen(READER, lambda: _owners_errors(github, home.default_branch)),
        sweeps=seen(READER, lambda: _sweeps(github, home.default_branch, wanted.now)),
        accounts=accounts,
    )


def _environment(github: GitHub) -> Environment | None:
    """Return the gate's environment, None when there is none."""
    path = f"environments/{GATE_ENVIRONMENT}"
    try:
        row = read(EnvironmentRow, github.get(path), "an environment")
    except NotFoundError:
        return None
    policy = row.deployment_branch_policy
    if policy is None:
        return Environment("all")
    if policy.protected_branches:
        return Environment("protected")
    rows = (
        read(PatternRow, value, "a deployment branch")
        for value in github.pages(f"{path}/deployment-branch-policies", "branch_policies")
    )
    return Environment("selected", tuple((row.type, row.name) for row in rows))


def _token(github: GitHub) -> WorkflowToken:
    answer = github.get("actions/permissions/workflow")
    row = read(WorkflowTokenRow, answer, "the permissions of workflows")
    return WorkflowToken(row.default_workflow_permissions, row.can_approve_pull_request_reviews)


def _actions(github: GitHub) -> Actions:
    row = read(ActionsRow, github.get("actions/permissions"), "the permissions of Actions")
    return Actions(row.enabled, row.allowed_actions or "", row.sha_pinning_required)


def _owners_errors(github: GitHub, branch: str) -> tuple[OwnersError, ...]:
    answer = github.get("codeowners/errors", ref=branch)
    rows = read(OwnersErrorsRow, answer, "CODEOWNERS").errors
    return tuple(OwnersError(row.line, row.kind) for row in rows)


def _sweeps(github: GitHub, branch: str, now: str) -> tuple[Run, ...]:
    """Return the scheduled runs of the gate in the day before `now`, newest first."""
    since = datetime.fromisoformat(now).astimezone(UTC) - _DAY
    rows = (
        read(RunRow, value, "a workflow run")
        for value in github.pages(
            "actions/runs",
            "workflow_runs",
            event="schedule",
            branch=branch,
            created=f">={since:%Y-%m-%dT%H:%M:%SZ}",
        )
    )
    return tuple(
        sorted(
            (
                Run(row.created_at, row.conclusion or "")
                for row in rows
                if row.path.partition("@")[0].endswith(GATE_WORKFLOW)
            ),
            key=lambda run: run.at,
            reverse=True,
        )
    )


def _member(github: GitHub, number: int) -> Member | None:
    """Return who has an account now, None for nobody. Logins change hands; ids do not."""
    try:
        row = read(UserRow, github.get(f"/user/{number}"), "an account")
    except NotFoundError:
        return None
    if row.id != number:
        raise ForgeError(f"GitHub answers with account {row.id} for {number}.")
    actor = row.actor()
    if not actor.is_person:
        return Member(actor.login, is_person=False, permission=Known("none"))
    return Member(
        actor.login,
        is_person=True,
        permission=seen(WRITER, lambda: _permission(github, actor.login)),
    )


def _permission(github: GitHub, login: str) -> str:
    try:
        answer = github.get(f"collaborators/{quote(login, safe='')}/permission")
    except NotFoundError:
        return "none"
    return read(PermissionRow, answer, "a permission").permission
