"""One evaluator of a tree as its rules, its calibration and its users see it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from goldengit.errors import CannotJudgeError
from goldengit.evaluators import Evaluator, EvaluatorInvalidError, build
from goldengit.gauging.agreement import measured, people_of
from goldengit.gauging.cases import became_golden, gist_of, labelled_cases
from goldengit.gauging.definitions import definition_of
from goldengit.gauging.rerun import Rerun
from goldengit.models.calibration import Measured, RecordedVerdict, measure
from goldengit.models.case import Case
from goldengit.models.change import Gauge, Snapshot
from goldengit.models.dataset import Scale
from goldengit.models.evaluator import MANIFEST, VERDICTS, Definition
from goldengit.models.gist import Gist
from goldengit.models.layout import evaluator_path, golden_path
from goldengit.models.policy import Policy


def gauge(
    head: Snapshot,
    evaluator: str,
    *,
    policy: Policy | None,
    now: str,
    base: Snapshot | None = None,
    thorough: bool = False,
    census: bool = False,
) -> Gauge:
    """Return an evaluator of a tree with what its calibration is worth there.

    `thorough` recomputes intervals as well, `census` finds every case that people labelled. Only
    kinds that are nothing but data are re-run, and nothing else of the head is executed
    (DECISIONS 29). Raises CannotJudgeError when `thorough` and an extra is missing.
    """
    found = Gauge(
        evaluator,
        None,
        manifest=head.file(evaluator_path(evaluator, MANIFEST)),
        verdicts=head.file(evaluator_path(evaluator, VERDICTS)),
    )
    if base is not None:
        found = _with_base(found, base)
    try:
        definition = definition_of(head, evaluator)
    except CannotJudgeError as error:
        return replace(found, defect=error.problem, repair=error.remedy)
    found = replace(found, definition=definition)
    found, again = _with_evaluator(found, definition, thorough=thorough)
    found = _with_cases(found, head, definition, now, again)
    lines = found.verdicts.verdicts if found.verdicts else ()
    if census:
        found = replace(found, labelled=_labelled(head, definition, now, found.cases))
    return replace(
        _with_people(found, definition),
        recomputed=_recomputed(found, lines, definition, policy, thorough=thorough),
    )


def _with_base(found: Gauge, base: Snapshot) -> Gauge:
    """Return the gauge with the state of the evaluator in the base, where it had a readable one."""
    with suppress(CannotJudgeError):
        before = definition_of(base, found.id)
        return replace(found, base_digest=before.digest, base_version=before.spec.version)
    return found


def _with_cases(
    found: Gauge, head: Snapshot, definition: Definition, now: str, again: Rerun | None
) -> Gauge:
    """Return the gauge with what is asked of its cases; each is read once, and none is kept."""
    spec, recorded = definition.spec, _recorded(found)
    cases: dict[str, Gist] = {}
    for case in sorted(recorded | found.seen):
        file = head.file(golden_path(spec.dataset, case))
        if file is not None:
            cases[case] = gist_of(file, spec.failure_mode, now)
            if again is not None and case in recorded and isinstance(file.case, Case):
                again.show(case, file.case)
    if again is None:
        return replace(found, cases=cases)
    return replace(found, cases=cases, reruns=again.verdicts, ignores_answer=again.ignores_answer)


def _recorded(found: Gauge) -> frozenset[str]:
    lines = found.verdicts.verdicts if found.verdicts else ()
    return frozenset(line.case for line in lines)


def _labelled(
    head: Snapshot, definition: Definition, now: str, read: Mapping[str, Gist]
) -> Mapping[str, str]:
    """Return when each labelled case became golden; some were read before."""
    spec = definition.spec
    known = {
        case: gist.golden_since
        for case, gist in read.items()
        if gist.active and gist.people is not None
    }
    others = labelled_cases(head, spec.dataset, spec.failure_mode, now, but=read.keys())
    return known | {case.id: became_golden(case) for case in others}


def _with_people(found: Gauge, definition: Definition) -> Gauge:
    """Return the gauge with what people say of the recorded cases."""
    recorded = _recorded(found)
    known = {
        case: gist.people
        for case, gist in found.cases.items()
        if case in recorded and gist.people is not None
    }
    graded = definition.failure_mode.scale is not None
    return replace(
        found,
        labels={case: people for case, people in known.items() if found.cases[case].active},
        people=people_of(known.values(), graded=graded)
        if known and known.keys() == recorded
        else None,
    )


def _recomputed(
    found: Gauge,
    lines: Sequence[RecordedVerdict],
    definition: Definition,
    policy: Policy | None,
    *,
    thorough: bool,
) -> Measured | None:
    heldout = [line for line in lines if line.part == "heldout"]
    scale = definition.failure_mode.scale
    manifest = found.manifest.manifest if found.manifest else None
    rule = manifest.thresholds if manifest else policy.calibration if policy else None
    if rule is None or not _on_scale(heldout, scale):
        return None
    return measured(heldout, scale, rule) if thorough else measure(heldout, scale)


def _on_scale(lines: Sequence[RecordedVerdict], scale: Scale | None) -> bool:
    """Tell whether every grade lies within the scale; people's may be a mean of two."""
    return scale is None or all(
        (line.human_grade is None or scale.min <= line.human_grade <= scale.max)
        and (line.grade is None or scale.holds(line.grade))
        for line in lines
    )


def _with_evaluator(
    found: Gauge, definition: Definition, *, thorough: bool
) -> tuple[Gauge, Rerun | None]:
    """Return the gauge with what the evaluator asks and has seen, and how it is re-run here."""
    try:
        ready = build(definition, for_judging=False)
        known = replace(
            found,
            asks=ready.model,
            prompt=ready.prompt,
            seen=ready.seen,
            ignores_answer=not ready.sees_answer,
        )
        return known, Rerun(ready) if _prepare(ready, thorough=thorough) else None
    except EvaluatorInvalidError as error:
        return replace(found, defect=error.problem, repair=error.remedy), None


def _prepare(evaluator: Evaluator, *, thorough: bool) -> bool:
    """Prepare an evaluator that is re-run here, and tell whether it can be.

    A library that is missing keeps the light hook from re-running it, and the gate from judging.
    """
    if not (evaluator.is_data and evaluator.deterministic):
        return False
    try:
        evaluator.prepare()
    except EvaluatorInvalidError:
        raise
    except CannotJudgeError:
        if thorough:
            raise
        return False
    return True
