"""What the program returns, and the one line that it says about a problem."""

import os
import re
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.running import PROGRAM, environment, goldengit, interrupted
from tests.gitbox import Blob, GitBox
from tests.promoting.bench import Bench


def test_a_clean_repository_is_zero(untouched: Bench) -> None:
    """No error in a repository: 0, and a line that counts."""
    ran = goldengit(untouched.top, "check")
    assert (0, "") == (ran.code, ran.err)
    said = ran.out.splitlines()[-1]
    assert re.match(r"Passed: .*18 files judged; 12 signoffs not confirmed yet", said)


def test_an_empty_change_is_zero_and_one_line(untouched: Bench) -> None:
    """Nothing changed is no error, and is said."""
    ran = goldengit(untouched.top, "check", "--range", "HEAD..HEAD")
    assert (0, "Passed: no data file changed (HEAD → HEAD).\n") == (ran.code, ran.out)


def test_a_finding_is_one(edited: Bench) -> None:
    """An edited golden case gives 1 and says where and which rule."""
    edited.box.git("add", "--all")
    ran = goldengit(edited.top, "check", "--staged")
    assert 1 == ran.code
    assert "GG303 golden-edited" in ran.out
    assert ran.out.splitlines()[-1].startswith("Failed: ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["chek"], "No such command"),
        (["check", "--stagd"], "--staged"),
        (["check", "--staged", "--all"], "exclude each other"),
        (["check", "--staged", "--deep"], "--deep belongs to --all"),
        (["check", "--range", "HEAD...HEAD"], "three dots"),
        (["check", "--range", ""], "both ends"),
        (["check", "--range", "HEAD"], "both ends"),
        (["check", "--range", "..HEAD"], "both ends"),
        (["check", "--range", "HEAD..HEAD..HEAD"], "both ends"),
        (["check", "--range", "HEAD..nowhere"], "'nowhere'"),
        (["check", "--range", "HEAD..--upload-pack=x"], "names no"),
        (["check", "--format", "yaml"], "yaml"),
        (["check", "datasets/nothing"], "neither in the tree"),
        (["check", "../elsewhere"], "not in the repository"),
        (["-C", "nowhere", "check"], "-C nowhere"),
        (["explain", "GG999"], "no rule 'GG999'"),
        (["schema", "cases"], "no schema"),
        (["supersede", "x"], "--draft"),
        (["withdraw", "x"], "--reason"),
    ],
)
def test_wrong_usage_is_two_and_one_line(untouched: Bench, words: list[str], said: str) -> None:
    """Words that do not fit give 2, nothing on the output, and one line that helps."""
    ran = goldengit(untouched.top, *words)
    assert (2, "", 1) == (ran.code, ran.out, len(ran.err.splitlines()))
    assert ran.err.startswith("goldengit: ")
    assert said in ran.err


def test_no_command_shows_the_help_and_is_two(tmp_path: Path) -> None:
    """Without a verb there is nothing to do."""
    ran = goldengit(tmp_path)
    assert (2, "") == (ran.code, ran.out)
    assert "Usage: goldengit" in ran.err


def test_outside_a_repository_is_two(tmp_path: Path) -> None:
    """A folder without Git is named."""
    ran = goldengit(tmp_path, "check")
    assert (2, "") == (ran.code, ran.out)
    assert f"{tmp_path} is in no Git repository" in ran.err


def test_what_cannot_be_judged_is_three(bench: Bench, tmp_path: Path) -> None:
    """A shallow clone gives 3: what is judged might not be what was committed."""
    second = tmp_path / "second"
    bench.box.git("commit", "--quiet", "--allow-empty", "--message", "More.")
    bench.box.git("clone", "--quiet", "--depth=1", f"file://{bench.top}", str(second))
    ran = goldengit(second, "check")
    assert (3, "", 1) == (ran.code, ran.out, len(ran.err.splitlines()))
    assert "git fetch --unshallow" in ran.err


def test_without_git_nothing_is_judged_and_it_is_said(bench: Bench, tmp_path: Path) -> None:
    """A machine without Git is no defect of the program."""
    ran = goldengit(bench.top, "check", PATH=str(tmp_path))
    assert 3 == ran.code
    assert "goldengit: Git is not installed, not on PATH, or does not run. Install Git" in ran.err


def test_nothing_to_judge_is_four(tmp_path: Path) -> None:
    """A repository without any file of ours gives 4 for --all: nothing checked is no success."""
    box = GitBox(tmp_path / "empty", bare=False)
    box.git("reset", "--quiet", "--hard", box.commit({"notes.txt": Blob(b"x\n")}))
    assert 4 == goldengit(box.folder, "check").code


def test_a_defect_is_three_and_says_how_to_report_it(untouched: Bench, tmp_path: Path) -> None:
    """An error that nobody foresaw is never a pass, and shows no traceback."""
    (tmp_path / "git.py").write_text("raise RuntimeError('no \\x1b[31mluck')\n")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    ran = goldengit(untouched.top, "check", PYTHONPATH=path)
    assert (3, "", 1) == (ran.code, ran.out, len(ran.err.splitlines()))
    assert "This is a defect of goldengit (RuntimeError: no \\x1b[31mluck)" in ran.err
    assert "`goldengit --debug check`" in ran.err


def test_debug_shows_the_traceback(untouched: Bench, tmp_path: Path) -> None:
    """With --debug the same error is told in full, with the same exit code."""
    (tmp_path / "git.py").write_text("raise RuntimeError('no luck')\n")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    ran = goldengit(untouched.top, "--debug", "check", PYTHONPATH=path)
    assert 3 == ran.code
    assert "Traceback (most recent call last)" in ran.err


def test_interrupted_is_130_without_a_traceback(untouched: Bench, tmp_path: Path) -> None:
    """Ctrl-C while Git works ends the program at once."""
    started = tmp_path / "started"
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text(f"#!/bin/sh\n: >'{started}'\nexec sleep 60\n")
    slow.chmod(0o755)
    process = subprocess.Popen(
        [*PROGRAM, "check"],
        cwd=untouched.top,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=environment(PATH=f"{slow.parent}{os.pathsep}{os.environ['PATH']}"),
    )
    while not started.exists():
        assert process.poll() is None
        time.sleep(0.05)
    ran = interrupted(process)
    assert (130, "", "goldengit: Interrupted.\n") == (ran.code, ran.out, ran.err)


def test_a_reader_that_leaves_early_is_no_pass_and_no_noise(untouched: Bench) -> None:
    """When nobody hears the verdict the exit code is not 0, and nothing is printed about it."""
    process = subprocess.Popen(
        [*PROGRAM, "check"],
        cwd=untouched.top,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert (3, b"") == (process.wait(timeout=60), err)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_an_output_that_is_full_is_three(untouched: Bench) -> None:
    """A report that cannot be written is not told, so it is no pass."""
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [*PROGRAM, "check"],
            cwd=untouched.top,
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            env=environment(),
        )
    assert 3 == ran.returncode
    assert b"goldengit: The output could not be written: No space left on device." in ran.stderr
    assert 3 == goldengit(untouched.top, "check", "--output", "/dev/full").code
