"""Running the program as people and hooks do: as a process of its own."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PROGRAM = [sys.executable, "-m", "goldengit"]


@dataclass(frozen=True)
class Ran:
    """What a process left behind."""

    code: int
    out: str
    err: str


def environment(**more: str) -> dict[str, str]:
    """Return an environment in which nothing steers Git, colour or hook managers."""
    steering = ("GIT_", "PRE_COMMIT", "NO_COLOR", "COLUMNS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(steering)}
    return kept | {"TERM": "xterm"} | more


def goldengit(folder: Path, *words: str, stdin: str = "", **more: str) -> Ran:
    """Run the program in a folder; variables of its environment come by name."""
    ran = subprocess.run(
        [*PROGRAM, *words],
        cwd=folder,
        input=stdin.encode(),
        capture_output=True,
        check=False,
        timeout=60,
        env=environment(**more),
    )
    return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def git(folder: Path, *words: str) -> Ran:
    """Run Git in a folder, whatever comes of it; hooks that it starts find the program."""
    ran = subprocess.run(
        ["git", *words],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=60,
        env=environment(),
    )
    return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def hook(folder: Path, name: str, *words: str) -> None:
    """Install a hook that runs the program with these words."""
    script = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    command = " ".join(f"'{word}'" for word in (*PROGRAM, *words))
    script.write_text(f"#!/bin/sh\nexec {command}\n")
    script.chmod(0o755)


def on_terminal(folder: Path, *words: str, columns: int = 80, **more: str) -> Ran:
    """Run the program with its standard output on a terminal of this width."""
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [*PROGRAM, *words],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.PIPE,
        env=environment(COLUMNS=str(columns), **more),
    )
    os.close(theirs)
    seen = b""
    try:
        while piece := os.read(ours, 4096):
            seen += piece
    except OSError:
        pass  # how Linux says that the other end of a terminal was closed
    os.close(ours)
    _, err = process.communicate(timeout=60)
    return Ran(process.returncode, seen.decode().replace("\r\n", "\n"), err.decode())


def interrupted(process: "subprocess.Popen[bytes]") -> Ran:
    """Press Ctrl-C: interrupt a process that leads its own session, and all that it started."""
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    return Ran(process.returncode, out.decode(), err.decode())
