"""The verdicts that were paid for, in the repository's Git folder.

Keyed by content: the digest of the evaluator, that of the row, and the number of the repeat. They
serve `evaluate` and `calibrate` only; a check never reads them (DECISIONS 26). The cache is a
convenience: whatever goes wrong with it, the model is asked again.
"""

import hashlib
import sqlite3
import threading
from contextlib import suppress
from pathlib import Path
from typing import Self

from pydantic import ValidationError

from goldengit.models.verdict import Verdict

FILE = "verdicts-1.sqlite"
_TABLE = """
CREATE TABLE IF NOT EXISTS verdict (
    evaluator TEXT NOT NULL, row TEXT NOT NULL, repeat INTEGER NOT NULL,
    verdict TEXT NOT NULL, hash TEXT NOT NULL,
    PRIMARY KEY (evaluator, row, repeat)
) WITHOUT ROWID
"""
_WAIT = 5.0  # seconds for another process that writes
_FAMILY = ("", "-wal", "-shm")  # the files of one database


class VerdictCache:
    """Verdicts by content; safe to share between threads and between processes.

    `problem` is a sentence about a file that could not be used, "" while all is well; the cache
    then remembers for this run only.
    """

    def __init__(self, folder: Path) -> None:
        self.problem = ""
        self._path = folder / FILE
        self._lock = threading.Lock()
        self._connection = self._opened()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def get(self, evaluator: str, row: str, repeat: int = 0) -> Verdict | None:
        """Return a verdict as it was given, with what it cost then; None when there is none."""
        query = "SELECT verdict, hash FROM verdict WHERE evaluator = ? AND row = ? AND repeat = ?"
        key = (evaluator, row, repeat)
        with self._lock:
            try:
                found = self._connection.execute(query, key).fetchone()
            except sqlite3.DatabaseError as error:
                self._repair(error)
                return None
        if found is None or found[1] != _hash(*key, found[0]):
            return None
        with suppress(ValidationError):
            return Verdict.model_validate_json(found[0])
        return None

    def keep(self, evaluator: str, row: str, verdict: Verdict, repeat: int = 0) -> None:
        """Remember a verdict, unless no answer could be read: a rerun is to ask for that again."""
        if verdict.verdict == "unknown" and verdict.output is None:
            return
        text = verdict.model_dump_json(exclude_defaults=True)
        key = (evaluator, row, repeat)
        with self._lock:
            try:
                with self._connection:
                    self._connection.execute(
                        "INSERT OR REPLACE INTO verdict VALUES (?, ?, ?, ?, ?)",
                        (*key, text, _hash(*key, text)),
                    )
            except sqlite3.DatabaseError as error:
                self._repair(error)

    def _opened(self) -> sqlite3.Connection:
        """Return a connection to the file, or to memory when it cannot be used."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            return _connected(self._path)
        except (OSError, sqlite3.OperationalError) as error:  # in use, or not ours to write
            self.problem = f"Verdicts are not kept: {self._path} cannot be used: {error}."
        except sqlite3.DatabaseError:
            return self._anew()
        return _connected(":memory:")

    def _repair(self, error: sqlite3.DatabaseError) -> None:
        """Go on after an error: with a new file where this one is damaged, else in memory."""
        with suppress(sqlite3.Error):
            self._connection.close()
        if isinstance(error, sqlite3.OperationalError):
            self.problem = f"Verdicts are no longer kept: {self._path}: {error}."
            self._connection = _connected(":memory:")
        else:
            self._connection = self._anew()

    def _anew(self) -> sqlite3.Connection:
        """Set a damaged file aside and return a connection to a new one."""
        aside = self._path.with_suffix(".damaged")
        self.problem = f"The kept verdicts were damaged. They were set aside as {aside}."
        try:
            for ending in _FAMILY:
                with suppress(FileNotFoundError):
                    Path(f"{self._path}{ending}").replace(f"{aside}{ending}")
            return _connected(self._path)
        except (OSError, sqlite3.Error) as error:
            self.problem = f"Verdicts are not kept: {self._path} is damaged: {error}."
            return _connected(":memory:")


def _connected(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_WAIT, check_same_thread=False)
    # What is no UTF-8 any more must fail its hash, not the query.
    connection.text_factory = lambda text: text.decode(errors="replace")
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(_TABLE)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _hash(evaluator: str, row: str, repeat: int, verdict: str) -> str:
    """Return what tells a verdict that a broken disk changed; SQLite has no checksums."""
    return hashlib.sha256(f"{evaluator}\n{row}\n{repeat}\n{verdict}".encode()).hexdigest()
