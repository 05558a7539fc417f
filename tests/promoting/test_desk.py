"""What all verbs share: finding a row, what is refused before any verb begins, interruptions."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from goldengit.errors import GoldengitError, RefusedEditError, UsageError
from goldengit.models.layout import POLICY
from goldengit.promoting.promote import promote
from goldengit.promoting.successor import draft_successor
from goldengit.promoting.withdraw import withdraw
from goldengit.repository.edits import Replacement, editing, steps
from tests import standard
from tests.gitbox import GitBox
from tests.promoting.bench import Bench, judge
from tests.standard import NOW, id_of, path_in, path_of

ROOT = Path(__file__).parents[2]
FIRST = id_of("candidate-1")


def promoted(bench: Bench, *names: str) -> None:
    with bench.store() as store:
        promote(store, names, judge=judge, confirmer="reviewer-2", now=NOW)


def test_without_a_policy_the_way_to_one_is_said(tmp_path: Path) -> None:
    files = {path: blob for path, blob in standard.standard().items() if path != POLICY}
    with pytest.raises(UsageError, match="Run `goldengit init`"):
        promoted(Bench(tmp_path / "clone", files), FIRST)


def test_in_a_bare_repository_nothing_is_edited(box: GitBox) -> None:
    from goldengit.repository.store import opened

    box.git("update-ref", "refs/heads/main", box.commit(standard.standard()))
    with opened(box.folder) as store, pytest.raises(UsageError, match="no work tree"):
        promote(store, [FIRST], judge=judge, confirmer="reviewer-2", now=NOW)


def test_a_row_that_cannot_be_read_is_refused_with_its_line(bench: Bench) -> None:
    path = path_of("candidate-1")
    data = bench.files()[path]
    (bench.top / path).write_bytes(data.replace(b"severity: normal", b"severity: &x normal"))
    with pytest.raises(RefusedEditError, match=rf"{path}:\d+: GG102"):
        promoted(bench, FIRST)


def test_a_row_that_is_a_symbolic_link_is_refused(bench: Bench) -> None:
    path = bench.top / path_of("candidate-1")
    path.unlink()
    path.symlink_to(Path(path_of("candidate-2")).name)
    with pytest.raises(RefusedEditError, match="no regular file"):
        promoted(bench, FIRST)


def test_a_path_is_taken_from_where_the_person_is(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bench.top / "datasets" / "support" / "candidates")
    promoted(bench, f"{FIRST}.yaml")
    assert [] == bench.errors()


def test_a_path_is_taken_from_the_top_too(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(bench.top / "datasets")
    promoted(bench, path_of("candidate-1"))
    assert [] == bench.errors()


def test_a_candidate_must_be_named(bench: Bench) -> None:
    with pytest.raises(UsageError, match="No candidate is named"):
        promoted(bench)


def test_a_candidate_of_a_golden_case_is_not_promoted_over_it(bench: Bench) -> None:
    path = path_in("candidates", "support", id_of("golden-1"))
    bench.write(path, bench.value(path_of("golden-1")))
    with pytest.raises(RefusedEditError, match="golden already"):
        promoted(bench, path)


def test_an_erased_case_cannot_be_withdrawn(bench: Bench) -> None:
    value = bench.value(path_of("golden-1"))
    block = {"reason": "The law.", "at": NOW}
    tomb = standard.erased(value, "support", block, standard.ERASERS)
    bench.write(path_of("golden-1"), tomb)
    with bench.store() as store, pytest.raises(RefusedEditError, match="erased already"):
        withdraw(
            store, id_of("golden-1"), reason="No.", signers=["reviewer-1"], judge=judge, now=NOW
        )


def test_a_successor_that_was_never_linked_leaves_its_id_taken(bench: Bench) -> None:
    bench.box.git("switch", "--quiet", "--create", "work")
    with bench.store() as store:
        first = draft_successor(store, id_of("golden-1"), judge=judge, now=NOW)
    path = first.written[0]
    other = {"trace_id": "another-trace", "spans": []}
    question = {"messages": [{"role": "user", "content": "Something else altogether?"}]}
    bench.write(path, bench.value(path) | {"trace": other, "input": question})
    promoted(bench, path)
    with bench.store() as store:
        second = draft_successor(store, id_of("golden-1"), judge=judge, now=NOW)
    assert first.cases != second.cases
    assert [] == bench.errors()


# -- interrupted -------------------------------------------------------------------------------


def test_the_next_verb_takes_back_what_was_interrupted_and_says_so(bench: Bench) -> None:
    paths = [path_of("queue-1"), path_of("candidate-2")]
    before = bench.files()
    edit = [Replacement(path, before[path], b"half\n") for path in paths]
    with bench.store() as store:
        with editing(store.repository):
            for _ in zip(range(3), steps(store.repository, edit), strict=False):
                pass
        assert b"half\n" == bench.files()[paths[0]]
        done = promote(store, [FIRST], judge=judge, confirmer="reviewer-2", now=NOW)
    assert "was taken back" in done.recovered
    assert before[paths[0]] == bench.files()[paths[0]]
    assert [] == bench.errors()


_CHILD = """
import os, sys
from pathlib import Path
from goldengit.promoting.promote import promote
from goldengit.repository.store import opened
from tests.promoting.bench import judge

Path(".git/pid").write_text(str(os.getpid()))
with opened(Path.cwd()) as store:
    promote(store, [sys.argv[1]], judge=judge, confirmer="reviewer-2", now=sys.argv[2], commit=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="the system has no POSIX signals")
@pytest.mark.parametrize("name", ["pre-commit", "post-commit"])
def test_an_interrupt_during_the_commit_takes_everything_back(bench: Bench, name: str) -> None:
    hook = bench.top / ".git" / "hooks" / name
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nkill -INT $(cat .git/pid)\nexit 1\n")
    hook.chmod(hook.stat().st_mode | stat.S_IXUSR)
    before = bench.files()
    run = subprocess.run(
        [sys.executable, "-c", _CHILD, FIRST, NOW],
        cwd=bench.top,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert run.returncode in {-signal.SIGINT, 1}, run.stderr.decode()
    assert b"KeyboardInterrupt" in run.stderr
    assert before == bench.files()
    assert bench.tip == bench.box.git("rev-parse", "HEAD")
    assert "main" == bench.box.git("branch", "--show-current")
    assert "" == bench.box.git("status", "--porcelain")


def test_two_verbs_at_once_do_not_mix(bench: Bench) -> None:
    refused = pytest.raises(GoldengitError, match="Another goldengit command")
    with bench.store() as store, editing(store.repository), refused:
        promoted(bench, FIRST)
