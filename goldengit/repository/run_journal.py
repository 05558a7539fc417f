"""The journal of a run: every answer of a release, as it comes, so that none is asked for twice.

One file a run in the Git folder: a line that says which run it is, then a line for each answer.
Whatever kills the program leaves whole lines and at most one torn one, which is cut off. Answers
are read back one at a time; only their places are in memory.
"""

import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Self

from pydantic import ValidationError

from goldengit.errors import CannotJudgeError
from goldengit.models.answer import Answer
from goldengit.models.base import Count, Noun, Text
from goldengit.models.digest import digest_of

_FORMAT = 1
_SYNC_EVERY = 1.0  # seconds: what a power cut may cost; nothing else costs an answer
_NAME = 32  # hex digits of a file's name


class _Line(Noun):
    case: Text
    repeat: Count
    answer: Answer


class RunJournal:
    """The answers of one run; `get` and `keep` are safe to call from several threads.

    `started` is the time at which the run began, for which its cases count as active; `kept` is how
    many answers an earlier call left, `errors` how many of those are errors.
    """

    def __init__(self, folder: Path, run: Mapping[str, str], now: str, *, fresh: bool) -> None:
        """Open the journal of the run that `run` describes, or begin one at the time `now`.

        `fresh` forgets an earlier one. Raises CannotJudgeError when another process holds it.
        """
        self._path = (
            folder / "runs" / f"{digest_of(dict(run)).removeprefix('sha256:')[:_NAME]}.jsonl"
        )
        # Before pydantic 2.14, threads that need a deferred serializer at once may get a wrong one.
        _Line.model_rebuild()
        self._turn = Lock()
        self._places: dict[tuple[str, int], tuple[int, int]] = {}
        self._closed = False
        self._synced = monotonic()
        self.errors = 0
        try:
            self._file = _locked(self._path)
            if fresh:
                os.ftruncate(self._file, 0)
            self.started = self._read() or self._begin(run, now)
        except OSError as error:
            raise self._unusable(error) from error
        self.kept = len(self._places)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it; what it holds stays."""
        self.close()

    def __len__(self) -> int:
        """Return how many answers it holds."""
        return len(self._places)

    def get(self, case: str, repeat: int) -> Answer | None:
        """Return an answer, None when it was not given yet."""
        place = self._places.get((case, repeat))
        if place is None:
            return None
        start, length = place
        return _Line.model_validate_json(os.pread(self._file, length, start)).answer

    def keep(self, case: str, repeat: int, answer: Answer) -> None:
        """Keep an answer for good; once closed, nothing is kept any more.

        Raises CannotJudgeError when it cannot be written.
        """
        line = _Line.model_construct(case=case, repeat=repeat, answer=answer)
        with self._turn:
            if not self._closed:
                try:
                    self._places[case, repeat] = self._append(line.model_dump_json().encode())
                except OSError as error:
                    raise self._unusable(error) from error

    def close(self) -> None:
        """Close it; what it holds stays, and a later call goes on from there."""
        with self._turn:
            if not self._closed:
                self._closed = True
                os.fsync(self._file)
                os.close(self._file)

    def remove(self) -> None:
        """Forget the run: its scorecard was delivered."""
        self._path.unlink(missing_ok=True)  # before the lock goes, so that nobody else opens it
        self.close()

    # -- the file --------------------------------------------------------------------------

    def _read(self) -> str:
        """Take in what an earlier call left, up to the first line that is not whole.

        Return the time at which that began, "" when there was nothing.
        """
        started, end = "", 0
        with os.fdopen(os.dup(self._file), "rb") as file:
            file.seek(0)
            for line in file:
                if not line.endswith(b"\n") or not (started := started or _started(line)):
                    break
                if end and not self._take(line, end):
                    break
                end += len(line)
        os.ftruncate(self._file, end)
        return started

    def _take(self, line: bytes, start: int) -> bool:
        try:
            found = _Line.model_validate_json(line)
        except ValidationError:
            return False
        self._places[found.case, found.repeat] = (start, len(line))
        self.errors += found.answer.error is not None
        return True

    def _begin(self, run: Mapping[str, str], now: str) -> str:
        self._append(json.dumps({"journal": _FORMAT, "started": now, "run": dict(run)}).encode())
        return now

    def _append(self, text: bytes) -> tuple[int, int]:
        """Write a line at the end; return where it starts and how long it is."""
        line = text + b"\n"
        start = os.lseek(self._file, 0, os.SEEK_END)
        left = memoryview(line)
        while left:
            left = left[os.write(self._file, left) :]
        if monotonic() - self._synced > _SYNC_EVERY:
            os.fsync(self._file)
            self._synced = monotonic()
        return start, len(line)

    def _unusable(self, error: OSError) -> CannotJudgeError:
        return CannotJudgeError(
            f"The answers cannot be kept: {error.strerror}.",
            remedy="Make room, or repair the permissions, and run the command again.",
            place=str(self._path),
        )


def _locked(path: Path) -> int:
    """Return the file, open, with a lock on it that ends with this process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_there(file, path):
                return file
        except BlockingIOError as error:
            os.close(file)
            raise CannotJudgeError(
                "Another goldengit command is evaluating this release on this dataset.",
                remedy="Wait until it has ended; it writes the same scorecard.",
            ) from error
        # Whoever had the lock removed the file before it let go.
        os.close(file)


def _is_there(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def _started(line: bytes) -> str:
    """Return the time in the first line of a journal, "" when this program did not write it."""
    try:
        head = json.loads(line)
    except ValueError:
        return ""
    known = isinstance(head, dict) and head.get("journal") == _FORMAT
    return str(head["started"]) if known and "started" in head else ""
