"""Label: one human verdict on one failure mode, dated, attributed and immutable."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue, model_validator

from goldengit.models.base import CaseId, Many, Moment, Name, Noun, Share
from goldengit.models.digest import canonical, digest_of
from goldengit.models.verdict import Outcome


class Label(Noun):
    """What one reviewer said about one failure mode of one case.

    A graded failure mode stores the raw `grade`; verdict and score follow from the scale that
    `dataset.yaml` declares. `resolve` names the persons whose disagreement this label settles.
    Of several labels of one person on one failure mode the latest counts. Who cannot tell writes
    no label. A label with `source: model` names the person who entered it and never counts in a
    calibration.
    """

    failure_mode: Name
    grade: float | None = None
    verdict: Literal["pass", "fail"]
    score: Share | None = None
    reviewer: Name
    at: Moment
    rubric: Annotated[int, Field(ge=1)] = 1
    source: Literal["person", "model"] = "person"
    resolve: Annotated[Many[Name], Field(min_length=1)] | None = None
    note: str | None = None


class LabelDraft(Noun):
    """One person's labels on one candidate, before `promote` folds them into the case."""

    schema_: Annotated[Literal["goldengit/labels/v1"], Field(alias="schema")]
    case: CaseId
    reviewer: Name
    labels: Annotated[Many[Label], Field(min_length=1)]

    @model_validator(mode="after")
    def _own_labels_only(self) -> "LabelDraft":
        if any(label.reviewer != self.reviewer for label in self.labels):
            message = f"the labels of {self.reviewer} hold a label of somebody else"
            raise ValueError(message)
        return self


def fold(
    labels: list[dict[str, JsonValue]], drafts: list[dict[str, JsonValue]]
) -> list[dict[str, JsonValue]]:
    """Return the labels of a case with those of the drafts, in the one order that is golden.

    The mappings are taken as they stand in the files, so that the digest of the folded case
    follows from bytes alone. A label that occurs twice, word for word, is kept once.
    """
    found = [*labels, *(label for draft in drafts for label in _mappings(draft.get("labels")))]
    distinct = {canonical(label): label for label in found}
    return sorted(distinct.values(), key=_order)


def folded(case: Mapping[str, JsonValue], drafts: list[dict[str, JsonValue]]) -> dict[str, Any]:
    """Return a candidate as `promote` freezes it: with its drafts folded in.

    Without drafts nothing changes, so that the digest of the candidate is the golden one.
    """
    labels = case.get("labels")
    if not drafts:
        return dict(case)
    return {**case, "labels": fold(_mappings(labels), drafts)}


def _mappings(items: JsonValue) -> list[dict[str, JsonValue]]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


@dataclass(frozen=True, slots=True)
class Settlement:
    """What people say of one case on one failure mode, taken together.

    `outcome` is unknown while they disagree and nobody resolved it. `grade` is the mean of the
    grades that stand, None where there are none. `votes` holds each person's latest verdict or, on
    a scale, grade. `digest` covers all the labels behind it, word for word.
    """

    outcome: Outcome
    grade: float | None
    votes: Mapping[str, float]
    digest: str


def is_of_a_person(label: Label, failure_mode: str) -> bool:
    """Tell whether a label is one that a calibration on this failure mode counts."""
    return label.failure_mode == failure_mode and label.source == "person"


def settle(labels: Iterable[Label], failure_mode: str) -> Settlement | None:
    """Return what people say on a failure mode, None where no person said anything.

    Of several labels of a person the latest counts. A label that resolves wins when it names
    everybody who says the opposite. Labels of models do not count.
    """
    on_mode = [label for label in labels if is_of_a_person(label, failure_mode)]
    if not on_mode:
        return None
    latest = {label.reviewer: label for label in sorted(on_mode, key=lambda label: label.at)}
    votes = list(latest.values())
    standing = [vote for vote in votes if _stands(vote, votes)]
    agreed = len({vote.verdict for vote in standing}) == 1
    grades = [vote.grade for vote in standing if vote.grade is not None]
    return Settlement(
        outcome=standing[0].verdict if agreed else "unknown",
        grade=sum(grades) / len(grades) if agreed and grades else None,
        votes={
            vote.reviewer: float(vote.verdict == "pass") if vote.grade is None else vote.grade
            for vote in votes
        },
        digest=digest_of(sorted(label.model_dump_json(exclude_unset=True) for label in on_mode)),
    )


def settled_verdicts(labels: Iterable[Label]) -> dict[str, str]:
    """Return the verdict on each failure mode on which the people agree, or that one resolved."""
    every = list(labels)
    settled = {mode: settle(every, mode) for mode in sorted({one.failure_mode for one in every})}
    return {
        mode: found.outcome
        for mode, found in settled.items()
        if found and found.outcome != "unknown"
    }


def _stands(vote: Label, votes: list[Label]) -> bool:
    """Tell whether nobody says the opposite whom this vote does not resolve."""
    opposed = {other.reviewer for other in votes if other.verdict != vote.verdict}
    return opposed <= set(vote.resolve or ())


def _order(label: dict[str, JsonValue]) -> tuple[str, str, str, bytes]:
    mode, at, reviewer = (str(label.get(key)) for key in ("failure_mode", "at", "reviewer"))
    return mode, at, reviewer, canonical(label)
