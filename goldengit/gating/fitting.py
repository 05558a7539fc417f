"""Fitting: a scorecard becomes one of this tree, or is refused.

What a scorecard says of a case's verdicts is all that is believed. Evaluators, severity, slices and
the list of cases are the tree's; a verdict that should be there and is not is unknown.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from goldengit.errors import CannotJudgeError
from goldengit.evaluating.listing import Listed
from goldengit.gating.absolute import LEAST_RUNS
from goldengit.gating.ground import Ground
from goldengit.gating.judgement import Since
from goldengit.gauging.cases import ending
from goldengit.models.layout import golden_path
from goldengit.models.scorecard import CaseScore, EvaluatorRun, Judged, Scorecard
from goldengit.models.verdict import Outcome

_NOT_RUN = "The candidate did not run this case."
_NO_VERDICT = "The scorecard holds no verdict."
_AGAIN = "Evaluate the release again at this commit, with `goldengit evaluate`."


@dataclass(frozen=True)
class Fitted:
    """A scorecard in the tree's terms, and the active cases that it did not run."""

    card: Scorecard
    missing: frozenset[str]


@dataclass(frozen=True)
class FittedBaseline:
    """What of a baseline can be compared; `unpaired` says of evaluators why they cannot be."""

    card: Scorecard
    unpaired: Mapping[str, str]
    since: Since


def fit_candidate(card: Scorecard, ground: Ground) -> Fitted:
    """Return a candidate's scorecard in the terms of the tree.

    Raises CannotJudgeError when it was made for another tree, with other evaluators, or holds
    cases that are not active or not what they are here.
    """
    for problem in _other_tree(card, ground):
        raise CannotJudgeError(f"The scorecard was made for another tree: {problem}", remedy=_AGAIN)
    for problem in _other_evaluators(card, ground):
        raise CannotJudgeError(f"The scorecard has other evaluators: {problem}", remedy=_AGAIN)
    known = {case.case: case for case in card.cases}
    for case in card.cases:
        _refuse_foreign(case, ground)
    cases = [
        _fitted(known.get(name) or _not_run(listed, card), listed, ground)
        for name, listed in ground.cases.items()
    ]
    missing = frozenset(ground.cases.keys() - known.keys())
    fitted = card.model_copy(update={"evaluators": ground.runs, "cases": tuple(cases)})
    return Fitted(fitted, missing)


def fit_baseline(card: Scorecard, ground: Ground) -> FittedBaseline:
    """Return what of a baseline can be compared with a candidate at this commit.

    Raises CannotJudgeError when it belongs to another repository or dataset.
    """
    if (card.repository, card.dataset) != (ground.policy.repository, ground.dataset):
        raise CannotJudgeError(
            f"The baseline is of {card.dataset} in the repository {card.repository}, not of this "
            "dataset.",
            remedy="Evaluate the baseline release here, and pin it with `goldengit baseline`.",
        )
    unpaired = dict(_unpaired(card, ground))
    judges = {run.id for run in ground.runs} - unpaired.keys()
    cases = [
        _of_tree(case, listed, (one for one in case.judged if one.evaluator in judges))
        for case in card.cases
        if (listed := ground.cases.get(case.case)) and case.digest == listed.digest
    ]
    runs = tuple(run for run in ground.runs if run.id in judges)
    fitted = card.model_copy(update={"evaluators": runs, "cases": tuple(cases)})
    return FittedBaseline(fitted, unpaired, _since(card, ground))


# -- the candidate ---------------------------------------------------------------------------


def _other_tree(card: Scorecard, ground: Ground) -> Iterator[str]:
    here = {
        "repository": (card.repository, ground.policy.repository),
        "dataset": (card.dataset, ground.dataset),
        "golden folder": (card.dataset_version, ground.version),
        "root of the cases": (card.dataset_root, ground.root),
        "dataset.yaml": (card.dataset_blob, ground.blob),
    }
    for name, (said, wanted) in here.items():
        if said != wanted:
            yield f"its {name} is {said[:60]}, not {wanted}."


def _other_evaluators(card: Scorecard, ground: Ground) -> Iterator[str]:
    said = {run.id: run for run in card.evaluators}
    wanted = {run.id: run for run in ground.runs}
    for name in sorted(said.keys() ^ wanted.keys()):
        yield f"{name} is {'not in this tree' if name in said else 'not in the scorecard'}."
    for name, run in wanted.items():
        if _identity(said[name]) != _identity(run):
            yield f"{name} is not what it is in this tree."
        if said[name].gates and not run.gates:
            yield f"it says that {name} may gate; here it is {run.standing}. {run.why}".rstrip()


def _identity(run: EvaluatorRun) -> EvaluatorRun:
    return run.model_copy(update={"standing": "gate", "why": ""})


def _refuse_foreign(case: CaseScore, ground: Ground) -> None:
    listed = ground.cases.get(case.case)
    if listed is None and not _expired(case.case, ground):
        raise CannotJudgeError(
            f"The scorecard holds {case.case}, which is no active case of this tree.", remedy=_AGAIN
        )
    if listed is not None and case.digest != listed.digest:
        raise CannotJudgeError(
            f"The scorecard holds {case.case} with another digest than this tree.", remedy=_AGAIN
        )


def _expired(case: str, ground: Ground) -> bool:
    """Tell whether a case of this tree has expired, perhaps since the scorecard was made."""
    return _ending(case, ground) == "expired"


def _ending(case: str, ground: Ground) -> str:
    file = ground.tree.file(golden_path(ground.dataset, case))
    return "absent" if file is None else ending(file, ground.now)


def _not_run(listed: Listed, card: Scorecard) -> CaseScore:
    runs = max(card.repeats, LEAST_RUNS) if listed.severity == "critical" else card.repeats
    return CaseScore(
        case=listed.id,
        digest=listed.digest,
        failure_modes=listed.failure_modes,
        severity=listed.severity,
        group=listed.group,
        errors=(_NOT_RUN,) * runs,
        duration_us=(0,) * runs,
    )


def _fitted(case: CaseScore, listed: Listed, ground: Ground) -> CaseScore:
    said = {one.evaluator: one for one in case.judged}
    names = ground.judges(listed.id)
    return _of_tree(case, listed, (said.get(name) or _silent(name, case) for name in names))


def _of_tree(case: CaseScore, listed: Listed, judged: Iterable[Judged]) -> CaseScore:
    """Return a case as the tree has it, with these verdicts."""
    return case.model_copy(
        update={
            "failure_modes": listed.failure_modes,
            "severity": listed.severity,
            "group": listed.group,
            "slices": listed.slices,
            "judged": tuple(judged),
        }
    )


def _silent(evaluator: str, case: CaseScore) -> Judged:
    unknown: Outcome = "unknown"
    runs = len(case.errors)
    return Judged(
        evaluator=evaluator,
        outcomes=(unknown,) * runs,
        scores=(None,) * runs,
        reason=next(filter(None, case.errors), _NO_VERDICT),
    )


# -- the baseline ----------------------------------------------------------------------------


def _unpaired(card: Scorecard, ground: Ground) -> Iterator[tuple[str, str]]:
    before = {run.id: run for run in card.evaluators}
    for run in ground.runs:
        old = before.get(run.id)
        if old is None:
            yield run.id, f"The baseline was not judged by {run.id}."
        elif (old.digest, old.model) != (run.digest, run.model):
            yield (
                run.id,
                (
                    f"The baseline was judged by version {old.version} of {run.id} as it was then "
                    f"({old.digest[:19]}…); here it is version {run.version} ({run.digest[:19]}…)."
                ),
            )


def _since(card: Scorecard, ground: Ground) -> Since:
    ended: dict[str, str] = {}
    found: defaultdict[str, list[str]] = defaultdict(list)
    for case in card.cases:
        listed = ground.cases.get(case.case)
        if listed is None:
            how = _ending(case.case, ground)
            if how == "absent":
                found["absent"].append(case.case)
            else:
                ended[case.case] = how
        elif listed.digest != case.digest:
            found["changed"].append(case.case)
    added = ground.cases.keys() - {case.case for case in card.cases}
    return Since(
        ended=dict(sorted(ended.items())),
        absent=tuple(sorted(found["absent"])),
        changed=tuple(sorted(found["changed"])),
        added=tuple(sorted(added)),
        ungated=dict(_ungated(card, ground)),
    )


def _ungated(card: Scorecard, ground: Ground) -> Iterator[tuple[str, str]]:
    here = {run.id: run for run in ground.runs}
    for old in card.evaluators:
        run = here.get(old.id)
        if old.gates and not (run and run.gates):
            yield old.id, _rank(run)


def _rank(run: EvaluatorRun | None) -> str:
    if run is None:
        return "not in dataset.yaml"
    return "a signal" if run.role == "signal" else run.standing
