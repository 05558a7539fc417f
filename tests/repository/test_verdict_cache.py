"""The cache of verdicts: nothing is paid for twice, and whatever breaks, only a payment is lost."""

import sqlite3
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldengit.models.verdict import Cost, Verdict, failed, passed, unknown
from goldengit.repository.verdict_cache import FILE, VerdictCache

EVALUATOR = "sha256:" + "1" * 64
ROW = "sha256:" + "2" * 64
PAID = Verdict(
    verdict="pass",
    score=1.0,
    justification="It cites the right page.",
    cost=Cost(calls=2, input_tokens=120, output_tokens=30),
    model="stub-judge-2026-05-01",
    output="sha256:" + "3" * 64,
)
counts = st.integers(0, 2**53 - 1)
texts = st.text(st.characters(codec="utf-8"), max_size=30)
verdicts = st.builds(
    Verdict,
    verdict=st.sampled_from(["pass", "fail"]),
    score=st.none() | st.floats(0, 1),
    grade=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    justification=texts,
    cost=st.builds(Cost, calls=counts, input_tokens=counts, output_tokens=counts),
    model=st.none() | texts,
    output=st.none() | st.just("sha256:" + "4" * 64),
)


@pytest.fixture
def cache(tmp_path: Path) -> VerdictCache:
    return VerdictCache(tmp_path / "goldengit")


def test_a_verdict_that_was_paid_for_is_kept(tmp_path: Path) -> None:
    with VerdictCache(tmp_path) as cache:
        assert cache.get(EVALUATOR, ROW) is None
        cache.keep(EVALUATOR, ROW, PAID)
        assert cache.get(EVALUATOR, ROW) == PAID
    with VerdictCache(tmp_path) as cache:
        assert cache.get(EVALUATOR, ROW) == PAID
        assert cache.problem == ""


def test_another_evaluator_row_or_repeat_has_no_verdict(cache: VerdictCache) -> None:
    with cache:
        cache.keep(EVALUATOR, ROW, PAID, repeat=1)
        assert cache.get(EVALUATOR, ROW, repeat=1) == PAID
        assert cache.get(EVALUATOR, ROW) is None
        assert cache.get(ROW, ROW, repeat=1) is None
        assert cache.get(EVALUATOR, EVALUATOR, repeat=1) is None


def test_the_last_verdict_counts(cache: VerdictCache) -> None:
    with cache:
        cache.keep(EVALUATOR, ROW, passed("first"))
        cache.keep(EVALUATOR, ROW, failed("second"))
        assert cache.get(EVALUATOR, ROW) == failed("second")


def test_what_was_not_answered_is_asked_again(cache: VerdictCache) -> None:
    with cache:
        cache.keep(EVALUATOR, ROW, unknown("It did not answer within 60 s.", Cost(calls=4)))
        assert cache.get(EVALUATOR, ROW) is None
        cache.keep(EVALUATOR, ROW, unknown("The answer is no JSON.", Cost(calls=1), "a-model"))
        assert cache.get(EVALUATOR, ROW) is None


def test_an_answer_that_it_cannot_tell_is_kept(cache: VerdictCache) -> None:
    """It was read and paid for, and would be given again."""
    undecided = PAID.model_copy(update={"verdict": "unknown", "score": None})
    with cache:
        cache.keep(EVALUATOR, ROW, undecided)
        assert cache.get(EVALUATOR, ROW) == undecided


def test_a_failed_repetition_does_not_remove_a_verdict(cache: VerdictCache) -> None:
    with cache:
        cache.keep(EVALUATOR, ROW, PAID)
        cache.keep(EVALUATOR, ROW, unknown("It could not be reached."))
        assert cache.get(EVALUATOR, ROW) == PAID


@settings(max_examples=50)
@given(verdicts)
def test_every_verdict_comes_back_as_it_was(verdict: Verdict) -> None:
    with tempfile.TemporaryDirectory() as folder, VerdictCache(Path(folder)) as cache:
        cache.keep(EVALUATOR, ROW, verdict)
        assert cache.get(EVALUATOR, ROW) == verdict


def test_threads_share_one_cache(cache: VerdictCache) -> None:
    def work(number: int) -> Verdict | None:
        cache.keep(EVALUATOR, f"row-{number}", passed(str(number)))
        return cache.get(EVALUATOR, f"row-{number}")

    with cache, ThreadPoolExecutor(16) as pool:
        assert list(pool.map(work, range(300))) == [passed(str(n)) for n in range(300)]
        assert cache.problem == ""


WRITER = """
import sys
from pathlib import Path
from goldengit.models.verdict import passed
from goldengit.repository.verdict_cache import VerdictCache

with VerdictCache(Path(sys.argv[1])) as cache:
    for number in range(int(sys.argv[3])):
        cache.keep("evaluator", f"row-{sys.argv[2]}-{number}", passed(str(number)))
        print(number, flush=True)
    print(cache.problem, flush=True)
"""


def _writer(folder: Path, name: str, rows: int) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", WRITER, str(folder), name, str(rows)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


def test_processes_write_to_one_file_at_once(tmp_path: Path) -> None:
    writers = [_writer(tmp_path, name, 200) for name in "abc"]
    endings = [writer.communicate()[0].rsplit("\n", 2)[1] for writer in writers]
    assert endings == ["", "", ""]  # no problem
    with VerdictCache(tmp_path) as cache:
        kept = [cache.get("evaluator", f"row-{name}-{n}") for name in "abc" for n in range(200)]
    assert None not in kept


def test_a_killed_writer_loses_no_verdict_that_it_had_kept(tmp_path: Path) -> None:
    writer = _writer(tmp_path, "a", 100_000)
    assert writer.stdout
    said = [writer.stdout.readline() for _ in range(50)]
    writer.kill()
    writer.communicate()
    with VerdictCache(tmp_path) as cache:
        assert len(said) == 50
        kept = [cache.get("evaluator", f"row-a-{number}") for number in range(50)]
        assert kept == [passed(str(number)) for number in range(50)]
        assert cache.problem == ""


def _fill(folder: Path, rows: int = 200) -> Path:
    with VerdictCache(folder) as cache:
        for number in range(rows):
            cache.keep(EVALUATOR, f"row-{number}", passed("because " * 20))
    return folder / FILE


def test_a_file_that_is_no_database_is_set_aside_and_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"this is no database " * 100)
    with VerdictCache(tmp_path) as cache:
        aside = tmp_path / "verdicts-1.damaged"
        assert cache.problem == f"The kept verdicts were damaged. They were set aside as {aside}."
        assert aside.read_bytes().startswith(b"this is no database")
        cache.keep(EVALUATOR, ROW, PAID)
    with VerdictCache(tmp_path) as cache:
        assert cache.get(EVALUATOR, ROW) == PAID
        assert cache.problem == ""


def test_damage_that_is_met_later_is_set_aside_and_told(tmp_path: Path) -> None:
    path = _fill(tmp_path)
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)  # the first page, with the tables, is whole
    path.write_bytes(data)
    with VerdictCache(tmp_path) as cache:
        assert cache.get(EVALUATOR, "row-7") is None
        assert "were set aside" in cache.problem
        cache.keep(EVALUATOR, "row-7", PAID)
        assert cache.get(EVALUATOR, "row-7") == PAID


@settings(max_examples=40)
@given(st.data())
def test_no_damage_makes_another_verdict(data: st.DataObject) -> None:
    """Whatever byte changes and wherever the file ends, a verdict is the old one or none."""
    with tempfile.TemporaryDirectory() as name:
        path = _fill(Path(name), 60)
        content = bytearray(path.read_bytes())
        for _ in range(data.draw(st.integers(1, 20))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        path.write_bytes(content[: data.draw(st.integers(1, len(content)))])
        with VerdictCache(Path(name)) as cache:
            found = {cache.get(EVALUATOR, f"row-{number}") for number in range(60)}
            assert found <= {None, passed("because " * 20)}
            cache.keep(EVALUATOR, ROW, PAID)


def test_a_verdict_that_was_changed_by_hand_is_none(tmp_path: Path) -> None:
    path = _fill(tmp_path, 1)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE verdict SET verdict = replace(verdict, 'pass', 'fail')")
    connection.close()
    with VerdictCache(tmp_path) as cache:
        assert cache.get(EVALUATOR, "row-0") is None


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with VerdictCache(tmp_path / "file" / "goldengit") as cache:
        assert "Verdicts are not kept" in cache.problem
        cache.keep(EVALUATOR, ROW, PAID)
        assert cache.get(EVALUATOR, ROW) == PAID  # for this run


def test_a_table_of_another_shape_is_done_without(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute("CREATE TABLE verdict (something TEXT)")
    connection.close()
    with VerdictCache(tmp_path) as cache:
        assert cache.get(EVALUATOR, ROW) is None
        assert "no longer kept" in cache.problem
        cache.keep(EVALUATOR, ROW, PAID)
        assert cache.get(EVALUATOR, ROW) == PAID
