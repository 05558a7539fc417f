"""Status: what each dataset holds at this moment, and how long its queue has waited."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from goldengit.models.change import Snapshot
from goldengit.models.facts import merkle_root
from goldengit.models.identity import is_case_id
from goldengit.models.layout import DATASETS, dataset_path, golden_folder


@dataclass(frozen=True, slots=True)
class DatasetStatus:
    """One dataset. Ages are whole days; -1 when nothing waits.

    `version` is the Git tree id of the golden folder, `root` its Merkle root over (id, digest).
    """

    name: str
    owner: str
    queued: int
    queue_age: int
    queue_limit: int
    candidates: int
    golden: int
    active: int
    superseded: int
    withdrawn: int
    erased: int
    expired: int
    version: str
    root: str

    @property
    def overdue(self) -> bool:
        """Tell whether the oldest queued row has waited longer than the dataset allows."""
        return self.queue_age > self.queue_limit


def statuses(snapshot: Snapshot, today: str) -> tuple[DatasetStatus, ...]:
    """Return the status of each dataset of a tree; `today` is a day or RFC 3339 text in UTC."""
    return tuple(status(snapshot, dataset, today[:10]) for dataset in snapshot.datasets)


def status(snapshot: Snapshot, dataset: str, today: str) -> DatasetStatus:
    """Return the status of one dataset."""
    file = snapshot.file(dataset_path(dataset))
    spec = file.dataset_spec if file else None
    queued = list(_ids(snapshot, f"{DATASETS}/{dataset}/queue"))
    index = snapshot.index(dataset)
    kinds = [closure.kind for closure in index.closures.values()]
    expired = sum(
        day < today and case not in index.closures
        for facts in index.months.values()
        for case, day in facts.expiring
    )
    golden = snapshot.entry(golden_folder(dataset))
    return DatasetStatus(
        name=dataset,
        owner=(spec.owner if spec else None) or "",
        queued=len(queued),
        queue_age=_age(min(queued), today) if queued else -1,
        queue_limit=spec.queue.max_age_days if spec else 0,
        candidates=len(list(_ids(snapshot, f"{DATASETS}/{dataset}/candidates"))),
        golden=index.count,
        active=index.count - len(kinds) - expired,
        superseded=kinds.count("superseded_by"),
        withdrawn=kinds.count("withdrawn"),
        erased=kinds.count("erased"),
        expired=expired,
        version=golden.oid if golden else "",
        root=merkle_root({month: facts.leaf for month, facts in index.months.items()}),
    )


def _ids(snapshot: Snapshot, folder: str) -> Iterator[str]:
    for entry in snapshot.entries(folder):
        case = entry.name.removesuffix(".yaml")
        if not entry.is_tree and is_case_id(case):
            yield case


def _age(case: str, today: str) -> int:
    return (date.fromisoformat(today) - date.fromisoformat(case[:10])).days
