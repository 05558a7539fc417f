"""Evaluator: a versioned artifact that says pass or fail of a row, for one failure mode."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from goldengit.models.base import CaseId, Many, Name, Noun, Text
from goldengit.models.dataset import FailureMode
from goldengit.models.digest import digest_of

DEFINITION = "evaluator.yaml"
MANIFEST = "calibration.yaml"
VERDICTS = "calibration.jsonl"
OUTSIDE_EVALUATOR_DIGEST = frozenset({MANIFEST, VERDICTS})


class EvaluatorSpec(Noun):
    """The file `evaluator.yaml`: `goldengit/evaluator/v1`.

    `dataset` is the one whose labels calibrate the evaluator, `few_shot` names the cases whose
    text its prompt holds. `options` are read by the kind. `protocol: blind` holds every label out,
    however many there are. `stand_in` says that the model is a local program that only stands in
    for one: such an evaluator never gates.
    """

    schema_: Annotated[Literal["goldengit/evaluator/v1"], Field(alias="schema")]
    id: Name
    version: Annotated[int, Field(ge=1)]
    kind: Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,30}$")]
    title: Text
    authors: Annotated[Many[Name], Field(min_length=1)]
    dataset: Name
    failure_mode: Name
    protocol: Literal["split", "blind"] = "split"
    few_shot: Many[CaseId] = ()
    stand_in: bool = False
    options: dict[str, JsonValue] = Field(default_factory=dict)


@dataclass(frozen=True)
class Definition:
    """Everything that makes an evaluator: its spec, its files, and the failure mode it judges.

    `files` maps each name inside the evaluator's folder to its bytes, `evaluator.yaml` and what it
    refers to; the manifest and the raw verdicts are left out.
    """

    spec: EvaluatorSpec
    files: Mapping[str, bytes] = field(repr=False)
    failure_mode: FailureMode = field(default_factory=lambda: FailureMode(title="pass or fail"))

    @property
    def digest(self) -> str:
        """Return the digest of the evaluator: over every file of its folder but the manifest."""
        return evaluator_digest(self.files)


def prompt_digest(prompt: str) -> str | None:
    """Return the digest of everything that a model is told besides the row, None where none is.

    A part of it is this program's own wording and the failure mode's title, which no file of the
    evaluator's folder holds.
    """
    return digest_of(prompt) if prompt else None


def evaluator_digest(files: Mapping[str, bytes]) -> str:
    """Return the digest of an evaluator's folder: name to SHA-256 of each file, canonical."""
    return digest_of(
        {
            name: hashlib.sha256(data).hexdigest()
            for name, data in files.items()
            if name not in OUTSIDE_EVALUATOR_DIGEST
        }
    )
