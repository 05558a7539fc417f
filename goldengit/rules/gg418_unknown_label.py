"""GG418: a label says something that the dataset has declared."""

from collections.abc import Iterator

from goldengit.models.change import Change, File, FileChange, Snapshot
from goldengit.models.dataset import DatasetSpec, FailureMode
from goldengit.models.finding import Finding
from goldengit.models.label import Label
from goldengit.models.layout import Kind, dataset_path, rubric_path
from goldengit.rules.base import Rule

_CLOSE = 1e-6


class UnknownLabel(Rule):
    """A label fits what `dataset.yaml` declares.

    ## What it does
    Reports a label on a failure mode that `dataset.yaml` does not declare; one that names a rubric
    above the one in force, or one without a file; a grade that is missing, not wanted or off the
    scale; a verdict or a score that does not follow from the grade. What the base declares is
    taken from the base, so a change cannot move the scale that judges it.

    ## Why it matters
    A label that no rubric explains cannot be repeated, and a calibration would count it.

    ## Example
    A label grades `clarity` with 7 on a scale from 1 to 5.

    ## How to fix
    Correct the label, or declare the failure mode in `dataset.yaml` and write its rubric file;
    then run `goldengit check --staged`.
    """

    code = "GG418"
    name = "unknown-label"

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each label that does not fit."""
        for each in change.of_kind(Kind.QUEUE, Kind.CANDIDATE, Kind.LABELS, Kind.GOLDEN):
            file = _labelled(each)
            for place, label in enumerate(_labels(file) if file else ()):
                problem = _problem(change, each.spot.dataset, label)
                if file is not None and problem:
                    yield self.finding(
                        file.path,
                        f"The label of {label.reviewer} on {label.failure_mode} {problem}.",
                        f"Correct the label, or {dataset_path(each.spot.dataset)} and its rubrics.",
                        line=file.line("labels", place),
                    )


def _labelled(change: FileChange) -> File | None:
    """Return the file whose labels are new; those of a golden case of the base are not."""
    closes = change.spot.kind is Kind.GOLDEN and change.before is not None
    return change.after if change.after is not None and change.after.sound and not closes else None


def _labels(file: File) -> tuple[Label, ...]:
    return tuple(Label.model_validate(label) for label in file.value.get("labels") or ())


def _problem(change: Change, dataset: str, label: Label) -> str:
    """Return what is wrong with a label, in words that follow its name; "" when nothing is."""
    path = dataset_path(dataset)
    spec, proposed = _spec(change.base, path), _spec(change.head, path)
    declared = (proposed.failure_modes if proposed else {}) | (spec.failure_modes if spec else {})
    mode = declared.get(label.failure_mode)
    if mode is None:
        return f"is about a failure mode that {path} does not declare"
    newest = proposed.failure_modes.get(label.failure_mode) if proposed else None
    if label.rubric > max(mode.rubric, newest.rubric if newest else 1):
        return f"names rubric {label.rubric}, above the one in force"
    if change.head.entry(rubric_path(dataset, label.failure_mode, label.rubric)) is None:
        return f"names rubric {label.rubric}, which has no file"
    return _grading(mode, label)


def _spec(snapshot: Snapshot, path: str) -> DatasetSpec | None:
    file = snapshot.file(path)
    return file.dataset_spec if file else None


def _grading(mode: FailureMode, label: Label) -> str:
    if mode.scale is None or mode.pass_at is None:
        return "" if label.grade is None else "has a grade, but the failure mode has no scale"
    if label.grade is None:
        return "has no grade, but the failure mode has a scale"
    if not mode.scale.holds(label.grade):
        return f"has the grade {label.grade:g}, which is not on the scale"
    verdict = "pass" if label.grade >= mode.pass_at else "fail"
    if label.verdict != verdict:
        return f"says {label.verdict}, but the grade {label.grade:g} means {verdict}"
    score = mode.scale.score(label.grade)
    if label.score is not None and abs(label.score - score) >= _CLOSE:
        return f"has the score {label.score:g}, but the grade means {score:g}"
    return ""
