"""Case: an eval row with where it came from, what people said, and who stands behind it."""

from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue, StringConstraints, model_validator

from goldengit.models.base import CaseId, Count, Day, Digest, Many, Moment, Name, Noun, Share, Text
from goldengit.models.digest import APPENDIX_KEYS
from goldengit.models.label import Label
from goldengit.models.row import EvalRow
from goldengit.models.signoff import Erased, Objection, Signoff, SupersededBy, Withdrawn

CASE_SCHEMA = "goldengit/case/v1"
TOMBSTONE_SCHEMA = "goldengit/tombstone/v1"


class Source(Noun):
    """The system and the file format that a row was taken from."""

    vendor: str | None = None
    format: str | None = None
    sdk_version: str | None = None
    trace_id: str | None = None


class Flag(Noun):
    """Why a row was picked: a signal, the value it had and the threshold it crossed."""

    signal: Text
    value: JsonValue = None
    threshold: JsonValue = None


class Sampling(Noun):
    """Which arm drew the row; the probability makes unbiased rates possible."""

    arm: Literal["anomaly", "random", "purposive"]
    probability: Share | None = None


class Provenance(Noun):
    """Where a row comes from and what was done to it on the way."""

    origin: Literal["production", "synthetic", "incident", "adversarial", "imported"]
    source: Source | None = None
    flags: Many[Flag] = ()
    sampling: Sampling | None = None
    redactions: dict[str, Count] | None = None


class Attachment(Noun):
    """A binary that belongs to the input: `datasets/<dataset>/attachments/<sha256>`."""

    name: Text
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    media_type: Text
    size: Count


class Case(EvalRow):
    """One row of a dataset, in the queue, as a candidate or golden: `goldengit/case/v1`."""

    schema_: Annotated[Literal["goldengit/case/v1"], Field(alias="schema")]
    id: CaseId
    labels: Many[Label] = ()
    provenance: Provenance
    severity: Literal["low", "normal", "high", "critical"] = "normal"
    valid_until: Day | None = None
    group: str | None = None
    variant_of: CaseId | None = None
    attachments: Many[Attachment] = ()
    objections: Many[Objection] = ()
    signoffs: Many[Signoff] = ()
    superseded_by: SupersededBy | None = None
    withdrawn: Withdrawn | None = None

    @model_validator(mode="before")
    @classmethod
    def _closed_once(cls, value: Any) -> Any:
        """Refuse an empty appendix, which would only keep the true one from following."""
        if isinstance(value, dict):
            present = set(APPENDIX_KEYS) & value.keys()
            if any(value[key] is None for key in present):
                message = "superseded_by and withdrawn are left out as long as they say nothing"
                raise ValueError(message)
            if len(present) > 1:
                message = "a case is either superseded or withdrawn, not both"
                raise ValueError(message)
        return value


class ErasedLabel(Noun):
    """A label without its free text, as a tombstone keeps it."""

    failure_mode: Name
    grade: float | None = None
    verdict: Literal["pass", "fail"]
    score: Share | None = None
    reviewer: Name
    at: Moment
    rubric: Annotated[int, Field(ge=1)] = 1
    source: Literal["person", "model"] = "person"
    resolve: Many[Name] | None = None


class Tombstone(Noun):
    """What `goldengit erase` leaves of a case: `goldengit/tombstone/v1`."""

    schema_: Annotated[Literal["goldengit/tombstone/v1"], Field(alias="schema")]
    id: CaseId
    dataset: Name
    digest: Digest
    labels: Many[ErasedLabel] = ()
    signoffs: Many[Signoff] = ()
    superseded_by: SupersededBy | None = None
    withdrawn: Withdrawn | None = None
    erased: Erased
