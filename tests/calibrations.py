"""Calibrations of scenarios: what `goldengit calibrate` would write, without Git or models.

Every number comes from the program itself, so a scenario holds no digest that was made by hand.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from goldengit.calibrating.labelled import Labelled, labelled
from goldengit.calibrating.manifest import Circumstances, manifest, recorded
from goldengit.evaluators import Evaluator, build
from goldengit.gauging.definitions import definition_of
from goldengit.models.calibration import Manifest, RecordedVerdict
from goldengit.models.change import DatasetIndex, Entry, File
from goldengit.models.evaluator import MANIFEST, VERDICTS
from goldengit.models.layout import POLICY, dataset_path, evaluator_path
from goldengit.models.reading import ReadLimits
from goldengit.models.verdict import Cost, Verdict
from goldengit.repository.interpret import house_bytes, interpret
from goldengit.repository.verdict_lines import write_verdicts
from tests.gitbox import Blob, Files

AT = "2026-07-01T08:00:00Z"  # when scenarios calibrate: after the labels, before the check
TREE = "040000"


class FilesSnapshot:
    """The files of a scenario as one tree; it knows no index."""

    name = "a scenario"
    tree = "a-scenario"

    def __init__(self, files: Files) -> None:
        self._files = files

    @property
    def datasets(self) -> tuple[str, ...]:
        """Return the names of the datasets."""
        return tuple(entry.name for entry in self.entries("datasets"))

    def entries(self, folder: str) -> tuple[Entry, ...]:
        """Return the direct children of a folder."""
        names = {
            path.removeprefix(f"{folder}/").partition("/")[0]
            for path in self._files
            if path.startswith(f"{folder}/")
        }
        found = (self.entry(f"{folder}/{name}") for name in sorted(names))
        return tuple(entry for entry in found if entry is not None)

    def entry(self, path: str) -> Entry | None:
        """Return the entry at a path, with an id of its own making."""
        if path in self._files:
            blob = self._files[path]
            return Entry(path, blob.mode, hashlib.sha1(blob.data).hexdigest())  # noqa: S324
        is_folder = any(name.startswith(f"{path}/") for name in self._files)
        return Entry(path, TREE, hashlib.sha1(path.encode()).hexdigest()) if is_folder else None  # noqa: S324

    def file(self, path: str) -> File | None:
        """Return the file at a path, read."""
        entry = self.entry(path)
        if entry is None or entry.is_tree:
            return None
        data = self._files[path].data
        return interpret(entry, len(data), data, ReadLimits())

    def index(self, dataset: str) -> DatasetIndex:
        """Refuse: nothing that calibrates asks for it."""
        raise NotImplementedError(dataset)


def calibration(
    files: Files,
    evaluator: str,
    *,
    at: str = AT,
    says: Mapping[str, str] | None = None,
    without: frozenset[str] = frozenset(),
    lines: Mapping[str, Mapping[str, Any]] | None = None,
    raw: Mapping[str, Mapping[str, Any]] | None = None,
    forget: bool = False,
) -> tuple[Manifest, list[RecordedVerdict]]:
    """Return manifest and raw verdicts of an evaluator of these files.

    Kinds that are data judge for themselves; the others agree with people. `says` gives another
    verdict by case id, `without` leaves cases out, `lines` changes what is recorded before anything
    is counted and `raw` afterwards, so that only the SHA-256 of the raw verdicts follows; `forget`
    drops the looks of the manifest that is there.
    """
    tree = FilesSnapshot(files)
    definition = definition_of(tree, evaluator)
    ready = build(definition, for_judging=False)
    policy, dataset = tree.file(POLICY), tree.file(dataset_path(definition.spec.dataset))
    former = tree.file(evaluator_path(evaluator, MANIFEST))
    assert policy is not None
    assert policy.policy is not None
    assert dataset is not None
    assert dataset.dataset_spec is not None
    labels = labelled(tree, definition, policy.policy.heldout, at)
    chosen = Labelled(
        labels.protocol, tuple(case for case in labels.cases if case.id not in without)
    )
    counted = _changed(recorded(chosen.cases, _verdicts(ready, chosen, says or {})), lines)
    around = Circumstances(
        dataset=dataset.dataset_spec,
        dataset_version=tree.tree,
        policy=policy.policy,
        now=at,
        asks=ready.model,
        prompt=ready.prompt,
        former=former.manifest if former and not forget else None,
    )
    found, written = manifest(definition, chosen, counted, Cost(), around), _changed(counted, raw)
    digest = f"sha256:{hashlib.sha256(write_verdicts(written)).hexdigest()}"
    return found.model_copy(update={"verdicts": digest}), written


def _changed(
    lines: Iterable[RecordedVerdict], changes: Mapping[str, Mapping[str, Any]] | None
) -> list[RecordedVerdict]:
    return [line.model_copy(update=dict((changes or {}).get(line.case, {}))) for line in lines]


def _verdicts(
    evaluator: Evaluator, labels: Labelled, says: Mapping[str, str]
) -> dict[str, Verdict]:
    if evaluator.is_data:
        evaluator.prepare()
    found = {}
    for case in labels.cases:
        if case.id in says:
            found[case.id] = _said(says[case.id], evaluator.model)
        elif evaluator.is_data:
            found[case.id] = evaluator.verdict(case.row)
        else:
            found[case.id] = _said(case.people.outcome, evaluator.model).model_copy(
                update={"grade": case.people.grade}
            )
    return found


def _said(outcome: str, model: str | None) -> Verdict:
    score = {"pass": 1.0, "fail": 0.0}.get(outcome)
    return Verdict.model_validate({"verdict": outcome, "score": score, "model": model})


def calibrated_files(evaluator: str, found: Manifest, lines: list[RecordedVerdict]) -> Files:
    """Return the two files of a calibration."""
    path = evaluator_path(evaluator, MANIFEST)
    value = found.model_dump(mode="json", by_alias=True)
    return {
        path: Blob(house_bytes(path, value)),
        evaluator_path(evaluator, VERDICTS): Blob(write_verdicts(lines)),
    }
