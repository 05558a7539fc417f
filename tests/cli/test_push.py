"""What is judged before a push, whoever tells what is pushed."""

import json
from pathlib import Path

import pytest

from goldengit.cli.pushes import Push, parse
from goldengit.errors import CannotJudgeError
from tests import standard
from tests.cli.edits import edit, promote
from tests.cli.running import Ran, git, goldengit, hook
from tests.promoting.bench import Bench

CASE = standard.path_of("golden-1")
ZERO = "0" * 40


@pytest.fixture
def cloned(bench: Bench, tmp_path: Path) -> Bench:
    """Return the standard repository with a remote that is up to date."""
    bench.box.git(
        "init", "--quiet", "--bare", "--initial-branch=main", str(tmp_path / "remote.git")
    )
    bench.box.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    bench.box.git("push", "--quiet", "--set-upstream", "origin", "main")
    return bench


def push(bench: Bench, *lines: str, **more: str) -> Ran:
    return goldengit(
        bench.top,
        "check",
        "--push",
        "--format",
        "json",
        stdin="".join(f"{x}\n" for x in lines),
        **more,
    )


def errors(ran: Ran) -> set[str]:
    """Return the codes of the errors, which are there exactly when the exit code is 1."""
    assert ran.out, ran.err
    found = {one["rule"] for one in json.loads(ran.out)["findings"] if one["severity"] == "error"}
    assert bool(found) is bool(ran.code)
    return found


def line(bench: Bench, remote: str, branch: str = "main", local: str = "HEAD") -> str:
    oid = bench.box.git("rev-parse", local)
    return f"refs/heads/{branch} {oid} refs/heads/{branch} {remote}"


def test_an_edit_pushed_to_a_protected_branch_is_found(cloned: Bench) -> None:
    """The remote's tip is the base, which Git names on the standard input."""
    edit(cloned)
    cloned.commit_all()
    assert "GG303" in errors(push(cloned, line(cloned, cloned.tip)))


def test_a_promotion_pushed_to_a_protected_branch_passes(cloned: Bench) -> None:
    """A legal change is no error."""
    promote(cloned)
    cloned.commit_all()
    assert set() == errors(push(cloned, line(cloned, cloned.tip)))


def test_a_protected_branch_must_continue_from_its_tip(cloned: Bench) -> None:
    """A forced push is told as such."""
    cloned.box.git("commit", "--quiet", "--amend", "--message", "Other.")
    assert "GG309" in errors(push(cloned, line(cloned, cloned.tip)))


def test_a_remote_tip_that_is_unknown_here_cannot_be_judged(cloned: Bench) -> None:
    """Without the commit that is replaced nothing can be said."""
    ran = push(cloned, line(cloned, "1" * 40))
    assert (3, "") == (ran.code, ran.out)
    assert "git fetch" in ran.err


def test_deleting_a_protected_branch_is_an_error_and_another_is_not(cloned: Bench) -> None:
    """A deletion ends the history of main; a topic branch may go."""
    assert {"GG309"} == errors(push(cloned, f"(delete) {ZERO} refs/heads/main {cloned.tip}"))
    assert set() == errors(push(cloned, f"(delete) {ZERO} refs/heads/topic {cloned.tip}"))


def test_a_new_branch_is_judged_from_where_it_left(cloned: Bench) -> None:
    """Zero on the remote side means a new branch: its own commits are judged, all of them."""
    cloned.box.git("switch", "--quiet", "--create", "topic")
    edit(cloned)
    cloned.commit_all()
    (cloned.top / "README.md").write_text("# More\n")
    cloned.commit_all()
    assert "GG303" in errors(push(cloned, line(cloned, ZERO, "topic")))


def test_a_local_main_that_was_never_pushed_hides_nothing(cloned: Bench) -> None:
    """The fork point is the remote's: an edit on the local main is found in any branch from it."""
    edit(cloned)
    cloned.commit_all()
    cloned.box.git("switch", "--quiet", "--create", "topic")
    assert "GG303" in errors(push(cloned, line(cloned, ZERO, "topic")))


def test_several_refs_are_judged_together(cloned: Bench) -> None:
    """The bad one of three refs fails the push."""
    cloned.box.git("tag", "v1")
    cloned.box.git("switch", "--quiet", "--create", "topic")
    edit(cloned)
    cloned.commit_all()
    lines = [
        line(cloned, cloned.tip, "main", "main"),
        line(cloned, ZERO, "topic"),
        f"refs/tags/v1 {cloned.tip} refs/tags/v1 {ZERO}",
    ]
    assert "GG303" in errors(push(cloned, *lines))
    assert set() == errors(push(cloned, lines[0], lines[2]))


def test_a_hook_manager_names_the_ends(cloned: Bench) -> None:
    """pre-commit and prek tell them in variables, and the standard input is then not read."""
    edit(cloned)
    tip = cloned.commit_all()
    told = {"PRE_COMMIT_FROM_REF": cloned.tip, "PRE_COMMIT_TO_REF": tip}
    main = {"PRE_COMMIT_REMOTE_BRANCH": "refs/heads/main"}
    assert "GG303" in errors(push(cloned, "nonsense", **told, **main))
    assert "GG303" in errors(push(cloned, "nonsense", **told))


def test_a_topic_pushed_again_is_judged_whole(cloned: Bench) -> None:
    """Not only what is new since its last push: the fork point is the base."""
    cloned.box.git("switch", "--quiet", "--create", "topic")
    edit(cloned)
    first = cloned.commit_all()
    (cloned.top / "README.md").write_text("# More\n")
    cloned.commit_all()
    told = {"PRE_COMMIT_FROM_REF": first, "PRE_COMMIT_TO_REF": "HEAD"}
    topic = {"PRE_COMMIT_REMOTE_BRANCH": "refs/heads/topic"}
    assert "GG303" in errors(push(cloned, **told, **topic))


def test_when_nobody_tells_everything_from_the_fork_point_is_judged(cloned: Bench) -> None:
    """Silence is not a pass: HEAD is compared with the remote's protected branch."""
    edit(cloned)
    cloned.commit_all()
    assert "GG303" in errors(push(cloned))


def test_a_first_push_is_judged_whole(bench: Bench) -> None:
    """Without any remote branch the whole tree is judged, every file scanned."""
    assert 18 <= json.loads(push(bench).out)["counts"]["judged"]
    (bench.top / "datasets/support/queue/notes.txt").write_text("x\n")
    bench.commit_all()
    assert {"GG208"} == errors(push(bench))


def test_git_itself_is_stopped(cloned: Bench) -> None:
    """A real push through a real hook leaves the remote as it was."""
    hook(cloned.top / ".git" / "hooks", "pre-push", "check", "--push")
    edit(cloned)
    cloned.commit_all()
    ran = git(cloned.top, "push", "origin", "main")
    assert 1 == ran.code
    assert "GG303" in ran.out + ran.err
    assert cloned.tip == cloned.box.git("ls-remote", "origin", "refs/heads/main").split()[0]
    cloned.box.git("reset", "--quiet", "--hard", cloned.tip)
    (cloned.top / "README.md").write_text("# More\n")
    cloned.commit_all()
    assert 0 == git(cloned.top, "push", "origin", "main").code


def test_lines_of_git_are_understood() -> None:
    """New, moved and deleted refs are told apart by their zeros."""
    one, two = "1" * 40, "2" * 40
    text = (
        f"refs/heads/a {one} refs/heads/a {ZERO}\n"
        f"refs/heads/b {one} refs/heads/main {two}\n"
        f"(delete) {ZERO} refs/heads/c {two}\n"
    )
    assert [
        Push(one, None, "refs/heads/a"),
        Push(one, two, "refs/heads/main"),
        Push(None, two, "refs/heads/c"),
    ] == list(parse(text))
    assert ["a", "main", "c"] == [push.branch for push in parse(text)]


@pytest.mark.parametrize("text", ["x", "a b c d", f"refs/heads/a {'1' * 39} refs/heads/a {ZERO}"])
def test_anything_else_on_the_standard_input_cannot_be_judged(text: str) -> None:
    """A line of another form is never skipped."""
    with pytest.raises(CannotJudgeError):
        list(parse(text))
