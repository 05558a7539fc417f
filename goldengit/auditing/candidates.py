"""Candidates that wait: too long, or for reviewers who disagree."""

from collections.abc import Iterator

from goldengit.auditing.duties import Duty, days_since
from goldengit.models.case import Case
from goldengit.models.change import Snapshot
from goldengit.models.label import LabelDraft, settle
from goldengit.models.layout import DATASETS, Kind, labels_folder, locate
from goldengit.models.policy import Policy


def candidate_duties(tree: Snapshot, dataset: str, policy: Policy, now: str) -> Iterator[Duty]:
    """Yield what of a dataset's candidates waits: for a promotion, or for an agreement.

    A candidate may wait as long as a dataset may go without a new case.
    """
    limit = policy.stewardship.stale_dataset_days
    rows = [
        entry
        for entry in tree.entries(f"{DATASETS}/{dataset}/candidates")
        if locate(entry.path).kind is Kind.CANDIDATE
    ]
    late = sorted(row.name for row in rows if days_since(row.name, now) > limit)
    if late:
        case = late[0].removesuffix(".yaml")
        yield Duty(
            "candidates",
            f"{DATASETS}/{dataset}/candidates",
            f"{len(late)} of {len(rows)} candidates wait longer than {limit} days, {case} since "
            f"{days_since(case, now)}.",
            f"Run `goldengit promote {case}`, or drop it.",
        )
    for row in rows:
        yield from _disagreements(tree, dataset, row.path)


def _disagreements(tree: Snapshot, dataset: str, path: str) -> Iterator[Duty]:
    """Yield the failure modes on which a candidate's reviewers disagree and nobody resolved it."""
    file = tree.file(path)
    if file is None or not isinstance(file.case, Case):
        return
    folder = labels_folder(dataset, file.spot.case)
    drafts = (draft.record for each in tree.entries(folder) if (draft := tree.file(each.path)))
    labels = [
        *file.case.labels,
        *(label for one in drafts if isinstance(one, LabelDraft) for label in one.labels),
    ]
    for mode in sorted({label.failure_mode for label in labels}):
        settled = settle(labels, mode)
        if settled is not None and settled.outcome == "unknown":
            yield Duty(
                "labels",
                path,
                f"{' and '.join(sorted(settled.votes))} disagree on {mode} of {file.spot.case}.",
                "Talk about it; then one adds a label with `resolve` and a note.",
            )
