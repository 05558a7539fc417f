"""Edits of the work tree: before or after, never between, whenever a process is killed."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldengit.errors import GoldengitError
from goldengit.repository.edits import Replacement, applied, editing, recover, steps, tree_with
from goldengit.repository.plumbing import Repository
from tests.gitbox import Blob, GitBox

OLD = {"a.txt": b"a\n", "kept.txt": b"kept\n", "deep/gone.txt": b"gone\n"}
NEW = {"a.txt": b"A\n", "kept.txt": b"kept\n", "new/folder/b.txt": b"b\n"}
EDIT = (
    Replacement("a.txt", b"a\n", b"A\n"),
    Replacement("new/folder/b.txt", None, b"b\n"),
    Replacement("deep/gone.txt", b"gone\n", None),
)


def files(top: Path) -> dict[str, bytes]:
    return {
        path.relative_to(top).as_posix(): path.read_bytes()
        for path in top.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(top).parts
    }


def folders(top: Path) -> set[str]:
    found = {path.relative_to(top).as_posix() for path in top.rglob("*") if path.is_dir()}
    return {name for name in found if name.split("/")[0] != ".git"}


@pytest.fixture
def clone(tmp_path: Path) -> Repository:
    return made(tmp_path / "clone", OLD)


def made(folder: Path, contents: dict[str, bytes]) -> Repository:
    box = GitBox(folder, bare=False)
    tip = box.commit({path: Blob(data) for path, data in contents.items()})
    box.git("reset", "--quiet", "--hard", tip)
    return Repository.open(folder)


def top_of(repository: Repository) -> Path:
    assert repository.top is not None
    return repository.top


def journal(repository: Repository) -> Path:
    return repository.git_dir / "goldengit" / "edit"


def test_an_edit_writes_creates_and_deletes(clone: Repository) -> None:
    with editing(clone) as recovered, applied(clone, EDIT):
        pass
    assert "" == recovered
    assert NEW == files(top_of(clone))
    assert {"new", "new/folder"} == folders(top_of(clone))
    assert not journal(clone).exists()


def test_an_error_in_the_block_takes_the_edit_back(clone: Repository) -> None:
    with pytest.raises(KeyboardInterrupt), editing(clone), applied(clone, EDIT):
        raise KeyboardInterrupt
    assert OLD == files(top_of(clone))
    assert {"deep"} == folders(top_of(clone))
    assert not journal(clone).exists()


def test_what_changed_since_it_was_read_is_not_overwritten(clone: Repository) -> None:
    (top_of(clone) / "deep/gone.txt").write_bytes(b"changed\n")
    with pytest.raises(GoldengitError, match=r"deep/gone.txt: .*changed"), applied(clone, EDIT):
        pass
    assert OLD | {"deep/gone.txt": b"changed\n"} == files(top_of(clone))


def test_a_file_that_appears_meanwhile_is_not_overwritten(clone: Repository) -> None:
    carried = steps(clone, EDIT)
    next(carried), next(carried), next(carried)
    (top_of(clone) / "new/folder").mkdir(parents=True)
    (top_of(clone) / "new/folder/b.txt").write_bytes(b"mine\n")
    with pytest.raises(GoldengitError, match="changed while"):
        next(carried)
    assert "Changed since and left alone: new/folder/b.txt." in recover(clone)
    assert OLD | {"new/folder/b.txt": b"mine\n"} == files(top_of(clone))


@pytest.mark.parametrize(
    "path",
    ["../out.txt", "/out.txt", "a/../../out.txt", ".git/config", ".GIT/config", "a//b", "x\\y"],
)
def test_a_path_out_of_the_work_tree_is_refused(clone: Repository, path: str) -> None:
    with (
        pytest.raises(GoldengitError, match="no path inside"),
        applied(clone, [Replacement(path, None, b"x")]),
    ):
        pass
    assert OLD == files(top_of(clone))


def test_nothing_is_written_through_a_symbolic_link(clone: Repository, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (top_of(clone) / "link").symlink_to(tmp_path / "elsewhere")
    with (
        pytest.raises(GoldengitError, match="symbolic link"),
        applied(clone, [Replacement("link/b.txt", None, b"b\n")]),
    ):
        pass
    assert [] == list((tmp_path / "elsewhere").iterdir())


def test_a_file_that_is_a_symbolic_link_is_not_replaced(clone: Repository) -> None:
    (top_of(clone) / "link.txt").symlink_to("a.txt")
    with (
        pytest.raises(GoldengitError, match="symbolic link"),
        applied(clone, [Replacement("link.txt", b"a\n", b"A\n")]),
    ):
        pass
    assert b"a\n" == (top_of(clone) / "a.txt").read_bytes()


def test_a_folder_that_cannot_be_written_leaves_everything(clone: Repository) -> None:
    (top_of(clone) / "blocked").write_bytes(b"a file\n")
    edit = (EDIT[0], Replacement("blocked/b.txt", None, b"b\n"))
    with pytest.raises(GoldengitError), applied(clone, edit):
        pass
    assert OLD | {"blocked": b"a file\n"} == files(top_of(clone))


def test_a_name_that_the_disk_refuses_leaves_everything(clone: Repository) -> None:
    edit = (EDIT[0], Replacement(f"{'x' * 300}.txt", None, b"b\n"))
    with (
        pytest.raises(GoldengitError, match="could not be written: File name too long"),
        editing(clone),
        applied(clone, edit),
    ):
        pass
    assert OLD == files(top_of(clone))


# -- killed ------------------------------------------------------------------------------------

_CHILD = """
import json, os, signal, sys
from pathlib import Path
from goldengit.repository.edits import Replacement, editing, steps
from goldengit.repository.plumbing import Repository

top, stop, told = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])
edit = [
    Replacement(path, *(None if side is None else side.encode() for side in sides))
    for path, *sides in told
]
repository = Repository.open(Path(top))
with editing(repository):
    for number, step in enumerate(steps(repository, edit)):
        if number == stop:
            os.kill(os.getpid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def killed_after(repository: Repository, edit: Sequence[Replacement], step: int) -> None:
    told = [
        [
            file.path,
            *(side.decode() if side is not None else None for side in (file.before, file.after)),
        ]
        for file in edit
    ]
    run = subprocess.run(
        [sys.executable, "-c", _CHILD, str(top_of(repository)), str(step), json.dumps(told)],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
        capture_output=True,
    )
    assert -signal.SIGKILL == run.returncode, run.stderr.decode()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the system has no SIGKILL")
@pytest.mark.parametrize("step", range(len(EDIT) + 2))
def test_a_process_killed_after_any_step_is_made_whole_by_the_next(
    clone: Repository, step: int
) -> None:
    killed_after(clone, EDIT, step)
    with editing(clone) as recovered:
        pass
    complete = step == len(EDIT) + 1
    assert (NEW if complete else OLD) == files(top_of(clone))
    assert {"new", "new/folder"} if complete else {"deep"} == folders(top_of(clone))
    assert ("" if step == 0 else "complete" if complete else "taken back") in recovered
    assert bool(recovered) == (step > 0)
    assert not journal(clone).exists()


def test_after_a_recovery_the_same_edit_can_be_made(clone: Repository) -> None:
    killed_after(clone, EDIT, 3)
    with editing(clone), applied(clone, EDIT):
        pass
    assert NEW == files(top_of(clone))


def test_a_recovery_that_is_cut_short_is_repeated(clone: Repository) -> None:
    for _ in zip(range(4), steps(clone, EDIT), strict=False):
        pass
    (top_of(clone) / "a.txt").write_bytes(b"a\n")  # what a first recovery had brought back
    recover(clone)
    assert OLD == files(top_of(clone))


_DATA = st.none() | st.sampled_from([b"", b"one\n", b"two\n"])
_PATHS = st.sampled_from(["a", "b/c", "b/d", "e/f/g"])


@settings(max_examples=25, deadline=None)
@given(changes=st.dictionaries(_PATHS, st.tuples(_DATA, _DATA), min_size=1), step=st.integers(0, 6))
def test_any_edit_left_at_any_step_ends_before_or_after(
    tmp_path_factory: pytest.TempPathFactory,
    changes: dict[str, tuple[bytes | None, bytes | None]],
    step: int,
) -> None:
    before = {path: sides[0] for path, sides in changes.items() if sides[0] is not None}
    after = {path: sides[1] for path, sides in changes.items() if sides[1] is not None}
    anchor = {"anchor": b"x"}
    clone = made(tmp_path_factory.mktemp("any") / "clone", before | anchor)
    edit = [Replacement(path, *sides) for path, sides in changes.items() if sides[0] != sides[1]]
    for _ in zip(range(step), steps(clone, edit), strict=False):
        pass
    recover(clone)
    assert files(top_of(clone)) in (before | anchor, after | anchor)


# -- two at once, and trees --------------------------------------------------------------------


def test_two_commands_do_not_edit_at_once(clone: Repository) -> None:
    refused = pytest.raises(GoldengitError, match="Another goldengit command")
    with editing(clone), refused, editing(clone):
        pass
    with editing(clone) as recovered:
        assert "" == recovered


def test_the_lock_ends_with_its_process(clone: Repository) -> None:
    killed_after(clone, EDIT, 99)
    with editing(clone):
        pass


def test_a_tree_is_made_without_touching_files_or_index(clone: Repository) -> None:
    before = files(top_of(clone))
    index = (clone.git_dir / "index").read_bytes()
    tree = tree_with(clone, clone.tree_of("HEAD"), EDIT)
    listed = clone.text("ls-tree", "-r", "--name-only", tree).splitlines()
    assert sorted(NEW) == listed
    assert before == files(top_of(clone))
    assert index == (clone.git_dir / "index").read_bytes()


def test_a_linked_work_tree_on_another_file_system_is_edited(clone: Repository) -> None:
    other = Path("/dev/shm")
    if not other.is_dir() or other.stat().st_dev == top_of(clone).stat().st_dev:
        pytest.skip("there is no second file system")
    linked = other / f"goldengit-test-{os.getpid()}"
    try:
        clone.run("worktree", "add", "--detach", str(linked), "HEAD")
        repository = Repository.open(linked)
        with editing(repository), applied(repository, EDIT):
            pass
        assert NEW == {path: data for path, data in files(linked).items() if path != ".git"}
    finally:
        subprocess.run(["rm", "-rf", str(linked)], check=False)
