"""The cache of facts: exact where it works, and harmless where it does not."""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.generate import case
from goldengit import checking
from goldengit.models.facts import CaseFacts, Closure, MonthFacts, sum_up
from goldengit.models.layout import golden_path
from goldengit.repository.facts_cache import FactsCache, case_from_text, case_to_text
from goldengit.repository.interpret import house_bytes
from goldengit.repository.store import opened
from tests.edits import Edit, apply
from tests.gitbox import Blob, GitBox
from tests.standard import NOW, standard

words = st.text('abc-\u00e9\U0001f600"\\', max_size=6)
keys = st.integers(-1, (1 << 44) - 1)
grades = st.none() | st.floats(allow_nan=False, allow_infinity=False)
closures = st.builds(
    Closure,
    words,
    st.sampled_from(["superseded_by", "withdrawn", "erased"]),
    words,
    words,
    st.lists(words, max_size=2).map(tuple),
)
kinds = st.tuples(words, st.integers(1, 9), words, grades, words, grades)
facts_of_cases = st.builds(
    CaseFacts,
    ordinary=st.booleans(),
    id=words,
    digest=words,
    size=st.integers(0, 1 << 40),
    signers=st.lists(st.tuples(words, words), max_size=3).map(tuple),
    first_signed=words,
    latest=words,
    unsigned=st.integers(0, 9),
    signing_keys=st.lists(words, max_size=2).map(tuple),
    label_kinds=st.lists(kinds, max_size=3).map(tuple),
    failure_modes=st.lists(words, max_size=2).map(tuple),
    valid_until=words,
    closure=st.none() | closures,
    trace_key=keys,
    pair_key=keys,
    band_keys=st.lists(st.integers(0, (1 << 44) - 1), max_size=8).map(tuple),
)
months = st.lists(st.tuples(words, facts_of_cases), max_size=5)
FILE = "facts-*.sqlite"


@given(facts_of_cases)
def test_facts_of_a_case_survive_their_text(facts: CaseFacts) -> None:
    assert case_from_text(case_to_text(facts)) == facts
    assert "\n" not in case_to_text(facts)


def _whole(facts: MonthFacts) -> list[object]:
    """Return everything that a month's facts hold; equality alone leaves the tables out."""
    return [facts, facts.traces.packed(), facts.pairs.packed(), facts.bands.packed()]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FactsCache]:
    """Return a cache for many examples."""
    cache = FactsCache(tmp_path_factory.mktemp("facts"))
    yield cache
    cache.close()


@given(months, st.text("0123456789abcdef", min_size=40, max_size=40))
@settings(deadline=None)
def test_facts_of_a_month_survive_the_cache(
    kept: FactsCache, named: list[tuple[str, CaseFacts]], tree: str
) -> None:
    facts = sum_up(tree, named)
    kept.keep_month(facts)
    found = kept.month(tree)
    assert found is not None
    assert _whole(found) == _whole(facts)


def test_facts_of_many_blobs_are_found_and_nothing_else(tmp_path: Path) -> None:
    facts = CaseFacts(ordinary=False, id="x", digest="y", size=1)
    oids = [f"{number:040x}" for number in range(1700)]
    cache = FactsCache(tmp_path)
    cache.keep_blobs((oid, case_to_text(facts)) for oid in oids[:1600])
    assert cache.blobs(oids) == dict.fromkeys(oids[:1600], facts)
    cache.close()
    cache = FactsCache(tmp_path)  # another run
    assert len(cache.blobs(iter(oids))) == 1600
    cache.close()


# -- what a check says never depends on the cache ------------------------------------------------


@pytest.fixture
def judged(box: GitBox) -> tuple[GitBox, str]:
    """Return a repository and a tree with findings."""
    edits: list[Edit] = [
        {"withdraw": {"row": "golden-1", "sign": ["reviewer-1:labeler"]}},
        {"replace": {"path": "{golden-5}", "old": "severity: normal", "new": "severity: urgent"}},
    ]
    files = apply(standard(), edits)
    for number in range(0, 120, 20):
        value = case(number)
        path = golden_path("grading", value["id"])
        files[path] = Blob(house_bytes(path, value))
    commit = box.commit(files)
    return box, box.git("rev-parse", f"{commit}^{{tree}}")


def _findings(judged: tuple[GitBox, str]) -> list[str]:
    box, tree = judged
    with opened(box.folder) as store:
        report = checking.judge(checking.whole(store, tree, now=NOW))
    return [f"{one.rule} {one.place} {one.message}" for one in report.findings]


def _file(box: GitBox) -> Path:
    (file,) = (box.folder / "goldengit").glob(FILE)
    return file


def test_cold_warm_and_without_a_cache_the_findings_are_equal(judged: tuple[GitBox, str]) -> None:
    cold = _findings(judged)
    assert len(cold) >= 2
    assert _findings(judged) == cold
    folder = judged[0].folder / "goldengit"
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    folder.write_text("a file in its place")
    assert _findings(judged) == cold


@pytest.mark.parametrize("at", [0, 20, 100, 2000, 5000, -300])
def test_a_damaged_file_is_made_again_or_does_without(at: int, judged: tuple[GitBox, str]) -> None:
    cold = _findings(judged)
    file = _file(judged[0])
    data = bytearray(file.read_bytes())
    data[at : at + 200 if at >= 0 else None] = b"\xff" * 200
    file.write_bytes(bytes(data))
    assert _findings(judged) == cold
    assert _findings(judged) == cold


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\0" * 84])
def test_what_is_no_database_is_replaced_by_one(content: bytes, judged: tuple[GitBox, str]) -> None:
    cold = _findings(judged)
    file = _file(judged[0])
    file.write_bytes(content)
    assert _findings(judged) == cold
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM month").fetchone() > (0,)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"names": 1}', "1", '{"names": ["a"], "odd": 3}']
)
def test_a_damaged_row_is_a_missing_row(text: str, judged: tuple[GitBox, str]) -> None:
    cold = _findings(judged)
    with closing(sqlite3.connect(_file(judged[0]))) as connection, connection:
        for table in ("month", "blob"):
            connection.execute(f"UPDATE {table} SET facts = ?", (text,))  # noqa: S608
    assert _findings(judged) == cold


def test_a_damaged_table_of_keys_is_a_missing_row(judged: tuple[GitBox, str]) -> None:
    cold = _findings(judged)
    with closing(sqlite3.connect(_file(judged[0]))) as connection, connection:
        connection.execute("UPDATE month SET traces = ?", (b"\1\2\3",))
    assert _findings(judged) == cold


def test_another_process_that_holds_the_file_is_not_waited_for_for_ever_nor_robbed(
    judged: tuple[GitBox, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cold = _findings(judged)
    file = _file(judged[0])
    inode = file.stat().st_ino
    monkeypatch.setattr("goldengit.repository.facts_cache._WAIT", 0.2)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("DELETE FROM month")
        other.execute("DELETE FROM blob")
        other.execute("BEGIN EXCLUSIVE")
        assert _findings(judged) == cold
        assert file.stat().st_ino == inode  # it is somebody's; removing it would hurt them
        other.execute("ROLLBACK")


def test_a_file_that_goes_away_in_the_middle_is_forgotten(judged: tuple[GitBox, str]) -> None:
    box, tree = judged
    cold = _findings(judged)
    with opened(box.folder) as store:
        for file in (box.folder / "goldengit").iterdir():
            file.unlink()
        change = checking.whole(store, tree, now=NOW)
        report = checking.judge(change)
    assert [f"{one.rule} {one.place} {one.message}" for one in report.findings] == cold


def test_a_folder_that_may_not_be_written_is_done_without(judged: tuple[GitBox, str]) -> None:
    box, _ = judged
    cold = _findings(judged)
    for file in (box.folder / "goldengit").iterdir():
        file.unlink()
    (box.folder / "goldengit").chmod(0o500)
    if os.geteuid() == 0:  # root may write anything: an entry of the name stands in the way instead
        (box.folder / "goldengit" / "x").touch()
        for name in {path.name for path in (box.folder / "goldengit").glob(FILE)}:
            (box.folder / "goldengit" / name).unlink()
    assert _findings(judged) == cold
    (box.folder / "goldengit").chmod(0o700)


_RUN = """
import sys
from pathlib import Path
from goldengit import checking
from goldengit.repository.store import opened
with opened(Path(sys.argv[1])) as store:
    report = checking.judge(checking.whole(store, sys.argv[2], now=sys.argv[3]))
print([f"{one.rule} {one.place} {one.message}" for one in report.findings])
"""


def test_two_processes_at_once_find_the_same(judged: tuple[GitBox, str]) -> None:
    box, tree = judged
    command = [sys.executable, "-c", _RUN, str(box.folder), tree, NOW]
    environment = os.environ | {"PYTHONPATH": str(Path.cwd())}
    runs = [
        subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True)
        for _ in range(2)
    ]
    outputs = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert outputs == 2 * [f"{_findings(judged)}\n"]


def test_the_cache_holds_facts_alone(judged: tuple[GitBox, str]) -> None:
    """The same bytes under another policy: no row changes, and no verdict stands there."""
    _findings(judged)
    box, tree = judged
    rows = _rows(_file(box))
    policy = standard()["goldengit.yaml"].data.replace(b"reviewer-2:", b"reviewer-22:")
    entries = [line.split(None, 3) for line in box.git("ls-tree", tree).splitlines()]
    other = box.tree(
        [
            (mode, name, box.blob(policy) if name == "goldengit.yaml" else oid)
            for mode, _, oid, name in entries
        ]
    )
    assert len(_findings((box, other))) > len(_findings(judged))
    assert _rows(_file(box)) == rows
    assert not any(
        word in json.dumps(rows) for word in ("GG4", "GG1", "finding", "settled", "verdict")
    )


def _rows(file: Path) -> dict[str, list[str]]:
    with closing(sqlite3.connect(file)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master")]
        found = {
            table: [str(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1")]  # noqa: S608
            for table in tables
            if not table.startswith("sqlite_")
        }
    assert set(found) == {"blob", "month"}
    return found


def test_the_facts_of_pinned_bytes_are_pinned() -> None:
    """Whoever makes facts differently raises FACTS_VERSION, then this pin."""
    from goldengit.repository import facts, facts_cache

    data = house_bytes(golden_path("d", case(1)["id"]), case(1))
    text = case_to_text(facts.facts_of("a" * 40, len(data), data))
    pin = facts_cache.FACTS_VERSION, hashlib.sha256(text.encode()).hexdigest()[:16]
    assert pin == (3, "58aa53906aa4a7ac")
