"""Child processes that stay, and answer each line of their input with one line of output.

Each child leads a session of its own, so that it can be ended with everything that it started.
Ctrl-C on the terminal therefore does not reach it: whoever asks closes it. Pipes are waited for
with a selector, which no Windows can do.
"""

import os
import selectors
import shutil
import signal
import subprocess
import threading
import time
from contextlib import suppress
from io import FileIO
from typing import cast

from goldengit.errors import UsageError
from goldengit.models.call import CallFailedError
from goldengit.models.exchange import one_line

LONGEST_LINE = 16 << 20  # bytes
_CHUNK = 1 << 16
_TAIL = 2000  # bytes of standard error that are kept for the message
_GRACE = 1.0  # seconds that a child has to end by itself when nothing more is asked
_GLANCE = 0.5  # seconds between two looks at whether the child was stopped meanwhile
_WITHHELD = frozenset({"GOLDENGIT_JUDGE_API_KEY"})


class LineChild:
    """A program that is started when it is first asked, kept, and started anew after a failure.

    It fits `models.call.Talk`: `ask` serves one caller at a time; `close` may come from any thread
    and is final.
    """

    def __init__(self, argv: list[str], *, longest_line: int = LONGEST_LINE) -> None:
        """Raise UsageError when there is no such program; `longest_line` is in bytes."""
        if shutil.which(argv[0]) is None:
            problem = f"There is no program `{argv[0]}`."
            raise UsageError(problem, remedy="Check its name, its path, and that it may be run.")
        self._argv = argv
        self._longest_line = longest_line
        self._child: _Child | None = None
        self._closed = False
        self._turn = threading.Lock()  # held while a question is open
        self._guard = threading.Lock()  # held while a child is made or ended

    def ask(self, line: str, timeout: float) -> str:
        """Return the answer to a line, both without their line ends.

        Raises CallFailedError when the child does not answer within `timeout` seconds (its start
        counts), ends, closes a pipe, speaks unasked, or prints a line that is too long or no UTF-8.
        It is ended then, and the next question goes to a new one.
        """
        with self._turn:
            child = self._started()
            try:
                return child.ask(line, timeout)
            except _FaultError as fault:
                raise CallFailedError(self._buried(child, fault)) from fault
            except BaseException:
                self._end(0)
                raise

    def close(self) -> None:
        """End the child, at once when a question is open, which then fails."""
        with self._guard:
            self._closed = True
            if self._child is not None and self._turn.locked():
                self._child.stop()
        with self._turn:
            self._end(_GRACE)

    def _started(self) -> "_Child":
        with self._guard:
            if self._closed:
                raise CallFailedError("The program was stopped.")
            if self._child is None:
                try:
                    self._child = _Child(self._argv, self._longest_line)
                except (OSError, ValueError) as error:
                    problem = f"The program could not be started: {error}."
                    raise CallFailedError(problem) from error
            return self._child

    def _buried(self, child: "_Child", fault: "_FaultError") -> str:
        """End a child that failed; return what went wrong, with its last words."""
        code = self._end(_GRACE if isinstance(fault, _HungUpError) else 0)
        if self._closed:
            return "The program was stopped."
        what = str(fault)
        if isinstance(fault, _HungUpError) and code is not None:
            how = f"ended with exit code {code}" if code >= 0 else f"was ended by signal {-code}"
            what = f"{how} after {child.answers} answer{'s' * (child.answers != 1)}"
        said = one_line(child.last_words)
        return f"The program {what}; its standard error: {said}" if said else f"The program {what}."

    def _end(self, grace: float) -> int | None:
        with self._guard:
            child, self._child = self._child, None
            return None if child is None else child.end(grace)


class _FaultError(Exception):
    """What the program did, as the rest of a sentence about it."""


class _HungUpError(_FaultError):
    """A pipe was closed from the other side, mostly because the process ended."""


class _Child:
    """One running process, with what it has said so far."""

    def __init__(self, argv: list[str], longest_line: int) -> None:
        self._process = subprocess.Popen(
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
            env=_environment(),
        )
        pipes = self._process.stdin, self._process.stdout, self._process.stderr
        self._input, self._output, self._complaints = (cast("FileIO", pipe) for pipe in pipes)
        for pipe in (self._input, self._output, self._complaints):
            os.set_blocking(pipe.fileno(), False)
        self._longest_line = longest_line
        self._heard = bytearray()
        self._tail = b""
        self._stopped = False
        self.answers = 0

    @property
    def last_words(self) -> str:
        """Return the end of what it wrote to its standard error."""
        return self._tail.decode(errors="replace")

    def ask(self, line: str, timeout: float) -> str:
        """Return the answer to a line; raise _FaultError, after which the child is of no use."""
        deadline = time.monotonic() + timeout
        self._listen()
        if self._heard:
            # It would be taken for the answer to this question, and every answer for the next.
            raise _FaultError("printed something without being asked")
        self._converse(memoryview(f"{line}\n".encode()), deadline, timeout)
        answer, _, self._heard = self._heard.partition(b"\n")
        self.answers += 1
        try:
            return answer.decode()
        except UnicodeDecodeError as error:
            raise _FaultError("answered with what is no UTF-8") from error

    def stop(self) -> None:
        """Kill the process and what it started; an open question fails at once."""
        self._stopped = True
        with suppress(ProcessLookupError, PermissionError):  # macOS says the latter of the dead
            os.killpg(self._process.pid, signal.SIGKILL)

    def end(self, grace: float) -> int | None:
        """End the process and what it started; return the exit code if it had ended by itself.

        It is given `grace` seconds to do so, with its input closed.
        """
        self._input.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(grace)
        code = self._process.returncode
        self.stop()  # what it started may outlive it, and keeps the number of their group in use
        self._process.wait()
        self._overhear()
        self._output.close()
        self._complaints.close()
        return code

    def _converse(self, unsent: memoryview, deadline: float, timeout: float) -> None:
        """Send the question and listen until a line is complete; all three pipes keep flowing."""
        complete = False
        with selectors.DefaultSelector() as ready:
            ready.register(self._input, selectors.EVENT_WRITE)
            ready.register(self._output, selectors.EVENT_READ)
            ready.register(self._complaints, selectors.EVENT_READ)
            while unsent or not complete:
                left = deadline - time.monotonic()
                if left <= 0 or self._stopped:
                    raise _FaultError(f"did not answer within {timeout:g} s")
                for key, _ in ready.select(min(left, _GLANCE)):
                    if key.fileobj is self._input:
                        unsent = unsent[self._speak(unsent) :]
                        if not unsent:
                            ready.unregister(self._input)
                    elif key.fileobj is self._output:
                        complete = self._listen() or complete
                    elif not self._overhear():
                        ready.unregister(self._complaints)

    def _speak(self, unsent: memoryview) -> int:
        """Return how many bytes of the question the pipe took."""
        try:
            return self._input.write(unsent[:_CHUNK]) or 0
        except BrokenPipeError as error:
            raise _HungUpError("closed its input") from error

    def _listen(self) -> bool:
        """Hear what there is, at most a chunk; tell whether a line ended in it."""
        chunk = self._output.read(_CHUNK)
        if chunk is None:
            return False
        if not chunk:
            raise _HungUpError("closed its output")
        self._heard += chunk
        if len(self._heard) > self._longest_line:
            raise _FaultError(f"printed more than {self._longest_line} bytes for a question")
        return b"\n" in chunk

    def _overhear(self) -> bool:
        """Keep the end of what it complains about; tell whether there may be more."""
        chunk = self._complaints.read(_CHUNK)
        self._tail = (self._tail + (chunk or b""))[-_TAIL:]
        return chunk != b""


def _environment() -> dict[str, str]:
    """Return the environment of this program, without what is not the child's business.

    Git's variables would make the child's Git read our repository. Python programs write their
    lines at once: waiting in a buffer for more is how most of them would never answer.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") and name not in _WITHHELD
    }
    return {"PYTHONUNBUFFERED": "1"} | kept
