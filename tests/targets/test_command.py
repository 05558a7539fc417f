"""Commands as targets: whatever a program does, there is an answer, and no process is left."""

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from goldengit.errors import UsageError
from goldengit.targets import Target, build
from tests.targets.cases import DOORS, LONG, ask

# Answers with its process id and the input; each program below puts one thing more into it.
PROGRAM = """
import json, os, sys, time
for line in sys.stdin:
    asked = json.loads(line)
    said = asked["input"]
    answer = {"case": asked["case"], "output": [os.getpid(), said]}
    %s
    print(json.dumps(answer))
"""
TOP = Path(__file__).parents[2]


@pytest.fixture
def target() -> Iterator[Callable[..., Target]]:
    """Return what makes a target of PROGRAM with one thing more in it."""
    made: list[Target] = []

    def start(more: str = "pass", timeout: float = LONG) -> Target:
        words = shlex.join([sys.executable, "-c", PROGRAM % more])
        made.append(build(f"command:{words}", DOORS, timeout))
        return made[-1]

    yield start
    for each in made:
        each.close()


def test_a_program_stays_from_case_to_case(target: Callable[..., Target]) -> None:
    same = target()
    first, second = ask(same, {"q": "Größe 😀"}), ask(same, "next", repeat=1)
    assert isinstance(first.output, list)
    assert isinstance(second.output, list)
    assert first.output == [second.output[0], {"q": "Größe 😀"}]
    assert first.error is None
    assert first.duration_us > 0


def test_the_trace_comes_along(target: Callable[..., Target]) -> None:
    span = {"span_id": "s1", "kind": "tool", "tool": {"name": "search"}}
    answer = ask(target(f"answer['trace'] = {{'trace_id': 't1', 'spans': [{span}]}}"))
    assert answer.trace is not None
    assert answer.trace.spans[0].tool is not None
    assert answer.trace.spans[0].tool.name == "search"


BAD = {
    "an error of its own": ("answer = {'case': asked['case'], 'error': 'busy'}", "busy"),
    "garbage": ("print('debug'); continue", "The answer is no JSON"),
    "an empty line": ("print(); continue", "The answer is no JSON"),
    "another case": ("answer['case'] = 'other'", "The answer is to another case: `other`."),
    "NaN": ("answer['output'] = float('nan')", "a number that JSON cannot hold: `NaN`"),
    "exit": ("sys.exit('out of memory')", "exit code 1 after 1 answer; its standard error: out of"),
    "silence": ("time.sleep(99)", "did not answer within 3 s"),
}


@pytest.mark.parametrize(("body", "problem"), BAD.values(), ids=BAD)
def test_what_goes_wrong_is_the_error_of_that_case_only(
    target: Callable[..., Target], body: str, problem: str
) -> None:
    patience = 3.0 if "sleep" in body else LONG
    mixed = target(f"if said == 'bad':\n        {body}", patience)
    assert ask(mixed, "good").error is None
    answer = ask(mixed, "bad")
    assert answer.error is not None
    assert problem in answer.error
    assert answer.output is None
    assert answer.duration_us > 0
    assert ask(mixed, "good").error is None


def test_a_program_out_of_step_is_not_believed_again(target: Callable[..., Target]) -> None:
    """A line too many would be the answer to the next case, and so on for ever."""
    late = target("if said == 'bad':\n        print('[]', flush=True); time.sleep(0.2)")
    first = ask(late, "good").output
    assert ask(late, "bad").error == "The answer is no JSON object: `[]`."
    again = ask(late, "good").output
    assert isinstance(first, list)
    assert isinstance(again, list)
    assert again[0] != first[0]
    assert again[1] == "good"


def test_each_call_at_the_same_time_has_a_process_of_its_own(
    target: Callable[..., Target],
) -> None:
    """The three wait for each other in the programs, so that none can answer for another."""
    many = target("time.sleep(0.05)")
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda number: ask(many, number), range(30)))
    outputs = [answer.output for answer in answers if isinstance(answer.output, list)]
    assert [output[1] for output in outputs] == list(range(30))
    assert len({output[0] for output in outputs}) <= 3


def test_a_closed_target_answers_with_an_error(target: Callable[..., Target]) -> None:
    closed = target()
    closed.close()
    assert ask(closed).error == "The target is closed."
    closed.close()


def test_a_command_that_cannot_be_run_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="There is no program"):
        build("command:./there-is-no-such-program --release 2", DOORS, LONG)
    with pytest.raises(UsageError, match="is no command line: No closing quotation"):
        build("command:./app 'release", DOORS, LONG)


def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    words = shlex.join([sys.executable, "-c", PROGRAM % "answer['output'] = sys.argv[1:]"])
    target = build(f"command:{words} '$HOME' ; touch {tmp_path}/made", DOORS, LONG)
    assert ask(target).output == ["$HOME", ";", "touch", f"{tmp_path}/made"]
    target.close()


RUN = """
import sys
from concurrent.futures import ThreadPoolExecutor
from goldengit.targets import build
from tests.targets.cases import DOORS, ask

target = build(sys.argv[1], DOORS, 60.0)
pool = ThreadPoolExecutor(2)
try:
    list(pool.map(lambda number: ask(target, number), range(4)))
finally:
    target.close()
    pool.shutdown()
"""


def test_an_interrupted_run_leaves_no_child_behind(tmp_path: Path) -> None:
    """Ctrl-C while two programs think: a pipe that each holds open comes to its end."""
    path = tmp_path / "life"
    os.mkfifo(path)
    hold = f"f = open({str(path)!r}, 'w', 1); f.write('held\\n'); time.sleep(20); f.write('x')"
    program = shlex.join([sys.executable, "-c", PROGRAM % hold])
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, f"command:{program}"],
        cwd=TOP,
        stderr=subprocess.PIPE,
        text=True,
    )
    with path.open() as life:
        assert life.readline() == "held\n"
        assert life.readline() == "held\n"
        run.send_signal(signal.SIGINT)
        assert life.read() == ""
    _, said = run.communicate(timeout=LONG)
    assert run.returncode != 0
    assert "KeyboardInterrupt" in said
