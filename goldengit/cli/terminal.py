"""What is printed, where to, and how: plain unless a person watches."""

import os
import shutil
import sys
from types import TracebackType
from typing import Any, Self, TextIO

from goldengit.errors import CannotJudgeError


def settle() -> None:
    """Make the streams print whatever character comes, escaped where they cannot show it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Print a result on the standard output, at once.

    Raises CannotJudgeError when it cannot be written: a verdict that nobody was told is none.
    """
    if sys.stdout is None:
        raise CannotJudgeError("The standard output is closed, so the result cannot be told.")
    try:
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CannotJudgeError(f"The output could not be written: {error.strerror}.") from error


def complain(line: str) -> None:
    """Print one line about a problem on the standard error."""
    from goldengit.reporters.base import visible

    if sys.stderr is not None:
        print(f"goldengit: {visible(line, 2000)}", file=sys.stderr)


def farewell(code: int, unheard: int) -> int:
    """Return the exit code once everything is written; `unheard` when it could not be."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        # The interpreter flushes once more at its end and would complain about the same thing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return code or unheard
    return code


def is_colourful(stream: TextIO | None) -> bool:
    """Tell whether a person watches a stream and wants colour (NO_COLOR, TERM=dumb)."""
    watched = stream is not None and stream.isatty()
    return watched and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def bold(text: str) -> str:
    """Return a text in bold for a terminal."""
    return f"\x1b[1m{text}\x1b[0m"


def width(stream: TextIO | None) -> int | None:
    """Return the columns of the terminal behind a stream, None when there is none."""
    if stream is None or not stream.isatty():
        return None
    return shutil.get_terminal_size().columns


class Meter:
    """A progress bar on the standard error, for work that takes a while, if a person watches."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._bar: Any = None
        self._task: Any = None

    def __call__(self, done: int, all_: int) -> None:
        """Show how much is done."""
        if self._bar is None and done < all_ and sys.stderr is not None and sys.stderr.isatty():
            self._start()
        if self._bar is not None:
            self._bar.update(self._task, completed=done, total=all_)

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import Progress

        self._bar = Progress(console=Console(stderr=True), transient=True)
        self._task = self._bar.add_task(self._what)
        self._bar.start()

    def __enter__(self) -> Self:
        """Return the meter; nothing is shown yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
