"""A clone with a work tree, in which the verbs are tried, and the judge that they are handed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from goldengit import checking
from goldengit.models.finding import Report
from goldengit.repository.interpret import house_bytes
from goldengit.repository.store import Store, opened
from tests.gitbox import Files, GitBox
from tests.standard import NOW


def judge(store: Store, base: str | None, tree: str) -> Report:
    """Return what all rules say of a tree that follows on a commit."""
    return checking.judge(checking.transition(store, base, tree, now=NOW))


class Bench:
    """A repository on its branch `main`, with these files committed and checked out."""

    def __init__(self, folder: Path, files: Files) -> None:
        self.box = GitBox(folder, bare=False)
        self.top = folder
        for name, value in (("user.name", "Opener"), ("user.email", "opener@example.org")):
            self.box.git("config", name, value)
        self.tip = self.box.commit(files)
        self.box.git("reset", "--quiet", "--hard", self.tip)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Open the repository."""
        with opened(self.top) as store:
            yield store

    def errors(self, base: str | None = None) -> list[str]:
        """Return what the rules have against the work tree as a change of the base (main's tip)."""
        with self.store() as store:
            from goldengit.repository.sources import work_tree

            report = judge(store, base or self.tip, work_tree(store.repository))
        return [f"{each.rule} {each.place}: {each.message}" for each in report.findings]

    def files(self) -> dict[str, bytes]:
        """Return every file of the work tree, by path."""
        return {
            path.relative_to(self.top).as_posix(): path.read_bytes()
            for path in sorted(self.top.rglob("*"))
            if path.is_file() and ".git" not in path.relative_to(self.top).parts
        }

    def value(self, path: str) -> dict[str, Any]:
        """Return the parsed YAML of a file."""
        return dict(yaml.load((self.top / path).read_bytes(), yaml.CSafeLoader))

    def write(self, path: str, value: Mapping[str, Any]) -> None:
        """Write a value in house style."""
        (self.top / path).parent.mkdir(parents=True, exist_ok=True)
        (self.top / path).write_bytes(house_bytes(path, dict(value)))

    def commit_all(self, message: str = "A change.") -> str:
        """Commit the whole work tree on the present branch; return the commit's id."""
        self.box.git("add", "--all")
        self.box.git("commit", "--quiet", "--message", message)
        return self.box.git("rev-parse", "HEAD")
