"""What of a whole tree needs an individual look: everything but ordinary cases (models/facts)."""

from collections.abc import Iterator

from goldengit.models.change import Change, File
from goldengit.models.facts import MonthFacts, rubrics_of
from goldengit.models.identity import is_case_id
from goldengit.models.layout import (
    ACTION_NAMES,
    ACTIONS,
    ATTRIBUTES,
    DATASETS,
    HOOKS,
    POLICY,
    WORKFLOWS,
    Kind,
    dataset_path,
    golden_folder,
    golden_path,
    locate,
)
from goldengit.models.policy import Policy
from goldengit.repository.snapshot import TreeSnapshot

_ROOTS = (DATASETS, "evaluators", "schemas")
_ALONE = frozenset((*_ROOTS, POLICY, ATTRIBUTES, HOOKS, *ACTION_NAMES, ".gitmodules"))
_PARTS = frozenset(
    ("attachments", "baseline.yaml", "candidates", "dataset.yaml", "golden", "queue", "rubrics")
)


def in_view(head: TreeSnapshot, policy: Policy | None, now: str, *, deep: bool) -> Iterator[File]:
    """Yield the files of a whole tree that need an individual look."""
    for entry in head.entries(""):
        if entry.path in _ROOTS and entry.is_tree:
            yield from _below(head, entry.path, policy, now, deep=deep)
        elif entry.path in _ALONE and not entry.is_tree:
            yield head.read(entry)
    for folder in (WORKFLOWS, ACTIONS):
        yield from _platform(head, folder)


def _platform(head: TreeSnapshot, folder: str) -> Iterator[File]:
    """Yield the workflows and actions below a folder."""
    for entry in head.entries(folder):
        if entry.is_tree:
            yield from _platform(head, entry.path)
        elif locate(entry.path).kind.is_platform:
            yield head.read(entry)


def _below(
    head: TreeSnapshot, folder: str, policy: Policy | None, now: str, *, deep: bool
) -> Iterator[File]:
    parts = folder.split("/")
    if not deep and folder == golden_folder(parts[1] if parts[1:] else ""):
        yield from _golden(head, parts[1], policy, now)
        return
    for entry in head.entries(folder):
        if entry.is_tree:
            yield from _below(head, entry.path, policy, now, deep=deep)
        else:
            yield head.read(entry)


def _golden(head: TreeSnapshot, dataset: str, policy: Policy | None, now: str) -> Iterator[File]:
    """Yield the golden files of a dataset that need an individual look.

    Cases of which another one may have the trace or the content need one too. Where something else
    stands among the months or the cases, its name may collide with one of theirs: then everything
    beside it is in view.
    """
    index = head.index(dataset)
    folders = head.entries(golden_folder(dataset))
    plain = _is_plain(head, dataset) and len(index.folders) == len(folders)
    clashing = {golden_path(dataset, case) for case in index.clashing()}
    for entry in folders:
        if not entry.is_tree:
            yield head.read(entry)
            continue
        facts = index.months.get(entry.name) if plain else None
        if facts is not None and _is_settled(head, dataset, facts, policy, now):
            yield from _odd(head, entry.path, facts, clashing)
        else:
            yield from _below(head, entry.path, policy, now, deep=True)


def _odd(head: TreeSnapshot, folder: str, facts: MonthFacts, clashing: set[str]) -> Iterator[File]:
    """Yield what needs a look in a settled month; mostly nothing, then it is not even listed."""
    month = folder.rpartition("/")[2]
    names = {path.rpartition("/")[2] for path in clashing if path.startswith(f"{folder}/")}
    names.update(facts.odd)
    if facts.months != {month}:
        names.update(name for name in facts.names if name[:7] != month)
    for entry in head.entries(folder) if names else ():
        if entry.name in names and entry.is_tree:
            yield from _below(head, entry.path, None, "", deep=True)
        elif entry.name in names:
            yield head.read(entry)


def _is_settled(
    head: TreeSnapshot, dataset: str, facts: MonthFacts, policy: Policy | None, now: str
) -> bool:
    """Tell whether nothing in the tree makes an ordinary case of a month need a look."""
    spec = head.file(dataset_path(dataset))
    return (
        policy is not None
        and facts.settled(policy, spec.dataset_spec if spec else None, now)
        and all(is_case_id(name.removesuffix(".yaml")) for name in facts.odd)
        and all(head.entry(path) for path in rubrics_of(facts.label_kinds, dataset))
    )


def _is_plain(head: TreeSnapshot, dataset: str) -> bool:
    """Tell whether a dataset's folder holds only what belongs there, each once."""
    names = [entry.name for entry in head.entries(f"{DATASETS}/{dataset}")]
    return len(names) == len(_PARTS.intersection(names))


def judged(change: Change) -> int:
    """Return how many data files a check has judged, by themselves or in their months."""
    if change.is_transition:
        return sum(file.spot.kind.is_data for file in change.files)
    rest = sum(
        file.spot.kind is not Kind.GOLDEN and not file.spot.kind.is_platform
        for file in change.files
    )
    return rest + sum(change.head.index(dataset).count for dataset in change.head.datasets)
