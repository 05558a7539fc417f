"""A real history, replayed: the audit finds what pygit2 and PyYAML find, and nothing else."""

from collections import Counter
from pathlib import Path

import pygit2
import pytest

from goldengit.auditing.replay import Audit, audit
from goldengit.repository import history
from goldengit.repository.plumbing import Repository
from goldengit.repository.store import opened
from goldengit.rules import all_rules
from tests.gitbox import GitBox
from tests.real_data import oracle, upstream
from tests.real_data.advisories import rewrite

pytestmark = pytest.mark.real_data

_COMMITS = 1813  # first-parent commits of the bundle; the dataset has one more, its set-up
# Nobody moved an entry that had its final number, so no golden case moves either.
_FOUND = {"GG303": 7059, "GG305": 4, "GG306": 106, "GG506": 23, "GG508": 9, "unreadable": 4}
_LIFE = frozenset({"GG301", "GG303", "GG304", "GG305", "GG306", "GG506", "GG508"})
_UNREADABLE = frozenset(f"GG{number}" for number in range(101, 114))


@pytest.fixture
def bundle(real_data: Path) -> Path:
    return real_data / "histories" / "advisories.bundle"


def test_the_differences_of_each_step_are_those_that_pygit2_sees(
    bundle: Path, tmp_path: Path
) -> None:
    """Every first-parent row of the bundle is the same: status, path, modes and blobs."""
    box = GitBox(tmp_path)
    box.git("fetch", "--quiet", str(bundle), "main:main")
    expected = list(upstream.steps(pygit2.Repository(str(tmp_path))))
    repository = Repository.open(tmp_path)
    line = history.first_parents(repository, None, "main")
    assert line == [step.commit for step in expected]
    assert len(line) == _COMMITS
    found = list(repository.diffs([step.trees for step in expected]))
    rows = [
        [
            upstream.Row(
                row.status, row.path, int(row.old_mode, 8), int(row.new_mode, 8), row.old, row.new
            )
            for row in changes
        ]
        for changes in found
    ]
    assert rows == [list(step.rows) for step in expected]
    statuses = Counter(row.status for changes in rows for row in changes)
    assert statuses == {"A": 5125, "M": 9650, "D": 2463}


def test_the_audit_of_a_real_history_finds_what_an_independent_walk_finds(
    bundle: Path, tmp_path: Path
) -> None:
    """Edits, deletions, moves, reused ids, changed appendices and unreadable files are equal."""
    dataset = rewrite(bundle, tmp_path)
    rules = [rule for rule in all_rules() if rule.code in _LIFE | _UNREADABLE]
    with opened(dataset) as store:
        replayed = audit(store, "main", rules=rules)
    expected = oracle.account(pygit2.Repository(str(dataset)))
    found = _found(replayed)
    assert found - expected.findings == set()
    assert expected.findings - found == set()
    assert replayed.walked == _COMMITS + 1
    assert sum(len(step.promoted) for step in replayed.steps) == expected.promoted
    assert sum(len(step.closed) for step in replayed.steps) == expected.closed
    assert Counter(rule for _, rule, _ in found) == _FOUND


def _found(replayed: Audit) -> set[oracle.Found]:
    return {
        (
            step.commit,
            "unreadable" if finding.rule in _UNREADABLE else finding.rule,
            finding.place.path,
        )
        for step, finding in replayed.findings
    }
