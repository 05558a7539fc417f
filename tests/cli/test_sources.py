"""Which trees a check compares, at every door."""

import json
from pathlib import Path

import pytest

from tests import standard
from tests.cli.edits import edit, promote
from tests.cli.running import git, goldengit, hook
from tests.gitbox import GitBox
from tests.promoting.bench import Bench

CASE = standard.path_of("golden-1")
HOOK = ("check", "--staged")


def rules(bench: Bench, *words: str, **more: str) -> set[tuple[str, str]]:
    """Return the errors of a check, as (code, path)."""
    ran = goldengit(bench.top, "check", *words, "--format", "json", **more)
    assert ran.out, ran.err
    found = json.loads(ran.out)["findings"]
    errors = {(one["rule"], one["path"]) for one in found if one["severity"] == "error"}
    assert bool(errors) is bool(ran.code)
    return errors


# -- the index ---------------------------------------------------------------------------------


def test_staged_judges_the_index_and_not_the_work_tree(edited: Bench) -> None:
    """An edit counts once it is staged, whatever the work tree holds by then."""
    assert set() == rules(edited, "--staged")
    edited.box.git("add", "--all")
    (edited.top / CASE).write_bytes(edited.box.git("show", f"HEAD:{CASE}").encode() + b"\n")
    assert ("GG303", CASE) in rules(edited, "--staged")


def test_what_a_topic_branch_added_itself_may_still_change(bench: Bench) -> None:
    """On a topic branch the fork point freezes; a case that only the branch has may go again."""
    bench.box.git("switch", "--quiet", "--create", "topic")
    promote(bench)
    bench.commit_all()
    bench.box.git("reset", "--quiet", "--hard", "HEAD~1")
    bench.box.git("reset", "--quiet", "ORIG_HEAD")
    bench.box.git("add", "--all")
    assert set() == rules(bench, "--staged")
    edit(bench)
    bench.box.git("add", "--all")
    assert ("GG303", CASE) in rules(bench, "--staged")


def test_before_the_first_commit_everything_staged_is_judged(tmp_path: Path) -> None:
    """An adoption is judged whole: a good one passes, a case with one reviewer does not."""
    box = GitBox(tmp_path / "new", bare=False)
    for path, blob in standard.standard().items():
        (box.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (box.folder / path).write_bytes(blob.data)
    box.git("add", "--all")
    ran = goldengit(box.folder, "check", "--staged")
    assert 0 == ran.code, ran.out
    (box.folder / CASE).write_text(
        (box.folder / CASE).read_text().replace("reviewer-2", "reviewer-1")
    )
    box.git("add", "--all")
    assert "GG403" in goldengit(box.folder, "check", "--staged").out


def test_a_foreign_index_is_refused(bench: Bench, tmp_path: Path) -> None:
    """GIT_INDEX_FILE may only name a file of this repository's own Git folder."""
    ran = goldengit(bench.top, "check", "--staged", GIT_INDEX_FILE=str(tmp_path / "index"))
    assert 3 == ran.code
    assert "GIT_INDEX_FILE" in ran.err


@pytest.mark.parametrize("words", [["--all"], [CASE], ["--only", CASE], ["--include", CASE]])
def test_every_form_of_commit_is_seen_by_the_hook(edited: Bench, words: list[str]) -> None:
    """Git hands some commits an index of their own; the edit is found in each."""
    hook(edited.top / ".git" / "hooks", "pre-commit", *HOOK)
    ran = git(edited.top, "commit", *words, "--message", "Edit.")
    assert 1 == ran.code
    assert "GG303 golden-edited" in ran.out + ran.err
    assert edited.tip == edited.box.git("rev-parse", "HEAD")


def test_a_commit_of_another_path_is_not_blamed_for_the_edit(edited: Bench) -> None:
    """What is staged but left out of this commit is judged when it is committed."""
    hook(edited.top / ".git" / "hooks", "pre-commit", *HOOK)
    edited.box.git("add", "--all")
    (edited.top / "README.md").write_text("# Cases\n")
    ran = git(edited.top, "commit", "README.md", "--message", "Words.")
    assert 0 == ran.code, ran.out + ran.err


def test_a_linked_work_tree_is_judged_by_its_own_index(bench: Bench, tmp_path: Path) -> None:
    """A hook in a linked work tree inherits GIT_DIR, and still judges what is staged there."""
    linked = tmp_path / "linked"
    bench.box.git("worktree", "add", "--quiet", "-b", "topic", str(linked))
    hook(bench.top / ".git" / "hooks", "pre-commit", *HOOK)
    case = linked / CASE
    case.write_text(case.read_text().replace("severity: normal", "severity: low"))
    ran = git(linked, "commit", "--all", "--message", "Edit.")
    assert 1 == ran.code
    assert "GG303" in ran.out + ran.err
    assert set() == rules(bench, "--staged")


# -- the work tree -----------------------------------------------------------------------------


def test_all_judges_the_work_tree_whatever_is_staged(bench: Bench) -> None:
    """A file that nobody added yet is judged as well."""
    (bench.top / "datasets/support/queue/notes.txt").write_text("x\n")
    assert {("GG208", "datasets/support/queue/notes.txt")} == rules(bench)
    assert set() == rules(bench, "--staged")


def test_a_bare_repository_is_judged_at_its_head(bench: Bench, tmp_path: Path) -> None:
    """Without a work tree, --all means HEAD, and paths start at the root."""
    bare = tmp_path / "bare.git"
    bench.box.git("clone", "--quiet", "--bare", ".", str(bare))
    ran = goldengit(bare, "check", CASE)
    assert (0, "(HEAD)") == (ran.code, ran.out.split()[-1].rstrip(".")), ran.err


def test_a_folder_inside_is_as_good_as_the_top(bench: Bench) -> None:
    """The repository is found from any folder in it; -C goes there first."""
    inside = bench.top / "datasets" / "support"
    assert goldengit(bench.top, "check").out == goldengit(inside, "check").out
    assert (
        goldengit(bench.top, "check").out == goldengit(bench.top.parent, "-C", "clone", "check").out
    )


# -- paths -------------------------------------------------------------------------------------


def test_paths_choose_what_is_shown_and_what_counts(bench: Bench) -> None:
    """Findings elsewhere are counted and do not fail the check of a path."""
    (bench.top / "datasets/support/queue/notes.txt").write_text("x\n")
    assert 1 == goldengit(bench.top, "check", "datasets/support").code
    ran = goldengit(bench.top, "check", "datasets/grading")
    assert 0 == ran.code
    assert "elsewhere" in ran.out
    inside = goldengit(bench.top / "datasets", "check", "grading", "support/golden")
    assert 0 == inside.code
    assert 1 == goldengit(bench.top / "datasets", "check", ".").code
    assert (
        1 == goldengit(bench.top, "check", str(bench.top / "datasets/support/queue/notes.txt")).code
    )


def test_a_path_that_the_change_deletes_is_a_path(bench: Bench) -> None:
    """What is only in the base can be asked for."""
    (bench.top / CASE).unlink()
    bench.box.git("add", "--all")
    assert ("GG306", CASE) in rules(bench, "--staged", CASE)


# -- a range -----------------------------------------------------------------------------------


def test_a_range_judges_the_merge_result(bench: Bench) -> None:
    """What the base branch gained meanwhile is not taken for a deletion."""
    bench.box.git("switch", "--quiet", "--create", "topic")
    (bench.top / "README.md").write_text("# Topic\n")
    bench.commit_all()
    bench.box.git("switch", "--quiet", "main")
    promote(bench)
    bench.commit_all()
    assert set() == rules(bench, "--range", "main..topic")


def test_a_range_finds_what_a_branch_edits(edited: Bench) -> None:
    """An edit on a branch is an edit of the merge result."""
    edited.box.git("switch", "--quiet", "--create", "topic")
    edited.commit_all()
    assert ("GG303", CASE) in rules(edited, "--range", "main..topic")
