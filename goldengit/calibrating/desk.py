"""The desk: an evaluator of the work tree is measured, and its manifest written in one step."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from goldengit.calibrating.labelled import Labelled, LabelledCase, labelled
from goldengit.calibrating.leaks import leak_of
from goldengit.calibrating.manifest import Circumstances, manifest, recorded
from goldengit.calibrating.refusals import leaking, refuse_old_version
from goldengit.calibrating.writing import present, refuse_ignored, write
from goldengit.errors import CannotJudgeError, NothingToJudgeError, UsageError
from goldengit.evaluators import Doors, Evaluator, build
from goldengit.gauging.declared import dataset_of, policy_of
from goldengit.gauging.definitions import definition_of
from goldengit.metrics.base import require_stats
from goldengit.models.calibration import Manifest, Measured, RecordedVerdict, measure
from goldengit.models.evaluator import DEFINITION, MANIFEST, VERDICTS, Definition
from goldengit.models.layout import evaluator_path, golden_folder
from goldengit.models.row import EvalRow
from goldengit.models.verdict import Cost, Verdict
from goldengit.repository.interpret import house_bytes
from goldengit.repository.snapshot import TreeSnapshot
from goldengit.repository.sources import work_tree
from goldengit.repository.store import Store
from goldengit.repository.verdict_lines import write_verdicts

# Has an evaluator judge rows, by case id; whoever calls decides on threads, cache and progress.
Judging = Callable[[Evaluator, Iterable[tuple[str, EvalRow]]], Mapping[str, Verdict]]


@dataclass(frozen=True)
class Calibration:
    """A calibration that is prepared: the evaluator, the people's labels, what they rest on.

    `leak` says what the evaluator has seen of what is held out; such a one is not measured.
    `before` holds the bytes that manifest and verdicts had then, None where there was no file:
    whoever writes them in the meantime is not overwritten, or a look at the labels would be lost.
    """

    evaluator: Evaluator
    labels: Labelled
    around: Circumstances
    before: Mapping[str, bytes | None] = field(repr=False)
    leak: str = ""

    @property
    def definition(self) -> Definition:
        """Return what defines the evaluator."""
        return self.evaluator.definition

    def rows(self, cases: Iterable[LabelledCase]) -> list[tuple[str, EvalRow]]:
        """Return the rows of cases, as an evaluator sees them."""
        return [(case.id, case.row) for case in cases]


@dataclass(frozen=True)
class Calibrated:
    """What came out: the manifest, the verdicts behind it and the files that were written."""

    manifest: Manifest
    lines: tuple[RecordedVerdict, ...] = field(repr=False)
    written: tuple[str, ...]
    recovered: str = ""


def prepare(
    store: Store, evaluator: str, doors: Doors, now: str, *, for_judging: bool = True
) -> Calibration:
    """Read an evaluator of the work tree and the labels that it is to be measured on.

    Not `for_judging`, no code is imported, no model loaded and no endpoint needed: that is enough
    to tell what a calibration would do. Raises CannotJudgeError for whatever cannot be read or
    built, and for a prompt or a training set that holds what is held out; NothingToJudgeError
    without any label; UsageError in a repository without a work tree.
    """
    before = present(store, [evaluator_path(evaluator, name) for name in (MANIFEST, VERDICTS)])
    tree = store.snapshot("the work tree", work_tree(store.repository))
    definition = own_definition(tree, evaluator)
    spec = definition.spec
    policy, (dataset, _) = policy_of(tree), dataset_of(tree, spec.dataset)
    ready = build(definition, doors, for_judging=for_judging)
    labels = labelled(tree, definition, policy.heldout, now)
    if not labels.cases:
        raise NothingToJudgeError(
            f"No active case of {spec.dataset} is labelled for {spec.failure_mode}.",
            remedy="Label 10 to 20 failing and as many passing cases first.",
            place=evaluator_path(evaluator, "evaluator.yaml"),
        )
    leak = leak_of(ready, labels, tree)
    if leak and for_judging:
        raise leaking(leak, labels, evaluator)
    version = tree.entry(golden_folder(spec.dataset))
    around = Circumstances(
        dataset=dataset,
        dataset_version=version.oid if version else "",
        policy=policy,
        now=now,
        asks=ready.model,
        prompt=ready.prompt,
        former=_former(tree, evaluator),
    )
    return Calibration(ready, labels, around, before, leak)


def on_dev(calibration: Calibration, judging: Judging) -> tuple[Measured, Mapping[str, Verdict]]:
    """Measure an evaluator on the dev part alone: no look at what is held out, nothing written.

    Raises UsageError in blind mode, which has no dev part.
    """
    cases = calibration.labels.in_parts("dev")
    if not cases:
        raise UsageError(
            "All labels are held out, so there is no dev part to try the evaluator on.",
            remedy="Write it from the rubric and from invented examples, then calibrate once.",
        )
    verdicts = judging(calibration.evaluator, calibration.rows(cases))
    lines = recorded(cases, verdicts)
    return measure(lines, calibration.definition.failure_mode.scale), verdicts


def calibrate(store: Store, calibration: Calibration, judging: Judging) -> Calibrated:
    """Measure an evaluator on all its labels, and write manifest and raw verdicts in one step.

    Nothing is written when anything fails before, and nothing is judged when it could not be
    measured or kept. Raises RefusedEditError where Git ignores the files, and UsageError where the
    version must be raised first.
    """
    require_stats()
    refuse_ignored(store, calibration.before)
    refuse_old_version(store, calibration.definition)
    cases = calibration.labels.cases
    verdicts = judging(calibration.evaluator, calibration.rows(cases))
    _refuse_silence(calibration.evaluator, verdicts)
    lines = recorded(cases, verdicts)
    cost = sum((verdicts[case.id].cost for case in cases), Cost())
    found = manifest(calibration.definition, calibration.labels, lines, cost, calibration.around)
    folder = calibration.definition.spec.id
    path = evaluator_path(folder, MANIFEST)
    files = {
        path: house_bytes(path, found.model_dump(mode="json", by_alias=True, exclude_none=True)),
        evaluator_path(folder, VERDICTS): write_verdicts(lines),
    }
    return Calibrated(found, lines, tuple(files), write(store, files, calibration.before))


def _refuse_silence(evaluator: Evaluator, verdicts: Mapping[str, Verdict]) -> None:
    """Refuse to measure a model that was never heard: an endpoint that is down is no evaluator.

    A manifest of nothing but `unknown` would take the place of a good one.
    """
    silent = [verdict for verdict in verdicts.values() if verdict.output is None]
    if evaluator.model is not None and len(silent) == len(verdicts):
        first = silent[0].justification if silent else "There was nothing to judge."
        raise CannotJudgeError(
            f"The model {evaluator.model} gave no usable answer: {first}",
            remedy="Nothing was written. Look at the endpoint, then run the command again.",
            place=evaluator_path(evaluator.definition.spec.id, "evaluator.yaml"),
        )


def own_definition(tree: TreeSnapshot, evaluator: str) -> Definition:
    """Return the definition in an evaluator's folder.

    Raises CannotJudgeError when it cannot be read, and when it is of another id: the split follows
    from the id, and the manifest would go to another folder.
    """
    definition = definition_of(tree, evaluator)
    if definition.spec.id != evaluator:
        raise CannotJudgeError(
            f"The id is {definition.spec.id}, but the folder is named {evaluator}.",
            remedy=f"Write `id: {evaluator}`, or rename the folder with `git mv`.",
            place=evaluator_path(evaluator, DEFINITION),
        )
    return definition


def _former(tree: TreeSnapshot, evaluator: str) -> Manifest | None:
    """Return the manifest that stands there now.

    Raises CannotJudgeError when it cannot be read: it alone says how often the held-out labels
    were looked at.
    """
    path = evaluator_path(evaluator, MANIFEST)
    file = tree.file(path)
    if file is not None and file.manifest is None:
        raise CannotJudgeError(
            "The manifest cannot be read, so the looks at the held-out labels cannot be counted.",
            remedy=f"Run `git restore {path}`; remove it only if it was never committed.",
            place=path,
        )
    return file.manifest if file else None
