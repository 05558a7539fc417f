"""What a candidate must do by itself, whatever the baseline did."""

from collections.abc import Collection, Iterator, Sequence

from goldengit.gating.judgement import REPAIR, CaseNote, Part, Ruling
from goldengit.gating.notes import note_of
from goldengit.gating.pairs import Outcomes, runs_of
from goldengit.metrics.rates import floor_probability, wilson
from goldengit.models.agreement import above, below
from goldengit.models.policy import Deploy
from goldengit.models.scorecard import CaseScore, EvaluatorRun, Scorecard

LEAST_RUNS = 3  # of a critical case: one in three may be bad luck
_NAMED = 5  # cases in a sentence

Verdicts = Collection[str]


def judges(card: Scorecard) -> Iterator[Part]:
    """Yield that nothing entitled to judge has judged, if so."""
    if any(run.gates for run in card.evaluators):
        return
    why = "; ".join(f"{run.id} is {_standing(run)}" for run in card.evaluators)
    yield Part(
        "judges",
        "gating evaluators",
        Ruling.INCONCLUSIVE,
        f"Nothing entitled to judge has judged: {why or 'the dataset names no evaluator'}.",
        remedy="Give a calibrated evaluator the role `gate` in dataset.yaml, or calibrate one with "
        "`goldengit calibrate`.",
    )


def unguarded(card: Scorecard, evaluators: Verdicts) -> Iterator[Part]:
    """Yield the critical cases on which no gating evaluator speaks: a warning, listed first."""
    silent = [case.case for case in _critical(card) if not runs_of(case, evaluators, 1)]
    if silent:
        yield Part(
            "unguarded",
            "critical cases",
            Ruling.WARN,
            f"No gating evaluator judges {_listed(silent, 'critical case')}.",
            remedy="Calibrate an evaluator for their failure modes, and let it gate.",
        )


def critical(
    card: Scorecard, evaluators: Verdicts, deploy: Deploy
) -> tuple[list[Part], list[CaseNote]]:
    """Return the part of the critical cases, if there are any, and those that do not pass.

    Each must pass in the majority (or all) of three runs or more; an unknown run is no pass.
    """
    runs = {case.case: runs_of(case, evaluators, len(case.errors)) for case in _critical(card)}
    judged = [case for case in _critical(card) if runs[case.case]]
    if not judged:
        return [], []
    bad = [case for case in judged if not _passes(runs[case.case], deploy, unknown=False)]
    short = [case for case in judged if _is_short(card, runs[case.case])]
    certain = [case for case in bad if case not in short]
    notes = [note_of(case, card, evaluators) for case in bad]
    if certain:
        return [_failed(certain, runs, deploy)], notes
    if short:
        return [_short(short)], notes
    count = _counted(len(judged), "critical case")
    return [Part("critical", "critical cases", Ruling.PASS, f"{count}, all passed.")], notes


def floor(card: Scorecard, evaluators: Verdicts, deploy: Deploy, repeats: int) -> Iterator[Part]:
    """Yield whether the pass rate reaches the policy's floor, if there is one."""
    if deploy.floor is None:
        return
    runs = [found for case in card.cases if (found := runs_of(case, evaluators, repeats))]
    if not runs:
        return
    n = len(runs)
    lowest, highest = (_rate(runs, unknown=unknown) for unknown in (False, True))
    # Each case is one observation, however often it ran.
    interval = wilson(round(lowest * n), n)
    chance = floor_probability(round(lowest * n), n, deploy.floor)
    said = (
        f"The pass rate is {lowest:.3f} on {n:,} cases (95 % interval {interval.low:.2f} to "
        f"{interval.high:.2f}; at least {deploy.floor:g} with probability {chance:.2f})."
    )
    if not below(lowest, deploy.floor):
        yield Part("floor", "floor", Ruling.PASS, said)
    elif not below(highest, deploy.floor):
        hidden = f"{said} With every unknown verdict a pass it would be {highest:.3f}."
        yield Part("floor", "floor", Ruling.BLOCK, hidden, REPAIR)
    else:
        missed = f"{said} {deploy.floor:g} is asked for."
        yield Part("floor", "floor", Ruling.BLOCK, missed, REPAIR)


def unknown_share(
    name: str, card: Scorecard, evaluators: Verdicts, deploy: Deploy, repeats: int
) -> Iterator[Part]:
    """Yield that too many verdicts of a scorecard are unknown, if so."""
    runs = [found for case in card.cases if (found := runs_of(case, evaluators, repeats))]
    if not runs:
        return
    share = _rate(runs, unknown=True) - _rate(runs, unknown=False)
    if above(share, deploy.max_unknown):
        yield Part(
            "unknown",
            f"unknown verdicts of the {name}",
            Ruling.INCONCLUSIVE,
            f"{share:.1%} of the {name}'s verdicts are unknown; {deploy.max_unknown:.0%} may be.",
            remedy="Find out why, and evaluate again.",
        )


def _critical(card: Scorecard) -> list[CaseScore]:
    return [case for case in card.cases if case.severity == "critical"]


def _is_short(card: Scorecard, runs: Outcomes) -> bool:
    """Tell whether a critical case ran too few times; a recorded answer would be the same."""
    return len(runs) < LEAST_RUNS and not (card.deterministic and card.repeats == 1)


def _passes(runs: Outcomes, deploy: Deploy, *, unknown: bool) -> bool:
    passed = runs.count("pass") + (runs.count("unknown") if unknown else 0)
    return passed == len(runs) if deploy.critical == "all" else 2 * passed > len(runs)


def _failed(bad: Sequence[CaseScore], runs: dict[str, Outcomes], deploy: Deploy) -> Part:
    hidden = [case for case in bad if _passes(runs[case.case], deploy, unknown=True)]
    how = "all of its" if deploy.critical == "all" else "most of its"
    reason = f"{_listed([case.case for case in bad], 'critical case')} did not pass {how} runs."
    if hidden:
        reason += f" Unknown verdicts could hide a failure in {len(hidden):,} of them."
    return Part("critical", "critical cases", Ruling.BLOCK, reason, REPAIR)


def _short(short: Sequence[CaseScore]) -> Part:
    ids = [case.case for case in short]
    return Part(
        "critical",
        "critical cases",
        Ruling.INCONCLUSIVE,
        f"{_listed(ids, 'critical case')} ran fewer than {LEAST_RUNS} times.",
        remedy="Evaluate the candidate again with `--repeats 3`.",
    )


def _rate(runs: Sequence[Outcomes], *, unknown: bool) -> float:
    counted = sum(one == "pass" or (unknown and one == "unknown") for case in runs for one in case)
    return counted / sum(len(case) for case in runs)


def _standing(run: EvaluatorRun) -> str:
    if run.standing == "gate":
        return "calibrated to gate, but its role is signal"
    return f"{run.standing} ({run.why.rstrip('.')})" if run.why else run.standing


def _listed(ids: Sequence[str], noun: str) -> str:
    more = f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else ""
    return f"{_counted(len(ids), noun)} ({', '.join(ids[:_NAMED])}{more})"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
