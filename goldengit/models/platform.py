"""Platform: all workflows and actions of one tree, and what follows from them together."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from posixpath import normpath

from goldengit.models.change import Snapshot
from goldengit.models.layout import ACTION_NAMES, ACTIONS, WORKFLOWS, Kind, locate
from goldengit.models.shell import commands, names_tool
from goldengit.models.workflow import Action, Job, Step, Workflow

GATES = frozenset(("merge", "push", "deploy"))
_OF_THIS_TREE = "./"


@dataclass(frozen=True)
class Platform:
    """The workflows and actions of a tree that could be read, by path."""

    workflows: Mapping[str, Workflow]
    actions: Mapping[str, Action]
    _gates: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    def action(self, step: Step) -> Action | None:
        """Return the action of this tree that a step uses."""
        folder = _local(step.uses)
        paths = [f"{folder}/{name}".removeprefix("/") for name in ACTION_NAMES]
        known = [self.actions[path] for path in paths if path in self.actions]
        return known[0] if known and step.uses.startswith(_OF_THIS_TREE) else None

    def called(self, job: Job) -> str:
        """Return the path of the workflow of this tree that a job calls, "" for any other."""
        path = _local(job.uses)
        return path if job.uses.startswith(_OF_THIS_TREE) and path in self.workflows else ""

    def gates_of_step(self, step: Step) -> frozenset[str]:
        """Return the gates that a step runs itself, or by an action: merge, push, deploy."""
        said = f"{step.inputs.get('command', '')} {step.inputs.get('args', '')}".split()
        found = set(said[1:2]) & GATES if step.uses and said[:1] == ["gate"] else set()
        found.update(each.gate for each in commands(step.run) if each.gate)
        action = self.action(step)
        for inner in action.steps if action else ():
            found.update(each.gate for each in commands(inner.run) if each.gate)
        return frozenset(found)

    def gates_of_job(self, job: Job) -> frozenset[str]:
        """Return the gates that a job runs, also by a reusable workflow of this tree."""
        own = frozenset[str]().union(*(self.gates_of_step(step) for step in job.steps))
        path = self.called(job)
        return own | self.gates_of(path) if path else own

    def gates_of(self, path: str) -> frozenset[str]:
        """Return the gates that a workflow runs, also by those that it calls."""
        if path not in self._gates:  # each of a thousand jobs may call it
            flows = [self.workflows[one] for one in self._reached(path, self._calls.__getitem__)]
            steps = (step for flow in flows for job in flow.jobs for step in job.steps)
            self._gates[path] = frozenset[str]().union(*map(self.gates_of_step, steps))
        return self._gates[path]

    def is_privileged(self, path: str) -> bool:
        """Tell whether strangers start a workflow with the repository's token, directly or not."""
        calls = self._calls.items()
        reached = self._reached(path, lambda one: [who for who, called in calls if one in called])
        triggers = (each for one in reached for each in self.workflows[one].triggers)
        return any(each.is_privileged for each in triggers)

    def ran_gates(self, path: str, workflow: Workflow) -> frozenset[str]:
        """Return the gates that a former workflow at a path ran, the rest as it is now."""
        return Platform({**self.workflows, path: workflow}, self.actions).gates_of(path)

    @cached_property
    def _calls(self) -> Mapping[str, frozenset[str]]:
        """Return which workflows of this tree each one calls."""
        return {
            path: frozenset(filter(None, map(self.called, workflow.jobs)))
            for path, workflow in self.workflows.items()
        }

    def _reached(self, path: str, ways: Callable[[str], Iterable[str]]) -> set[str]:
        """Return a workflow and all that lead on from it, each asked once."""
        reached: set[str] = set()
        waiting = [path]
        while waiting:
            one = waiting.pop()
            if one in self.workflows and one not in reached:
                reached.add(one)
                waiting += ways(one)
        return reached

    def matters(self, path: str, workflow: Workflow) -> bool:
        """Tell whether a workflow runs goldengit or is privileged."""
        return self.is_privileged(path) or any(self.runs_tool(job) for job in workflow.jobs)

    def runs_tool(self, job: Job) -> bool:
        """Tell whether a job names goldengit in what it runs or uses."""
        return (
            names_tool(job.uses)
            or any(self._is_tool(step) for step in job.steps)
            or bool(self.gates_of_job(job))
        )

    def _is_tool(self, step: Step) -> bool:
        action = self.action(step)
        inner = action.steps if action else ()
        return any(names_tool(f"{one.uses} {one.run} {[*one.env]}") for one in (step, *inner))


def platform_of(tree: Snapshot) -> Platform:
    """Return the platform of a tree; what could not be read is not in it (GG1 says so)."""
    workflows: dict[str, Workflow] = {}
    actions: dict[str, Action] = {}
    for path in (*_paths(tree, WORKFLOWS), *_paths(tree, ACTIONS), *ACTION_NAMES):
        file = tree.file(path)
        if file is not None and file.workflow is not None:
            workflows[path] = file.workflow
        elif file is not None and file.action is not None:
            actions[path] = file.action
    return Platform(workflows, actions)


def _paths(tree: Snapshot, folder: str) -> Iterator[str]:
    for entry in tree.entries(folder):
        if entry.is_tree:
            yield from _paths(tree, entry.path)
        elif locate(entry.path).kind in {Kind.WORKFLOW, Kind.ACTION}:
            yield entry.path


def _local(uses: str) -> str:
    """Return the path that `./…` means, "" for the root: a runner follows `..` and `//`, too."""
    path = normpath(uses)
    return "" if path == "." else path
