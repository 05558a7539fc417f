"""GG806: the gate runs whenever its verdict may have changed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from goldengit.models.change import Change, File
from goldengit.models.finding import Finding
from goldengit.models.layout import Kind
from goldengit.rules.base import Rule

if TYPE_CHECKING:
    from goldengit.models.platform import Platform
    from goldengit.models.workflow import Trigger, Workflow

_REVIEW = "pull_request_review"
_CHAIN = "workflow_run"
# What the gate must hear; None: the event has no types.
_NEEDED: Mapping[str, frozenset[str] | None] = {
    "pull_request_target": frozenset(
        ("opened", "synchronize", "reopened", "ready_for_review", "edited")
    ),
    _CHAIN: frozenset(("completed",)),
    "schedule": None,
    "workflow_dispatch": None,
}
_SIGNALS = frozenset(("submitted", "edited", "dismissed"))
_DEFAULTS = {"pull_request_target": frozenset(("opened", "synchronize", "reopened"))}
_WHY = {
    "pull_request_target": "pull requests that are opened, pushed to or retargeted",
    _CHAIN: "reviews, which a signal workflow passes on",
    "schedule": "what no event told it",
    "workflow_dispatch": "people who want a pull request judged again",
}


class EventNotCovered(Rule):
    """The gate runs on every event that can change its verdict.

    ## What it does
    Looks at the workflows that run `goldengit gate merge`, together: `pull_request_target` with
    the types opened, synchronize, reopened, ready_for_review and edited; `workflow_run` of a
    workflow of this repository that listens to `pull_request_review` with the types submitted,
    edited and dismissed; `schedule`; `workflow_dispatch`. Reports what is missing, and a change
    after which no workflow runs the gate any more. A repository that never ran it there is left
    alone.

    ## Why it matters
    A pull request that is retargeted (`edited`) shows another diff under the same commit, with the
    status of the old one. A review that is dismissed would go on counting.

    ## Example
    `pull_request_target:` without `types`, which leaves out `edited`.

    ## How to fix
    Add the event or the types that the finding names; `goldengit init --github` writes workflows
    that have them all.
    """

    code = "GG806"
    name = "event-not-covered"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each event or type that is missing."""
        touched = list(change.of_kind(Kind.WORKFLOW, Kind.ACTION))
        if not touched:
            return
        platform = change.platform
        gates = [path for path in platform.workflows if "merge" in platform.gates_of(path)]
        before = [each.path for each in touched if _ran_gate(each.before, platform)]
        if not gates:
            yield from (self._gone(path) for path in before)
            return
        triggers = [(path, each) for path in gates for each in platform.workflows[path].triggers]
        names = {name for _, each in triggers for name in each.workflows}
        signals = [path for path, flow in platform.workflows.items() if _name(path, flow) in names]
        concerned = {*gates, *signals, *before}
        if any(each.path in concerned or _was_signal(each.before, names) for each in touched):
            yield from self._gate(gates[0], triggers)
            if any(each.event == _CHAIN for _, each in triggers):
                yield from self._signal(gates[0], platform, signals)

    def _gate(self, path: str, triggers: "list[tuple[str, Trigger]]") -> Iterator[Finding]:
        for event, needed in _NEEDED.items():
            heard = [(where, each) for where, each in triggers if each.event == event]
            if not heard:
                remedy = f"Add `{event}:` to its `on:`."
                yield self._missing(path, 1, f"`{event}`", _WHY[event], remedy)
                continue
            missing = sorted((needed or frozenset()) - _types(each for _, each in heard))
            if missing:
                where, first = heard[0]
                words = ", ".join(missing)
                what = f"`{event}` with {words}"
                yield self._missing(where, first.line, what, _WHY[event], f"Add {words}.")

    def _signal(self, gate: str, platform: "Platform", signals: list[str]) -> Iterator[Finding]:
        heard = [
            (path, trigger)
            for path in signals
            if (trigger := platform.workflows[path].trigger(_REVIEW))
        ]
        if not heard:
            line = _line(platform.workflows[gate], _CHAIN)
            remedy = f"Let `workflows:` name a workflow here that runs on `{_REVIEW}`."
            yield self._missing(gate, line, f"`{_REVIEW}`", _WHY[_CHAIN], remedy)
            return
        missing = sorted(_SIGNALS - _types(trigger for _, trigger in heard))
        if missing:
            words = ", ".join(missing)
            path, trigger = heard[0]
            what = f"`{_REVIEW}` with {words}"
            yield self._missing(path, trigger.line, what, _WHY[_CHAIN], f"Add {words}.")

    def _missing(self, path: str, line: int, what: str, why: str, remedy: str) -> Finding:
        message = f"The gate does not run on {what}: it misses {why}."
        return self.finding(path, message, remedy, line=line)

    def _gone(self, path: str) -> Finding:
        message = "After this change no workflow runs `goldengit gate merge` any more."
        return self.finding(path, message, "Keep the step that runs it.")


def _types(triggers: "Iterable[Trigger]") -> frozenset[str]:
    """Return the types that some triggers of one event hear together."""
    everything = frozenset().union(_SIGNALS, *(each or frozenset() for each in _NEEDED.values()))
    return frozenset().union(
        *(
            frozenset(each.types)
            if each.types is not None
            else _DEFAULTS.get(each.event, everything)
            for each in triggers
        )
    )


def _ran_gate(file: File | None, platform: "Platform") -> bool:
    workflow = file.workflow if file else None
    if file is None or workflow is None:
        return False
    return "merge" in platform.ran_gates(file.path, workflow)


def _was_signal(file: File | None, names: set[str]) -> bool:
    return bool(file and file.workflow and _name(file.path, file.workflow) in names)


def _name(path: str, workflow: "Workflow") -> str:
    return workflow.name or path


def _line(workflow: "Workflow", event: str) -> int:
    trigger = workflow.trigger(event)
    return trigger.line if trigger else workflow.at("on")
