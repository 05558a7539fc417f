"""GG907: rows do not wait for ever."""

from collections.abc import Iterator
from datetime import date

from goldengit.models.change import Change, Entry
from goldengit.models.dataset import QueueLimits
from goldengit.models.finding import Finding, Severity
from goldengit.models.layout import DATASETS, Kind, dataset_path, locate
from goldengit.rules.base import Rule


class QueueOverdue(Rule):
    """A queue is neither too old nor too long.

    ## What it does
    Warns of a queue with rows that wait longer than `queue.max_age_days` of its `dataset.yaml`, or
    with more rows than `queue.max_size`. The age is counted from the day in the id. A change is
    judged when it touches the queue, a whole tree always; in the scheduled
    run a breach is an error.

    ## Why it matters
    What production showed in spring is no news in autumn.

    ## Example
    A flagged row has been waiting for 31 days; the limit is 14.

    ## How to fix
    Label what waits and move it to `candidates/`, or drop it.
    """

    code = "GG907"
    name = "queue-overdue"
    severity = Severity.WARNING
    needs_policy = False
    waivable = True

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a warning for each queue with rows that are too old, or with too many."""
        for dataset in _in_view(change):
            file = change.head.file(dataset_path(dataset))
            limits = file.dataset_spec.queue if file and file.dataset_spec else QueueLimits()
            yield from self._judged(change, dataset, limits)

    def _judged(self, change: Change, dataset: str, limits: QueueLimits) -> Iterator[Finding]:
        entries = change.head.entries(f"{DATASETS}/{dataset}/queue")
        rows = sorted(entry for entry in entries if locate(entry.path).kind is Kind.QUEUE)
        late = [row for row in rows if _age(row, change.now) > limits.max_age_days]
        remedy = "Label what waits and move it to `candidates/`, or drop it."
        if late:
            yield self.finding(
                late[0].path,
                f"{len(late)} of {len(rows)} rows wait longer than {limits.max_age_days} days; "
                f"this one since {_age(late[0], change.now)} days.",
                remedy,
            )
        if len(rows) > limits.max_size:
            yield self.finding(
                dataset_path(dataset),
                f"{len(rows)} rows wait in the queue, more than {limits.max_size}.",
                remedy,
            )


def _in_view(change: Change) -> list[str]:
    if not change.is_transition:
        return list(change.head.datasets)
    return sorted({each.spot.dataset for each in change.of_kind(Kind.QUEUE)})


def _age(row: Entry, now: str) -> int:
    """Return the days since the row entered the queue, which its id begins with."""
    return (date.fromisoformat(now[:10]) - date.fromisoformat(row.name[:10])).days
