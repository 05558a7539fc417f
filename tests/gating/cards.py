"""Scorecards by hand: `"ppf"` is a case that passed twice and failed once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from goldengit.gating.judgement import Terms
from goldengit.models.dataset import DatasetSpec
from goldengit.models.policy import Deploy
from goldengit.models.scorecard import CaseScore, EvaluatorRun, Judged, Scorecard
from goldengit.models.verdict import Outcome
from tests.standard import REPOSITORY

DIGEST = "sha256:" + "1" * 64
OUTCOMES: dict[str, Outcome] = {"p": "pass", "f": "fail", "u": "unknown"}
Said = str | Mapping[str, str]  # one evaluator's outcomes, or several evaluators', run by run


def name(number: int, feature: str = "claims") -> str:
    """Return the id of a case."""
    return f"2026-06-10-{feature}-{number:06x}"


def run(evaluator: str = "grounding", **values: Any) -> EvaluatorRun:
    """Return an evaluator that may gate, unless the values say otherwise."""
    usual = {
        "id": evaluator,
        "version": 1,
        "digest": DIGEST,
        "kind": "phrases",
        "failure_mode": "invented-citation",
        "role": "gate",
        "weight": 1.0,
        "standing": "gate",
    }
    return EvaluatorRun.model_validate(usual | values)


def case(number: int, said: Said, **values: Any) -> CaseScore:
    """Return one case as its evaluators judged it."""
    by = {"grounding": said} if isinstance(said, str) else said
    runs = max((len(text) for text in by.values()), default=1)
    judged = tuple(
        Judged(
            evaluator=evaluator,
            outcomes=tuple(OUTCOMES[letter] for letter in text),
            scores=(None,) * len(text),
            reason="" if set(text) == {"p"} else f"{evaluator} says {text}",
        )
        for evaluator, text in by.items()
    )
    usual: dict[str, Any] = {
        "case": name(number, values.pop("feature", "claims")),
        "digest": DIGEST,
        "failure_modes": ("invented-citation",),
        "severity": "normal",
        "group": str(number),
        "errors": ("",) * runs,
        "duration_us": (0,) * runs,
        "judged": judged,
    }
    return CaseScore.model_validate(usual | values)


def card(
    cases: Iterable[CaseScore],
    evaluators: Sequence[EvaluatorRun] = (),
    *,
    repeats: int = 1,
    deterministic: bool = True,
    release: str = "release-2",
    **values: Any,
) -> Scorecard:
    """Return a scorecard; its answers were recorded, unless it says that they are live."""
    usual = {
        "schema": "goldengit/scorecard/v1",
        "dataset": "support",
        "release": release,
        "target": "recorded:answers.jsonl",
        "deterministic": deterministic,
        "repository": REPOSITORY,
        "commit": "0" * 40,
        "dataset_version": "0" * 40,
        "dataset_root": DIGEST,
        "dataset_blob": "0" * 40,
        "policy_version": 1,
        "as_of": "2026-08-20T12:00:00Z",
        "repeats": repeats,
        "tool_version": "0.1.0",
        "evaluators": tuple(evaluators) or (run(),),
        "cases": tuple(cases),
    }
    return Scorecard.model_validate(usual | values)


def plain(text: str, **values: Any) -> Scorecard:
    """Return a scorecard of one run of each case: `"pppf"` are four cases."""
    return card([case(number, letter) for number, letter in enumerate(text)], **values)


def terms(deploy: Mapping[str, Any] | None = None, **values: Any) -> Terms:
    """Return the terms of a commit; slices are pairs of a name and whether it gates."""
    slices = [
        {"name": one, "where": {"metadata.feature": one}, "gating": gates}
        for one, gates in values.pop("slices", ())
    ]
    spec = {"schema": "goldengit/dataset/v1", "name": "support", "slices": slices}
    return Terms(Deploy(**(deploy or {})), DatasetSpec.model_validate(spec), **values)
