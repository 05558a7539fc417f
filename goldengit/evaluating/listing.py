"""The listing: the active cases of a dataset, each without its content."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from goldengit.errors import CannotJudgeError
from goldengit.evaluating.progress import Progress, silent
from goldengit.evaluators.base import Evaluator
from goldengit.gauging.cases import ENDINGS, Ended, became_golden, case_id, ending, golden_files
from goldengit.gauging.declared import CHECK
from goldengit.models.case import Case
from goldengit.models.change import File, Snapshot
from goldengit.models.dataset import DatasetSpec
from goldengit.models.layout import golden_folder
from goldengit.models.slices import slices_of


@dataclass(frozen=True, slots=True)
class Listed:
    """One active case without its content. `judges` are the places of its evaluators.

    `failure_modes` are those that people labelled it with; `group` is the conversation that it
    belongs to, or else the case itself.
    """

    id: str
    digest: str
    failure_modes: tuple[str, ...]
    severity: Literal["low", "normal", "high", "critical"]
    group: str
    slices: tuple[str, ...]
    judges: tuple[int, ...]


@dataclass(frozen=True)
class Listing:
    """The active cases, how many others there are, and which are labelled with a failure mode.

    `labelled` maps a failure mode to the ids of its cases, each with the time it became golden.
    """

    cases: tuple[Listed, ...]
    left_out: Mapping[Ended, int]
    labelled: Mapping[str, Mapping[str, str]]


def read_listing(
    tree: Snapshot,
    dataset: str,
    spec: DatasetSpec,
    evaluators: Sequence[Evaluator],
    now: str,
    progress: Progress = silent,
) -> Listing:
    """Read every golden case once, in the order of their ids.

    `evaluators` are those of `spec.evaluators`, in their order. `progress` is told (done, all) in
    files. Raises CannotJudgeError for a case that cannot be read: it may not drop out unseen.
    """
    months = [month.path for month in tree.entries(golden_folder(dataset)) if month.is_tree]
    every = sum(len(tree.entries(month)) for month in months)
    modes = [evaluator.definition.spec.failure_mode for evaluator in evaluators]
    cases: list[Listed] = []
    left_out: dict[Ended, int] = dict.fromkeys(ENDINGS, 0)
    labelled: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for done, file in enumerate(golden_files(tree, dataset), start=1):
        progress(done, every)
        ended = ending(file, now)
        if ended:
            left_out[ended] += 1
            continue
        case = _readable(file)
        listed = _listed(file, case, spec, modes)
        cases.append(listed)
        for mode in listed.failure_modes:
            labelled[mode][listed.id] = became_golden(case)
    return Listing(tuple(cases), left_out, labelled)


def _listed(file: File, case: Case, spec: DatasetSpec, modes: Sequence[str]) -> Listed:
    name = case_id(file)
    labelled = {label.failure_mode for label in case.labels if label.source == "person"}
    return Listed(
        id=name,
        digest=file.digest,
        failure_modes=tuple(sorted(labelled)),
        severity=case.severity,
        group=case.group or name,
        slices=slices_of(file.value, spec.slices),
        judges=tuple(
            place
            for place, use in enumerate(spec.evaluators)
            if use.applies_to == "all" or modes[place] in labelled
        ),
    )


def _readable(file: File) -> Case:
    if not isinstance(file.case, Case):
        raise CannotJudgeError("The case could not be read.", remedy=CHECK, place=file.path)
    return file.case
