"""Again: a sample of what was recorded is judged once more, by who has the model at hand.

The check of a change runs nothing but data again (DECISIONS 29). What a model, a classifier or code
was recorded to say is proved here, where their doors are open: before a deploy, or by an auditor.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from goldengit.calibrating.desk import Calibration, Judging
from goldengit.errors import CannotJudgeError
from goldengit.models.calibration import RecordedVerdict
from goldengit.models.evaluator import MANIFEST, VERDICTS
from goldengit.models.layout import evaluator_path
from goldengit.models.verdict import Verdict
from goldengit.repository.sources import work_tree
from goldengit.repository.store import Store


@dataclass(frozen=True, slots=True)
class Drifted:
    """One case of which the evaluator says something else now."""

    case: str
    recorded: str
    now: str
    reason: str


@dataclass(frozen=True)
class Again:
    """A sample of the recorded cases, judged again. `tolerance` is the share that may differ."""

    evaluator: str
    version: int
    recorded: int
    judged: int
    drifted: tuple[Drifted, ...]
    tolerance: float

    @property
    def share(self) -> float:
        """Return the share of the sample that differs, 0 to 1."""
        return len(self.drifted) / self.judged

    @property
    def failed(self) -> bool:
        """Tell whether more differs than the policy tolerates."""
        return self.share > self.tolerance + 1e-9


def again(store: Store, calibration: Calibration, judging: Judging, sample: int) -> Again:
    """Judge a sample of the recorded cases again; nothing is written, and no kept verdict counts.

    Which cases are drawn follows from HEAD, so nobody who writes the record can choose them. Cases
    that are no longer active are left out. Raises CannotJudgeError when the record is another
    definition's, or nothing of it is left to be judged.
    """
    lines = _recorded(store, calibration)
    rows = dict(calibration.rows(calibration.labels.cases))
    seed = store.repository.commit("HEAD")
    drawn = sorted((line for line in lines if line.case in rows), key=lambda one: _lot(seed, one))
    chosen = drawn[:sample]
    spec = calibration.definition.spec
    if not chosen:
        raise CannotJudgeError(
            "No recorded case is active any more, so nothing can be judged again.",
            remedy=f"Run `goldengit calibrate {spec.id}`.",
            place=evaluator_path(spec.id, VERDICTS),
        )
    verdicts = judging(calibration.evaluator, [(one.case, rows[one.case]) for one in chosen])
    return Again(
        evaluator=spec.id,
        version=spec.version,
        recorded=len(lines),
        judged=len(chosen),
        drifted=tuple(_drifted((one, verdicts[one.case]) for one in chosen)),
        tolerance=calibration.around.policy.calibration.rerun_tolerance,
    )


def _recorded(store: Store, calibration: Calibration) -> tuple[RecordedVerdict, ...]:
    """Return what was recorded of this very definition."""
    name = calibration.definition.spec.id
    tree = store.snapshot("the work tree", work_tree(store.repository))
    found, raw = (tree.file(evaluator_path(name, part)) for part in (MANIFEST, VERDICTS))
    manifest = found.manifest if found else None
    if manifest is None or raw is None or not raw.verdicts:
        problem = "There is no calibration to compare with."
    elif manifest.digest != calibration.definition.digest:
        problem = "The calibration is that of another state of the evaluator (GG604)."
    else:
        return raw.verdicts
    raise CannotJudgeError(
        problem, remedy=f"Run `goldengit calibrate {name}`.", place=evaluator_path(name, MANIFEST)
    )


def _lot(seed: str, line: RecordedVerdict) -> str:
    return hashlib.sha256(f"{seed}\n{line.case}".encode()).hexdigest()


def _drifted(pairs: Iterable[tuple[RecordedVerdict, Verdict]]) -> Iterator[Drifted]:
    """Yield where verdict or grade is another one; `unknown` is no agreement with a verdict."""
    for line, verdict in pairs:
        if (line.verdict, line.grade) != (verdict.verdict, verdict.grade):
            yield Drifted(
                line.case,
                _word(line.verdict, line.grade),
                _word(verdict.verdict, verdict.grade),
                verdict.justification,
            )


def _word(verdict: str, grade: float | None) -> str:
    return verdict if grade is None else f"{verdict} ({grade:g})"
