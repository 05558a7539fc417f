"""GG811: what runs beside the gate is what was looked at."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from goldengit.models.change import Change
from goldengit.models.finding import Finding, Severity
from goldengit.models.shell import commands, names_tool
from goldengit.rules.base import Rule

if TYPE_CHECKING:
    from goldengit.models.workflow import Job, Step, Workflow

_PINNED = r"[^@\s]+@[0-9a-f]{40}|docker://[^@\s]+@sha256:[0-9a-f]{64}|\./.*"
_IMAGE = r"(?:docker://)?[^@\s]+@sha256:[0-9a-f]{64}"
_INSTALLERS = (("pip", "install"), ("pip", "sync"))
_PIP = r"pip3?(?:\.[0-9]+)?"
_RUNNERS = (("pipx", "install"), ("pipx", "run"), ("uv", "tool", "install"), ("uv", "tool", "run"))
_LOCKED = frozenset(("--locked", "--frozen", "--no-sync", "--no-project"))


class UnpinnedTool(Rule):
    """An action or a tool is not pinned by its hash.

    ## What it does
    Every `uses:` names a commit of 40 hex digits, an image its `sha256` digest; what begins with
    `./` comes with the tree. In a workflow that runs goldengit or is privileged, and in an action
    that runs it, anything else is an error, elsewhere a warning. A job that runs goldengit installs
    Python packages with `--require-hashes`, or runs them from a lock file (`uv run --locked`), and
    its containers are named by digest.

    ## Why it matters
    A tag can be moved. Whoever moves it runs what they like beside the gate, with its token.

    ## Example
    `uses: actions/checkout@v7`, or `pip install goldengit` in the gate's job.

    ## How to fix
    Write the commit and keep the tag as a comment: `actions/checkout@<40 hex> # v7.0.1`. Install
    with `pip install --require-hashes -r requirements.txt`.
    """

    code = "GG811"
    name = "unpinned-tool"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each action, image or package that is not pinned."""
        for path, workflow in change.workflows():
            strict = change.platform.matters(path, workflow)
            yield from self._workflow(path, workflow, strict=strict)
            for job in workflow.jobs:
                if change.platform.runs_tool(job):
                    yield from self._job(path, job)
        for path, action in change.actions():
            texts = (f"{step.uses} {step.run} {[*step.env]}" for step in action.steps)
            strict = any(names_tool(text) for text in texts)
            yield from self._uses(path, action.steps, strict=strict)
            yield from self._installs(path, action.steps) if strict else ()

    def _workflow(self, path: str, workflow: "Workflow", *, strict: bool) -> Iterator[Finding]:
        for job in workflow.jobs:
            if job.uses and not re.fullmatch(_PINNED, job.uses):
                yield self._loose(path, job.uses, job.at("uses"), strict=strict)
            yield from self._uses(path, job.steps, strict=strict)

    def _uses(self, path: str, steps: "Iterable[Step]", *, strict: bool) -> Iterator[Finding]:
        for step in steps:
            if step.uses and not re.fullmatch(_PINNED, step.uses):
                yield self._loose(path, step.uses, step.at("uses"), strict=strict)

    def _loose(self, path: str, what: str, line: int, *, strict: bool) -> Finding:
        message = f"`{what}` is not pinned by its hash."
        remedy = "Write the commit's 40 hex digits (or the image's digest), the tag as a comment."
        severity = Severity.ERROR if strict else Severity.WARNING
        return self.finding(path, message, remedy, line=line, severity=severity)

    def _job(self, path: str, job: "Job") -> Iterator[Finding]:
        yield from self._installs(path, job.steps)
        for image in job.images:
            if not re.fullmatch(_IMAGE, image):
                yield self._loose(path, image, job.at("container"), strict=True)

    def _installs(self, path: str, steps: "Iterable[Step]") -> Iterator[Finding]:
        for step in steps:
            for command in commands(step.run):
                if _is_loose(command.words):
                    message = f"`{' '.join(command.words[:4])} …` installs what no hash names."
                    remedy = "Use `pip install --require-hashes`, or `uv run --locked`."
                    yield self.finding(path, message, remedy, line=step.at("run"))


def _is_loose(words: list[str]) -> bool:
    """Tell whether a command fetches packages that no hash names."""
    if _has(words, *_INSTALLERS):
        from_here = "--no-deps" in words and any(word in {".", "-e"} for word in words)
        return "--require-hashes" not in words and not from_here
    if "uvx" in words[:1] or _has(words, *_RUNNERS):
        return True
    return _has(words, ("uv", "run")) and _LOCKED.isdisjoint(words)


def _has(words: list[str], *wanted: tuple[str, ...]) -> bool:
    """Tell whether any of these words follow each other, at any place, but for options.

    Paths count by their end, and `pip3.13` is pip.
    """
    names = [word.rpartition("/")[2] for word in words if not word.startswith("-")]
    names = ["pip" if re.fullmatch(_PIP, name) else name for name in names]
    return any(
        tuple(names[place : place + len(each)]) == each
        for each in wanted
        for place in range(len(names))
    )
