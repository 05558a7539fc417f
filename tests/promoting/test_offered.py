"""What a branch offers: the golden cases that it adds, as they are committed."""

from pathlib import Path

import pytest

from goldengit.errors import RefusedEditError, UsageError
from goldengit.promoting.offered import offered, remaining
from goldengit.promoting.promote import promote
from tests import standard
from tests.promoting.bench import Bench, judge

CASE, OTHER = standard.id_of("candidate-1"), standard.id_of("candidate-2")
PATH = standard.path_in("golden", "support", CASE)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Return a clone whose HEAD is a branch on which a candidate became golden."""
    bench = Bench(tmp_path / "clone", standard.standard())
    _promote(bench)
    return bench


def _promote(bench: Bench, *, commit: bool = True) -> None:
    pair = {"labeler": "reviewer-1", "confirmer": "reviewer-2"}
    with bench.store() as store:
        promote(store, [CASE], judge=judge, commit=commit, now=standard.NOW, **pair)


def test_a_branch_offers_what_it_makes_golden(bench: Bench) -> None:
    """Candidates and drafts that it was made of are no other files; a README is one."""
    with bench.store() as store:
        found = offered(store)
    assert (f"golden/{CASE}", [PATH], 0) == (found.branch, [f.path for f in found.files], 0)
    (bench.top / "README.md").write_text("# More\n")
    bench.commit_all()
    with bench.store() as store:
        assert 1 == offered(store).others


def test_the_policy_is_that_of_the_base(bench: Bench) -> None:
    """A branch does not say itself whom it asks."""
    bench.write("goldengit.yaml", bench.value("goldengit.yaml") | {"version": 2})
    bench.commit_all()
    with bench.store() as store:
        assert 1 == offered(store).policy.version


def test_what_is_golden_already_does_not_remain(bench: Bench) -> None:
    """By id or path; what main has is no promotion of this branch."""
    words = [CASE, PATH, standard.path_of("candidate-1"), OTHER, standard.id_of("golden-1")]
    with bench.store() as store:
        assert [OTHER, standard.id_of("golden-1")] == remaining(store, words)


def test_a_protected_branch_offers_nothing(bench: Bench) -> None:
    bench.box.git("switch", "--quiet", "main")
    bench.box.git("merge", "--quiet", f"golden/{CASE}")
    with bench.store() as store, pytest.raises(RefusedEditError, match="protected branch main"):
        offered(store)


def test_a_branch_without_promotion_offers_nothing(bench: Bench) -> None:
    bench.box.git("switch", "--quiet", "--create", "topic", "main")
    with bench.store() as store, pytest.raises(RefusedEditError, match="makes nothing golden"):
        offered(store)


def test_a_case_that_cannot_be_read_is_not_offered(bench: Bench) -> None:
    (bench.top / PATH).write_text("schema: [\n")
    bench.commit_all()
    with bench.store() as store, pytest.raises(RefusedEditError, match="could not be read"):
        offered(store)


def test_what_is_not_committed_is_refused(bench: Bench) -> None:
    """Whoever promoted it without a commit decides what goes with it."""
    bench.box.git("switch", "--quiet", "--create", "topic", "main")
    _promote(bench, commit=False)
    with bench.store() as store, pytest.raises(RefusedEditError, match="is not committed"):
        remaining(store, [CASE])


def test_a_detached_head_is_wrong_usage(bench: Bench) -> None:
    """Told before anything is written."""
    bench.box.git("switch", "--quiet", "--detach")
    for question in (offered, lambda store: remaining(store, [CASE])):
        with bench.store() as store, pytest.raises(UsageError, match="HEAD is detached"):
            question(store)
