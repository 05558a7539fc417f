"""From what a workflow, an action or the hooks' configuration says to its noun."""

from collections.abc import Callable, Mapping
from typing import Any

from goldengit.models.hooks import Hook, Hooks
from goldengit.models.layout import Kind
from goldengit.models.reading import Reading, ReadLimits, Refusal, Way
from goldengit.models.workflow import Action, Job, Permissions, Step, Trigger, Workflow
from goldengit.repository.foreign_yaml import GITHUB, PRE_COMMIT, read_foreign

Record = Workflow | Action | Hooks
_FILTERS = ("branches", "branches-ignore", "paths", "paths-ignore", "tags", "tags-ignore")


def read_platform_file(
    data: bytes, limits: ReadLimits, kind: Kind
) -> tuple[Record | None, Reading]:
    """Return what a file of this kind says, and its reading; None where it cannot be read."""
    is_hooks = kind is Kind.HOOKS
    words = PRE_COMMIT if is_hooks else GITHUB
    reading = read_foreign(data, limits, words, merges=is_hooks)
    if reading.value is None:
        return None, reading
    try:
        return _MAKERS[kind](_Node(reading, (), reading.value)), reading
    except _MisfitError as error:
        return None, Reading(reading.value, reading.lines, (error.refusal,))


class _MisfitError(Exception):
    """Something stands where the platform wants something else."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


class _Node:
    """A value with its place, and the questions that makers ask of it."""

    def __init__(self, reading: Reading, way: Way, value: Any) -> None:
        self.reading, self.way, self.value = reading, way, value

    @property
    def line(self) -> int:
        """Return the line of this value's key, or of the item of a list."""
        return self.reading.line(*self.way)

    @property
    def lines(self) -> Mapping[str, int]:
        """Return the line of each key of this mapping."""
        return {key: self.reading.line(*self.way, key) for key in self.mapping()}

    def get(self, key: str) -> "_Node":
        """Return what stands under a key; nothing (None) where it is not there."""
        return _Node(self.reading, (*self.way, key), self.mapping().get(key))

    def mapping(self) -> Mapping[str, Any]:
        """Return the mapping that this is; an empty one for nothing."""
        if self.value is None:
            return {}
        if not isinstance(self.value, dict):
            raise self.misfit("a mapping of keys to values")
        return self.value

    def members(self) -> list[tuple[str, "_Node"]]:
        """Return each key with what stands under it."""
        return [(key, self.get(key)) for key in self.mapping()]

    def items(self) -> list["_Node"]:
        """Return the members of a list; none for nothing."""
        if self.value is None:
            return []
        if not isinstance(self.value, list):
            raise self.misfit("a list")
        return [
            _Node(self.reading, (*self.way, place), item) for place, item in enumerate(self.value)
        ]

    def text(self) -> str:
        """Return a scalar as text: "" for nothing, `true` and `false` for these."""
        if isinstance(self.value, bool):
            return str(self.value).lower()
        if self.value is None:
            return ""
        if not isinstance(self.value, str):
            raise self.misfit("text")
        return self.value

    def texts(self) -> tuple[str, ...]:
        """Return a text, or a list of texts, as a tuple."""
        if isinstance(self.value, list):
            return tuple(item.text() for item in self.items())
        return (self.text(),) if self.value is not None else ()

    def pairs(self) -> Mapping[str, str]:
        """Return a mapping of texts; an expression that stands for one is under the key ""."""
        if isinstance(self.value, str):
            return {"": self.value}
        return {key: node.text() for key, node in self.members()}

    def misfit(self, wanted: str) -> _MisfitError:
        """Return the error that says what is wanted here."""
        name = ".".join(str(step) for step in self.way)[:60] or "the file"
        message = f"`{name}` is not {wanted}, so this file cannot be judged."
        return _MisfitError(Refusal(self.line, "GG112", message, "Write it as the platform wants."))


def _workflow(root: _Node) -> Workflow:
    return Workflow(
        triggers=_triggers(root.get("on")),
        jobs=tuple(_job(name, node) for name, node in root.get("jobs").members()),
        name=root.get("name").text(),
        permissions=_permissions(root.get("permissions")),
        env=root.get("env").pairs(),
        run_by=_shell(root),
        lines=root.lines,
    )


def _triggers(on: _Node) -> tuple[Trigger, ...]:
    if not isinstance(on.value, dict):
        return tuple(Trigger(event, on.line) for event in on.texts())
    return tuple(_trigger(event, node) for event, node in on.members())


def _trigger(event: str, node: _Node) -> Trigger:
    if isinstance(node.value, list):  # the times of `schedule`
        return Trigger(event, node.line)
    types = node.get("types")
    return Trigger(
        event=event,
        line=node.line,
        types=types.texts() if types.value is not None else None,
        filters=tuple(key for key in _FILTERS if key in node.mapping()),
        workflows=node.get("workflows").texts(),
    )


def _job(name: str, node: _Node) -> Job:
    return Job(
        id=name,
        line=node.line,
        name=node.get("name").text(),
        uses=node.get("uses").text(),
        steps=tuple(_step(step) for step in node.get("steps").items()),
        permissions=_permissions(node.get("permissions")),
        runs_on=_labels(node.get("runs-on")),
        condition=node.get("if").text(),
        continue_on_error=node.get("continue-on-error").text(),
        needs=node.get("needs").texts(),
        matrix=_matrix(node.get("strategy")),
        images=tuple(_images(node)),
        env=node.get("env").pairs(),
        run_by=_shell(node),
        lines=node.lines,
    )


def _step(node: _Node) -> Step:
    return Step(
        line=node.line,
        uses=node.get("uses").text(),
        run=node.get("run").text(),
        run_by=node.get("shell").text(),
        condition=node.get("if").text(),
        continue_on_error=node.get("continue-on-error").text(),
        inputs=node.get("with").pairs(),
        env=node.get("env").pairs(),
        lines=node.lines,
    )


def _permissions(node: _Node) -> Permissions | None:
    if node.value is None:
        # `permissions:` with nothing behind it is no setting at all.
        return None
    return node.value if isinstance(node.value, str) else node.pairs()


def _labels(node: _Node) -> tuple[str, ...] | None:
    if not isinstance(node.value, dict):
        return node.texts()
    labels = node.get("labels").texts()
    return labels if labels and "group" not in node.value else None


def _matrix(strategy: _Node) -> Any:
    return strategy.value if isinstance(strategy.value, str) else strategy.get("matrix").value


def _images(job: _Node) -> list[str]:
    services = job.get("services")
    found = [job.get("container")]
    found += [node for _, node in services.members()] if isinstance(services.value, dict) else []
    images = [node.get("image") if isinstance(node.value, dict) else node for node in found]
    return [node.text() for node in images if node.value is not None]


def _shell(node: _Node) -> str:
    return node.get("defaults").get("run").get("shell").text()


def _action(root: _Node) -> Action:
    steps = root.get("runs").get("steps")
    return Action(tuple(_step(step) for step in steps.items()))


def _hooks(root: _Node) -> Hooks:
    return Hooks(
        hooks=tuple(
            _hook(hook, repo.get("repo").text())
            for repo in root.get("repos").items()
            for hook in repo.get("hooks").items()
        ),
        default_stages=_maybe(root.get("default_stages")),
        install_types=_maybe(root.get("default_install_hook_types")),
    )


def _hook(node: _Node, repo: str) -> Hook:
    return Hook(
        id=node.get("id").text(),
        line=node.line,
        local=repo in {"local", "meta"},
        settings=node.mapping(),
        lines=node.lines,
    )


def _maybe(node: _Node) -> tuple[str, ...] | None:
    return None if node.value is None else node.texts()


_MAKERS: Mapping[Kind, Callable[[_Node], Record]] = {
    Kind.WORKFLOW: _workflow,
    Kind.ACTION: _action,
    Kind.HOOKS: _hooks,
}
