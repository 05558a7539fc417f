"""Run one goldengit command for the composite action, and say in outputs what came of it.

Reads GOLDENGIT_COMMAND and GOLDENGIT_ARGS; starts no shell. The exit code is the command's own.
Whatever a command prints may hold text of cases, so of all that is printed only annotations are
workflow commands; everything else stands where the runner reads none.
"""  # noqa: INP001 two scripts, no package

import json
import os
import re
import secrets
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

# Of each command, the options that the action gives; nobody else may.
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "check": ("--format", "--output"),
    "gate merge": ("--format",),
    "gate push": ("--format", "--out"),
    "gate deploy": ("--format", "--aa"),
    "doctor": (),
    "steward": (),
}
# What says which change is judged; without one of them it is the event of this run.
SAYS_WHICH = {
    "gate merge": ("--event", "--pr", "--sweep"),
    "gate push": ("--event", "--commit", "--branch"),
}
SUMMARIZED = ("gate merge", "gate push", "gate deploy")
REPORTED = ("check", "gate merge", "gate deploy")  # as JSON on the standard output
STATES = ("success", "pending", "failure", "error")  # of a status, from good to bad
PASSES = {"passed", "success", "PASS", "WARN"}
UNKNOWN, USAGE = "unknown", 2
_BY_CODE = {0: "passed", 1: "failed", 4: "nothing"}
_PROOFS = {"review", "ssh"}
_FILES = ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE")  # which steer later steps
_LINE_END = re.compile(r"\r\n|\r|\n")  # all that the runner takes for the end of a line
_ANNOTATION = re.compile(r"::(?:error|warning|notice)(?: [^:]*)?::.*")
_STOP = re.compile(r"::stop-commands::(\S+)")


def main() -> int:
    """Run the command that the inputs name; return its exit code, 2 for inputs that do not fit."""
    command = " ".join(os.environ.get("GOLDENGIT_COMMAND", "").split())
    try:
        words = shlex.split(os.environ.get("GOLDENGIT_ARGS", ""))
    except ValueError as error:
        return _refused(f"args cannot be split into words: {error}.")
    if command not in COMMANDS:
        return _refused(f"command is none of: {', '.join(COMMANDS)}.")
    if "--help" in words:  # ends well without having judged anything
        return _refused("--help is not for a job.")
    for option in COMMANDS[command]:
        if _has(words, option):
            return _refused(f"{option} is what the action itself gives to {command}.")
    path = Path(os.environ["RUNNER_TEMP"]) / f"goldengit-{secrets.token_hex(8)}.json"
    code, report = _carried_out(command, words, path)
    outputs = {"verdict": verdict(code, report)}
    if isinstance(report, list):
        outputs["confirmed"] = str(_confirmed(report))
    if report is not None:
        outputs["report-path"] = str(path)
    _write(outputs)
    _print(safe(f"goldengit {command}: {outputs['verdict']}"))
    return code


def _carried_out(command: str, words: list[str], path: Path) -> tuple[int, Any]:
    """Run a command and print what it says; return its exit code and its report, None for none."""
    event, summary = os.environ.get("GITHUB_EVENT_PATH"), os.environ.get("GITHUB_STEP_SUMMARY")
    which = SAYS_WHICH.get(command, ())
    if event and which and not any(_has(words, option) for option in which):
        words = ["--event", event, *words]
    if summary and command in SUMMARIZED and not _has(words, "--summary"):
        words = ["--summary", summary, *words]
    if command in REPORTED:
        code, out = _run(command, "--format", "json", *words)
        path.write_text(out, encoding="utf-8")
        _print(line for record in _records(_read(path)) for line in safe(annotations(record)))
    else:
        push = ["--format", "github", "--out", str(path)]
        given = push if command == "gate push" else []
        code, out = _run(command, *given, *words)
        _print(safe(out))
    return code, _read(path)


def _run(command: str, *words: str) -> tuple[int, str]:
    """Run goldengit and print its complaints; return exit code and standard output."""
    kept = {name: value for name, value in os.environ.items() if name not in _FILES}
    if os.environ.get("GOLDENGIT_REPOSITORY"):  # in a called workflow it is not the run's own
        kept["GITHUB_REPOSITORY"] = os.environ["GOLDENGIT_REPOSITORY"]
    ran = subprocess.run(  # noqa: S603 the command is one of a list, and there is no shell
        [sys.executable, "-I", "-m", "goldengit", *command.split(), *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        env=kept,
    )
    out, err = (stream.decode("utf-8", "replace") for stream in (ran.stdout, ran.stderr))
    _print(safe(err))
    return ran.returncode, out


def _read(path: Path) -> Any:  # noqa: ANN401 whatever JSON holds
    """Return a report, None when the command wrote none."""
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None


# -- what a report says ------------------------------------------------------------------------


def verdict(code: int, report: Any) -> str:  # noqa: ANN401 whatever JSON holds
    """Return the report's own word, else what the exit code means; never a pass by mistake."""
    told: Any = None
    if isinstance(report, dict):
        told = report.get("ruling", report.get("verdict"))
    elif isinstance(report, list):
        states = [record["state"] for record in report]
        told = max(states, key=STATES.index) if states else "nothing"
    if not isinstance(told, str):
        return _BY_CODE.get(code, UNKNOWN)
    return UNKNOWN if code and told in PASSES else told


def _confirmed(report: list[dict[str, Any]]) -> int:
    voices = [
        voice for record in report for matter in record["matters"] for voice in matter["voices"]
    ]
    return sum(voice["by"] in _PROOFS for voice in voices)


def annotations(record: Mapping[str, Any]) -> str:
    """Return the findings of a report as a log of Actions shows them, with a summary below."""
    from goldengit import __version__
    from goldengit.models.finding import Report, Waived
    from goldengit.reporters.base import Look
    from goldengit.reporters.github import render

    counts = record.get("counts", {})
    report = Report(
        source=record.get("source") or record.get("description", ""),
        findings=tuple(map(_finding, record["findings"])),
        waived=tuple(Waived(_finding(one), one["reason"]) for one in record.get("waived", ())),
        judged=counts.get("judged", 0),
        unconfirmed=counts.get("unconfirmed", 0),
    )
    return render(report, Look(version=__version__, elsewhere=counts.get("elsewhere", 0)))


def _finding(row: Mapping[str, Any]) -> Any:  # noqa: ANN401 its type is imported late
    from goldengit.models.finding import Finding, Place, Severity

    return Finding(
        place=Place(row["path"], row["line"] or 0),
        rule=row["rule"],
        message=row["message"],
        remedy=row["remedy"],
        severity=Severity[row["severity"].upper()],
        name=row["name"],
    )


def _records(report: Any) -> list[Mapping[str, Any]]:  # noqa: ANN401 whatever JSON holds
    """Return the parts of a report that have findings with messages; a deploy's has a page."""
    found = report if isinstance(report, list) else [report]
    return [one for one in found if isinstance(one, dict) and "ruling" not in one]


# -- what the runner reads ---------------------------------------------------------------------


def safe(text: str) -> Iterator[str]:
    """Yield the lines of a text so that its annotations, and nothing else, are workflow commands.

    An annotation counts only outside the places where the text itself has switched commands off.
    """
    token = secrets.token_hex(16)
    inner, stopped = "", False
    for line in _LINE_END.split(text.rstrip("\r\n")) if text.strip() else ():
        stop = _STOP.fullmatch(line)
        if not inner and stop:
            inner = f"::{stop[1]}::"
        elif inner and line == inner:
            inner = ""
        else:
            is_command = not inner and _ANNOTATION.fullmatch(line) is not None
            if is_command is stopped:
                stopped = not stopped
                yield f"::stop-commands::{token}" if stopped else f"::{token}::"
            yield line
    if stopped:
        yield f"::{token}::"


def _write(outputs: Mapping[str, str]) -> None:
    """Append outputs in the form in which no value can end early or begin another."""
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as file:
        for name, value in outputs.items():
            end = f"end-{secrets.token_hex(16)}"
            file.write(f"{name}<<{end}\n{value}\n{end}\n")


def _print(lines: Iterator[str]) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def _refused(problem: str) -> int:
    _print(safe(f"goldengit: {problem}"))
    return USAGE


def _has(words: Sequence[str], option: str) -> bool:
    return any(word == option or word.startswith(f"{option}=") for word in words)


if __name__ == "__main__":
    sys.exit(main())
