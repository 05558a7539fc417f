"""The manifest: what the verdicts of an evaluator are worth, and everything they rest on."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from goldengit.calibrating.labelled import Labelled, LabelledCase
from goldengit.gauging.agreement import measured, people_of
from goldengit.models.agreement import below
from goldengit.models.calibration import (
    Look,
    Manifest,
    Measured,
    People,
    RecordedVerdict,
    band,
    measure,
    thresholds_of,
)
from goldengit.models.dataset import DatasetSpec
from goldengit.models.evaluator import Definition, prompt_digest
from goldengit.models.policy import Policy
from goldengit.models.protocol import looks_allowed, looks_in_force
from goldengit.models.verdict import Cost, Verdict
from goldengit.repository.verdict_lines import write_verdicts

_JUSTIFICATION = 300  # characters of a reason that are kept


@dataclass(frozen=True)
class Circumstances:
    """What a calibration took place in: the tree's version, the policy, and what a model is told.

    `former` is the manifest that stands there now.
    """

    dataset: DatasetSpec
    dataset_version: str
    policy: Policy
    now: str
    asks: str | None
    prompt: str
    former: Manifest | None


def recorded(
    cases: Sequence[LabelledCase], verdicts: Mapping[str, Verdict]
) -> tuple[RecordedVerdict, ...]:
    """Return what people and the evaluator said of these cases, as a file keeps it."""
    return tuple(
        RecordedVerdict(
            case=case.id,
            case_digest=case.digest,
            label=case.people.digest,
            group=case.group,
            part=case.part,
            human=case.people.outcome,
            human_grade=case.people.grade,
            verdict=verdicts[case.id].verdict,
            score=verdicts[case.id].score,
            grade=verdicts[case.id].grade,
            justification=verdicts[case.id].justification[:_JUSTIFICATION],
            model=verdicts[case.id].model,
            output=verdicts[case.id].output,
        )
        for case in cases
    )


def manifest(
    definition: Definition,
    labels: Labelled,
    lines: Sequence[RecordedVerdict],
    cost: Cost,
    around: Circumstances,
) -> Manifest:
    """Return the manifest of an evaluator from its recorded verdicts.

    Raises CannotJudgeError when the extra `stats` is missing.
    """
    spec, rule = definition.spec, thresholds_of(around.policy.calibration)
    scale = definition.failure_mode.scale
    heldout = measured(_part(lines, "heldout"), scale, around.policy.calibration)
    looks, former = looks_before(around.former, definition.digest)
    look = Look(
        at=former.at if former else around.now,
        digest=definition.digest,
        band="insufficient",
        labels=max(heldout.decided + heldout.undecided, former.labels if former else 0),
    )
    allowed = rule.model_copy(update={"max_looks": looks_allowed(labels.protocol, rule.max_looks)})
    count = looks_in_force((*looks, look), heldout)
    found, reasons = band(heldout, allowed, looks=count, stand_in=spec.stand_in)
    dev = _part(lines, "dev")
    people = people_of((case.people for case in labels.cases), graded=scale is not None)
    return Manifest.model_validate(
        {
            "schema": "goldengit/calibration/v1",
            "evaluator": spec.id,
            "version": spec.version,
            "digest": definition.digest,
            "kind": spec.kind,
            "model": around.asks,
            "prompt": prompt_digest(around.prompt),
            "stand_in": spec.stand_in,
            "repository": around.policy.repository,
            "dataset": spec.dataset,
            "dataset_version": around.dataset_version,
            "failure_mode": spec.failure_mode,
            "rubric": definition.failure_mode.rubric,
            "policy_version": around.policy.version,
            "thresholds": rule,
            "at": around.now,
            "protocol": labels.protocol,
            "salt": spec.id,
            "verdicts": f"sha256:{hashlib.sha256(write_verdicts(lines)).hexdigest()}",
            "heldout": heldout,
            "dev": measure(dev, scale) if dev else None,
            "people": people,
            "looks": (*looks, look.model_copy(update={"band": found})),
            "notes": tuple(_notes(heldout, people, around)),
            "cost": cost,
            "band": found,
            "reasons": tuple(reasons),
        }
    )


def looks_before(former: Manifest | None, digest: str) -> tuple[tuple[Look, ...], Look | None]:
    """Return the looks of other states of an evaluator, and the one of this state if there is any.

    A look counts when something that was changed is measured on the same held-out labels. The same
    evaluator measured once more has learned nothing from them, and keeps the time of its look.
    """
    looks = former.looks if former else ()
    others = tuple(look for look in looks if look.digest != digest)
    return others, next((look for look in looks if look.digest == digest), None)


def _part(lines: Sequence[RecordedVerdict], part: str) -> list[RecordedVerdict]:
    return [line for line in lines if line.part == part]


def _notes(heldout: Measured, people: People, around: Circumstances) -> list[str]:
    """Return what a reader should know beside the numbers."""
    notes = []
    wanted = around.dataset.double_labelled
    if people.labelled and below(people.double_labelled / people.labelled, wanted):
        notes.append(
            f"{people.double_labelled} of {people.labelled} cases have two labels; the dataset "
            f"asks for {wanted:.0%}."
        )
    if people.alpha is not None and below(people.alpha, around.policy.calibration.gate):
        notes.append(
            f"People agree with each other at alpha {people.alpha:.3f} only: the rubric, not the "
            "evaluator, is the problem."
        )
    if heldout.ambiguous:
        cases = "case" if heldout.ambiguous == 1 else "cases"
        notes.append(f"On {heldout.ambiguous} {cases} people disagree, and nobody resolved it.")
    return notes
