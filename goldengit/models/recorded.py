"""What the rules about evaluators ask: which datasets use one, and what it was measured on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from goldengit.models.calibration import Manifest, Measured, Part, RecordedVerdict
from goldengit.models.change import Change, File, Gauge
from goldengit.models.dataset import DatasetSpec, EvaluatorUse
from goldengit.models.evaluator import Definition
from goldengit.models.finding import Severity
from goldengit.models.gist import Gist
from goldengit.models.layout import dataset_path

_DIGITS = 2e-6  # six decimals, the last of which may be rounded either way
_WITH_STATS = ("_interval", "above_gate", "above_signal")  # what needs the extra `stats`


@dataclass(frozen=True, slots=True)
class Use:
    """How a dataset of the head uses an evaluator; `place` is its place in `evaluators`."""

    file: File
    dataset: DatasetSpec
    place: int
    use: EvaluatorUse

    @property
    def gates(self) -> bool:
        """Tell whether the evaluator may stop a deploy here."""
        return self.use.role == "gate"

    @property
    def line(self) -> int:
        """Return the line of the role."""
        return self.file.line("evaluators", self.place, "role")


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recorded verdict: its line in the file, and the gist of the case, None without one."""

    line: int
    said: RecordedVerdict
    gist: Gist | None

    @property
    def case(self) -> Gist | None:
        """Return the gist of a case that can be read, None of any other and of a tombstone."""
        return self.gist if self.gist is not None and self.gist.readable else None


@dataclass(frozen=True, slots=True)
class Calibrated:
    """An evaluator of the head whose definition and manifest could be read."""

    gauge: Gauge
    definition: Definition
    manifest: Manifest
    file: File  # the manifest's

    @property
    def command(self) -> str:
        """Return the command that measures the evaluator again."""
        return f"goldengit calibrate {self.gauge.id}"

    def in_parts(self, *parts: Part) -> list[RecordedVerdict]:
        """Return the recorded verdicts of these parts of the split."""
        lines = self.gauge.verdicts.verdicts if self.gauge.verdicts else ()
        return [line for line in lines if line.part in parts]


def calibrated(change: Change) -> Iterator[Calibrated]:
    """Yield the evaluators in view that have a manifest which could be read."""
    for gauge in change.gauges:
        file, definition = gauge.manifest, gauge.definition
        manifest = file.manifest if file else None
        if file is not None and definition is not None and manifest is not None:
            yield Calibrated(gauge, definition, manifest, file)


def uses(change: Change) -> Iterator[Use]:
    """Yield how the datasets of the head use their evaluators."""
    for name in change.head.datasets:
        file = change.head.file(dataset_path(name))
        spec = file.dataset_spec if file else None
        if file is not None and spec is not None:
            for place, use in enumerate(spec.evaluators):
                yield Use(file, spec, place, use)


def gating_uses(change: Change, evaluator: str) -> list[Use]:
    """Return where an evaluator may stop a deploy."""
    return [use for use in uses(change) if use.gates and use.use.id == evaluator]


def weight(change: Change, evaluator: str) -> Severity:
    """Return how much a flaw of an evaluator weighs: an error only where it may stop a deploy.

    One that is being developed or revised must be committable.
    """
    return Severity.ERROR if gating_uses(change, evaluator) else Severity.WARNING


def recorded(one: Calibrated) -> Iterator[Recorded]:
    """Yield the recorded verdicts of an evaluator, each with its case as the head has it."""
    lines = one.gauge.verdicts.verdicts if one.gauge.verdicts else ()
    for line, said in enumerate(lines, 1):
        yield Recorded(line, said, one.gauge.cases.get(said.case))


def differences(said: Measured, found: Measured, *, thorough: bool = False) -> list[str]:
    """Return the dotted names of the numbers that a manifest says and its raw verdicts do not give.

    What needs the extra `stats` is compared where it was recomputed, or else with `thorough`.
    """
    theirs, ours = dict(_numbers(said.model_dump())), dict(_numbers(found.model_dump()))
    return [
        name
        for name in {**theirs, **ours}
        if not _same(theirs.get(name), ours.get(name))
        and (thorough or ours.get(name) is not None or not _needs_stats(name))
    ]


def number_at(measured: Measured, name: str) -> Any:
    """Return the number with a dotted name, None where there is none."""
    return dict(_numbers(measured.model_dump())).get(name)


def _numbers(values: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _numbers(value, f"{before}{key}.")
        elif isinstance(value, tuple):
            yield from _numbers({str(at): item for at, item in enumerate(value)}, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def _needs_stats(name: str) -> bool:
    return any(mark in name for mark in _WITH_STATS)


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) < _DIGITS
