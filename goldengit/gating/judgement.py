"""Judgement: what the deploy gate says of a release, part by part, with everything behind it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

from goldengit.models.dataset import DatasetSpec
from goldengit.models.policy import Deploy
from goldengit.models.scorecard import EvaluatorRun

REPAIR = "Repair the release, and evaluate the new one."  # the remedy of every plain no
PartKind = Literal[
    "unguarded",
    "rules",
    "branch",
    "origin",
    "age",
    "judges",
    "baseline",
    "repeats",
    "unknown",
    "critical",
    "floor",
    "whole",
    "evaluator",
    "slice",
    "signal",
    "exploratory",
]


class Ruling(IntEnum):
    """What a part says. The whole says what its worst part does; they are ordered by that."""

    PASS = 0
    WARN = 1
    INCONCLUSIVE = 2
    BLOCK = 3

    @property
    def exit_code(self) -> int:
        """Return 0 for what may be deployed, 1 for a no, 3 where nobody could tell."""
        return {Ruling.BLOCK: 1, Ruling.INCONCLUSIVE: 3}.get(self, 0)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Candidate against baseline, pair by pair, with every unknown counted one way.

    `lost` passed with the baseline and fail with the candidate, `gained` the other way round, by
    the majority of the runs. `drop` is the mean of the differences, `p` one-sided for a loss,
    `error` the standard error of the drop, None with one run of each case. `before` and `after` are
    the pass rates.
    """

    n: int
    lost: int
    gained: int
    drop: float
    p: float
    error: float | None = None
    before: float = 0.0
    after: float = 0.0


@dataclass(frozen=True, slots=True)
class Part:
    """One question of the gate and its answer.

    `compared` counts every unknown against the candidate and decides; `best` counts it in its
    favour. `rule` names the rule that was in force, `smallest` is the smallest drop that it sees in
    four of five releases. `reason` and `remedy` are full sentences.
    """

    kind: PartKind
    name: str
    ruling: Ruling
    reason: str
    remedy: str = ""
    compared: Comparison | None = None
    best: Comparison | None = None
    rule: str = ""
    smallest: float | None = None


@dataclass(frozen=True, slots=True)
class CaseNote:
    """One case in a list. `evaluator` is the first that did not pass it, with its reason."""

    case: str
    evaluator: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Since:
    """How the dataset moved since the baseline ran: ids of cases, sorted.

    `ended` maps what the baseline ran and is no longer active to how it ended; `absent` it ran and
    the tree does not know; `changed` have another digest; `added` it did not run. `ungated` maps
    each evaluator that gated then and does not now to what it is here.
    """

    ended: Mapping[str, str] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    ungated: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Repeats:
    """How many runs of each case are compared, and why.

    `flips` is the share of cases that change between the baseline's first two runs, or between the
    candidate's runs where more do and too many, None where it is not known. `needed` runs are asked
    for, `used` there are in both scorecards. `noisy` decides which rules are in force.
    """

    flips: float | None
    needed: int
    used: int
    noisy: bool

    def flips_or(self, least: float) -> float:
        """Return the share of flips, or the least that it may be where it is not known."""
        return least if self.flips is None else self.flips


@dataclass(frozen=True)
class Terms:
    """What a commit says that decides beside the scorecards.

    `youden` is TPR + TNR - 1 of the one evaluator that gates, None where there are several or its
    calibration has none. `missing` are
    active cases that the candidate did not run; its scorecard holds them as unknown. `unpaired`
    maps each evaluator whose verdicts the baseline lacks to the reason; `since` says how the cases
    moved. `no_baseline` is why there is none to compare with, and `remedy` what to do about it.
    """

    deploy: Deploy
    spec: DatasetSpec
    youden: float | None = None
    missing: frozenset[str] = frozenset()
    unpaired: Mapping[str, str] = field(default_factory=dict)
    since: Since = Since()
    no_baseline: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything that the gate found. `ruling` is that of the worst part.

    `critical` lists the critical cases that do not pass; `lost`, `gained`, `unknown` and `missing`
    are lists of cases too. `corrected` is drop / J, what the drop would be if the evaluator made no
    mistakes, None where that cannot be told (`uncorrected` says why, "" where nobody would ask).
    """

    parts: tuple[Part, ...]
    repeats: Repeats
    evaluators: tuple[EvaluatorRun, ...]
    since: Since
    critical: tuple[CaseNote, ...] = ()
    lost: tuple[CaseNote, ...] = ()
    gained: tuple[CaseNote, ...] = ()
    unknown: tuple[CaseNote, ...] = ()
    missing: tuple[str, ...] = ()
    corrected: float | None = None
    uncorrected: str = ""

    @property
    def ruling(self) -> Ruling:
        """Return the worst that any part says."""
        return max((part.ruling for part in self.parts), default=Ruling.INCONCLUSIVE)

    def of(self, *kinds: PartKind) -> tuple[Part, ...]:
        """Return the parts of these kinds, in order."""
        return tuple(part for part in self.parts if part.kind in kinds)
