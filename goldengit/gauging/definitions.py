"""Definitions: the evaluators of a tree, each with every file of its folder."""

from collections.abc import Iterator

from goldengit.errors import CannotJudgeError
from goldengit.models.change import REGULAR, File, Snapshot
from goldengit.models.dataset import FailureMode
from goldengit.models.evaluator import (
    DEFINITION,
    OUTSIDE_EVALUATOR_DIGEST,
    Definition,
    EvaluatorSpec,
)
from goldengit.models.layout import EVALUATORS, NAME, dataset_path, evaluator_folder, evaluator_path


def evaluator_ids(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the ids of the evaluators in a tree, sorted: the folders under `evaluators/`."""
    return tuple(
        sorted(
            entry.name
            for entry in snapshot.entries(EVALUATORS)
            if entry.is_tree and NAME.fullmatch(entry.name)
        )
    )


def definition_of(snapshot: Snapshot, evaluator: str) -> Definition:
    """Return an evaluator's definition.

    Raises CannotJudgeError when there is none, when it or another file of its folder could not be
    read, or when its dataset does not declare its failure mode.
    """
    path = evaluator_path(evaluator, DEFINITION)
    file = snapshot.file(path)
    if file is None:
        raise CannotJudgeError(
            f"There is no evaluator {evaluator}.", remedy=f"Write {path}.", place=path
        )
    spec = file.evaluator_spec
    if spec is None or not file.sound:
        raise CannotJudgeError(
            "The definition could not be read.",
            remedy="Run `goldengit check` and repair what it names.",
            place=path,
        )
    mode = failure_mode_of(snapshot, spec.dataset, spec.failure_mode)
    if mode is None:
        raise _undeclared(snapshot, spec, path)
    return Definition(spec, _contents(snapshot, evaluator), mode)


def _undeclared(snapshot: Snapshot, spec: EvaluatorSpec, place: str) -> CannotJudgeError:
    """Return why a failure mode is not known: its dataset may be missing, or broken."""
    path = dataset_path(spec.dataset)
    file = snapshot.file(path)
    if file is None:
        there = ", ".join(snapshot.datasets) or "none"
        return CannotJudgeError(
            f"There is no dataset {spec.dataset}.", remedy=f"Name one of: {there}.", place=place
        )
    if file.dataset_spec is None:
        return CannotJudgeError(
            f"The dataset {spec.dataset} could not be read.",
            remedy="Run `goldengit check` and repair what it names.",
            place=path,
        )
    modes = ", ".join(file.dataset_spec.failure_modes) or "none"
    return CannotJudgeError(
        f"The dataset {spec.dataset} declares no failure mode {spec.failure_mode}.",
        remedy=f"Declare it in {path}, or name one of: {modes}.",
        place=place,
    )


def failure_mode_of(snapshot: Snapshot, dataset: str, name: str) -> FailureMode | None:
    """Return a failure mode as the dataset's own file declares it."""
    file = snapshot.file(dataset_path(dataset))
    spec = file.dataset_spec if file else None
    return spec.failure_modes.get(name) if spec else None


def _contents(snapshot: Snapshot, evaluator: str) -> dict[str, bytes]:
    """Return the files of an evaluator's folder, by the name inside it, the manifest left out.

    Raises CannotJudgeError for one that is too large to be read: its digest would be that of
    nothing, whatever is in it.
    """
    folder = evaluator_folder(evaluator)
    files = {file.path.removeprefix(f"{folder}/"): file for file in _files(snapshot, folder)}
    for file in files.values():
        if file.size != len(file.data):
            raise CannotJudgeError(
                f"The file {file.path} has {file.size:,} bytes, too many to be read.",
                remedy="Make it smaller, or raise `limits.change_bytes` of the policy.",
                place=file.path,
            )
    return {name: files[name].data for name in files if name not in OUTSIDE_EVALUATOR_DIGEST}


def _files(snapshot: Snapshot, folder: str) -> Iterator[File]:
    for entry in snapshot.entries(folder):
        if entry.is_tree:
            yield from _files(snapshot, entry.path)
        elif entry.mode == REGULAR and (file := snapshot.file(entry.path)) is not None:
            yield file
