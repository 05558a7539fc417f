"""Attack T46: a protected branch that is rewritten."""

from dataclasses import replace

from goldengit import checking
from goldengit.cli.pushes import Push, change_of_push
from goldengit.repository.store import opened
from tests.edits import apply
from tests.gitbox import GitBox
from tests.standard import NOW, standard


def _pushed(box: GitBox, old: str, new: str) -> set[str]:
    with opened(box.folder) as store:
        push = Push(local=new, remote=old, ref="refs/heads/main")
        change = change_of_push(store, push, require_confirmed=False)
        assert change is not None
        return {finding.rule for finding in checking.judge(replace(change, now=NOW)).findings}


def test_t46_a_forced_push_is_refused(shared_box: GitBox) -> None:
    """The new tip holds the same files, so only the missing ancestry shows it."""
    start = shared_box.commit(standard())
    files = apply(standard(), [{"case": {"row": "new-1"}}])
    old = shared_box.commit(files, [start])
    rewritten = shared_box.commit(files, [start], author="reviewer-3@example.org")
    assert shared_box.git("diff", "--name-only", old, rewritten) == ""
    assert "GG309" in _pushed(shared_box, old, rewritten)


def test_t46_a_push_that_continues_the_branch_is_accepted(shared_box: GitBox) -> None:
    """What was there stays, and something comes after it."""
    start = shared_box.commit(standard())
    new = shared_box.commit(apply(standard(), [{"case": {"row": "new-1"}}]), [start])
    assert _pushed(shared_box, start, new) == set()
