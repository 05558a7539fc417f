"""Runs a composite action as GitHub's runner does, as far as ours needs it, and raises beyond."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
PYTHON = {"python": {"python-path": sys.executable}}  # what the step that installs Python says
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_HEREDOC = re.compile(r"([^=<\n]+)<<(.+)")
_LINE_END = re.compile(r"\r\n|\r|\n")
_COMMAND = re.compile(r"\s*::([A-Za-z-]+)(?: .*?)?::(.*)")
_OLD_COMMAND = re.compile(r"##\[([A-Za-z-]+).*?\](.*)")


@dataclass
class Run:
    """What a run of an action left: its outputs, the log, and the steps that were only noted."""

    outputs: dict[str, str] = field(default_factory=dict)
    log: str = ""
    code: int = 0
    summary: str = ""
    uses: list[str] = field(default_factory=list)


class Runner:
    """A job's temporary folder and environment, in which actions run one after another."""

    def __init__(self, temp: Path, workspace: Path) -> None:
        temp.mkdir(parents=True, exist_ok=True)
        self.temp, self.workspace = temp, workspace

    def run(self, inputs: Mapping[str, str], **environment: str) -> Run:
        """Run the steps of this repository's action until one fails; note those that `use`."""
        document: Any = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
        outputs = {name: dict(said) for name, said in PYTHON.items()}
        context = {
            "github.token": "a-token",
            "github.repository": environment.get("GITHUB_REPOSITORY", ""),
        }
        for name, about in document["inputs"].items():
            default = substituted(about.get("default", ""), context, outputs)
            context[f"inputs.{name}"] = inputs.get(name, default)
        done = Run()
        for step in document["runs"]["steps"]:
            if "uses" in step:
                done.uses.append(step["uses"])
                continue
            said = self._step(step, context, outputs, environment, done)
            outputs[step.get("id", "")] = said
            if done.code:
                break
        for name, about in document["outputs"].items():
            done.outputs[name] = substituted(about["value"], context, outputs)
        return done

    def _step(
        self,
        step: dict[str, Any],
        context: Mapping[str, str],
        outputs: Mapping[str, Mapping[str, str]],
        environment: Mapping[str, str],
        done: Run,
    ) -> dict[str, str]:
        assert {"name", "id", "shell", "run", "env"} >= set(step), step
        assert step["shell"] == "bash"
        own = {
            name: substituted(value, context, outputs)
            for name, value in step.get("env", {}).items()
        }
        action = {"GITHUB_ACTION_PATH": str(ROOT)}
        said, ran = self.script(step["run"], {**action, **environment, **own})
        done.log, done.code = done.log + ran.log, ran.code
        done.summary += ran.summary
        return said

    def script(self, text: str, environment: Mapping[str, str]) -> tuple[dict[str, str], Run]:
        """Run a step's script as `shell: bash` does; return what it set and what it said."""
        output, summary = self.temp / "output", self.temp / "summary"
        output.write_bytes(b"")
        summary.write_bytes(b"")
        given = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_PATH": str(self.temp / "event.json"),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            "RUNNER_TEMP": str(self.temp),
            "PIP_NO_INDEX": "1",  # no test downloads anything, whatever it is about
        }
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("GITHUB_", "GH_", "PRE_COMMIT"))
        }
        ran = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text],
            cwd=self.workspace,
            env={**inherited, **given, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=120,
        )
        said = dict(parsed(output.read_text("utf-8")))
        return said, Run(log=ran.stdout.decode(), code=ran.returncode, summary=summary.read_text())


def substituted(
    text: object, context: Mapping[str, str], outputs: Mapping[str, Mapping[str, str]]
) -> str:
    """Return a value with its expressions replaced; KeyError for one that is not foreseen."""

    def value(match: re.Match[str]) -> str:
        name = match[1].strip()
        step = re.fullmatch(r"steps\.([\w-]+)\.outputs\.([\w-]+)", name)
        if step:
            return outputs.get(step[1], {}).get(step[2], "")
        return context[name]

    return _EXPRESSION.sub(value, str(text))


def parsed(text: str) -> Iterator[tuple[str, str]]:
    """Yield the outputs in a file that a step wrote; ValueError for what the runner refuses."""
    lines = iter(text.splitlines())
    for line in lines:
        heredoc = _HEREDOC.fullmatch(line)
        if heredoc:
            held = []
            for inner in lines:
                if inner == heredoc[2]:
                    break
                held.append(inner)
            else:
                raise ValueError(text)
            yield heredoc[1], "\n".join(held)
        elif "=" in line:
            name, _, value = line.partition("=")
            yield name, value
        else:
            raise ValueError(line)


def commands(log: str) -> list[tuple[str, str]]:
    """Return the workflow commands, (name, message), that the runner would find in a log."""
    found, stopped = [], ""
    for line in _LINE_END.split(log):
        if stopped:
            stopped = "" if line.strip() == f"::{stopped}::" else stopped
            continue
        match = _COMMAND.match(line) or _OLD_COMMAND.search(line)
        if match and match[1] == "stop-commands":
            stopped = match[2]
        elif match:
            found.append((match[1], match[2]))
    return found
