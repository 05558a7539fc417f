"""One tree, read on demand: entries, files, and the index of each dataset."""

from functools import cached_property, lru_cache

from goldengit.models.change import Entry, File
from goldengit.models.layout import ATTRIBUTES, DATASETS, Kind, golden_folder, locate
from goldengit.models.policy import Limits
from goldengit.models.reading import ReadLimits
from goldengit.repository.index import GoldenIndex, month_folders
from goldengit.repository.interpret import interpret, read_limits
from goldengit.repository.months import MonthMaker
from goldengit.repository.objects import ObjectReader

GITLINK = "160000"
_KEPT = 4096  # files; the two sides of the largest change that is read, and its commits
# Files that are read as bytes, up to the limit of a whole change rather than of one record.
_BYTES = frozenset(
    (
        Kind.ATTACHMENT,
        Kind.RUBRIC,
        Kind.SCHEMA,
        Kind.EVALUATOR_FILE,
        Kind.VERDICTS,
        Kind.MISPLACED,
    )
)


class FileReader:
    """Reads files of any tree. A blob at a path never changes, so the latest are kept."""

    def __init__(self, objects: ObjectReader) -> None:
        self._objects = objects
        self.read = lru_cache(maxsize=_KEPT)(self._read)

    def _read(self, entry: Entry, limits: ReadLimits, blob_bytes: int) -> File:
        kind = locate(entry.path).kind
        if entry.mode == GITLINK:
            return File(entry)
        if kind is Kind.OTHER and entry.name != ATTRIBUTES:
            return File(entry, self._objects.size(entry.oid))
        limit = blob_bytes if kind in _BYTES else limits.file_bytes
        blob = self._objects.blob(entry.oid, limit)
        return interpret(entry, blob.size, blob.data, limits)


class TreeSnapshot:
    """A tree of a repository. Objects never change, so everything is read at most once."""

    def __init__(
        self,
        name: str,
        tree: str,
        objects: ObjectReader,
        files: FileReader,
        months: MonthMaker,
        limits: Limits,
    ) -> None:
        self.name = name
        self.tree = tree
        self._objects = objects
        self._reader = files
        self._months = months
        self._limits = read_limits(limits)
        self._blob_bytes = limits.change_bytes
        self._folders: dict[str, tuple[Entry, ...]] = {}
        self._by_path: dict[str, dict[str, Entry]] = {}
        self._indexes: dict[str, GoldenIndex] = {}

    @cached_property
    def datasets(self) -> tuple[str, ...]:
        """Return the names of the folders under `datasets/`, sorted."""
        return tuple(sorted(entry.name for entry in self.entries(DATASETS) if entry.is_tree))

    def entries(self, folder: str) -> tuple[Entry, ...]:
        """Return the direct children of a folder, in tree order; empty when there is none."""
        if folder not in self._folders:
            oid = self.tree if not folder else self._tree_at(folder)
            self._folders[folder] = self._objects.tree(oid, folder) if oid else ()
        return self._folders[folder]

    def entry(self, path: str) -> Entry | None:
        """Return the entry at a path."""
        folder = path.rpartition("/")[0]
        if folder not in self._by_path:
            # Of two entries with one name (GG201) the first counts, as it does for Git.
            self._by_path[folder] = {e.path: e for e in reversed(self.entries(folder))}
        return self._by_path[folder].get(path)

    def file(self, path: str) -> File | None:
        """Return the file at a path, read; None when there is no such file."""
        entry = self.entry(path)
        return None if entry is None or entry.is_tree else self.read(entry)

    def read(self, entry: Entry) -> File:
        """Return the file of an entry, of this tree or of any other."""
        return self._reader.read(entry, self._limits, self._blob_bytes)

    def index(self, dataset: str) -> GoldenIndex:
        """Return what is known of a dataset's golden cases."""
        if dataset not in self._indexes:
            folders = month_folders(self.entries(golden_folder(dataset)))
            self._indexes[dataset] = GoldenIndex(self._months.months([*folders.values()]), folders)
        return self._indexes[dataset]

    def _tree_at(self, folder: str) -> str:
        entry = self.entry(folder)
        return entry.oid if entry is not None and entry.is_tree else ""
