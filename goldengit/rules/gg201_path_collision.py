"""GG201: two names that some file system takes for one."""

import unicodedata
from collections import Counter
from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.rules.base import Rule


class PathCollision(Rule):
    """Two paths are equal, or equal once letter case and Unicode forms are ignored.

    ## What it does
    Compares the name of every added file, and of each folder above it, with its neighbours after
    NFKC normalisation and case folding. A name that a tree holds twice is the same defect.

    ## Why it matters
    macOS and Windows check out only one of `Case-1.yaml` and `case-1.yaml`. Whoever works there
    sees one content and judges another.

    ## Example
    `datasets/support/rubrics/Tone.1.md` is added beside `tone.1.md`.

    ## How to fix
    Give the added file another name: `git mv OLD NEW`.
    """

    code = "GG201"
    name = "path-collision"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each added path that collides with another one."""
        tables: dict[str, Counter[str]] = {}
        reported: set[str] = set()
        for path in _added(change):
            for folder, name in _levels(path):
                if folder not in tables:
                    tables[folder] = Counter(_folded(e.name) for e in change.head.entries(folder))
                level = f"{folder}/{name}" if folder else name
                if tables[folder][_folded(name)] > 1 and level not in reported:
                    reported.add(level)
                    yield self._collision(change, path, folder, name)

    def _collision(self, change: Change, path: str, folder: str, name: str) -> Finding:
        alike = [e.name for e in change.head.entries(folder) if _folded(e.name) == _folded(name)]
        twins = sorted(other for other in set(alike) if other != name)
        message = (
            f"The name `{name}` collides with `{twins[0]}` in the same folder."
            if twins
            else f"The tree holds the name `{name}` twice in one folder."
        )
        remedy = (
            "Rename the added one with `git mv OLD NEW`."
            if twins
            else "Build the tree anew: `git read-tree HEAD`, then `git add` the right file."
        )
        return self.finding(path, message, remedy)


def _added(change: Change) -> Iterator[str]:
    yield from (file.path for file in change.files if file.before is None)
    if not change.is_transition:
        yield from _repeated(change)


def _repeated(change: Change) -> Iterator[str]:
    """Yield golden paths that stand twice in a month whose cases are not in view."""
    for dataset in change.head.datasets:
        for month, facts in change.head.index(dataset).months.items():
            if len(set(facts.names)) < len(facts.names):
                folder = f"datasets/{dataset}/golden/{month}"
                counts = Counter(facts.names)
                yield from (f"{folder}/{name}" for name in counts if counts[name] > 1)


def _levels(path: str) -> Iterator[tuple[str, str]]:
    """Yield (folder, name) for a path and every folder above it."""
    parts = path.split("/")
    for depth, name in enumerate(parts):
        yield "/".join(parts[:depth]), name


def _folded(name: str) -> str:
    if name.isascii():
        return name.lower()
    # Twice, because folding can undo a normal form.
    once = unicodedata.normalize("NFKC", name).casefold()
    return unicodedata.normalize("NFKC", once)
