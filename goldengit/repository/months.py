"""Facts of whole months: from the cache where they are known, else made, on all cores."""

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from goldengit.models.change import REGULAR, Entry
from goldengit.models.facts import CaseFacts, MonthFacts, sum_up
from goldengit.repository.facts import WIDEST, facts_of
from goldengit.repository.facts_cache import FactsCache, case_from_text, case_to_text
from goldengit.repository.objects import ObjectReader
from goldengit.repository.plumbing import Repository

_INLINE = 400  # blobs below which starting other processes costs more than it saves
_PIECES = 4  # for each process: few, since Git resolves the deltas of each piece anew

Progress = Callable[[int, int], None]


def silent(*_: int) -> None:
    """Say nothing about progress."""


class MonthMaker:
    """Makes the facts of month trees. `progress` is told (done, all) while blobs are read."""

    def __init__(self, objects: ObjectReader, cache: FactsCache, progress: Progress) -> None:
        self._objects = objects
        self._cache = cache
        self._progress = progress

    def months(self, trees: Sequence[Entry]) -> dict[str, MonthFacts]:
        """Return the facts of these month folders, by month name."""
        found = {entry.name: self._cache.month(entry.oid) for entry in trees}
        missing = [entry for entry in trees if found[entry.name] is None]
        listings = {entry.name: self._objects.tree(entry.oid, entry.path) for entry in missing}
        blobs = self._blobs(child for listing in listings.values() for child in listing)
        for entry in missing:
            facts = sum_up(
                entry.oid, ((child.name, _facts(child, blobs)) for child in listings[entry.name])
            )
            self._cache.keep_month(facts)
            found[entry.name] = facts
        return {name: facts for name, facts in found.items() if facts is not None}

    def _blobs(self, entries: Iterable[Entry]) -> dict[str, CaseFacts]:
        # In the order of the tree, in which a pack keeps its deltas together.
        wanted = list(dict.fromkeys(entry.oid for entry in entries if entry.mode == REGULAR))
        known = self._cache.blobs(wanted)
        missing = [oid for oid in wanted if oid not in known]
        for rows in self._make(missing):
            self._cache.keep_blobs(rows)
            known.update((oid, case_from_text(text)) for oid, text in rows)
            self._progress(len(known), len(wanted))
        return known

    def _make(self, oids: list[str]) -> Iterator[list[tuple[str, str]]]:
        workers = os.cpu_count() or 1
        if len(oids) < _INLINE or workers == 1:
            if oids:
                yield _rows(self._objects, oids)
            return
        size = -(-len(oids) // (workers * _PIECES))
        pieces = [oids[start : start + size] for start in range(0, len(oids), size)]
        folder = self._objects.repository.git_dir
        with ProcessPoolExecutor(workers, initializer=_begin, initargs=(folder,)) as pool:
            yield from pool.map(_rows_there, pieces)


# What a worker process reads with. It opens the repository itself, so that no blob has to travel
# from process to process.
_there: list[ObjectReader] = []


def _begin(folder: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the main process tells what an interrupt means
    _there[:] = [ObjectReader(Repository.open(folder))]


def _rows_there(oids: Sequence[str]) -> list[tuple[str, str]]:
    return _rows(_there[0], oids)


def _rows(objects: ObjectReader, oids: Sequence[str]) -> list[tuple[str, str]]:
    return [
        (blob.oid, case_to_text(facts_of(blob.oid, blob.size, blob.data)))
        for blob in objects.many(oids, WIDEST.file_bytes)
    ]


def _facts(entry: Entry, blobs: dict[str, CaseFacts]) -> CaseFacts:
    if entry.mode == REGULAR:
        return blobs[entry.oid]
    return CaseFacts(ordinary=False, id="", digest=f"{entry.mode}:{entry.oid}", size=0)
