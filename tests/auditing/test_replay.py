"""Replay: each illegal step is found at its commit, judged by what was in force before it."""

from collections.abc import Iterable, Sequence

import pytest

from goldengit.auditing.replay import Audit, audit
from goldengit.errors import CannotJudgeError, UsageError
from goldengit.models.layout import POLICY
from goldengit.repository.store import opened
from tests.edits import Edit, apply
from tests.gitbox import EPOCH, Files, GitBox
from tests.scenarios import rules_of
from tests.standard import id_of, path_of, standard

# What a rule says of the person who commits is not the question here.
ABOUT_COMMITS = {"GG401", "GG417"}


class Line:
    """A branch that grows by one step at a time."""

    def __init__(self, box: GitBox) -> None:
        self.box = box
        self.files: Files = standard()
        self.commits = [box.commit(self.files)]

    def step(self, *edits: Edit) -> str:
        """Commit the files after these edits; return the commit."""
        self.files = apply(self.files, edits)
        self.commits.append(self.box.commit(self.files, self.commits[-1:]))
        return self.commits[-1]


def _audit(box: GitBox, tip: str) -> Audit:
    with opened(box.folder) as store:
        return audit(store, tip)


def _found(result: Audit) -> list[tuple[str, str]]:
    return [
        (step.commit, finding.rule)
        for step, finding in result.findings
        if finding.rule not in ABOUT_COMMITS
    ]


def _at(time: int) -> str:
    """Return the moment of the box's commit with this number, an hour apart."""
    from datetime import UTC, datetime

    return datetime.fromtimestamp(EPOCH + 3600 * time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def line(box: GitBox, monkeypatch: pytest.MonkeyPatch) -> Line:
    """Return a line whose commits are a day later than the standard repository."""
    monkeypatch.setattr("tests.gitbox.EPOCH", EPOCH + 84 * 86400)
    return Line(box)


ILLEGAL: dict[str, tuple[Sequence[Edit], set[str]]] = {
    "an edit": (
        [{"replace": {"path": "{golden-1}", "old": "severity: normal", "new": "severity: low"}}],
        {"GG303"},
    ),
    "a deletion": ([{"delete": {"path": "{golden-1}"}}], {"GG306"}),
    "a demotion": ([{"move": {"from": "{golden-1}", "to": "{new-1}.x"}}], {"GG304", "GG208"}),
    "a promotion by one": (
        [{"promote": {"row": "candidate-1", "sign": ["reviewer-1:labeler"]}}],
        {"GG413"},
    ),
    "a shrunk roster": (
        [{"set": {"path": POLICY, "unset": ["roster.reviewer-2"]}}],
        {"GG704", "GG705"},
    ),
}


@pytest.mark.parametrize(("edits", "expected"), ILLEGAL.values(), ids=ILLEGAL)
def test_an_illegal_step_is_found_at_its_own_commit_and_only_there(
    edits: Sequence[Edit], expected: set[str], line: Line
) -> None:
    line.step({"write": {"path": "README.md", "text": "other"}})
    bad = line.step(*edits)
    line.step({"write": {"path": "README.md", "text": "more"}})
    result = _audit(line.box, line.commits[-1])
    found = _found(result)
    assert {commit for commit, _ in found} == {bad}
    assert expected <= {rule for _, rule in found}
    assert (result.failed, result.walked, result.tip) == (True, 4, line.commits[-1])


def test_a_legal_life_has_no_finding_and_each_step_says_what_it_did(line: Line) -> None:
    promoted = line.step({"promote": {"row": "candidate-1"}})
    closed = line.step({"withdraw": {"row": "golden-1"}})
    line.step({"write": {"path": "README.md", "text": "no data"}})
    erased = line.step({"erase": {"row": "golden-2"}})
    result = _audit(line.box, line.commits[-1])
    assert _found(result) == []
    told = {step.commit: (step.promoted, step.closed, step.erased) for step in result.steps}
    assert told[promoted] == ((id_of("candidate-1"),), (), ())
    assert told[closed] == ((), (id_of("golden-1"),), ())
    assert told[erased] == ((), (), (id_of("golden-2"),))
    assert len(told[line.commits[0]][0]) == 5  # the adoption
    assert [step.commit for step in result.steps] == [line.commits[0], promoted, closed, erased]
    assert result.walked == 5


def test_an_id_that_comes_back_steps_later_is_found(line: Line) -> None:
    data = line.files[path_of("golden-1")].data.decode()
    gone = line.step({"delete": {"path": "{golden-1}"}})
    line.step({"write": {"path": "README.md", "text": "other"}})
    text = data.replace("severity: normal", "severity: low")
    back = line.step({"write": {"path": "{golden-1}", "text": text}})
    found = _found(_audit(line.box, line.commits[-1]))
    assert (gone, "GG306") in found
    assert (back, "GG305") in found


def test_a_case_that_is_brought_back_byte_for_byte_is_a_repair(line: Line) -> None:
    data = line.files[path_of("golden-1")].data.decode()
    gone = line.step({"delete": {"path": "{golden-1}"}})
    back = line.step({"write": {"path": "{golden-1}", "text": data}})
    found = _found(_audit(line.box, line.commits[-1]))
    assert (gone, "GG306") in found
    assert back not in {commit for commit, _ in found}


def test_an_id_from_before_the_audit_that_comes_back_is_found(line: Line) -> None:
    """It stood there where continuity begins, and the audited line only ever removed it."""
    data = line.files[path_of("golden-1")].data.decode()
    start = line.commits[0]
    edit = {"path": POLICY, "values": {"history": {"continuity_start": start}, "version": 2}}
    line.step({"set": edit})
    line.step({"delete": {"path": "{golden-1}"}})
    text = data.replace("severity: normal", "severity: low")
    back = line.step({"write": {"path": "{golden-1}", "text": text}})
    result = _audit(line.box, line.commits[-1])
    assert (back, "GG305") in _found(result)


def test_the_audit_begins_after_the_start_of_continuity(line: Line) -> None:
    line.step({"delete": {"path": "{golden-1}"}})
    start = line.commits[-1]
    edit = {"path": POLICY, "values": {"history": {"continuity_start": start}, "version": 2}}
    line.step({"set": edit})
    result = _audit(line.box, line.commits[-1])
    assert (result.start, result.walked) == (start, 1)
    assert "GG306" not in {rule for _, rule in _found(result)}


def test_continuity_that_begins_on_a_side_branch_is_refused(line: Line) -> None:
    """The first step would be compared with a tree that never was the branch's."""
    box, root = line.box, line.commits[0]
    side = box.commit(apply(line.files, [{"delete": {"path": "{golden-1}"}}]), [root])
    edit = {"path": POLICY, "values": {"history": {"continuity_start": side}, "version": 2}}
    merge = box.commit(apply(line.files, [{"set": edit}]), [root, side])
    with pytest.raises(CannotJudgeError, match="is not on the first-parent line"):
        _audit(box, merge)


def test_a_merge_is_judged_as_one_step_from_its_first_parent(line: Line) -> None:
    """What a branch did and undid is no step of the main line; what the merge brings is."""
    box, root = line.box, line.commits[0]
    deleted = apply(line.files, [{"delete": {"path": "{golden-1}"}}])
    side = box.commit(line.files, [box.commit(deleted, [root])])
    harmless = box.commit(line.files, [root, side])
    evil = box.commit(deleted, [harmless, box.commit(deleted, [root])])
    found = _found(_audit(box, evil))
    assert {commit for commit, _ in found} == {evil}
    assert "GG306" in {rule for _, rule in found}


def test_times_are_judged_by_the_commit_and_not_by_today(box: GitBox) -> None:
    """The standard repository is dated after this commit, so all of its times are yet to come."""
    commit = box.commit(standard())
    result = _audit(box, commit)
    (step,) = result.steps
    assert step.at == _at(1)
    late = {finding.place.path for _, finding in result.findings if finding.rule == "GG314"}
    expected = {
        row for row in ("candidate-1", "candidate-2", "queue-1") if step.at[:10] < "2026-08-03"
    }
    assert {path_of(row) for row in expected} <= late
    assert path_of("golden-1") not in late


def test_the_policy_before_a_step_judges_it(line: Line) -> None:
    """A lower bar that comes with the data does not hold for them."""
    edits: Iterable[Edit] = [
        {"set": {"path": POLICY, "values": {"signoffs": {"threshold": 3}, "version": 2}}}
    ]
    line.step(*edits)
    bad = line.step(
        {"promote": {"row": "candidate-1"}},
        {"set": {"path": POLICY, "values": {"signoffs": {"threshold": 2}, "version": 3}}},
    )
    found = _found(_audit(line.box, line.commits[-1]))
    assert {(bad, "GG413"), (bad, "GG702"), (bad, "GG704")} <= set(found)


def test_rules_can_be_narrowed_and_progress_is_told(line: Line) -> None:
    line.step({"delete": {"path": "{golden-1}"}}, {"promote": {"row": "candidate-1", "sign": []}})
    told: list[tuple[int, int]] = []
    with opened(line.box.folder) as store:
        result = audit(
            store,
            line.commits[-1],
            rules=rules_of("GG306"),
            progress=lambda done, all_: told.append((done, all_)),
        )
    assert {finding.rule for _, finding in result.findings} == {"GG306"}
    assert told == [(1, 2), (2, 2)]


def test_a_tip_that_is_no_commit_is_a_usage_error(box: GitBox) -> None:
    with pytest.raises(UsageError, match="names no commit"):
        _audit(box, "HEAD")
