"""One evaluator of a tree as its rules, its calibration and its users see it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from goldengit.errors import CannotJudgeError
from goldengit.evaluators import Evaluator, EvaluatorInvalidError, build
from goldengit.gauging.agreement import measured, people_of
from goldengit.gauging.cases import (
    became_golden,
    is_active,
    labelled_case,
    labelled_cases,
    settlement_of,
)
from goldengit.gauging.definitions import definition_of
from goldengit.models.answer import Answer, answered, as_judged
from goldengit.models.calibration import Measured, RecordedVerdict, measure
from goldengit.models.case import Case
from goldengit.models.change import File, Gauge, Snapshot
from goldengit.models.dataset import Scale
from goldengit.models.evaluator import MANIFEST, VERDICTS, Definition
from goldengit.models.layout import evaluator_path, golden_path
from goldengit.models.policy import Policy
from goldengit.models.verdict import Verdict


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
    lines = found.verdicts.verdicts if found.verdicts else ()
    files = {
        line.case: head.file(golden_path(definition.spec.dataset, line.case)) for line in lines
    }
    if census:
        found = replace(found, labelled=_labelled(head, definition, now, files))
    found = _with_people(found, files, definition, now)
    found = replace(
        found, recomputed=_recomputed(found, lines, definition, policy, thorough=thorough)
    )
    return _with_evaluator(found, files, definition, thorough=thorough)


def _with_base(found: Gauge, base: Snapshot) -> Gauge:
    """Return the gauge with the state of the evaluator in the base, where it had a readable one."""
    with suppress(CannotJudgeError):
        before = definition_of(base, found.id)
        return replace(found, base_digest=before.digest, base_version=before.spec.version)
    return found


def _labelled(
    head: Snapshot, definition: Definition, now: str, recorded: Mapping[str, File | None]
) -> Mapping[str, str]:
    """Return when each labelled case became golden; those that are recorded were read before."""
    spec = definition.spec
    known = (
        case
        for file in recorded.values()
        if (case := labelled_case(file, spec.failure_mode, now)) is not None
    )
    others = labelled_cases(head, spec.dataset, spec.failure_mode, now, but=recorded.keys())
    return {case.id: became_golden(case) for case in (*known, *others)}


def _with_people(
    found: Gauge, files: Mapping[str, File | None], definition: Definition, now: str
) -> Gauge:
    """Return the gauge with what people say of the recorded cases."""
    mode = definition.spec.failure_mode
    said = {case: settlement_of(file, mode) for case, file in files.items()}
    known = {case: settlement for case, settlement in said.items() if settlement is not None}
    graded = definition.failure_mode.scale is not None
    return replace(
        found,
        labels={case: known[case] for case in known if is_active(files[case], now)},
        people=people_of(known.values(), graded=graded) if known and known == said else None,
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
    found: Gauge, files: Mapping[str, File | None], definition: Definition, *, thorough: bool
) -> Gauge:
    """Return the gauge with what the evaluator asks, has seen and says now."""
    try:
        ready = build(definition, for_judging=False)
        known = replace(
            found,
            asks=ready.model,
            prompt=ready.prompt,
            seen=ready.seen,
            ignores_answer=not ready.sees_answer,
        )
        if not _prepare(ready, thorough=thorough):
            return known
    except EvaluatorInvalidError as error:
        return replace(found, defect=error.problem, repair=error.remedy)
    cases = {id_: file.case for id_, file in files.items() if file and isinstance(file.case, Case)}
    reruns = {id_: ready.verdict(as_judged(case)) for id_, case in cases.items()}
    return replace(known, reruns=reruns, ignores_answer=_ignores_answer(ready, cases, reruns))


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


def _ignores_answer(
    evaluator: Evaluator, cases: Mapping[str, Case], reruns: Mapping[str, Verdict]
) -> bool:
    """Tell whether each case that the evaluator decides would be decided alike with no answer."""
    decided = [case for case, verdict in reruns.items() if verdict.verdict != "unknown"]
    silence = Answer()
    return bool(decided) and all(
        _without_reason(evaluator.verdict(answered(cases[case], silence)))
        == _without_reason(reruns[case])
        for case in decided
    )


def _without_reason(verdict: Verdict) -> tuple[str, float | None, float | None]:
    return verdict.verdict, verdict.score, verdict.grade
