"""What a tree declares: its policy, and a dataset with its failure modes, slices and evaluators."""

from goldengit.errors import CannotJudgeError, UsageError
from goldengit.models.change import File, Snapshot
from goldengit.models.dataset import DatasetSpec
from goldengit.models.layout import POLICY, dataset_path
from goldengit.models.policy import Policy

CHECK = "Run `goldengit check` and repair what it names."


def policy_of(tree: Snapshot) -> Policy:
    """Return the policy of a tree; raise CannotJudgeError when it cannot be read."""
    file = tree.file(POLICY)
    if file is None or file.policy is None or not file.sound:
        raise CannotJudgeError("The policy could not be read.", remedy=CHECK, place=POLICY)
    return file.policy


def dataset_of(tree: Snapshot, dataset: str) -> tuple[DatasetSpec, File]:
    """Return what a dataset declares, and the file that says so.

    Raises UsageError when there is no such dataset, CannotJudgeError when it cannot be read.
    """
    path = dataset_path(dataset)
    file = tree.file(path)
    if file is None:
        there = ", ".join(tree.datasets) or "there is none"
        raise UsageError(
            f"There is no dataset {dataset!r} in {tree.name}.", remedy=f"Datasets: {there}."
        )
    if file.dataset_spec is None or not file.sound:
        raise CannotJudgeError("The dataset could not be read.", remedy=CHECK, place=path)
    return file.dataset_spec, file
