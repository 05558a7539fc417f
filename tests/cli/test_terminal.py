"""How things are printed: on a terminal, in a pipe, in a file, and how fast."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from goldengit import __version__
from tests.cli.running import PROGRAM, environment, goldengit, on_terminal
from tests.promoting.bench import Bench


@pytest.fixture
def staged(edited: Bench) -> Bench:
    """Return a repository in which an edit of a golden case is staged."""
    edited.box.git("add", "--all")
    return edited


def test_the_version_is_one_line() -> None:
    """`--version` names program and version."""
    assert f"goldengit {__version__}\n" == goldengit(Path.cwd(), "--version").out


def test_the_version_loads_no_heavy_library() -> None:
    """What a hook waits for is what it needs."""
    code = (
        "import sys\n"
        "from goldengit.cli import run\n"
        "run(['--version'])\n"
        "heavy = {'pydantic', 'git', 'yaml', 'ruamel', 'rich', 'detect_secrets', 'rensa',"
        " 'goldengit.reporters'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env=environment()
    )
    assert f"goldengit {__version__}\n[]\n" == ran.stdout.decode()


def test_colour_is_for_terminals(staged: Bench) -> None:
    """A person sees colour; a pipe, NO_COLOR and a dumb terminal do not."""
    assert "\x1b[31;1m" in on_terminal(staged.top, "check", "--staged").out
    for plain in (
        goldengit(staged.top, "check", "--staged"),
        on_terminal(staged.top, "check", "--staged", NO_COLOR="1"),
        on_terminal(staged.top, "check", "--staged", TERM="dumb"),
    ):
        assert (1, False) == (plain.code, "\x1b" in plain.out)


def test_text_is_wrapped_to_the_terminal(staged: Bench) -> None:
    """On 60 columns only paths and commands are longer than the terminal."""
    ran = on_terminal(staged.top, "check", "--staged", columns=60, NO_COLOR="1")
    long = [line for line in ran.out.splitlines() if len(line) > 60]
    assert [] == [line for line in long if "/" not in line and "`" not in line]
    ran = on_terminal(staged.top, "explain", "GG303", columns=60, NO_COLOR="1")
    assert [] == [line for line in ran.out.splitlines() if len(line) > 60]


def test_a_pipe_gets_each_message_on_one_line(staged: Bench) -> None:
    """Programs that read lines find whole sentences."""
    ran = goldengit(staged.top, "check", "--staged", COLUMNS="20")
    assert "`severity` of a golden case changed." in " ".join(ran.out.split())
    assert any(line.strip().endswith("changed.") for line in ran.out.splitlines())


def test_a_hostile_file_name_stays_text(bench: Bench) -> None:
    """A path with escapes, a command or a bidirectional mark is shown, not obeyed."""
    name = "datasets/support/queue/a\x1b[2J\n::error::x\u202e.yaml"
    (bench.top / name).write_text("x\n")
    for format_ in ("text", "github", "json", "sarif", "junit"):
        ran = goldengit(bench.top, "check", "--format", format_)
        assert 1 == ran.code
        assert not {"\x1b", "\u202e"} & set(ran.out)
        commands = [line for line in ran.out.splitlines() if line.startswith("::error::")]
        assert [] == commands


def test_an_output_file_holds_the_report_and_the_terminal_its_summary(staged: Bench) -> None:
    """Each format reads as what it is; one line is printed."""
    for format_, read in (
        ("json", json.loads),
        ("sarif", json.loads),
        ("junit", ET.fromstring),
        ("text", str.splitlines),
    ):
        target = staged.top.parent / f"report.{format_}"
        words = ["check", "--staged", "--format", format_, "--output", str(target)]
        ran = goldengit(staged.top, *words)
        assert (1, 1) == (ran.code, len(ran.out.splitlines()))
        assert ran.out.startswith("Failed: ")
        assert read(target.read_text())
        assert "GG303" in target.read_text()


def test_sarif_carries_the_page_of_each_rule(staged: Bench) -> None:
    """Code scanning shows why a rule is there."""
    ran = goldengit(staged.top, "check", "--staged", "--format", "sarif")
    rules = json.loads(ran.out)["runs"][0]["tool"]["driver"]["rules"]
    assert all("## Why it matters" in rule["help"]["markdown"] for rule in rules)


def test_a_terminal_that_knows_only_ascii_gets_escapes_and_no_error(untouched: Bench) -> None:
    """A character that the output cannot show is escaped."""
    ran = goldengit(untouched.top, "check", "--staged", PYTHONIOENCODING="ascii")
    assert (0, "") == (ran.code, ran.err)
    assert "\\u2192" in ran.out


def test_git_golden_names_itself(tmp_path: Path) -> None:
    """`git golden` is the same program, and its help says so."""
    script = tmp_path / "git-golden"
    script.write_text("import sys\nfrom goldengit.cli import main\nmain()\n")
    ran = subprocess.run(
        [sys.executable, str(script), "check", "-h"],
        capture_output=True,
        check=True,
        env=environment(),
    )
    assert ran.stdout.decode().startswith("Usage: git golden check ")


def test_the_environment_cannot_steer_git(untouched: Bench, tmp_path: Path) -> None:
    """GIT_DIR and its like are gone before Git is asked anything."""
    ran = goldengit(
        untouched.top, "check", GIT_DIR=str(tmp_path), GIT_OBJECT_DIRECTORY=str(tmp_path)
    )
    assert (0, "") == (ran.code, ran.err)


def test_a_closed_output_is_no_pass(untouched: Bench) -> None:
    """With the standard output closed nobody is told anything."""
    command = " ".join(f"'{word}'" for word in [*PROGRAM, "check"])
    ran = subprocess.run(
        ["sh", "-c", f"{command} >&-"],
        cwd=untouched.top,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
        env=environment(),
    )
    assert 3 == ran.returncode
    assert b"standard output is closed" in ran.stderr
