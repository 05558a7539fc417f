"""Sources: the index, the work tree, where a branch left, and what a merge gives."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from goldengit.errors import CannotJudgeError
from goldengit.repository import sources
from goldengit.repository.plumbing import Repository
from tests.gitbox import Blob, GitBox, clean_environment

ROW = "datasets/d/candidates/a.yaml"


class Desk(GitBox):
    """A repository with a work tree, in which people edit."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, bare=False)
        self.write(ROW, "one")
        self.write("datasets/d/candidates/b.yaml", "two")
        self.save()

    def write(self, path: str, text: str | bytes) -> None:
        """Write a file, folders included."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)

    def save(self, message: str = "x") -> str:
        """Commit all that is there; return the commit."""
        self.git("add", "-A")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def listed(self, tree: str) -> dict[str, tuple[str, str]]:
        """Return path to mode and content of a tree."""
        found = {}
        for line in self.git("ls-tree", "-r", "-z", tree).split("\0"):
            if line:
                head, path = line.split("\t", 1)
                mode, kind, oid = head.split(" ")
                found[path] = (mode, self.git("cat-file", "blob", oid) if kind == "blob" else oid)
        return found

    def work_tree(self) -> dict[str, tuple[str, str]]:
        """Return the work tree source's tree; what is staged must stay as it is."""
        before = self.staged()
        tree = sources.work_tree(Repository.open(self.folder))
        assert self.staged() == before
        return self.listed(tree)

    def staged(self) -> str:
        """Return every entry of the index, with its flags."""
        return self.git("ls-files", "-s", "-v", "-f", "-z")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a repository with two committed files."""
    return Desk(tmp_path / "desk")


# -- the index -----------------------------------------------------------------------------------


def test_the_index_is_what_was_added_and_stays_as_it_was(desk: Desk) -> None:
    desk.write(ROW, "staged")
    desk.git("add", "-A")
    desk.write(ROW, "later")
    before = desk.staged()
    assert desk.listed(sources.index_tree(Repository.open(desk.folder)))[ROW] == (
        "100644",
        "staged",
    )
    assert desk.staged() == before


def test_a_lock_of_another_command_does_not_matter(desk: Desk) -> None:
    (desk.folder / ".git" / "index.lock").touch()
    repository = Repository.open(desk.folder)
    assert sources.index_tree(repository) == repository.tree_of("HEAD")
    assert sources.work_tree(repository) == repository.tree_of("HEAD")


_HOOK = """#!/bin/sh
exec {python} -c "
import os
from goldengit.repository import environment, sources
from goldengit.repository.plumbing import Repository
from pathlib import Path
environment.purge(os.environ)
tree = sources.index_tree(Repository.open(Path.cwd()), os.environ.get('GIT_INDEX_FILE'))
Path('{out}').write_text(tree)
"
"""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["-a"], {ROW: "new", "datasets/d/candidates/b.yaml": "new"}),
        ([ROW], {ROW: "new", "datasets/d/candidates/b.yaml": "two"}),
        (["-i", ROW], {ROW: "new", "datasets/d/candidates/b.yaml": "staged"}),
        ([], {ROW: "one", "datasets/d/candidates/b.yaml": "staged"}),
    ],
)
def test_a_hook_sees_the_tree_that_the_running_commit_makes(
    words: list[str], expected: dict[str, str], desk: Desk, tmp_path: Path
) -> None:
    """`git commit -a` and `git commit PATH` have an index of their own."""
    if words not in (["-a"], [ROW]):
        desk.write("datasets/d/candidates/b.yaml", "staged")
        desk.git("add", "-A")
    for path in (ROW, "datasets/d/candidates/b.yaml"):
        desk.write(path, "new")
    hook, out = desk.folder / ".git" / "hooks" / "pre-commit", tmp_path / "seen"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(_HOOK.format(python=sys.executable, out=out))
    hook.chmod(0o755)
    environment = clean_environment() | {"PYTHONPATH": str(Path.cwd())}
    subprocess.run(
        ["git", "commit", "-qm", "y", *words], cwd=desk.folder, env=environment, check=True
    )
    assert out.read_text() == desk.git("rev-parse", "HEAD^{tree}")
    assert {path: text for path, (_, text) in desk.listed("HEAD").items()} == expected


def test_an_index_outside_of_the_git_folder_is_refused(desk: Desk, tmp_path: Path) -> None:
    """It could show a check something else than what is committed."""
    elsewhere = tmp_path / "index"
    shutil.copy(desk.folder / ".git" / "index", elsewhere)
    link = desk.folder / ".git" / "link"
    link.symlink_to(elsewhere)
    repository = Repository.open(desk.folder)
    for name in (str(elsewhere), "../index", "index", str(link), f"{desk.folder}/.git/../x"):
        with pytest.raises(CannotJudgeError, match="not in this repository's Git folder"):
            sources.index_tree(repository, name)
    tree = repository.tree_of("HEAD")
    for name in (".git/index", f"{desk.folder}/.git/index", "./.git/refs/../index"):
        assert sources.index_tree(repository, name) == tree


def test_an_unmerged_index_is_a_sentence_with_a_remedy(desk: Desk) -> None:
    main = desk.git("rev-parse", "HEAD")
    desk.write(ROW, "ours")
    desk.save()
    desk.git("checkout", "--quiet", "-b", "side", main)
    desk.write(ROW, "theirs")
    desk.save()
    run = subprocess.run(
        ["git", "merge", "main"],
        cwd=desk.folder,
        env=clean_environment(),
        capture_output=True,
        check=False,
    )
    assert run.returncode == 1
    with pytest.raises(
        CannotJudgeError, match=f"cannot become a tree: .*{ROW}: unmerged"
    ) as caught:
        sources.index_tree(Repository.open(desk.folder))
    assert caught.value.remedy == "Resolve the conflicts, then `git add` the files."


def test_what_is_only_intended_to_be_added_is_in_the_work_tree_and_not_in_the_index(
    desk: Desk,
) -> None:
    desk.write("datasets/d/new", "soon")
    desk.git("add", "-N", "datasets/d/new")
    assert "datasets/d/new" not in desk.listed(sources.index_tree(Repository.open(desk.folder)))
    assert desk.work_tree()["datasets/d/new"] == ("100644", "soon")


def test_without_an_index_the_tree_is_empty(tmp_path: Path) -> None:
    repository = Repository.open(GitBox(tmp_path / "new", bare=False).folder)
    assert sources.index_tree(repository) == repository.empty_tree
    assert sources.work_tree(repository) == repository.empty_tree


def test_the_index_of_a_linked_work_tree_is_its_own(desk: Desk, tmp_path: Path) -> None:
    desk.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"))
    (tmp_path / "linked" / ROW).write_text("linked")
    linked = Repository.open(tmp_path / "linked")
    assert desk.listed(sources.work_tree(linked))[ROW] == ("100644", "linked")
    assert desk.listed(sources.index_tree(linked, str(linked.git_dir / "index")))[ROW][1] == "one"


# -- the work tree -------------------------------------------------------------------------------


def test_a_clean_work_tree_is_heads_tree(desk: Desk) -> None:
    assert desk.work_tree() == desk.listed("HEAD")


def test_the_work_tree_has_new_changed_and_executable_files_and_not_the_deleted(desk: Desk) -> None:
    desk.write(ROW, "changed")
    (desk.folder / "datasets/d/candidates/b.yaml").unlink()
    desk.write("datasets/d/new", "new")
    desk.write("evaluators/e/run", "x")
    (desk.folder / "evaluators/e/run").chmod(0o755)
    (desk.folder / "datasets/link").symlink_to("d")
    assert desk.work_tree() == {
        ROW: ("100644", "changed"),
        "datasets/d/new": ("100644", "new"),
        "evaluators/e/run": ("100755", "x"),
        "datasets/link": ("120000", "d"),
    }


def test_a_change_that_keeps_size_and_time_is_seen(desk: Desk) -> None:
    target = desk.folder / ROW
    stat = target.stat()
    target.write_text("eno")
    os.utime(target, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    os.utime(desk.folder / ".git" / "index", ns=(stat.st_mtime_ns, stat.st_mtime_ns))
    assert desk.work_tree()[ROW] == ("100644", "eno")


def test_ignored_files_and_what_is_no_data_stay_out(desk: Desk) -> None:
    desk.write(".gitignore", "*.tmp\n")
    desk.write("datasets/d/x.tmp", "x")
    desk.write("other/y", "y")
    assert desk.work_tree() == desk.listed("HEAD")
    desk.git("add", "-f", "datasets/d/x.tmp")
    desk.write("datasets/d/x.tmp", "known files count, ignored or not")
    assert "datasets/d/x.tmp" in desk.work_tree()


@pytest.mark.parametrize(
    "name", [":colon", "new\nline", "tab\t", 'quote"', "-n", "*", " ", "é", "\udcff", "a\\b", "[x]"]
)
def test_files_of_any_name_are_in_the_work_tree(name: str, desk: Desk) -> None:
    desk.write(f"datasets/{name}", "x")
    assert desk.work_tree()[f"datasets/{name}"] == ("100644", "x")


def test_a_folder_that_became_a_file_and_a_file_that_became_a_folder(desk: Desk) -> None:
    desk.write("datasets/f", "file")
    desk.write("datasets/g/x", "x")
    desk.save()
    (desk.folder / "datasets/f").unlink()
    desk.write("datasets/f/y", "y")
    shutil.rmtree(desk.folder / "datasets/g")
    desk.write("datasets/g", "file")
    found = desk.work_tree()
    assert found["datasets/f/y"] == ("100644", "y")
    assert found["datasets/g"] == ("100644", "file")
    assert "datasets/f" not in found
    desk.git("add", "-A")
    assert desk.listed(desk.git("write-tree")) == found


def test_a_repository_inside_is_the_submodule_that_git_would_make_of_it(desk: Desk) -> None:
    inner = Desk(desk.folder / "datasets" / "inner")
    assert desk.work_tree()["datasets/inner"] == ("160000", inner.git("rev-parse", "HEAD"))


def test_line_endings_are_what_git_would_store(desk: Desk) -> None:
    desk.git("config", "core.autocrlf", "true")
    desk.write("datasets/d/new", "a\r\nb\r\n")
    oid = desk.git("rev-parse", f"{sources.work_tree(Repository.open(desk.folder))}:datasets/d/new")
    assert desk.git("cat-file", "blob", oid) == "a\nb"
    desk.write(".gitattributes", "datasets/** -text -merge\n")
    oid = desk.git("rev-parse", f"{sources.work_tree(Repository.open(desk.folder))}:datasets/d/new")
    assert desk.git("cat-file", "-s", oid) == "6"


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_what_a_person_told_git_to_overlook_is_as_in_the_index(flag: str, desk: Desk) -> None:
    """Committing everything would overlook it as well; what is committed is judged from trees."""
    desk.git("update-index", flag, ROW)
    desk.write(ROW, "hidden")
    assert desk.work_tree()[ROW] == ("100644", "one")


def test_a_bare_repository_stands_at_its_head(box: GitBox) -> None:
    box.git("update-ref", "refs/heads/main", box.commit({"datasets/a": Blob(b"1")}))
    repository = Repository.open(box.folder)
    assert sources.work_tree(repository) == repository.tree_of("main")


# -- where a branch left -------------------------------------------------------------------------


def _line(box: GitBox, count: int) -> list[str]:
    commits: list[str] = []
    for number in range(count):
        commits.append(box.commit({"a": Blob(b"%d" % number)}, commits[-1:]))
    return commits


def _fork(box: GitBox, *branches: str, tip: str = "HEAD") -> str | None:
    return sources.fork_point(Repository.open(box.folder), branches or ("main",), tip)


def test_a_protected_branch_is_frozen_up_to_its_own_tip(box: GitBox) -> None:
    one, two = _line(box, 2)
    box.git("update-ref", "refs/heads/main", two)
    box.git("update-ref", "refs/remotes/origin/main", one)
    assert _fork(box) == two


def test_a_topic_branch_is_frozen_up_to_where_it_left_the_newest_protected_branch(
    box: GitBox,
) -> None:
    one, two, three = _line(box, 3)
    topic = box.commit({"b": Blob(b"1")}, [two])
    box.git("update-ref", "refs/heads/topic", topic)
    box.git("symbolic-ref", "HEAD", "refs/heads/topic")
    assert _fork(box) == topic  # nothing is protected yet
    box.git("update-ref", "refs/heads/main", one)
    assert _fork(box) == one
    box.git("update-ref", "refs/remotes/origin/main", three)
    assert _fork(box) == two
    assert _fork(box, "release") == topic
    box.git("update-ref", "refs/heads/release", one)
    assert _fork(box, "main", "release") == two
    assert _fork(box, tip="refs/remotes/origin/main") == three


def test_names_that_only_resemble_a_protected_branch_protect_nothing(box: GitBox) -> None:
    one, two = _line(box, 2)
    box.git("update-ref", "refs/heads/topic", two)
    box.git("symbolic-ref", "HEAD", "refs/heads/topic")
    for name in (
        "refs/heads/x/main",
        "refs/heads/mainx",
        "refs/tags/main",
        "refs/remotes/o/x/main",
    ):
        box.git("update-ref", name, one)
    box.git("update-ref", "refs/heads/x\u2028refs/heads/main", one)  # a separator in a name
    assert _fork(box) == two


def test_a_detached_head_and_a_rebase_are_frozen_up_to_the_merge_base(desk: Desk) -> None:
    first = desk.git("rev-parse", "HEAD")
    desk.git("checkout", "--quiet", "-b", "topic")
    desk.write("datasets/t", "t")
    desk.save()
    desk.git("checkout", "--quiet", "main")
    desk.write("datasets/t", "other")
    main = desk.save()
    desk.git("checkout", "--quiet", "--detach", "topic")
    assert _fork(desk) == first
    desk.git("checkout", "--quiet", "topic")
    command = ["git", "rebase", "main"]
    run = subprocess.run(
        command, cwd=desk.folder, env=clean_environment(), capture_output=True, check=False
    )
    assert run.returncode == 1
    assert (desk.folder / ".git" / "rebase-merge").exists()
    assert _fork(desk) == main


def test_without_a_commit_there_is_no_fork_point(box: GitBox) -> None:
    assert _fork(box) is None
    root, other = box.commit({"a": Blob(b"1")}), box.commit({"b": Blob(b"1")})
    box.git("update-ref", "refs/heads/main", root)
    box.git("update-ref", "--no-deref", "HEAD", other)
    assert _fork(box) == other  # unrelated to what is protected


# -- merges --------------------------------------------------------------------------------------

BASE = {"datasets/a": Blob(b"1\n"), "datasets/b": Blob(b"1\n"), "other": Blob(b"1\n")}


def _merged(
    box: GitBox, ours: dict[str, Blob | None], theirs: dict[str, Blob | None]
) -> sources.Merged:
    root = box.commit(BASE)
    tips = [
        box.commit({path: blob for path, blob in (BASE | side).items() if blob is not None}, [root])
        for side in (ours, theirs)
    ]
    return sources.merged(Repository.open(box.folder), *tips)


def test_a_clean_merge_has_what_both_sides_did_and_no_complaint(box: GitBox) -> None:
    found = _merged(
        box, {"datasets/a": None}, {"datasets/b": Blob(b"2\n"), "datasets/c": Blob(b"c")}
    )
    assert box.git("ls-tree", "-r", "--name-only", found.tree).split() == [
        "datasets/b", "datasets/c", "other",
    ]  # fmt: skip
    assert (found.merge.conflicts, found.merge.two_sided, len(found.merge.bases)) == ((), (), 1)


def test_a_branch_that_is_up_to_date_or_behind_merges_into_the_newer_tree(box: GitBox) -> None:
    one, two = _line(box, 2)
    repository = Repository.open(box.folder)
    for pair in ((one, two), (two, one), (two, two)):
        found = sources.merged(repository, *pair)
        assert found.tree == repository.tree_of(two)
        assert found.merge.bases == (one if one in pair else two,)


def test_conflicts_of_any_name_are_listed_and_the_heads_tree_is_judged(box: GitBox) -> None:
    names = ["datasets/new\nline", "datasets/\udcff", "datasets/a"]
    ours = {name: Blob(b"2\n") for name in names}
    theirs = {name: Blob(b"3\n") for name in names}
    found = _merged(box, dict(ours), dict(theirs))
    assert found.merge.conflicts == tuple(sorted(names))
    assert sorted(box.git("ls-tree", "-rz", "--name-only", found.tree).split("\0")[:-1]) == sorted(
        {*BASE, *names}
    )


def test_an_edit_against_a_deletion_is_a_conflict(box: GitBox) -> None:
    assert _merged(box, {"datasets/a": None}, {"datasets/a": Blob(b"2\n")}).merge.conflicts == (
        "datasets/a",
    )


def test_a_data_file_that_both_sides_changed_is_two_sided_though_it_merges(box: GitBox) -> None:
    text = b"".join(b"%d\n" % number for number in range(30))
    before = {"datasets/a": Blob(text), "other": Blob(text)}
    root = box.commit(before)
    ours, theirs = (text.replace(old, b"x\n") for old in (b"2\n3\n", b"27\n"))
    tips = [
        box.commit({"datasets/a": Blob(side), "other": Blob(side)}, [root])
        for side in (ours, theirs)
    ]
    found = sources.merged(Repository.open(box.folder), *tips)
    assert (found.merge.conflicts, found.merge.two_sided) == ((), ("datasets/a",))


def test_the_same_edit_on_both_sides_is_not_two_sided(box: GitBox) -> None:
    same = {"datasets/a": Blob(b"2\n")}
    assert _merged(box, dict(same), same | {"datasets/b": None}).merge.two_sided == ()


def test_a_move_against_an_edit_is_never_merged_silently(box: GitBox) -> None:
    """Git may carry the edit over to the new place; some versions do so whatever one sets."""
    text = Blob(b"".join(b"%d\n" % number for number in range(50)))
    root = box.commit({"datasets/a": text})
    moved = box.commit({"datasets/z": text}, [root])
    edited = box.commit({"datasets/a": Blob(text.data + b"more\n")}, [root])
    for pair in ((moved, edited), (edited, moved)):
        merge = sources.merged(Repository.open(box.folder), *pair).merge
        assert {*merge.conflicts, *merge.two_sided} == {"datasets/a"}


def test_criss_cross_and_unrelated_histories_have_not_one_base(box: GitBox) -> None:
    root = box.commit({"a": Blob(b"1")})
    left, right = (box.commit({"a": Blob(text)}, [root]) for text in (b"2", b"3"))
    one = box.commit({"a": Blob(b"4")}, [left, right])
    two = box.commit({"a": Blob(b"5")}, [right, left])
    repository = Repository.open(box.folder)
    crossed = sources.merged(repository, one, two)
    assert sorted(crossed.merge.bases) == sorted([left, right])
    assert crossed.tree == repository.tree_of(two)
    alone = sources.merged(repository, one, box.commit({"b": Blob(b"1")}))
    assert alone.merge.bases == ()


def test_a_merge_driver_of_the_repository_is_never_run(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "desk")
    sign = tmp_path / "ran"
    desk.git("config", "merge.evil.driver", f"touch {sign}; true")
    desk.write(".gitattributes", "datasets/** merge=evil\n")
    root = desk.save()
    tips = []
    for text in ("ours", "theirs"):
        desk.git("checkout", "--quiet", "--detach", root)
        desk.write(ROW, text)
        tips.append(desk.save())
    found = sources.merged(Repository.open(desk.folder), *tips)
    assert found.merge.conflicts or found.merge.two_sided == (ROW,)


def test_ancestry(box: GitBox) -> None:
    one, two = _line(box, 2)
    repository = Repository.open(box.folder)
    ask: Callable[[str, str], bool] = lambda old, new: sources.is_ancestor(repository, old, new)  # noqa: E731
    assert [ask(one, two), ask(two, one), ask(one, one)] == [True, False, True]
    with pytest.raises(CannotJudgeError):
        ask(one, "f" * 40)
