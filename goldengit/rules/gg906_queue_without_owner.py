"""GG906: somebody owns the queue."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.layout import DATASETS, Kind, dataset_path
from goldengit.rules.base import Rule


class QueueWithoutOwner(Rule):
    """A dataset with a queue names an owner who is in the roster.

    ## What it does
    Reports a dataset with rows in `queue/` whose `dataset.yaml` names no `owner`, and an owner who
    is not in the roster or whose entry has ended.

    ## Why it matters
    A queue that everybody owns rots: nobody is late.

    ## Example
    Twenty flagged rows wait in a dataset without `owner`.

    ## How to fix
    Set `owner:` in `datasets/DATASET/dataset.yaml` to a person of the roster.
    """

    code = "GG906"
    name = "queue-without-owner"

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each queue that nobody of the roster owns."""
        for dataset in _in_view(change):
            path = dataset_path(dataset)
            file = change.head.file(path)
            owner = file.dataset_spec.owner if file and file.dataset_spec else None
            waiting = change.head.entries(f"{DATASETS}/{dataset}/queue")
            problem = _problem(change, owner) if owner or waiting else ""
            if problem and (file is None or file.dataset_spec is not None):
                yield self.finding(
                    path,
                    f"The dataset {dataset} {problem}.",
                    f"Set `owner:` in {path} to a person of the roster.",
                    line=file.line("owner") if file else 0,
                )


def _in_view(change: Change) -> list[str]:
    if not change.is_transition:
        return list(change.head.datasets)
    return sorted({each.spot.dataset for each in change.of_kind(Kind.QUEUE, Kind.DATASET)})


def _problem(change: Change, owner: str | None) -> str:
    """Return what is wrong with an owner, "" when nothing is."""
    if owner is None:
        return "has a queue and no owner"
    person = change.policy.roster.get(owner) if change.policy else None
    if person is None:
        return f"is owned by {owner}, who is not in the roster"
    ended = person.valid_to is not None and person.valid_to < change.now[:10]
    return f"is owned by {owner}, whose entry in the roster has ended" if ended else ""
