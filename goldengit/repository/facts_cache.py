"""The facts that are already known, in the repository's Git folder.

Keyed by object id and tool version, never by time; verdicts are never here (DECISIONS 26). The
cache is a convenience: whatever goes wrong with it, facts are made again from the objects.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, fields
from itertools import islice
from pathlib import Path
from typing import Any

from goldengit import __version__
from goldengit.models.facts import CaseFacts, Closure, MonthFacts
from goldengit.models.sketch import KeyTable

FACTS_VERSION = 3  # raised whenever facts are made differently
_TABLES = """
CREATE TABLE IF NOT EXISTS blob (oid TEXT PRIMARY KEY, facts TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS month (
    oid TEXT PRIMARY KEY, facts TEXT NOT NULL,
    traces BLOB NOT NULL, pairs BLOB NOT NULL, bands BLOB NOT NULL
);
"""
_BATCH = 500  # ids in one query
_WAIT = 5.0  # seconds for another process that writes


class FactsCache:
    """Facts by blob id and by month tree id; empty and forgetful when the file cannot be used."""

    def __init__(self, folder: Path) -> None:
        self._connection = _open(folder / f"facts-{__version__}-{FACTS_VERSION}.sqlite")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def month(self, tree: str) -> MonthFacts | None:
        """Return the facts of a month's tree, None when they are not known."""
        with suppress(sqlite3.Error, ValueError, KeyError, TypeError):
            row = self._connection.execute(
                "SELECT facts, traces, pairs, bands FROM month WHERE oid = ?", (tree,)
            ).fetchone()
            return _month(tree, *row) if row else None
        return None

    def keep_month(self, facts: MonthFacts) -> None:
        """Remember the facts of a month."""
        row = (
            facts.tree, _month_text(facts),
            facts.traces.packed(), facts.pairs.packed(), facts.bands.packed(),
        )  # fmt: skip
        self._keep("INSERT OR REPLACE INTO month VALUES (?, ?, ?, ?, ?)", [row])

    def blobs(self, oids: Iterable[str]) -> dict[str, CaseFacts]:
        """Return what is known of these blobs."""
        found: dict[str, CaseFacts] = {}
        for batch in _batches(oids):
            marks = ",".join("?" * len(batch))
            with suppress(sqlite3.Error, ValueError, KeyError, TypeError):
                rows = self._connection.execute(
                    f"SELECT oid, facts FROM blob WHERE oid IN ({marks})",  # noqa: S608 only marks
                    batch,
                )
                found.update((oid, case_from_text(text)) for oid, text in rows)
        return found

    def keep_blobs(self, rows: Iterable[tuple[str, str]]) -> None:
        """Remember the facts of blobs, given as (id, text of `case_to_text`)."""
        self._keep("INSERT OR REPLACE INTO blob VALUES (?, ?)", rows)

    def _keep(self, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
        try:
            with self._connection:
                self._connection.executemany(statement, rows)
        except sqlite3.Error:  # somebody else's lock, a full disk: not worth to wait for twice
            self._connection.close()
            self._connection = _connected(":memory:")


def _open(path: Path) -> sqlite3.Connection:
    """Return a connection to the file, or to nothing but memory when it cannot be used."""
    with suppress(OSError, sqlite3.Error):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return _connected(path)
        except sqlite3.OperationalError:  # in use, or not to be written: it is not ours to remove
            raise
        except sqlite3.DatabaseError:
            for file in (path, *path.parent.glob(f"{path.name}-*")):  # its log, too
                file.unlink()
            return _connected(path)
    return _connected(":memory:")


def _connected(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_WAIT)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")  # a lost cache is made again
        connection.executescript(_TABLES)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _batches(oids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(oids)
    while batch := list(islice(rest, _BATCH)):
        yield batch


_FIELDS = tuple(field.name for field in fields(CaseFacts))
_FLAT = frozenset({"failure_modes", "band_keys", "signing_keys"})
_NESTED = frozenset({"signers", "label_kinds"})


def case_to_text(facts: CaseFacts) -> str:
    """Return the facts of a case as one line of JSON."""
    values = {name: getattr(facts, name) for name in _FIELDS}
    values["closure"] = asdict(facts.closure) if facts.closure else None
    return json.dumps(values, separators=(",", ":"))


def case_from_text(text: str) -> CaseFacts:
    """Return the facts of a case from what `case_to_text` wrote."""
    kept = json.loads(text)
    for name in _FLAT:
        kept[name] = tuple(kept[name])
    for name in _NESTED:
        kept[name] = _deep(kept[name])
    kept["closure"] = _closure(kept["closure"]) if kept["closure"] else None
    return CaseFacts(**kept)


def _closure(kept: dict[str, Any]) -> Closure:
    return Closure(**{**kept, "failure_modes": tuple(kept["failure_modes"])})


def _deep(items: list[list[Any]]) -> tuple[tuple[Any, ...], ...]:
    return tuple(tuple(item) for item in items)


def _month_text(facts: MonthFacts) -> str:
    return json.dumps(
        {
            "names": facts.names,
            "odd": facts.odd,
            "months": sorted(facts.months),
            "signers": [[key, span] for key, span in facts.signers.items()],
            "label_kinds": sorted(facts.label_kinds, key=repr),
            "latest": facts.latest,
            "unsigned": facts.unsigned,
            "signing_keys": sorted(facts.signing_keys),
            "largest": facts.largest,
            "active_by_failure_mode": dict(facts.active_by_failure_mode),
            "closures": [asdict(closure) for closure in facts.closures],
            "expiring": facts.expiring,
            "leaf": facts.leaf,
        },
        separators=(",", ":"),
    )


def _month(tree: str, text: str, traces: bytes, pairs: bytes, bands: bytes) -> MonthFacts:
    kept = json.loads(text)
    return MonthFacts(
        tree=tree,
        names=tuple(kept["names"]),
        odd=tuple(kept["odd"]),
        months=frozenset(kept["months"]),
        signers={_deep(key): (span[0], span[1]) for key, span in kept["signers"]},
        label_kinds=frozenset(tuple(kind) for kind in kept["label_kinds"]),
        latest=kept["latest"],
        unsigned=kept["unsigned"],
        signing_keys=frozenset(kept["signing_keys"]),
        largest=kept["largest"],
        active_by_failure_mode=kept["active_by_failure_mode"],
        closures=tuple(_closure(closure) for closure in kept["closures"]),
        expiring=tuple((case, day) for case, day in kept["expiring"]),
        leaf=kept["leaf"],
        traces=KeyTable(traces),
        pairs=KeyTable(pairs),
        bands=KeyTable(bands),
    )
