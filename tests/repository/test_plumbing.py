"""Plumbing: Git's output to the last byte, names that are attacks, clones that are not whole."""

import os
import re
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pygit2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldengit.errors import CannotJudgeError, UsageError
from goldengit.repository.plumbing import RawChange, Repository, parse_raw
from tests.gitbox import GITLINK, REGULAR, SYMLINK, Blob, Files, GitBox

ZERO = "0" * 40
ODD_NAMES = (
    "plain.yaml",
    ":colon first",
    "new\nline",
    "ends\n",
    "tab\there",
    "quote\"s'",
    "back\\slash",
    " space ",
    "-option",
    "*",
    "\udcff\udcfe",
    "é",
    "e\u0301",
    ":100644 100644 " + "a" * 40 + " " + "b" * 40 + " M",
    "a" * 40 + " " + "b" * 40 + "\nx",
    "deep/er/\udc80/file",
)

paths = st.text(
    st.characters(exclude_characters="\0/", exclude_categories=["Cs"]), min_size=1, max_size=20
)
oids = st.text("0123456789abcdef", min_size=40, max_size=40)
modes = st.sampled_from(["100644", "100755", "120000", "160000", "000000"])
changes = st.builds(RawChange, paths, st.sampled_from("AMDT"), modes, modes, oids, oids)
records = st.lists(changes, unique_by=lambda change: change.path, max_size=5)


def _printed(found: list[RawChange]) -> bytes:
    return b"".join(
        f":{c.old_mode} {c.new_mode} {c.old} {c.new} {c.status}\0{c.path}\0".encode() for c in found
    )


# -- the grammar of diff-tree --------------------------------------------------------------------


@given(records)
def test_records_survive_being_printed_and_parsed(found: list[RawChange]) -> None:
    assert parse_raw(_printed(found)) == tuple(found)


@given(records.filter(bool), st.data())
def test_a_changed_byte_is_noticed_or_stands_in_the_result(
    found: list[RawChange], data: st.DataObject
) -> None:
    """What is parsed prints the same bytes again, so nothing is ever dropped or guessed."""
    output = bytearray(_printed(found))
    at = data.draw(st.integers(0, len(output) - 1))
    output[at] ^= data.draw(st.integers(1, 255))
    try:
        parsed = parse_raw(bytes(output))
    except CannotJudgeError:
        return
    again = "".join(
        f":{c.old_mode} {c.new_mode} {c.old} {c.new} {c.status}\0{c.path}\0" for c in parsed
    )
    assert again.encode("utf-8", "surrogateescape") == bytes(output)


@given(records.filter(bool), st.data())
def test_output_that_was_cut_is_refused_unless_whole_records_remain(
    found: list[RawChange], data: st.DataObject
) -> None:
    output = _printed(found)
    end = data.draw(st.integers(1, len(output) - 1))
    whole = {len(_printed(found[:count])) for count in range(len(found))}
    if end in whole:
        assert len(parse_raw(output[:end])) < len(found)
    else:
        with pytest.raises(CannotJudgeError):
            parse_raw(output[:end])


@pytest.mark.parametrize(
    "output",
    [
        b":100644 100644 " + b"a" * 40 + b" " + b"b" * 40 + b" R100\0old\0",
        b":100644 100644 " + b"a" * 40 + b" " + b"b" * 40 + b" X\0x\0",
        b":100644 100644 " + b"A" * 40 + b" " + b"b" * 40 + b" M\0x\0",
        b":100644 100644 " + b"a" * 39 + b" " + b"b" * 40 + b" M\0x\0",
        b":100644 100644 " + b"a" * 40 + b" " + b"b" * 40 + b" M\0\0",
        b":100644 100644 " + b"a" * 40 + b" " + b"b" * 40 + b" M\0x",
        b"\0",
        b"warning: something\n",
        2 * (b":100644 100644 " + b"a" * 40 + b" " + b"b" * 40 + b" M\0x\0"),
    ],
)
def test_what_git_never_prints_is_refused(output: bytes) -> None:
    with pytest.raises(CannotJudgeError, match="grammar"):
        parse_raw(output)


# -- compared with libgit2 -----------------------------------------------------------------------


def _by_pygit2(box: GitBox, old: str, new: str) -> dict[str, tuple[str, str]]:
    """Return path to (old id, new id) as another implementation sees the two trees."""
    repository = pygit2.Repository(str(box.folder))

    def listed(tree: pygit2.Tree, prefix: bytes = b"") -> dict[str, tuple[str, int]]:
        found: dict[str, tuple[str, int]] = {}
        for entry in tree:
            name = prefix + (entry.raw_name or b"")
            if isinstance(entry, pygit2.Tree):
                found |= listed(entry, name + b"/")
            else:
                found[name.decode("utf-8", "surrogateescape")] = (str(entry.id), entry.filemode)
        return found

    before, after = (listed(repository[oid].peel(pygit2.Tree)) for oid in (old, new))
    return {
        path: (before.get(path, (ZERO, 0))[0], after.get(path, (ZERO, 0))[0])
        for path in before.keys() | after.keys()
        if before.get(path) != after.get(path)
    }


def _seen(changes: tuple[RawChange, ...]) -> dict[str, tuple[str, str]]:
    return {change.path: (change.old, change.new) for change in changes}


def test_diffs_of_odd_names_modes_and_kinds_are_those_of_libgit2(box: GitBox) -> None:
    before: Files = {name: Blob(b"old") for name in ODD_NAMES[::2]}
    before |= {"m": Blob(b"x"), "l": Blob(b"x"), "s": Blob(b"a" * 40, GITLINK), "f/x": Blob(b"x")}
    after: Files = {name: Blob(b"new") for name in ODD_NAMES}
    after |= {"m": Blob(b"x", "100755"), "l": Blob(b"x", SYMLINK), "s": Blob(b"b" * 40, GITLINK)}
    after |= {"f": Blob(b"x"), "moved": Blob(b"old")}
    old, new = box.commit(before), box.commit(after)
    repository = Repository.open(box.folder)
    trees = repository.tree_of(old), repository.tree_of(new)
    assert _seen(repository.diff(*trees)) == _by_pygit2(box, old, new)
    assert _seen(repository.diff(*trees[::-1])) == _by_pygit2(box, new, old)


names = st.text(
    st.characters(exclude_characters="\0/", max_codepoint=0x2FF), min_size=1, max_size=6
)
trees = st.dictionaries(
    names.filter(lambda name: name.lower() not in {".", "..", ".git", "git~1"}),
    st.binary(max_size=3).map(Blob),
    max_size=6,
)


@given(st.lists(trees, min_size=2, max_size=5))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_diffs_of_generated_trees_are_those_of_libgit2(
    shared_box: GitBox, files: list[Files]
) -> None:
    """One process answers for all pairs, the repeated and the empty ones included."""
    repository = Repository.open(shared_box.folder)
    commits = [shared_box.commit(each) for each in files]
    tree_ids = [repository.tree_of(commit) for commit in commits]
    pairs = [*pairwise(commits), (commits[0], commits[0])]
    pairs += pairs[:1]
    asked = [tuple(tree_ids[commits.index(oid)] for oid in pair) for pair in pairs]
    found = list(repository.diffs([(old, new) for old, new in asked]))
    assert [_seen(one) for one in found] == [_by_pygit2(shared_box, *pair) for pair in pairs]


def test_a_path_that_looks_like_the_next_header_is_a_path(box: GitBox) -> None:
    """Whoever knows two trees could otherwise stop every audit of the history."""
    second, third = (box.commit({"f": Blob(text)}) for text in (b"2", b"3"))
    repository = Repository.open(box.folder)
    header = f"{repository.tree_of(second)} {repository.tree_of(third)}\n"
    first = box.commit({"f": Blob(b"1"), header: Blob(b"x"), f"{header}:": Blob(b"y")})
    pairs = [tuple(map(repository.tree_of, pair)) for pair in ((first, second), (second, third))]
    one, two = repository.diffs([(old, new) for old, new in pairs])
    assert {change.path for change in one} == {"f", header, f"{header}:"}
    assert {change.path for change in two} == {"f"}


def test_merge_bases_and_ancestry_are_those_of_libgit2(box: GitBox) -> None:
    root = box.commit({"a": Blob(b"1")})
    left, right = (box.commit({"a": Blob(text)}, [root]) for text in (b"2", b"3"))
    both = box.commit({"a": Blob(b"4")}, [left, right])
    ours = Repository.open(box.folder)
    theirs = pygit2.Repository(str(box.folder))
    for one in (root, left, right, both):
        for two in (root, left, right, both):
            _, output = ours.run("merge-base", one, two, accept=(0, 1))
            assert output.decode().strip() == str(theirs.merge_base(one, two) or "")


def test_a_crafted_tree_with_two_equal_names_is_never_diffed_silently(box: GitBox) -> None:
    good, evil = box.blob(b"good"), box.blob(b"evil")
    plain = box.tree([("100644", "case", good)])
    twice = box.tree([("100644", "case", good), ("100644", "case", evil)])
    repository = Repository.open(box.folder)
    hidden = box.tree([("100644", "case", evil), ("100644", "case", evil)])
    assert [change.path for change in repository.diff(plain, twice)] == ["case"]  # seen, as added
    with pytest.raises(CannotJudgeError, match="GG201"):
        repository.diff(plain, hidden)


def test_an_unsorted_tree_hides_nothing(box: GitBox) -> None:
    one, two = box.blob(b"one"), box.blob(b"two")
    plain = box.tree([("100644", "a", one), ("100644", "b", one)])
    unsorted = box.tree([("100644", "b", one), ("100644", "a", two)])
    repository = Repository.open(box.folder)
    with pytest.raises(CannotJudgeError, match="twice"):
        repository.diff(plain, unsorted)


# -- repositories of every shape -----------------------------------------------------------------


def test_an_empty_repository_has_no_commit_and_an_empty_tree(tmp_path: Path) -> None:
    repository = Repository.open(GitBox(tmp_path / "empty", bare=False).folder)
    assert repository.find_commit("HEAD") is None
    assert repository.empty_tree == "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
    with pytest.raises(UsageError, match="names no commit"):
        repository.commit("HEAD")
    assert repository.diff(repository.empty_tree, repository.empty_tree) == ()
    assert list(repository.diffs([])) == []


def test_a_repository_is_found_from_below_and_bare_ones_have_no_top(tmp_path: Path) -> None:
    box = GitBox(tmp_path / "plain", bare=False)
    inside = box.folder / "a" / "b"
    inside.mkdir(parents=True)
    assert Repository.open(inside) == Repository.open(box.folder)
    assert Repository.open(inside).top == box.folder
    bare = GitBox(tmp_path / "bare.git")
    assert Repository.open(bare.folder).top is None
    assert Repository.open(bare.folder).git_dir == bare.folder


def test_a_linked_work_tree_has_its_own_git_folder_and_shares_the_rest(tmp_path: Path) -> None:
    box = GitBox(tmp_path / "main", bare=False)
    box.git("update-ref", "refs/heads/main", box.commit({"a": Blob(b"1")}))
    box.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"), "main")
    linked = Repository.open(tmp_path / "linked")
    assert linked.top == tmp_path / "linked"
    assert linked.git_dir == box.folder / ".git" / "worktrees" / "linked"
    assert linked.common_dir == box.folder / ".git"
    assert linked.commit("HEAD") == box.git("rev-parse", "main")


def test_a_sha256_repository_is_read_like_any_other(tmp_path: Path) -> None:
    box = GitBox(tmp_path / "sha1")
    folder = tmp_path / "sha256"
    box.git("init", "--quiet", "--bare", "--object-format=sha256", str(folder))
    modern = GitBox.__new__(GitBox)
    modern.folder, modern._commits = folder, 0
    old, new = (modern.commit({"a/b": Blob(text)}) for text in (b"1", b"2"))
    repository = Repository.open(folder)
    trees = repository.tree_of(old), repository.tree_of(new)
    assert [len(tree) for tree in trees] == [64, 64]
    assert [change.path for change in repository.diff(*trees)] == ["a/b"]
    assert [len(found) for found in repository.diffs([trees, trees])] == [1, 1]
    assert len(repository.empty_tree) == 64


def test_outside_of_a_repository_the_sentence_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"is in no Git repository\. Run `git init`"):
        Repository.open(tmp_path)


@pytest.mark.parametrize(
    "name", ["", "nothing", "HEAD\0", "--all", "-x", "main..main", "a b", "@{u}", ":/x"]
)
def test_a_name_that_names_nothing_is_a_usage_error(name: str, box: GitBox) -> None:
    box.git("update-ref", "refs/heads/main", box.commit({"a": Blob(b"1")}))
    with pytest.raises(UsageError, match="names no"):
        Repository.open(box.folder).tree_of(name)


def test_a_repository_of_another_user_is_read(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    box = GitBox(tmp_path / "theirs", bare=False)
    commit = box.commit({"a": Blob(b"1")})
    box.git("update-ref", "refs/heads/main", commit)
    for path in (box.folder, *box.folder.rglob("*")):
        os.chown(path, 12345, 12345)
    repository = Repository.open(box.folder)
    assert repository.commit("HEAD") == commit
    bare = GitBox(tmp_path / "bare")
    os.chown(bare.folder, 12345, 12345)
    assert Repository.open(bare.folder).empty_tree


# -- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["GIT_DIR", "GIT_OBJECT_DIRECTORY", "GIT_CONFIG_COUNT"])
def test_a_variable_that_steers_git_is_refused(
    name: str, box: GitBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "0")
    with pytest.raises(CannotJudgeError, match=f"sets {name}"):
        Repository.open(box.folder)


def _origin(tmp_path: Path) -> GitBox:
    box = GitBox(tmp_path / "origin.git")
    first = box.commit({"a": Blob(b"1")})
    box.git("update-ref", "refs/heads/main", box.commit({"a": Blob(b"2")}, [first]))
    box.git("config", "uploadpack.allowFilter", "true")
    return box


def _shallow(tmp_path: Path) -> Path:
    _origin(tmp_path).git("clone", "--quiet", "--depth=1", f"file://{tmp_path}/origin.git", "../c")
    return tmp_path / "c"


def _partial(tmp_path: Path) -> Path:
    url = f"file://{tmp_path}/origin.git"
    _origin(tmp_path).git("clone", "--quiet", "--no-checkout", "--filter=blob:none", url, "../c")
    return tmp_path / "c"


def _partial_by_an_included_file(tmp_path: Path) -> Path:
    box = _origin(tmp_path)
    (box.folder / "more").write_text('[remote "x"]\n\tpromisor = true\n')
    box.git("config", "include.path", "more")
    return box.folder


def _borrowing(tmp_path: Path) -> Path:
    _origin(tmp_path).git("clone", "--quiet", "--shared", str(tmp_path / "origin.git"), "../c")
    return tmp_path / "c"


def _grafted(tmp_path: Path) -> Path:
    box = _origin(tmp_path)
    (box.folder / "info").mkdir(exist_ok=True)
    (box.folder / "info" / "grafts").write_text(box.git("rev-parse", "main") + "\n")
    return box.folder


def _replacing(tmp_path: Path) -> Path:
    box = _origin(tmp_path)
    box.git("replace", "main", "main~1")
    return box.folder


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (_shallow, "GG803"),
        (_partial, "GG803"),
        (_partial_by_an_included_file, "GG803"),
        (_borrowing, "GG805"),
        (_grafted, "GG805"),
        (_replacing, "GG805"),
    ],
)
def test_a_clone_that_is_not_whole_or_lies_is_refused(
    make: Callable[[Path], Path], code: str, tmp_path: Path
) -> None:
    folder = make(tmp_path)
    with pytest.raises(CannotJudgeError, match=rf"\({code}\)\.") as caught:
        Repository.open(folder)
    assert caught.value.exit_code == 3
    assert re.search(r"Run|Remove|Clone|Delete", caught.value.remedy)


def test_the_named_repair_of_borrowing_repairs_it(tmp_path: Path) -> None:
    folder = _borrowing(tmp_path)
    clone = GitBox.__new__(GitBox)
    clone.folder, clone._commits = folder, 0
    clone.git("repack", "-a", "-d", "-q")
    (folder / ".git" / "objects" / "info" / "alternates").unlink()
    shutil.rmtree(tmp_path / "origin.git")
    assert Repository.open(folder).commit("HEAD")


def test_a_replaced_object_would_not_be_followed_either(tmp_path: Path) -> None:
    """The refusal is the first door; without it, the environment is the second."""
    box = _origin(tmp_path)
    repository = Repository.open(box.folder)
    before = repository.tree_of("main")
    box.git("replace", "main", "main~1")
    assert box.git("rev-parse", "main^{tree}") != before  # Git itself is fooled
    assert repository.tree_of("main") == before


def test_a_failed_command_is_told_in_one_line(box: GitBox) -> None:
    with pytest.raises(CannotJudgeError, match=r"^`git diff-tree` failed: [^\n]+$"):
        Repository.open(box.folder).diff(ZERO, "f" * 40)


def test_settings_of_the_person_and_of_the_repository_do_not_reach_a_diff(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = GitBox(tmp_path / "box.git")
    for name, value in (
        ("diff.renames", "copies"),
        ("core.quotePath", "true"),
        ("diff.noprefix", "1"),
    ):
        box.git("config", name, value)
    (tmp_path / ".gitconfig").write_text("[diff]\n\trenames = copies\n\texternal = false\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    old, new = box.commit({"é": Blob(b"x" * 99)}), box.commit({"ü": Blob(b"x" * 99)})
    repository = Repository.open(box.folder)
    found = repository.diff(repository.tree_of(old), repository.tree_of(new))
    assert {(change.path, change.status) for change in found} == {("é", "D"), ("ü", "A")}
    assert {change.old_mode for change in found} == {REGULAR, "000000"}
