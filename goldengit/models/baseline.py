"""Baseline: the release that the deploy gate compares with, pinned on the default branch."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from goldengit.models.base import Digest, Moment, Name, Noun, Text


class Baseline(Noun):
    """The file `datasets/<dataset>/baseline.yaml`: `goldengit/baseline/v1`.

    `object` is the Git id of the blob that `refs/goldengit/baselines/<dataset>` keeps, `scorecard`
    the digest of what it says. A baseline never moves by itself: only a commit changes this file.
    """

    schema_: Annotated[Literal["goldengit/baseline/v1"], Field(alias="schema")]
    dataset: Name
    release: Text
    object: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?$")]
    scorecard: Digest
    at: Moment
