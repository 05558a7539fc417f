"""Everything that reading a repository needs, opened once and closed together."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from goldengit.models.policy import Limits
from goldengit.repository.facts_cache import FactsCache
from goldengit.repository.months import MonthMaker, Progress, silent
from goldengit.repository.objects import ObjectReader
from goldengit.repository.plumbing import Repository
from goldengit.repository.snapshot import FileReader, TreeSnapshot


class Store:
    """A repository with its object reader and its cache of facts."""

    def __init__(self, repository: Repository, progress: Progress) -> None:
        self.repository = repository
        self.objects = ObjectReader(repository)
        self._cache = FactsCache(repository.common_dir / "goldengit")
        self._files = FileReader(self.objects)
        self._months = MonthMaker(self.objects, self._cache, progress)

    def snapshot(self, name: str, tree: str, limits: Limits | None = None) -> TreeSnapshot:
        """Return a tree under a name that people know it by, read within a policy's limits."""
        return TreeSnapshot(name, tree, self.objects, self._files, self._months, limits or Limits())

    def close(self) -> None:
        """End the processes and close the cache."""
        self.objects.close()
        self._cache.close()


@contextmanager
def opened(path: Path, progress: Progress = silent) -> Iterator[Store]:
    """Open the repository around a path; see `Repository.open` for what is refused."""
    store = Store(Repository.open(path), progress)
    try:
        yield store
    finally:
        store.close()
