"""Format: rows and label drafts in house style, where they may still change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from goldengit.errors import UsageError
from goldengit.models.change import File
from goldengit.models.layout import DATASETS, Kind, golden_folder, locate
from goldengit.models.reading import Refusal
from goldengit.promoting.desk import Desk, Done, Judge, at_desk
from goldengit.repository.edits import path_within
from goldengit.repository.interpret import house_bytes
from goldengit.repository.store import Store

# Policy and dataset.yaml hold comments that people wrote; house style has none.
_FORMATTED = frozenset({Kind.QUEUE, Kind.CANDIDATE, Kind.LABELS, Kind.GOLDEN})


@dataclass(frozen=True, slots=True)
class Formatted:
    """What formatting came to. Paths are sorted and lead from the top of the repository.

    `changed` were rewritten, or would be; `frozen` differ from house style and stay so for ever;
    `unreadable` hold something that the strict reader refuses, with its first refusal.
    """

    looked_at: int
    changed: tuple[str, ...]
    frozen: tuple[str, ...]
    unreadable: tuple[tuple[str, Refusal], ...]
    done: Done


def format_rows(
    store: Store,
    paths: Sequence[str] = (),
    *,
    judge: Judge,
    check: bool = False,
    now: str | None = None,
) -> Formatted:
    """Rewrite queued rows, candidates, drafts and golden cases that are not frozen in house style.

    `paths` are files or folders; none means every dataset. What a file says stays; comments other
    than the first line go. With `check` nothing is written. Raises UsageError for a path at which
    there is nothing to format.
    """
    with at_desk(store, judge, now) as desk:
        frozen, unreadable = [], []
        files: dict[str, bytes | None] = {}
        found = list(_files(desk, paths))
        for file in found:
            if file.reading is None or file.reading.value is None:
                refusals = file.reading.refusals if file.reading else ()
                unreadable += [(file.path, refusal) for refusal in refusals[:1]]
                continue
            data = house_bytes(file.path, file.reading.value)
            if data == file.data:
                continue
            if file.spot.kind is Kind.GOLDEN and desk.is_frozen(file):
                frozen.append(file.path)
            else:
                files[file.path] = data
        return Formatted(
            looked_at=len(found),
            changed=tuple(sorted(files)),
            frozen=tuple(sorted(frozen)),
            unreadable=tuple(sorted(unreadable)),
            done=desk.settle({} if check else files),
        )


def _files(desk: Desk, paths: Sequence[str]) -> Iterator[File]:
    """Yield the files to format, each once; settled golden cases only when they are named."""
    seen: set[str] = set()
    for path in [path_within(desk.store.repository, Path(name)) for name in paths] or [DATASETS]:
        found = [each for each in _below(desk, path) if locate(each).kind in _FORMATTED]
        if paths and not found:
            raise UsageError(
                f"There is nothing to format at {path}.",
                remedy="Name a row, a label draft, or a folder that holds some.",
            )
        for each in found:
            file = None if each in seen else desk.work.file(each)
            if file is not None:
                seen.add(each)
                yield file


def _below(desk: Desk, path: str) -> Iterator[str]:
    """Yield the paths at or under a path; frozen months, which are left as they are, at no cost."""
    entry = desk.work.entry(path) if path != "." else None
    if entry is not None and not entry.is_tree:
        yield path
        return
    folder = "" if path == "." else path
    for child in desk.work.entries(folder):
        if not child.is_tree:
            yield child.path
        elif not _is_frozen_month(desk, child.path):
            yield from _below(desk, child.path)


def _is_frozen_month(desk: Desk, folder: str) -> bool:
    """Tell whether a month's folder is the same, to the last byte, as in the base."""
    if not any(folder.startswith(f"{golden_folder(name)}/") for name in desk.work.datasets):
        return False
    present, frozen = desk.work.entry(folder), desk.frozen.entry(folder)
    return present is not None and frozen is not None and present.oid == frozen.oid
