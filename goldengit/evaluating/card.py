"""The card: what was said in a run, with everything that it rests on."""

from collections.abc import Iterator, Sequence

from goldengit import __version__
from goldengit.errors import CannotJudgeError
from goldengit.evaluating.listing import Listed
from goldengit.evaluating.record import SCHEMA
from goldengit.evaluating.running import Evaluation, Ran
from goldengit.evaluating.suite import Suite
from goldengit.models.layout import dataset_path, golden_folder
from goldengit.models.scorecard import CaseScore, Judged, Scorecard


def scorecard(
    evaluation: Evaluation, ran: Sequence[Sequence[Ran]], release: str, target: str
) -> Scorecard:
    """Return the scorecard of an evaluation that ran.

    Raises CannotJudgeError when the release gave no answer at all: nothing was measured.
    """
    suite = evaluation.suite
    _refuse_silence(ran, target)
    return Scorecard.model_validate(
        {
            "schema": SCHEMA,
            "dataset": suite.dataset,
            "release": release,
            "target": target,
            "deterministic": evaluation.is_recorded,
            "repository": suite.policy.repository,
            "commit": suite.commit,
            "dataset_version": _oid(suite, golden_folder(suite.dataset)),
            "dataset_root": suite.root,
            "dataset_blob": _oid(suite, dataset_path(suite.dataset)),
            "policy_version": suite.policy.version,
            "as_of": suite.now,
            "repeats": min(len(runs) for runs in ran),
            "tool_version": __version__,
            "left_out": dict(suite.left_out),
            "evaluators": suite.runs,
            "cases": tuple(
                _case(suite, listed, runs) for listed, runs in zip(suite.cases, ran, strict=True)
            ),
            "cost": evaluation.cost,
        }
    )


def _case(suite: Suite, listed: Listed, runs: Sequence[Ran]) -> CaseScore:
    return CaseScore(
        case=listed.id,
        digest=listed.digest,
        failure_modes=listed.failure_modes,
        severity=listed.severity,
        group=listed.group,
        slices=listed.slices,
        errors=tuple(ran.error for ran in runs),
        duration_us=tuple(ran.duration_us for ran in runs),
        judged=tuple(_judged(suite, listed, runs)),
    )


def _judged(suite: Suite, listed: Listed, runs: Sequence[Ran]) -> Iterator[Judged]:
    for column, place in enumerate(listed.judges):
        said = [ran.said[column] for ran in runs]
        yield Judged(
            evaluator=suite.runs[place].id,
            outcomes=tuple(one.outcome for one in said),
            scores=tuple(one.score for one in said),
            reason=next((one.reason for one in said if one.outcome != "pass"), ""),
        )


def _oid(suite: Suite, path: str) -> str:
    entry = suite.tree.entry(path)
    return entry.oid if entry else ""


def _refuse_silence(ran: Sequence[Sequence[Ran]], target: str) -> None:
    errors = [one.error for runs in ran for one in runs]
    if all(errors):
        raise CannotJudgeError(
            f"The release gave no answer to any of {len(ran)} cases. The first error: {errors[0]}",
            remedy="Try the target by hand, then run the command again.",
            place=target,
        )
