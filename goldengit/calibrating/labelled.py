"""Which cases people labelled with a failure mode, and the part of the split that each falls in."""

from collections.abc import Iterable
from dataclasses import dataclass

from goldengit.errors import CannotJudgeError
from goldengit.gauging.cases import census
from goldengit.models.answer import as_judged
from goldengit.models.calibration import Protocol
from goldengit.models.case import Case
from goldengit.models.change import Snapshot
from goldengit.models.evaluator import Definition
from goldengit.models.label import Settlement, settle
from goldengit.models.policy import HeldOut
from goldengit.models.protocol import part_of, protocol_for
from goldengit.models.row import EvalRow
from goldengit.models.split import Part


@dataclass(frozen=True)
class LabelledCase:
    """A case with what people say of it. `group` is what the split hashes."""

    id: str
    digest: str
    group: str
    part: Part
    people: Settlement
    row: EvalRow


@dataclass(frozen=True)
class Labelled:
    """All active cases that people labelled with one failure mode, sorted by id."""

    protocol: Protocol
    cases: tuple[LabelledCase, ...]

    def in_parts(self, *parts: Part) -> tuple[LabelledCase, ...]:
        """Return the cases of these parts of the split."""
        return tuple(case for case in self.cases if case.part in parts)


def labelled(tree: Snapshot, definition: Definition, rule: HeldOut, now: str) -> Labelled:
    """Return what people say on an evaluator's failure mode, split for this evaluator.

    Raises CannotJudgeError for a case that cannot be read and for a grade off the declared scale:
    a number that nobody can explain must not enter a measurement.
    """
    spec = definition.spec
    found: list[tuple[str, Case, Settlement]] = []
    for file in census(tree, spec.dataset, now).active:
        if not isinstance(file.case, Case) or not file.sound:
            raise CannotJudgeError(
                "The case could not be read.", remedy="Run `goldengit check`.", place=file.path
            )
        people = settle(file.case.labels, spec.failure_mode)
        if people is not None:
            _refuse_off_scale(definition, people, file.path)
            found.append((file.digest, file.case, people))
    protocol = protocol_for(_settled(people for _, _, people in found), rule, spec.protocol)
    return Labelled(
        protocol,
        tuple(
            LabelledCase(
                id=case.id,
                digest=digest,
                group=case.group or case.id,
                part=part_of(spec.id, case.group or case.id, protocol, rule),
                people=people,
                row=as_judged(case),
            )
            for digest, case, people in found
        ),
    )


def _settled(every: Iterable[Settlement]) -> int:
    return sum(people.outcome != "unknown" for people in every)


def _refuse_off_scale(definition: Definition, people: Settlement, path: str) -> None:
    scale = definition.failure_mode.scale
    if scale is None:
        return
    for person, grade in people.votes.items():
        if not scale.holds(grade):
            raise CannotJudgeError(
                f"The grade {grade:g} of {person} is not on the scale from {scale.min:g} to "
                f"{scale.max:g}.",
                remedy="Run `goldengit check`, and supersede the case by one with a right label.",
                place=path,
            )
