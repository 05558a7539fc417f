"""GG810: the gate runs to its end, and its exit code counts."""

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.shell import Command, commands
from goldengit.rules.base import Rule

if TYPE_CHECKING:
    from goldengit.models.platform import Platform
    from goldengit.models.workflow import Job, Step, Workflow

_ALWAYS = r"\s*(?:\$\{\{)?\s*(?:always\(\)|!\s*cancelled\(\)|true)\s*(?:\}\})?\s*"
_SWITCHES = frozenset(("if", "while", "until", "elif", "!", "export", "local", "declare"))
_OPENING = frozenset(("{", "if", "for", "while", "until", "case", "select"))
_CLOSING = frozenset(("}", "fi", "done", "esac"))


class SkippableGate(Rule):
    """The gate can be skipped, filtered away, or its exit code swallowed.

    ## What it does
    Looks at each workflow that runs `goldengit gate`. The merge gate's events carry no filter of
    paths or branches, and the push gate's none of paths. The job that runs a gate, and its step,
    have no `if` and no `continue-on-error`; the job of the merge gate needs no other. In the script
    nothing takes the exit code away: `|| true`, a pipe without `pipefail`, `set +e`, `&`, `if`, or
    a shell that goes on after an error.

    ## Why it matters
    GitHub reads a job that was skipped as one that passed, and the exit code of a pipe is that of
    its last command.

    ## Example
    ```yaml
    - run: goldengit gate merge --event "$GITHUB_EVENT_PATH" | tee verdict.txt
    ```

    ## How to fix
    Let the gate be the only thing that its step does, in a job of its own without conditions.
    """

    code = "GG810"
    name = "skippable-gate"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each way around a gate."""
        for path, workflow in change.workflows():
            gates = change.platform.gates_of(path)
            if gates:
                yield from self._filters(path, workflow, gates)
            for job in workflow.jobs:
                yield from self._job(path, workflow, job, change.platform)
        for path, action in change.actions():
            yield from self._swallowed(path, action.steps, "")

    def _filters(self, path: str, workflow: "Workflow", gates: frozenset[str]) -> Iterator[Finding]:
        for trigger in workflow.triggers:
            if "merge" in gates and trigger.is_privileged:
                filters = list(trigger.filters)
            elif "push" in gates and trigger.event == "push":
                filters = [key for key in trigger.filters if key.startswith("paths")]
            else:
                continue
            for key in filters:
                message = f"`{key}` keeps the gate from running on every `{trigger.event}`."
                yield self.finding(path, message, f"Remove `{key}`.", line=trigger.line)

    def _job(
        self, path: str, workflow: "Workflow", job: "Job", platform: "Platform"
    ) -> Iterator[Finding]:
        gates = platform.gates_of_job(job)
        if not gates and not ("goldengit" in job.uses and "gate" in job.uses):
            return
        if _is_conditional(job.condition):
            message = f"The job `{job.id}` runs a gate under a condition; skipped reads as passed."
            yield self.finding(path, message, "Remove `if`.", line=job.at("if"))
        if job.continue_on_error not in {"", "false"}:
            yield self._goes_on(path, job.at("continue-on-error"))
        if "merge" in gates and job.needs:
            message = f"The job `{job.id}` runs the gate only after others."
            yield self.finding(path, message, "Remove `needs`.", line=job.at("needs"))
        yield from self._steps(path, job, platform)
        yield from self._swallowed(path, job.steps, job.run_by or workflow.run_by)

    def _steps(self, path: str, job: "Job", platform: "Platform") -> Iterator[Finding]:
        for step in job.steps:
            if not platform.gates_of_step(step):
                continue
            if _is_conditional(step.condition):
                message = "The step runs a gate under a condition."
                yield self.finding(path, message, "Remove `if`.", line=step.at("if"))
            if step.continue_on_error not in {"", "false"}:
                yield self._goes_on(path, step.at("continue-on-error"))

    def _goes_on(self, path: str, line: int) -> Finding:
        message = "`continue-on-error` makes a gate that says no look as if it said yes."
        return self.finding(path, message, "Remove it.", line=line)

    def _swallowed(self, path: str, steps: "Iterable[Step]", shell: str) -> Iterator[Finding]:
        for step in steps:
            script = commands(step.run) if "gate" in step.run else ()
            said = (_swallows(script, place, step.run_by or shell) for place in _gates(script))
            found = next(filter(None, said), "")
            if found:
                message = f"The exit code of the gate is lost: {found}."
                remedy = "Let the gate be the only command of its step."
                yield self.finding(path, message, remedy, line=step.at("run"))


def _is_conditional(condition: str) -> bool:
    return bool(condition) and re.fullmatch(_ALWAYS, condition) is None


def _gates(script: tuple[Command, ...]) -> Iterator[int]:
    return (place for place, command in enumerate(script) if command.gate)


def _swallows(script: tuple[Command, ...], place: int, shell: str) -> str:
    """Return in words what becomes of a gate's exit code, "" when it counts."""
    gate, rest = script[place], script[place + 1 :]
    words = gate.words
    before = [command.words for command in script[:place]]
    if gate.after == "||" and not _fails(rest):
        return "`||` goes on with another command"
    if gate.after in {"|", "|&"} and not _has_pipefail(before, shell):
        return "a pipe without `pipefail` ends as its last command does"
    if gate.after == "&":
        return "it runs in the background"
    if _SWITCHES.intersection(words[:1]) or "||" in gate.text or _is_nested(gate.text):
        return "it is part of another command"
    if gate.before == "||":
        return "it only runs when another command fails"
    if any(words[:1] == ["trap"] and "exit" in words for words in before):
        return "a trap ends the script in its own way"
    end = _end_of_group(script, place)
    if end is not None and script[end].after in {"||", "|", "|&", "&"}:
        return _swallows(script, end, shell)
    is_last = not any(command.before in {"\n", ";"} for command in rest)
    if gate.after == "&&" and not is_last:
        return "`&&` does not end the script"
    if not is_last and not _stops(before, shell):
        return "the shell goes on after an error"
    return ""


def _end_of_group(script: tuple[Command, ...], place: int) -> int | None:
    """Return where the group or loop is closed in which a command stands, None for none."""
    depth = 1
    for at, command in enumerate(script[place + 1 :], place + 1):
        first = command.text.split()[0]
        depth += (first in _OPENING) - (first in _CLOSING)
        if not depth:
            return at
    return None


def _fails(rest: tuple[Command, ...]) -> bool:
    """Tell whether what follows `||` ends the script with a failure."""
    alternatives: Iterable[Command] = rest[:1]
    if rest and rest[0].text.startswith("{"):
        alternatives = itertools.takewhile(lambda command: command.text != "}", rest)
    elif rest and rest[0].text.startswith("("):
        end = next((at for at, one in enumerate(rest, 1) if one.text.endswith(")")), 1)
        alternatives = rest[:end]
    words = [[word for word in command.words if word] for command in alternatives]
    return any(each[:1] == ["exit"] and each[1:2] != ["0"] for each in words)


def _is_nested(text: str) -> bool:
    """Tell whether a gate runs inside `$( … )`, but for an assignment, which keeps the code."""
    before = re.split(r"goldengit|git[ -]golden", text)[0].strip()
    return ("$(" in before or "`" in before) and not re.match(r"\w+=\"?(?:\$\(|`)", before)


def _has_pipefail(before: list[list[str]], shell: str) -> bool:
    return shell == "bash" or "pipefail" in shell or any("pipefail" in words for words in before)


def _stops(before: list[list[str]], shell: str) -> bool:
    """Tell whether a script ends at the first command that fails."""
    for words in reversed(before):
        said = " ".join(words)
        if words[:1] == ["set"] and re.search(r"\s\+(?:o errexit\b|\w*e)", said):
            return False
        if words[:1] == ["set"] and re.search(r"\s-(?:o errexit\b|\w*e)", said):
            return True
    # Without a word the runner takes `bash -e`; a template says its options itself.
    return "{0}" not in shell or re.search(r"\s-\w*e\w*\b", shell) is not None
