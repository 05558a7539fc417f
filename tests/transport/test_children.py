"""Children that answer lines: kept while they behave, ended with all they started when not."""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from goldengit.errors import UsageError
from goldengit.models.call import CallFailedError, Talk
from goldengit.transport.children import LineChild

LONG = 60.0  # seconds; no test waits for it
ECHO = "import os, sys\nfor line in sys.stdin: print(os.getpid(), line.strip())"
# Each misbehaves when it is asked `bad`, and echoes everything else.
MISBEHAVES = (
    "import os, signal, sys, time\n"
    "def bad():\n    {}\n"
    "for line in sys.stdin:\n"
    "    if line == 'bad\\n': bad()\n"
    "    print(os.getpid(), line.strip())\n"
)
BAD = {
    "exits": ("sys.exit(3)", "The program ended with exit code 3 after 1 answer."),
    "exits with a reason": (
        "sys.exit('no\\x1b[31m model\\n  here')",
        "The program ended with exit code 1 after 1 answer; its standard error: no [31m model here",
    ),
    "is killed": (
        "os.kill(os.getpid(), signal.SIGKILL)",
        "The program was ended by signal 9 after 1 answer.",
    ),
    "closes its output": ("os.close(1); time.sleep(99)", "The program closed its output."),
    "prints no UTF-8": (
        "sys.stdout.buffer.write(b'\\xff\\n')",
        "The program answered with what is no UTF-8.",
    ),
    "prints without end": (
        "while True: os.write(1, b'x' * 65536)",
        "The program printed more than 1048576 bytes for a question.",
    ),
}


@pytest.fixture
def python() -> Iterator[Callable[[str], LineChild]]:
    """Return what makes a child of a Python text; all are closed in the end."""
    made: list[LineChild] = []

    def start(text: str) -> LineChild:
        made.append(LineChild([sys.executable, "-c", text], longest_line=1 << 20))
        return made[-1]

    yield start
    for child in made:
        child.close()


def _pid(answer: str) -> int:
    return int(answer.split(maxsplit=1)[0])


def _is_reaped(pid: int) -> bool:
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return True
    return False


def test_one_process_answers_line_after_line(python: Callable[[str], LineChild]) -> None:
    child: Talk = python(ECHO)
    answers = [child.ask(f"Wörter 😀 {number}", LONG) for number in range(3)]
    pid = _pid(answers[0])
    assert answers == [f"{pid} Wörter 😀 {number}" for number in range(3)]
    child.close()
    assert _is_reaped(pid)


@pytest.mark.parametrize(("body", "problem"), BAD.values(), ids=BAD)
def test_a_child_that_misbehaves_is_replaced(
    python: Callable[[str], LineChild], body: str, problem: str
) -> None:
    child = python(MISBEHAVES.format(body))
    first = _pid(child.ask("good", LONG))
    with pytest.raises(CallFailedError) as caught:
        child.ask("bad", LONG)
    assert problem == caught.value.problem
    assert _is_reaped(first)
    assert _pid(child.ask("good", LONG)) != first


def test_a_child_that_is_silent_is_replaced_after_the_timeout(
    python: Callable[[str], LineChild],
) -> None:
    child = python(MISBEHAVES.format("sys.stderr.write('thinking'); time.sleep(99)"))
    first = _pid(child.ask("good", LONG))
    with pytest.raises(CallFailedError) as caught:
        child.ask("bad", 1)
    said = "The program did not answer within 1 s; its standard error: thinking"
    assert said == caught.value.problem
    assert _is_reaped(first)
    assert _pid(child.ask("good", LONG)) != first


def test_complaining_all_the_time_is_not_answering(python: Callable[[str], LineChild]) -> None:
    child = python("import sys\nwhile True: sys.stderr.write('wait ' * 1000)")
    with pytest.raises(CallFailedError, match="did not answer"):
        child.ask("bad", 0.5)


def test_a_child_that_answers_once_and_ends_fails_the_next_question(
    python: Callable[[str], LineChild],
) -> None:
    child = python("print(input())")
    for _ in range(2):
        assert child.ask("good", LONG) == "good"
        with pytest.raises(CallFailedError, match=r"ended with exit code 0 after 1 answer"):
            child.ask("next", LONG)


def test_a_second_line_is_not_taken_for_the_next_answer(
    python: Callable[[str], LineChild],
) -> None:
    child = python("import os\nwhile True:\n    line = input()\n    os.write(1, b'a\\na\\n')")
    assert child.ask("good", LONG) == "a"
    with pytest.raises(CallFailedError, match="printed something without being asked"):
        child.ask("good", LONG)
    assert child.ask("good", LONG) == "a"


def test_an_endless_answer_in_lines_ends_at_the_first(python: Callable[[str], LineChild]) -> None:
    child = python("import os\ninput()\nwhile True: os.write(1, b'y\\n' * 1000)")
    assert child.ask("good", LONG) == "y"
    with pytest.raises(CallFailedError, match="without being asked"):
        child.ask("good", LONG)


def test_long_lines_pass_both_ways_at_the_same_time(python: Callable[[str], LineChild]) -> None:
    """The child fills its output and its standard error before it reads more than a byte."""
    child = python(
        "import os, sys\n"
        "os.read(0, 1)\n"
        "sys.stdout.write('a' * 500_000)\n"
        "sys.stderr.write('e' * 5_000_000)\n"
        "sys.stdout.write(str(len(input())) + chr(10))\n"
    )
    assert child.ask("q" * 5_000_000, LONG) == "a" * 500_000 + "4999999"


def test_what_is_printed_while_the_question_is_not_read_has_a_limit(
    python: Callable[[str], LineChild],
) -> None:
    child = python("import os\nos.read(0, 1)\nwhile True: os.write(1, b'y\\n' * 1000)")
    with pytest.raises(CallFailedError, match="printed more than 1048576 bytes"):
        child.ask("q" * 5_000_000, LONG)


def test_a_child_that_closes_its_input_fails(python: Callable[[str], LineChild]) -> None:
    child = python("import os, time\nos.close(0)\ntime.sleep(99)")
    with pytest.raises(CallFailedError, match="closed its input"):
        child.ask("q" * 5_000_000, LONG)


def test_what_a_child_started_ends_with_it(
    python: Callable[[str], LineChild], tmp_path: Path
) -> None:
    """The grandchild holds a pipe open, which comes to its end only when the process does."""
    os.mkfifo(tmp_path / "life")
    path = str(tmp_path / "life")
    grandchild = f"import time; f = open({path!r}, 'w'); time.sleep(20); f.write('alive')"
    child = python(
        "import subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, '-c', {grandchild!r}])\n"
        "time.sleep(99)"
    )
    asking = threading.Thread(target=_fail, args=(child,))
    asking.start()
    with (tmp_path / "life").open() as life:  # waits for the grandchild to open it
        child.close()
        assert life.read() == ""
    asking.join()


def _fail(child: LineChild) -> None:
    with pytest.raises(CallFailedError, match="was stopped"):
        child.ask("bad", LONG)


def test_closing_ends_an_open_question(python: Callable[[str], LineChild], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "asked")
    child = python(
        f"input()\nopen({str(tmp_path / 'asked')!r}, 'w').close()\nimport time\ntime.sleep(99)"
    )
    asking = threading.Thread(target=_fail, args=(child,))
    asking.start()
    (tmp_path / "asked").read_text()  # the child has the question
    child.close()
    asking.join()
    _fail(child)
    child.close()


def test_a_child_may_end_by_itself_when_nothing_more_is_asked(
    python: Callable[[str], LineChild], tmp_path: Path
) -> None:
    child = python(f"{ECHO}\nopen({str(tmp_path / 'farewell')!r}, 'w').write('done')")
    child.ask("good", LONG)
    child.close()
    assert (tmp_path / "farewell").read_text() == "done"


def test_the_environment_is_passed_on_but_for_git_and_the_judge(
    python: Callable[[str], LineChild], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GOLDENGIT_JUDGE_API_KEY", "secret")
    monkeypatch.setenv("ASSISTANT_KEY", "own")
    names = ["GIT_DIR", "GOLDENGIT_JUDGE_API_KEY", "ASSISTANT_KEY", "PYTHONUNBUFFERED"]
    child = python(f"import os\nprint(input(), [os.environ.get(name) for name in {names}])")
    assert child.ask("got", LONG) == "got [None, None, 'own', '1']"


def test_a_missing_program_is_a_usage_error(tmp_path: Path) -> None:
    for words in (["./there-is-no-such-program"], [str(tmp_path)], [""]):
        with pytest.raises(UsageError, match="There is no program"):
            LineChild(words)


def test_a_program_that_cannot_run_fails_the_question(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_bytes(b"\x7fELF and nothing more")
    program.chmod(0o755)
    for words in ([str(program)], [sys.executable, "\0"]):
        with pytest.raises(CallFailedError, match="could not be started"):
            LineChild(words).ask("good", LONG)


def test_an_interruption_ends_the_child(python: Callable[[str], LineChild]) -> None:
    """Whatever is raised inside, such as by Ctrl-C, leaves no process behind."""
    child = python(ECHO)
    pid = _pid(child.ask("good", LONG))
    with pytest.raises(TypeError):
        child.ask("good", "soon")  # type: ignore[arg-type]
    assert _is_reaped(pid)
