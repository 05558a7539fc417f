"""`make bench`: the speed budgets of the project, as ratios measured in one run.

Every figure is the time of a command divided by the time of a plain Git command on the same
repository, on the same machine, minutes apart; the budgets are those of DECISIONS 44. Nothing here
is a test: a slow machine makes both sides slow.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import evaluators, generate
from goldengit.models.layout import golden_path
from goldengit.repository.interpret import house_bytes

RUNS = 5
PROGRAM = [sys.executable, "-m", "goldengit"]


@dataclass(frozen=True)
class Row:
    """One line of the table: seconds of ours, seconds of theirs, and what the ratio may be."""

    what: str
    ours: float
    against: str
    theirs: float
    must: float
    aim: float

    def text(self) -> str:
        ratio = self.ours / self.theirs
        said = "aim met" if ratio <= self.aim else "met" if ratio <= self.must else "MISSED"
        return (
            f"{self.what:<34}{self.ours:>8.2f} s  {self.against:<36}{self.theirs:>8.3f} s"
            f"{ratio:>7.1f} x  budget {self.must:g} x, aim {self.aim:g} x: {said}"
        )


def main() -> None:
    """Measure and print the table."""
    words = argparse.ArgumentParser(prog="python -m benchmarks")
    words.add_argument("--cases", type=int, default=100_000, help="golden cases (100000)")
    words.add_argument("--only", choices=("checks", "evaluators"), help="measure only these")
    words.add_argument("--keep", type=Path, help="a folder to make, or find, the repository in")
    asked = words.parse_args()
    if asked.only != "checks":
        _evaluators()
    if asked.only == "evaluators":
        return
    with tempfile.TemporaryDirectory(prefix="goldengit-bench-") as scratch:
        folder = asked.keep or Path(scratch) / "dataset"
        if not (folder / ".git").exists():
            print(f"Making {asked.cases:,} golden cases in one commit …", flush=True)
            folder.mkdir(parents=True, exist_ok=True)
            generate.make(folder, asked.cases)
        print(_machine(asked.cases), flush=True)
        for row in _rows(folder, asked.cases):
            print(row.text(), flush=True)
        print(
            f"memory of the cold whole check: {_memory(folder):.0f} MB of 400 MB, largest process"
        )


def _evaluators() -> None:
    ours, plain = evaluators.rules()
    rate = evaluators.ROWS / ours
    what = f"{evaluators.ROWS:,} rows, five rule evaluators"
    print(Row(what, ours, f"a plain loop ({rate:,.0f} rows/s ours)", plain, 2, 1.5).text())
    taken, ideal, grown = evaluators.judge()
    share = ideal / taken
    print(
        f"{evaluators.CALLS:,} judge calls, {evaluators.CREW} at a time: {taken:.2f} s, "
        f"{share:.0%} of the ideal rate (85% asked for: {'met' if share >= 0.85 else 'MISSED'}); "
        f"memory grew by {grown:.0f} MB",
        flush=True,
    )


def _rows(folder: Path, cases: int) -> Iterator[Row]:
    blobs = _blobs(folder)
    read = _best(lambda: _run(folder, ["git", "cat-file", "--batch", "--buffer"], blobs), 2)
    cold = _best(lambda: _cold(folder), 2)
    yield Row("whole check, cold", cold, "git cat-file --batch --buffer", read, 8, 4)
    listed = _best(lambda: _run(folder, ["git", "ls-tree", "-r", "HEAD"]))
    warm = _best(lambda: _run(folder, [*PROGRAM, "check", "--all"]))
    yield Row("whole check, warm", warm, "git ls-tree -r", listed, 10, 3)
    version = _best(lambda: _run(folder, [*PROGRAM, "--version"]))
    status = _best(lambda: _run(folder, ["git", "status", "--porcelain"]))
    floor, name = version + status, "--version and git status"
    _stage(folder, [cases])
    _run(folder, [*PROGRAM, "check", "--staged"])
    staged = _best(lambda: _run(folder, [*PROGRAM, "check", "--staged"]))
    yield Row("staged check, one new case", staged, name, floor, 1.5, 1.2)
    _restore(folder)
    # As people do, cases of the last three months: others would open nearly all month folders.
    recent = [number for number in range(cases, cases + 1200) if number % 60 >= 57]
    _stage(folder, recent[:50])
    _git(folder, "checkout", "--quiet", "-b", "fifty")
    _git(folder, "commit", "--quiet", "--message", "Fifty cases")
    words = [*PROGRAM, "check", "--range", "main..fifty"]
    _run(folder, words)
    fifty = _best(lambda: _run(folder, words))
    yield Row("range check, 50 new cases", fifty, name, floor, 3.0, 2.0)
    _git(folder, "checkout", "--quiet", "main")
    _git(folder, "branch", "--quiet", "-D", "fifty")
    yield _audit()


def _audit() -> Row:
    with tempfile.TemporaryDirectory(prefix="goldengit-bench-") as scratch:
        folder = Path(scratch)
        generate.make_history(folder, commits=300, each=10)
        log = ["git", "log", "--raw", "-m", "--first-parent", "--no-renames"]
        logged = _best(lambda: _run(folder, log))
        audited = _best(lambda: _run(folder, [*PROGRAM, "audit"]), 1)
    return Row("audit, 300 steps, all rules", audited, "git log --raw -m", logged, 3, 3)


def _best(action: Callable[[], float], runs: int = RUNS) -> float:
    return min(action() for _ in range(runs))


def _run(folder: Path, words: Sequence[str], given: bytes = b"") -> float:
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "PYTHONPATH": str(Path.cwd())}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    started = time.perf_counter()
    done = subprocess.run(
        words, cwd=folder, input=given, env=environment, capture_output=True, check=False
    )
    taken = time.perf_counter() - started
    if done.returncode:
        sys.exit(f"{' '.join(words)} ended with {done.returncode}: {done.stdout!r} {done.stderr!r}")
    return taken


def _cold(folder: Path) -> float:
    shutil.rmtree(folder / ".git" / "goldengit", ignore_errors=True)
    return _run(folder, [*PROGRAM, "check", "--all"])


def _memory(folder: Path) -> float:
    """Return the most memory, in MB, that any process of a cold check held."""
    shutil.rmtree(folder / ".git" / "goldengit", ignore_errors=True)
    script = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(
        [sys.executable, "-c", script, *PROGRAM, "check", "--all"],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=True,
    )
    return int(done.stdout) / 1024


def _stage(folder: Path, numbers: Sequence[int]) -> None:
    for number in numbers:
        value = generate.case(number)
        path = golden_path(generate.DATASET, value["id"])
        (folder / path).write_bytes(house_bytes(path, value))
    _git(folder, "add", "--all")


def _restore(folder: Path) -> None:
    _git(folder, "reset", "--quiet", "--hard")


def _blobs(folder: Path) -> bytes:
    listed = subprocess.run(
        ["git", "ls-tree", "-r", "HEAD"], cwd=folder, capture_output=True, check=True
    ).stdout
    return b"".join(line.split()[2] + b"\n" for line in listed.splitlines())


def _git(folder: Path, *words: str) -> None:
    identity = ["-c", "user.name=Bench", "-c", "user.email=bench@example.org"]
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def _machine(cases: int) -> str:
    git = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    versions = f"Python {platform.python_version()}, {git.strip()}"
    return f"{datetime.now(UTC):%Y-%m-%d}, {cases:,} cases, {machine}, {versions}"


if __name__ == "__main__":
    main()
