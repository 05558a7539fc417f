"""The comparison: candidate against baseline, as a whole, by family, by signal, and beyond."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from goldengit.errors import UsageError
from goldengit.gating.family import Member, exploratory, family
from goldengit.gating.in_force import CERTIFIABLE, InForce, of_whole
from goldengit.gating.judgement import REPAIR, Part, PartKind, Repeats, Ruling, Terms
from goldengit.gating.pairs import Pair, compared, paired
from goldengit.gating.wording import both_extremes, drop_reason
from goldengit.models.identity import ID
from goldengit.models.layout import POLICY
from goldengit.models.scorecard import EvaluatorRun, Scorecard

AGAIN = "Evaluate the baseline release again, and pin it with `goldengit baseline`."
_PAIRED: tuple[PartKind, ...] = ("whole", "evaluator", "slice")


def comparison(
    candidate: Scorecard,
    baseline: Scorecard,
    terms: Terms,
    repeats: Repeats,
    pairs: list[Pair],
) -> Iterator[Part]:
    """Yield the parts of a comparison. `pairs` are those of all comparable gating evaluators."""
    guards = [run for run in candidate.evaluators if run.gates]
    found: list[Part] = [_unpaired(run, terms) for run in guards if run.id in terms.unpaired]
    if any(run.id not in terms.unpaired for run in guards):
        found.append(_whole(pairs, terms, repeats))
        members = [*members_of(candidate, baseline, terms, repeats, pairs)]
        found.extend(family(members, terms.deploy, repeats))
        groups = [*_groups(candidate, terms, pairs)]
        found.extend([exploratory(groups, terms.deploy)] if groups else [])
    yield from (_advised(part, repeats) for part in found)
    signals = (run for run in candidate.evaluators if not run.gates)
    yield from (_signal(run, candidate, baseline, terms, repeats) for run in signals)


def _advised(part: Part, repeats: Repeats) -> Part:
    """Return a part with what to do about a regression, if it had as many runs as that needs."""
    if part.kind not in _PAIRED or part.ruling is not Ruling.BLOCK:
        return part
    if repeats.used < repeats.needed:
        return replace(part, ruling=Ruling.INCONCLUSIVE)
    return replace(part, remedy=part.remedy or REPAIR)


def _unpaired(run: EvaluatorRun, terms: Terms) -> Part:
    return Part("evaluator", run.id, Ruling.INCONCLUSIVE, terms.unpaired[run.id], AGAIN)


def _whole(pairs: list[Pair], terms: Terms, repeats: Repeats) -> Part:
    deploy, n = terms.deploy, len(pairs)
    rule = of_whole(deploy)
    worst, best = compared(pairs, worst=True), compared(pairs, worst=False)
    if n < deploy.min_n:
        return Part(
            "whole",
            "all cases",
            Ruling.INCONCLUSIVE,
            f"{n} pairs, {deploy.min_n} needed.",
            remedy="Promote more cases, or evaluate the baseline release on those there are.",
            compared=worst,
            best=best,
        )
    if deploy.mode == "certify" and n < CERTIFIABLE:
        raise UsageError(
            f"`deploy.mode: certify` needs {CERTIFIABLE} pairs; there are {n}.",
            remedy="Set `point` or `guarded` in the policy.",
            place=POLICY,
        )
    ruling = rule.ruling(worst)
    part = Part(
        kind="whole",
        name="all cases",
        ruling=ruling,
        reason=drop_reason(worst, rule, ruling),
        compared=worst,
        best=best,
        rule=rule.name,
        smallest=rule.smallest(n, repeats.flips_or(deploy.aa_flip_max), repeats.used),
    )
    return both_extremes(part, rule.ruling(best))


def members_of(
    candidate: Scorecard,
    baseline: Scorecard,
    terms: Terms,
    repeats: Repeats,
    pairs: list[Pair],
) -> Iterator[Member]:
    """Yield the family. An evaluator that gates alone is the whole, and no member."""
    guards = [run.id for run in candidate.evaluators if run.gates and run.id not in terms.unpaired]
    for name in guards if guards[1:] else ():
        found = paired(candidate, baseline, [name], repeats.used)
        yield Member("evaluator", name, tuple(found))
    for part in terms.spec.slices:
        if part.gating:
            yield Member("slice", part.name, _within(pairs, _in_slice(candidate, part.name)))


def _groups(
    candidate: Scorecard, terms: Terms, pairs: list[Pair]
) -> Iterator[tuple[str, tuple[Pair, ...]]]:
    """Yield the slices that nobody declared as gating, by name.

    Those of all pairs say nothing, those of the same pairs as another slice nothing new.
    """
    found: dict[str, set[str]] = {}
    declared = {part.name for part in terms.spec.slices if part.gating}
    known = {(), tuple(pairs), *(_within(pairs, _in_slice(candidate, name)) for name in declared)}
    for case in candidate.cases:
        feature = ID.fullmatch(case.case)
        names = [
            f"severity {case.severity}",
            *([f"feature {feature[4]}"] if feature else []),
            *(f"failure mode {mode}" for mode in case.failure_modes),
            *(f"slice {name}" for name in case.slices if name not in declared),
        ]
        for name in names:
            found.setdefault(name, set()).add(case.case)
    for name in sorted(found):
        members = _within(pairs, found[name])
        if members not in known:
            known.add(members)
            yield name, members


def _signal(
    run: EvaluatorRun,
    candidate: Scorecard,
    baseline: Scorecard,
    terms: Terms,
    repeats: Repeats,
) -> Part:
    """Return what an evaluator says that may only warn, whatever it would have said."""
    standing = "its role is signal" if run.standing == "gate" else f"it is {run.standing}"
    if run.id in terms.unpaired:
        reason = f"It cannot be compared ({standing}): {terms.unpaired[run.id]}"
        return Part("signal", run.id, Ruling.PASS, reason)
    pairs = paired(candidate, baseline, [run.id], repeats.used)
    worst, best = compared(pairs, worst=True), compared(pairs, worst=False)
    rule = InForce("point", terms.deploy.max_drop)
    ruling = min(rule.ruling(worst), Ruling.WARN)
    reason = f"{drop_reason(worst, rule, ruling)} It can only warn: {standing}."
    return Part("signal", run.id, ruling, reason, "", worst, best, rule.name)


def _within(pairs: Iterable[Pair], cases: Collection[str]) -> tuple[Pair, ...]:
    return tuple(pair for pair in pairs if pair.case in cases)


def _in_slice(card: Scorecard, name: str) -> set[str]:
    return {case.case for case in card.cases if name in case.slices}
