"""Workflow: what GitHub Actions runs, as far as a rule asks about it.

A value is text as it stands in the file; an expression (`${{ … }}`) is kept as it is written. Each
noun knows the line of each of its keys.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Lines = Mapping[str, int]
# Events that run the default branch's file with its secrets while strangers choose the content.
_PRIVILEGED = frozenset(("pull_request_target", "workflow_run"))
# The permissions of a token: `read-all`, `write-all`, or a level for each scope.
Permissions = str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Trigger:
    """An event that starts a workflow.

    `types` is None where the event's own default applies. `filters` are the keys that narrow the
    event (`branches`, `paths-ignore`, …), `workflows` the names that `workflow_run` listens to.
    """

    event: str
    line: int
    types: tuple[str, ...] | None = None
    filters: tuple[str, ...] = ()
    workflows: tuple[str, ...] = ()

    @property
    def is_privileged(self) -> bool:
        """Tell whether strangers start a workflow with the repository's token by this event."""
        return self.event in _PRIVILEGED


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a job or of a composite action; "" stands for a key that is not there.

    `run_by` is the shell that runs it.
    """

    line: int
    uses: str = ""
    run: str = ""
    run_by: str = ""
    condition: str = ""
    continue_on_error: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    lines: Lines = field(default_factory=dict, repr=False)

    def at(self, key: str) -> int:
        """Return the line of a key, or of the step."""
        return self.lines.get(key, self.line)


@dataclass(frozen=True, slots=True)
class Job:
    """One job of a workflow.

    `uses` names the reusable workflow that it calls. `runs_on` holds its labels; None where a group
    or something else stands there that names no label. `matrix` is the parsed `strategy.matrix`.
    `images` are the containers that it and its services run in, `run_by` is the shell of its steps.
    """

    id: str
    line: int
    name: str = ""
    uses: str = ""
    steps: tuple[Step, ...] = ()
    permissions: Permissions | None = None
    runs_on: tuple[str, ...] | None = ()
    condition: str = ""
    continue_on_error: str = ""
    needs: tuple[str, ...] = ()
    matrix: Any = None
    images: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    run_by: str = ""
    lines: Lines = field(default_factory=dict, repr=False)

    def at(self, key: str) -> int:
        """Return the line of a key, or of the job."""
        return self.lines.get(key, self.line)


@dataclass(frozen=True, slots=True)
class Workflow:
    """One workflow file. `name` is "" where it has none; then GitHub calls it by its path.

    `run_by` is the shell of its steps.
    """

    triggers: tuple[Trigger, ...]
    jobs: tuple[Job, ...]
    name: str = ""
    permissions: Permissions | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    run_by: str = ""
    lines: Lines = field(default_factory=dict, repr=False)

    def at(self, key: str) -> int:
        """Return the line of a key at the top, or the first line."""
        return self.lines.get(key, 1)

    def trigger(self, event: str) -> Trigger | None:
        """Return the trigger of an event."""
        return next((each for each in self.triggers if each.event == event), None)


@dataclass(frozen=True, slots=True)
class Action:
    """An action's own file; `steps` are empty unless it is a composite one."""

    steps: tuple[Step, ...] = ()
