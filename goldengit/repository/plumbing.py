"""The one place that runs Git: plumbing commands, bytes in and out, a strict grammar, no shell.

GitPython is the runner and nothing more: its diff, index and submodule code guess, and a gate may
not (docs/adr/0005). Whatever Git prints must match its record grammar to the last byte, or the
run ends: unknown is never a pass.
"""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from goldengit.errors import (
    CannotJudgeError,
    CodedError,
    IncompleteCloneError,
    OverriddenObjectsError,
    UsageError,
)
from goldengit.repository.environment import SCRUBBED, intruders

OID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}", re.ASCII)
_RAW = re.compile(rb":([0-7]{6}) ([0-7]{6}) ([0-9a-f]{40,64}) ([0-9a-f]{40,64}) ([AMDT])", re.ASCII)
_RECORD = re.compile(rb":[^\0]*\0[^\0]+\0")


class GitFailedError(CannotJudgeError):
    """A Git command ended with a status that it should not have; `complaint` is all it said."""

    def __init__(self, command: str, status: int, complaint: str) -> None:
        super().__init__(
            f"`git {command}` failed: {_first_line(complaint) or f'exit status {status}'}."
        )
        self.complaint = complaint


@dataclass(frozen=True, slots=True)
class RawChange:
    """One record of `git diff-tree --raw`: a path and its two sides; zeros where there is none."""

    path: str
    status: str
    old_mode: str
    new_mode: str
    old: str
    new: str


@dataclass(frozen=True)
class Repository:
    """A Git repository on disk. All folders are absolute; `top` is None in a bare one."""

    git_dir: Path
    common_dir: Path
    top: Path | None
    object_format: str
    _git: Any = field(repr=False, compare=False)
    _resolved: dict[tuple[str, str], str] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def open(cls, path: Path) -> "Repository":
        """Return the repository that `path` lies in.

        Raises UsageError outside a repository, IncompleteCloneError and OverriddenObjectsError for
        a clone whose objects are so, and CannotJudgeError when the environment would steer Git.
        """
        found = intruders(os.environ)
        if found:
            raise CannotJudgeError(
                f"The environment sets {', '.join(found)}, which changes what Git reads.",
                remedy="Unset it and try again.",
            )
        git = runner(path)
        shape = _discover(git, path)
        repository = cls(*shape, runner(shape[2] or shape[0]))
        repository._refuse_unfit_clone()
        return repository

    # -- running ---------------------------------------------------------------------------

    def environment(self, index: Path | None = None) -> dict[str, str]:
        """Return the variables of every command; the index is always named explicitly."""
        return SCRUBBED | {"GIT_INDEX_FILE": str(index or self.git_dir / "index")}

    def arguments(self, *words: str) -> list[str]:
        """Return the argument list of a Git command."""
        return [
            "git",
            "-c", f"safe.directory={self.top or self.git_dir}",
            "-c", "core.fsmonitor=false",
            "-c", "core.quotePath=false",
            "-c", "core.deltaBaseCacheLimit=256m",
            "-c", "merge.renames=false",
            "-c", "merge.directoryRenames=false",
            *words,
        ]  # fmt: skip

    def run(
        self,
        *words: str,
        stdin: bytes = b"",
        index: Path | None = None,
        accept: Sequence[int] = (0,),
        personal: bool = False,
        settings: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """Run a command and return its exit status and output.

        Raises CannotJudgeError for any status not accepted. `personal` lets the command see the
        user's own configuration (name and address), which no judgement reads. `settings` are Git
        settings for this command alone; they reach it by its environment, where others cannot read
        them.
        """
        environment = self.environment(index)
        if personal:
            # The person's own hooks and configuration see the environment they are used to.
            environment = {"GIT_INDEX_FILE": environment["GIT_INDEX_FILE"]}
        environment |= _as_environment(settings or {})
        with tempfile.TemporaryFile() as given:
            given.write(stdin)
            given.seek(0)
            status, output, complaint = self._git.execute(
                self.arguments(*words),
                istream=given,
                env=environment,
                with_extended_output=True,
                with_exceptions=False,
                stdout_as_string=False,
                strip_newline_in_stdout=False,
                kill_after_timeout=None,
                shell=False,
            )
        if status not in accept:
            raise GitFailedError(words[0], status, complaint)
        return status, output

    def text(self, *words: str, **options: Any) -> str:
        """Run a command and return its output as one line of text."""
        return self.run(*words, **options)[1].decode("utf-8", "surrogateescape").strip("\n")

    def start(self, *words: str) -> Any:
        """Start a command that is talked to through its pipes; the caller ends it."""
        return self.stream(*words, stdin=subprocess.PIPE)

    def stream(self, *words: str, stdin: Any) -> Any:
        """Start a command that reads a file and whose output is read as it comes."""
        return self._git.execute(
            self.arguments(*words),
            istream=stdin,
            env=self.environment(),
            as_process=True,
            shell=False,
        )

    # -- names and trees -------------------------------------------------------------------

    def commit(self, name: str) -> str:
        """Return the id of the commit that a name stands for.

        Raises UsageError when there is none.
        """
        return self._resolve(name, "commit")

    def tree_of(self, name: str) -> str:
        """Return the id of the tree of a commit-ish or tree-ish name."""
        return self._resolve(name, "tree")

    def find_commit(self, name: str) -> str | None:
        """Return the id of the commit that a name stands for, None when there is none."""
        status, output = self._verify(name, "commit")
        return output if status == 0 else None

    def _resolve(self, name: str, kind: str) -> str:
        status, output = self._verify(name, kind)
        if status != 0:
            raise UsageError(
                f"{name!r} names no {kind} in this repository.",
                remedy="Check the spelling, or fetch it first.",
            )
        return output

    def _verify(self, name: str, kind: str) -> tuple[int, str]:
        if not name or "\0" in name:
            return 1, ""
        if (name, kind) in self._resolved:
            return 0, self._resolved[name, kind]
        status, output = self.run(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{{kind}}}",
            accept=(0, 1, 128),
        )  # fmt: skip
        oid = output.decode("ascii", "replace").strip()
        if status != 0 or not OID.fullmatch(oid):
            return 1, ""
        if OID.fullmatch(name):  # an id stands for the same object for ever; a name may move
            self._resolved[name, kind] = oid
        return 0, oid

    @cached_property
    def empty_tree(self) -> str:
        """Return the id of the tree with nothing in it."""
        return self.text("hash-object", "-t", "tree", "--stdin")

    # -- changes ---------------------------------------------------------------------------

    def diff(self, old: str, new: str) -> tuple[RawChange, ...]:
        """Return what differs between two trees, rename detection off."""
        _, output = self.run("diff-tree", *_DIFF, old, new)
        return parse_raw(output)

    def diffs(self, pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[RawChange, ...]]:
        """Yield what differs for each pair of trees, in their order, from one process."""
        if not pairs:
            return
        asked = "".join(f"{old} {new}\n" for old, new in pairs).encode()
        _, output = self.run("diff-tree", "--stdin", *_DIFF, stdin=asked)
        end = 0
        for old, new in pairs:
            header = f"{old} {new}\n".encode()
            if not output.startswith(header, end):
                raise _ungrammatical("diff-tree --stdin")
            start = end + len(header)
            end = _end_of_records(output, start)
            yield parse_raw(output[start:end])
        if end != len(output):
            raise _ungrammatical("diff-tree --stdin")

    # -- the shape of the clone ------------------------------------------------------------

    def _refuse_unfit_clone(self) -> None:
        if (self.common_dir / "shallow").exists():
            raise _unfit(IncompleteCloneError, "is shallow", "Run `git fetch --unshallow`")
        if (self.common_dir / "info" / "grafts").exists():
            raise _unfit(OverriddenObjectsError, "has grafts", "Remove `.git/info/grafts`")
        if (self.common_dir / "objects" / "info" / "alternates").exists():
            raise _unfit(
                OverriddenObjectsError,
                "borrows objects",
                "Run `git repack -a -d` and remove `.git/objects/info/alternates`",
            )
        _, settings = self.run("config", "--local", "--includes", "--null", "--list")
        names = {setting.split(b"\n", 1)[0].lower() for setting in settings.split(b"\0")}
        if b"extensions.partialclone" in names or any(
            name.startswith(b"remote.") and name.endswith(b".promisor") for name in names
        ):
            raise _unfit(IncompleteCloneError, "is partial", "Clone it again without `--filter`")
        if self.text("for-each-ref", "--count=1", "refs/replace/"):
            raise _unfit(
                OverriddenObjectsError, "replaces objects", "Delete them with `git replace -d`"
            )


def _as_environment(settings: Mapping[str, str]) -> dict[str, str]:
    found = {"GIT_CONFIG_COUNT": str(len(settings))} if settings else {}
    for place, (name, value) in enumerate(settings.items()):
        found |= {f"GIT_CONFIG_KEY_{place}": name, f"GIT_CONFIG_VALUE_{place}": value}
    return found


_DIFF = ("-r", "-z", "--raw", "--no-renames", "--no-abbrev")


def parse_raw(output: bytes) -> tuple[RawChange, ...]:
    """Return the records of `git diff-tree -r -z --raw --no-renames --no-abbrev`.

    Raises CannotJudgeError when a byte does not fit the grammar or a path comes twice.
    """
    cells = output.split(b"\0")
    if cells.pop() != b"" or len(cells) % 2:
        raise _ungrammatical("diff-tree")
    found: dict[str, RawChange] = {}
    for head, name in zip(cells[::2], cells[1::2], strict=True):
        match = _RAW.fullmatch(head)
        path = name.decode("utf-8", "surrogateescape")
        if match is None or not path or path in found:
            raise _ungrammatical("diff-tree")
        old_mode, new_mode, old, new, status = (part.decode() for part in match.groups())
        found[path] = RawChange(path, status, old_mode, new_mode, old, new)
    return tuple(found.values())


def _end_of_records(output: bytes, start: int) -> int:
    """Return where the records that begin at `start` end.

    A record begins with a colon and a header with a hex digit; so no path can pass for a header.
    """
    while record := _RECORD.match(output, start):
        start = record.end()
    return start


def runner(folder: Path) -> Any:
    """Return GitPython's runner for a folder; raise CannotJudgeError where Git does not run."""
    try:
        from git.cmd import Git
    except ImportError as error:  # GitPython tries Git when it is imported, and tells it so
        raise CannotJudgeError(
            "Git is not installed, not on PATH, or does not run.",
            remedy="Install Git 2.38 or newer.",
        ) from error
    return Git(str(folder))


_QUESTIONS = (
    "--absolute-git-dir",
    "--git-common-dir",
    "--is-bare-repository",
    "--show-object-format",
)


def _discover(git: Any, path: Path) -> tuple[Path, Path, Path | None, str]:
    """Return Git folder, common folder, top and object format of the repository around `path`."""
    # A bare repository has no top and answers with an error; it is asked once more, without.
    for questions in ((*_QUESTIONS, "--show-toplevel"), _QUESTIONS):
        status, lines, complaint = _asked(git, questions)
        if status == 0 and len(lines) == len(questions):
            top = Path(lines[4]) if lines[4:] and lines[4] else None
            return Path(lines[0]), Path(lines[1]), top, lines[3]
        if "not a git repository" in complaint:
            raise UsageError(
                f"{path} is in no Git repository.",
                remedy="Run `git init`, or go to your repository.",
            )
    raise CannotJudgeError(
        f"Git cannot read the repository at {path}: {_first_line(complaint)}.",
        remedy="Git 2.38 or newer is needed.",
    )


def _asked(git: Any, questions: Sequence[str]) -> tuple[int, list[str], str]:
    command = ["git", "-c", "safe.directory=*", "rev-parse", "--path-format=absolute", *questions]
    try:
        status, output, complaint = git.execute(
            command,
            env=SCRUBBED | {"GIT_INDEX_FILE": os.devnull},
            with_extended_output=True,
            with_exceptions=False,
            shell=False,
        )
    except OSError as error:
        raise CannotJudgeError(
            f"Git could not be started: {error.strerror}.", remedy="Install Git 2.38 or newer."
        ) from error
    return status, output.split("\n"), complaint


def _first_line(complaint: bytes | str) -> str:
    text = complaint.decode("utf-8", "replace") if isinstance(complaint, bytes) else complaint
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[0].removeprefix("fatal: ").removeprefix("error: ").rstrip(".") if lines else ""


def _ungrammatical(command: str) -> CannotJudgeError:
    return CannotJudgeError(
        f"`git {command}` printed what does not fit its grammar, or a path twice (GG201).",
        remedy="Run `git fsck` and repair the tree.",
    )


def _unfit(error: type[CodedError], what: str, remedy: str) -> CodedError:
    return error(
        f"This clone {what}, so what is judged might not be what was committed.",
        remedy=f"{remedy}.",
    )
