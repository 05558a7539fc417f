"""Answers are kept as they come, whatever ends the program."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.errors import CannotJudgeError
from goldengit.models.answer import Answer
from goldengit.models.trace import Span, Trace
from goldengit.repository.run_journal import RunJournal
from tests.gitbox import clean_environment

RUN = {"dataset": "support", "root": "sha256:0", "target": "command:./app", "release": "1"}
NOW, LATER = "2026-08-20T12:00:00Z", "2026-08-21T12:00:00Z"
SPAN = Span(span_id="s", kind="tool", name="search")
FULL = Answer(output={"text": "It is só\u2028so."}, trace=Trace(trace_id="t", spans=(SPAN,)))


def opened(folder: Path, now: str = NOW, *, fresh: bool = False) -> RunJournal:
    return RunJournal(folder, RUN, now, fresh=fresh)


def path_of(folder: Path) -> Path:
    (path,) = (folder / "runs").iterdir()
    return path


def test_a_second_call_goes_on_where_the_first_ended(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        assert (NOW, 0, 0) == (journal.started, journal.kept, journal.errors)
        journal.keep("a", 0, FULL)
        journal.keep("a", 1, Answer(error="It broke.", duration_us=7))
    with opened(tmp_path, LATER) as journal:
        assert (NOW, 2, 1) == (journal.started, journal.kept, journal.errors)
        assert FULL == journal.get("a", 0)
        assert Answer(error="It broke.", duration_us=7) == journal.get("a", 1)
        assert journal.get("a", 2) is None
        assert journal.get("b", 0) is None


def test_another_run_has_another_journal(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.keep("a", 0, FULL)
        for key in RUN:
            with RunJournal(tmp_path, RUN | {key: "other"}, NOW, fresh=False) as other:
                assert 0 == other.kept


def test_a_fresh_run_forgets(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.keep("a", 0, FULL)
    with opened(tmp_path, LATER, fresh=True) as journal:
        assert (LATER, 0, None) == (journal.started, journal.kept, journal.get("a", 0))


def test_nothing_is_left_of_a_run_that_was_delivered(tmp_path: Path) -> None:
    with opened(tmp_path) as journal:
        journal.keep("a", 0, FULL)
        journal.remove()
    assert [] == list((tmp_path / "runs").iterdir())


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    """Answers may hold what nobody redacted."""
    with opened(tmp_path):
        assert 0o600 == path_of(tmp_path).stat().st_mode & 0o777


def test_once_closed_nothing_is_kept_any_more(tmp_path: Path) -> None:
    """What an interrupt cuts off comes as an error of the release, and is none."""
    with opened(tmp_path) as journal:
        journal.keep("a", 0, FULL)
    journal.keep("b", 0, Answer(error="The program was stopped."))
    with opened(tmp_path) as journal:
        assert 1 == journal.kept


@given(st.data())
def test_wherever_it_was_torn_whole_lines_are_kept(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """The rest is cut off, so that what follows stands on lines of its own."""
    folder = tmp_path_factory.mktemp("torn")
    with opened(folder) as journal:
        ends = [path_of(folder).stat().st_size]
        for number in range(4):
            journal.keep("a", number, Answer(output=f"{number} \n ü"))
            ends.append(path_of(folder).stat().st_size)
    cut = data.draw(st.integers(0, ends[-1]))
    os.truncate(path_of(folder), cut)
    with opened(folder, LATER) as journal:
        whole = sum(end <= cut for end in ends) - 1
        assert max(whole, 0) == journal.kept
        assert (NOW if whole >= 0 else LATER) == journal.started
        journal.keep("b", 0, FULL)
    with opened(folder) as journal:
        assert FULL == journal.get("b", 0)
        assert max(whole, 0) + 1 == journal.kept


@pytest.mark.parametrize(
    "garbage", [b"\0" * 100, b"{}\n", b'{"case": "a", "repeat": -1}\n', b"\xff\n"]
)
def test_what_is_no_answer_ends_what_is_kept(tmp_path: Path, garbage: bytes) -> None:
    with opened(tmp_path) as journal:
        journal.keep("a", 0, FULL)
    with path_of(tmp_path).open("ab") as file:
        file.write(garbage)
    with opened(tmp_path) as journal:
        assert 1 == journal.kept


def test_a_file_of_somebody_else_is_begun_anew(tmp_path: Path) -> None:
    with opened(tmp_path):
        pass
    path_of(tmp_path).write_text('{"journal": 99, "started": "never"}\n{"case": 1}\n')
    with opened(tmp_path, LATER) as journal:
        assert (LATER, 0) == (journal.started, journal.kept)


def test_two_processes_at_once_are_one_too_many(tmp_path: Path) -> None:
    """The second is told in a sentence; a lock ends with its process, however that ends."""
    program = (
        "import sys, os\nfrom pathlib import Path\n"
        "from goldengit.repository.run_journal import RunJournal\n"
        f"journal = RunJournal(Path(sys.argv[1]), {RUN!r}, {NOW!r}, fresh=False)\n"
        "print('open', flush=True); sys.stdin.read(); os._exit(1)\n"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=clean_environment(),
    )
    assert other.stdout is not None
    assert b"open\n" == other.stdout.readline()
    with pytest.raises(CannotJudgeError, match="Another goldengit command is evaluating"):
        opened(tmp_path)
    other.communicate()
    with opened(tmp_path) as journal:
        assert 0 == journal.kept


def test_a_lock_is_not_taken_on_a_file_that_was_removed(tmp_path: Path) -> None:
    """Who waited for the winner of a race begins a file of its own."""
    with opened(tmp_path) as journal:
        journal.keep("a", 0, FULL)
        journal.remove()
        with opened(tmp_path) as second:
            assert 0 == second.kept
            assert path_of(tmp_path).exists()


def test_many_threads_keep_whole_lines(tmp_path: Path) -> None:
    with opened(tmp_path) as journal, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: journal.keep(f"c{n}", 0, Answer(output="x" * n)), range(200)))
    with opened(tmp_path) as journal:
        assert 200 == journal.kept
        assert Answer(output="x" * 150) == journal.get("c150", 0)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file where a folder should be")
    with pytest.raises(CannotJudgeError, match="The answers cannot be kept"):
        opened(tmp_path)
