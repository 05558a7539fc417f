"""The stage of the guided tour: how its story is told, and how its commands are run and shown."""

import os
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO, TextIOBase
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from goldengit.cli.terminal import bold, is_colourful, say, width
from goldengit.errors import CannotJudgeError

if TYPE_CHECKING:
    from goldengit.repository.sandbox import Sandbox

SIGNERS = ("reviewer-1", "reviewer-2")
_WIDTH = 96
_INDENT = "      "
_DIM, _PLAIN = "\x1b[2m", "\x1b[0m"


class Stage:
    """A throw-away repository, the folder around it, and somebody who tells what happens there."""

    def __init__(self, sandbox: "Sandbox", folder: Path) -> None:
        self.sandbox = sandbox
        self.folder = folder
        self._chapter = 0

    def title(self, text: str) -> None:
        """Begin a chapter."""
        self._chapter += 1
        line = f"{self._chapter}. {text}"
        say(f"\n{bold(line) if is_colourful(sys.stdout) else line}\n")

    def tell(self, text: str, indent: str = "") -> None:
        """Say something, in lines that a person likes to read."""
        say(
            textwrap.fill(
                text,
                _WIDTH,
                initial_indent=indent,
                subsequent_indent=indent,
                break_on_hyphens=False,
            )
        )

    def show(self, text: str) -> None:
        """Show the content of a file."""
        say(f"\n{textwrap.indent(text.rstrip(), _INDENT)}")

    def run(self, *words: str, expected: int = 0, quiet: bool = False) -> None:
        """Run a command of this program, shown as a person would see it; `quiet` hides its output.

        Raises CannotJudgeError when it ends otherwise than the story says, KeyboardInterrupt when
        a person ended it.
        """
        from goldengit.cli import INTERRUPTED, run

        shown = [_quoted(word, self.folder) for word in words]
        say(_dimmed("\n" + "\n".join(_command_lines(["goldengit", *shown]))))
        hidden = StringIO()
        with _indented(hidden if quiet else None), _narrowed():
            code = run(words)
        if code == INTERRUPTED:
            raise KeyboardInterrupt
        if code != expected:
            self.show(hidden.getvalue())
            raise CannotJudgeError(
                f"`goldengit {' '.join(shown)}` ended with {code}, not with {expected}.",
                remedy="Please report it: the tour should never fail.",
            )


class _Indenting(TextIOBase):
    """A stream that writes to another one, each line moved to the right."""

    def __init__(self, stream: TextIO, *, watched: bool) -> None:
        self._stream = stream
        self._watched = watched
        self._fresh = True

    def isatty(self) -> bool:
        return self._watched

    def write(self, text: str) -> int:
        for line in text.splitlines(keepends=True):
            self._stream.write(f"{_INDENT}{line}" if self._fresh and line.strip() else line)
            self._fresh = line.endswith("\n")
        return len(text)

    def flush(self) -> None:
        self._stream.flush()


@contextmanager
def _indented(instead: TextIO | None) -> Iterator[None]:
    """Move what is printed to the right, or put it elsewhere."""
    # A progress bar moves the cursor, which bears no indentation: nobody watches that stream.
    out = instead or _Indenting(sys.stdout, watched=sys.stdout.isatty())
    err = instead or _Indenting(sys.stderr, watched=False)
    with redirect_stdout(out), redirect_stderr(err):
        yield


@contextmanager
def _narrowed() -> Iterator[None]:
    """Let commands take the terminal for as much narrower as they are moved to the right."""
    columns, before = width(sys.stdout), os.environ.get("COLUMNS")
    if columns is None:
        yield
        return
    os.environ["COLUMNS"] = str(min(columns, _WIDTH) - len(_INDENT))
    try:
        yield
    finally:
        if before is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = before


def _command_lines(words: Sequence[str]) -> list[str]:
    """Return a command in as many lines as it takes, an option and its value on one."""
    lines, line = [], "    $"
    for word in _joined(words):
        if len(f"{line} {word} \\") > _WIDTH:
            lines.append(f"{line} \\")
            line = "       "
        line = f"{line} {word}"
    return [*lines, line]


def _joined(words: Sequence[str]) -> list[str]:
    """Return the words of a command, each value joined to its option."""
    found: list[str] = []
    for before, word in zip(("", *words), words, strict=False):
        if before.startswith("--") and not word.startswith("--"):
            found[-1] += f" {word}"
        else:
            found.append(word)
    return found


def _dimmed(text: str) -> str:
    return f"{_DIM}{text}{_PLAIN}" if is_colourful(sys.stdout) else text


def _quoted(word: str, folder: Path) -> str:
    shown = word.replace(f"{folder}{os.sep}", "~/keys/")
    return f'"{shown}"' if " " in shown else shown
