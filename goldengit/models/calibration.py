"""Calibration: what an evaluator's verdicts are worth, measured against people.

A manifest is recomputed from the raw verdicts beside it; `measure` and `band` are pure, so that
every check can do it.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from pydantic import Field

from goldengit.models.agreement import (
    Counts,
    above,
    below,
    bias,
    kendall,
    rounded,
    spearman,
    weighted_kappa,
)
from goldengit.models.base import CaseId, Count, Digest, Many, Moment, Name, Noun, Share, Text
from goldengit.models.dataset import Scale
from goldengit.models.policy import Calibration
from goldengit.models.verdict import Cost, Outcome

Band = Literal["gate", "signal", "revise", "insufficient"]
Part = Literal["train", "dev", "heldout"]
Protocol = Literal["blind", "two-way", "three-way"]
LEAST_GRADED = 10  # cases, below which no rank correlation is reported
Correlation = Annotated[float, Field(ge=-1.0, le=1.0)]
Interval = Annotated[Many[float], Field(min_length=2, max_length=2)]


class RecordedVerdict(Noun):
    """One line of `calibration.jsonl`: what people and the evaluator said of one case.

    `label` is the digest of the labels that settle the case, `case_digest` that of the case.
    `group` is what the split hashes: the conversation, or the case itself.
    """

    case: CaseId
    case_digest: Digest
    label: Digest
    group: Text
    part: Part
    human: Outcome
    human_grade: float | None = None
    verdict: Outcome
    score: Share | None = None
    grade: float | None = None
    justification: str = ""
    model: str | None = None
    output: Digest | None = None


class RecordedVerdicts(Noun):
    """The file `calibration.jsonl`, one verdict a line."""

    lines: Many[RecordedVerdict]


class Graded(Noun):
    """Agreement on grades. `spearman` decides, the others stand beside it (statistics 3.5)."""

    n: Count
    spearman: Correlation | None = None
    spearman_interval: Interval | None = None
    kendall: Correlation | None = None
    kendall_interval: Interval | None = None
    quadratic_kappa: float | None = None
    bias: float | None = None


class Measured(Noun):
    """Agreement on one part of the labels.

    `counts` hold decided cases only. `undecided_passes` and `undecided_fails` are cases of which
    people were certain and the evaluator was not; `ambiguous` those that people did not settle.
    `worst_mcc` counts every undecided case as wrong. Without the extra `stats` there are no
    intervals and no probabilities.
    """

    counts: Counts
    undecided_passes: Count = 0
    undecided_fails: Count = 0
    ambiguous: Count = 0
    groups: Count = 0
    coverage: Share | None = None
    mcc: Correlation | None = None
    worst_mcc: Correlation | None = None
    kappa: Correlation | None = None
    ac1: float | None = None
    balanced_accuracy: Share | None = None
    tpr: Share | None = None
    tnr: Share | None = None
    graded: Graded | None = None
    mcc_interval: Interval | None = None
    kappa_interval: Interval | None = None
    balanced_accuracy_interval: Interval | None = None
    tpr_interval: Interval | None = None
    tnr_interval: Interval | None = None
    above_signal: Share | None = None
    above_gate: Share | None = None

    @property
    def point(self) -> float | None:
        """Return the statistic that decides: Spearman for grades, else MCC."""
        return self.graded.spearman if self.graded else self.mcc

    @property
    def decided(self) -> int:
        """Return how many cases the point rests on."""
        return self.graded.n if self.graded else self.counts.n

    @property
    def independent(self) -> int:
        """Return how many of those cases count as independent: one of each group.

        A hundred turns of one conversation say little more than one (statistics 3.2).
        """
        return min(self.decided, self.groups)

    @property
    def undecided(self) -> int:
        """Return on how many cases people were certain, and the evaluator gave no verdict.

        On a scale it may also have given one without a grade.
        """
        return self.undecided_passes + self.undecided_fails + self.counts.n - self.decided


class People(Noun):
    """What people make of the same cases: it caps what an evaluator can reach."""

    annotators: Many[Name]
    labelled: Count
    double_labelled: Count
    alpha: float | None = None


class Look(Noun):
    """One evaluation on held-out labels. Recomputing from recorded verdicts is none.

    `labels` counts the settled held-out labels that it saw.
    """

    at: Moment
    digest: Digest
    band: Band
    labels: Count


class Thresholds(Noun):
    """What the policy asked for when the manifest was written, so that a reader can follow it."""

    gate: Share
    signal: Share
    mode: Literal["point", "guarded", "strict"]
    min_n: Count
    min_per_class: Count
    guarded_below: Count
    guarded_confidence: Share
    strict_confidence: Share
    min_coverage: Share
    max_looks: Count


class Manifest(Noun):
    """The file `calibration.yaml`: `goldengit/calibration/v1`.

    It binds numbers to what they were measured on: the evaluator's digest, the model, the labels,
    the split (`salt` is the evaluator's id) and the raw verdicts (`verdicts` is the SHA-256 of
    `calibration.jsonl`). `prompt` is the digest of everything that the model is told besides the
    row. `dev` has no interval: it never decides anything.
    """

    schema_: Annotated[Literal["goldengit/calibration/v1"], Field(alias="schema")]
    evaluator: Name
    version: Annotated[int, Field(ge=1)]
    digest: Digest
    kind: Text
    model: str | None = None
    prompt: Digest | None = None
    stand_in: bool = False
    repository: Text
    dataset: Name
    dataset_version: Text
    failure_mode: Name
    rubric: Annotated[int, Field(ge=1)]
    policy_version: Annotated[int, Field(ge=1)]
    thresholds: Thresholds
    at: Moment
    protocol: Protocol
    salt: Text
    verdicts: Digest
    heldout: Measured
    dev: Measured | None = None
    people: People
    looks: Annotated[Many[Look], Field(min_length=1)]
    notes: Many[str] = ()
    cost: Cost = Cost.model_construct()
    band: Band
    reasons: Many[str] = ()


def thresholds_of(policy: Calibration) -> Thresholds:
    """Return the part of a policy that decides bands."""
    return Thresholds(**{name: getattr(policy, name) for name in Thresholds.model_fields})


def measure(lines: Iterable[RecordedVerdict], scale: Scale | None = None) -> Measured:
    """Return the agreement on these verdicts: counts and point values, without intervals.

    With a scale, grades are compared as well.
    """
    every = list(lines)
    known = [line for line in every if line.human != "unknown"]
    decided = decided_of(every)
    pairs = [(line.human, line.verdict) for line in decided]
    counts = Counts(
        tp=pairs.count(("pass", "pass")),
        fp=pairs.count(("fail", "pass")),
        fn=pairs.count(("pass", "fail")),
        tn=pairs.count(("fail", "fail")),
    )
    silent = [line.human for line in known if line.verdict == "unknown"]
    passes, fails = silent.count("pass"), silent.count("fail")
    # On a scale, a verdict without a grade decides nothing that could be compared.
    sure = len(grades(decided)[0]) if scale else len(decided)
    return Measured(
        counts=counts,
        undecided_passes=passes,
        undecided_fails=fails,
        ambiguous=len(every) - len(known),
        groups=len({line.group for line in decided}),
        coverage=rounded(sure / len(known)) if known else None,
        mcc=rounded(counts.mcc),
        worst_mcc=rounded(counts.against(passes, fails).mcc),
        kappa=rounded(counts.kappa),
        ac1=rounded(counts.ac1),
        balanced_accuracy=rounded(counts.balanced_accuracy),
        tpr=rounded(counts.tpr),
        tnr=rounded(counts.tnr),
        graded=_graded(decided, scale) if scale else None,
    )


def decided_of(lines: Iterable[RecordedVerdict]) -> list[RecordedVerdict]:
    """Return the lines on which people and the evaluator both said pass or fail."""
    return [line for line in lines if "unknown" not in {line.human, line.verdict}]


def grades(lines: Iterable[RecordedVerdict]) -> tuple[list[float], list[float]]:
    """Return the grades of people and of the evaluator, where both gave one."""
    pairs = [
        (line.human_grade, line.grade)
        for line in lines
        if line.human_grade is not None and line.grade is not None
    ]
    return [person for person, _ in pairs], [evaluator for _, evaluator in pairs]


def _graded(decided: Sequence[RecordedVerdict], scale: Scale) -> Graded:
    people, evaluator = grades(decided)
    enough = len(people) >= LEAST_GRADED
    return Graded(
        n=len(people),
        spearman=rounded(spearman(people, evaluator)) if enough else None,
        kendall=rounded(kendall(people, evaluator)) if enough else None,
        quadratic_kappa=rounded(
            weighted_kappa(
                [scale.place(grade) for grade in people],
                [scale.place(grade) for grade in evaluator],
                range(scale.size),
            )
        ),
        bias=rounded(bias(people, evaluator)),
    )


def band(
    measured: Measured, rule: Thresholds, *, looks: int, stand_in: bool
) -> tuple[Band, list[str]]:
    """Return what an evaluator may do by its held-out agreement, and why not more.

    The first rule that applies wins (statistics 3.4). A probability that is needed and missing
    is no pass: the band is then `signal`.
    """
    lacking = _lacking(measured, rule)
    if lacking:
        return "insufficient", lacking
    point = measured.point
    if point is None:
        return "revise", [_constant(measured)]
    name = "Spearman's rho" if measured.graded else "MCC"
    if below(point, rule.signal):
        return "revise", [f"{name} {point:.3f} is below {rule.signal}."]
    if not above(point, rule.gate):
        return "signal", [f"{name} {point:.3f} is not above {rule.gate}."]
    held_back = [*_caps(measured, rule, looks=looks, stand_in=stand_in)]
    return ("signal", held_back) if held_back else ("gate", [])


def _lacking(measured: Measured, rule: Thresholds) -> list[str]:
    found = []
    if measured.decided < rule.min_n:
        does = "grades" if measured.graded else "decides"
        found.append(_shortage(measured.decided, measured.undecided, rule.min_n, does=does))
    elif measured.independent < rule.min_n:
        groups = f"{measured.groups} group{'' if measured.groups == 1 else 's'}"
        found.append(
            f"{measured.decided} decided held-out labels are of {groups} (conversations, users or "
            f"templates); label cases of {rule.min_n - measured.groups} more."
        )
    if measured.graded is None:
        counts = measured.counts
        for word, count, silent in (
            ("FAIL", counts.fails, measured.undecided_fails),
            ("PASS", counts.passes, measured.undecided_passes),
        ):
            if count < rule.min_per_class:
                found.append(_shortage(count, silent, rule.min_per_class, word))
    return found


def _shortage(
    decided: int, undecided: int, least: int, word: str = "", does: str = "decides"
) -> str:
    """Say what is missing: labels, or verdicts on the labels that are there."""
    labels = f"held-out {word} labels" if word else "held-out labels"
    if decided + undecided >= least:
        return f"It {does} {decided} of {decided + undecided} {labels}; {least} are asked for."
    if word:
        return f"{decided} {labels}; label {least - decided} more {word}."
    return f"{decided} decided {labels}; label {least - decided} more."


def _constant(measured: Measured) -> str:
    if measured.graded:
        return f"The grades do not vary on n={measured.graded.n}; rank correlation is undefined."
    never = "FAIL" if measured.counts.tn + measured.counts.fn == 0 else "PASS"
    return f"The evaluator never says {never} on n={measured.counts.n}; MCC is undefined."


def _caps(measured: Measured, rule: Thresholds, *, looks: int, stand_in: bool) -> Iterable[str]:
    """Yield what keeps an evaluator that agrees well enough from gating."""
    if measured.coverage is not None and below(measured.coverage, rule.min_coverage):
        share, least = f"{measured.coverage:.0%}", f"{rule.min_coverage:.0%}"
        yield f"It decides {share} of the cases; {least} are asked for."
    worst = measured.worst_mcc
    if measured.graded is None and (worst is None or below(worst, rule.signal)):
        yield "With its unknown verdicts counted as wrong, MCC falls below the signal band."
    yield from _uncertain(measured, rule)
    if looks > rule.max_looks:
        yield f"The held-out labels were looked at {looks} times, {rule.max_looks} are allowed."
    if stand_in:
        yield "A stand-in was measured, not the model itself."


def _uncertain(measured: Measured, rule: Thresholds) -> Iterable[str]:
    mode = rule.mode
    if mode == "point" and measured.independent < rule.guarded_below:
        mode = "guarded"
    found, floor, least = {
        "point": (1.0, rule.signal, 0.0),
        "guarded": (measured.above_signal, rule.signal, rule.guarded_confidence),
        "strict": (measured.above_gate, rule.gate, rule.strict_confidence),
    }[mode]
    if found is None:
        yield f"The probability that agreement exceeds {floor} was not computed."
    elif below(found, least):
        yield (
            f"Agreement exceeds {floor} with probability {found:.2f}; "
            f"`{mode}` asks for {least:.2f}."
        )
