"""Scorecard: what a release scored, case by case, with everything that decided it."""

from typing import Annotated, Literal

from pydantic import Field

from goldengit.models.base import CaseId, Count, Digest, Many, Moment, Name, Noun, Share, Text
from goldengit.models.calibration import Band
from goldengit.models.verdict import Cost, Outcome

Standing = Band | Literal["stale", "uncalibrated"]


class EvaluatorRun(Noun):
    """One evaluator of a run: which one exactly, its role, and what its calibration entitles it to.

    `standing` is the band of its manifest, `stale` where the manifest does not hold for this tree,
    `uncalibrated` where there is none.
    """

    id: Name
    version: Annotated[int, Field(ge=1)]
    digest: Digest
    kind: Text
    failure_mode: Name
    model: str | None = None
    role: Literal["gate", "signal"]
    weight: Annotated[float, Field(gt=0)]
    standing: Standing
    why: str = ""

    @property
    def gates(self) -> bool:
        """Tell whether this evaluator may block: by its role and by its measured agreement."""
        return self.role == "gate" and self.standing == "gate"


class Judged(Noun):
    """What one evaluator said of one case: an outcome, and a score, for each repeat."""

    evaluator: Name
    outcomes: Annotated[Many[Outcome], Field(min_length=1)]
    scores: Many[Share | None]
    reason: str = ""  # of the first repeat that did not pass


class CaseScore(Noun):
    """One case of a run. `errors` holds, for each repeat, why there is no answer, "" when there is.

    `slices` are the names of the declared slices that the case belongs to.
    """

    case: CaseId
    digest: Digest
    failure_modes: Many[Name]
    severity: Literal["low", "normal", "high", "critical"]
    group: Text
    slices: Many[Name] = ()
    errors: Many[str]
    duration_us: Many[Count]
    judged: Many[Judged] = ()


class Scorecard(Noun):
    """The record of one run over one dataset: `goldengit/scorecard/v1`.

    `dataset_version` is the Git tree id of the golden folder, `dataset_root` its Merkle root,
    `dataset_blob` the blob of `dataset.yaml`, `commit` the one whose tree was read. `as_of` is the
    time for which cases count as active. `deterministic` says that the answers were recorded
    ones, which a repeat cannot change.
    """

    schema_: Annotated[Literal["goldengit/scorecard/v1"], Field(alias="schema")]
    dataset: Name
    release: Text
    target: Text
    deterministic: bool = False
    repository: Text
    commit: Text
    dataset_version: Text
    dataset_root: Digest
    dataset_blob: Text
    policy_version: Annotated[int, Field(ge=1)]
    as_of: Moment
    repeats: Annotated[int, Field(ge=1)]
    tool_version: Text
    left_out: dict[Literal["superseded", "withdrawn", "erased", "expired"], Count] = Field(
        default_factory=dict
    )
    evaluators: Many[EvaluatorRun]
    cases: Many[CaseScore]
    cost: Cost = Cost.model_construct()
