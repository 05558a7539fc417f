"""GG301: a golden id that the listings of the base hold and those of the head do not."""

from collections.abc import Iterator

from goldengit.models.change import Change, Entry, Snapshot
from goldengit.models.finding import Finding
from goldengit.models.layout import golden_folder
from goldengit.models.lifecycle import departures, restore_command
from goldengit.rules.base import TRANSITION, Rule


class GoldenSetShrank(Rule):
    """A golden id of the base is missing from the head.

    ## What it does
    Compares what stands below `golden/` in both trees, from the listings alone, so that nothing
    depends on how the differences were computed. A case whose removal or move another rule
    reports (GG304, GG306, GG508) is not reported again.

    ## Why it matters
    A score is comparable over time only while the set behind it never loses a case unseen.

    ## Example
    A case that stands in the folder of the wrong month is deleted instead of moved.

    ## How to fix
    Bring it back with `git restore --source=BASE --staged --worktree -- PATH`. To retire a case run
    `goldengit withdraw ID --reason TEXT` or `goldengit supersede ID --by NEW --reason TEXT`.
    """

    code = "GG301"
    name = "golden-set-shrank"
    judges = TRANSITION
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each golden id that is gone and that nothing else explains."""
        explained = {departure.before.path for departure in departures(change)}
        for dataset in change.base.datasets:
            for entry in _missing(change, golden_folder(dataset)):
                if entry.path not in explained:
                    message = f"The golden case {_stem(entry)} is no longer in the dataset."
                    remedy = f"Run `{restore_command(change, entry.path)}`."
                    yield self.finding(entry.path, message, remedy)


def _missing(change: Change, folder: str) -> Iterator[Entry]:
    """Yield the golden files of the base whose name is nowhere in the head's golden folder."""
    names: set[str] | None = None
    for entry in _gone(change, folder):
        if names is None:
            names = {_stem(kept) for kept in _listed(change.head, folder)}
        if _stem(entry) not in names:
            yield entry


def _gone(change: Change, folder: str) -> Iterator[Entry]:
    """Yield the base's golden files that the head lacks; folders that are the same are not read."""
    for entry in change.base.entries(folder):
        same = change.head.entry(entry.path)
        if not entry.is_tree and same is None:
            yield entry
        elif entry.is_tree and (same is None or same.oid != entry.oid):
            kept = {each.path for each in change.head.entries(entry.path)}
            yield from (each for each in change.base.entries(entry.path) if each.path not in kept)


def _listed(tree: Snapshot, folder: str) -> Iterator[Entry]:
    for entry in tree.entries(folder):
        yield from tree.entries(entry.path) if entry.is_tree else (entry,)


def _stem(entry: Entry) -> str:
    return entry.name.removesuffix(".yaml")
