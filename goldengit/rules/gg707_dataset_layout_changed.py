"""GG707: a dataset with golden cases stays where it is."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.layout import DATASETS, Kind, dataset_path, golden_folder
from goldengit.models.lifecycle import restore_command
from goldengit.rules.base import Rule


class DatasetLayoutChanged(Rule):
    """A dataset with golden cases keeps its folder, its `dataset.yaml` and its name.

    ## What it does
    Reports a dataset with golden cases that has no `dataset.yaml`, or lost it, and a
    `dataset.yaml` whose `name` is not that of its folder.

    ## Why it matters
    What no longer looks like a dataset is no longer evaluated, and nobody notices.

    ## Example
    `datasets/support` is renamed to `datasets/support-old`.

    ## How to fix
    Run `git restore --source=BASE --staged --worktree -- datasets/DATASET/dataset.yaml`. For
    another name begin another dataset.
    """

    code = "GG707"
    name = "dataset-layout-changed"

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each dataset that was dropped, or is called other than its folder."""
        for dataset in _in_view(change):
            path = dataset_path(dataset)
            file = change.head.file(path)
            golden = golden_folder(dataset)
            if file is None and (change.base.entries(golden) or change.head.entries(golden)):
                yield self.finding(
                    path,
                    f"The dataset {dataset} has golden cases, but no dataset.yaml.",
                    f"Run `{restore_command(change, path)}`, or write the file.",
                )
            elif file and file.dataset_spec and file.dataset_spec.name != dataset:
                yield self.finding(
                    path,
                    f"The dataset calls itself {file.dataset_spec.name}, but its folder is "
                    f"{DATASETS}/{dataset}.",
                    f"Set `name: {dataset}`.",
                    line=file.line("name"),
                )


def _in_view(change: Change) -> list[str]:
    """Return the datasets whose own file, or first golden case, this change brings or takes."""
    if not change.is_transition:
        return list(change.head.datasets)
    touched = change.of_kind(Kind.DATASET, Kind.GOLDEN)
    return sorted({each.spot.dataset for each in touched})
