"""Running: each case is put to a release, and each answer to its evaluators.

Of an answer only what was said of it is kept, so memory does not grow with what a release says.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

from goldengit.evaluating.crew import spread
from goldengit.evaluating.judging import KeptVerdicts, ready, remembering
from goldengit.evaluating.listing import Listed
from goldengit.evaluating.progress import Progress, silent
from goldengit.evaluating.repeats import Repeats, is_recorded, planned, with_third
from goldengit.evaluating.suite import Suite
from goldengit.models.agreement import above
from goldengit.models.answer import Answer, answered
from goldengit.models.case import Case
from goldengit.models.exchange import one_line
from goldengit.models.outcomes import flip_share, joined
from goldengit.models.verdict import Cost, Outcome, Verdict, unknown
from goldengit.targets.base import Target


class KeptAnswers(Protocol):
    """Answers of this run that were given before; safe to call from several threads."""

    def get(self, case: str, repeat: int) -> Answer | None:
        """Return an answer, None where it was not given yet."""
        ...

    def keep(self, case: str, repeat: int, answer: Answer) -> None:
        """Keep an answer."""
        ...


@dataclass(frozen=True, slots=True)
class Said:
    """What one evaluator said of one answer; the reason is empty for a pass."""

    outcome: Outcome
    score: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of one case: why there is no answer, how long it took, what was said of it."""

    repeat: int
    error: str
    duration_us: int
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class _Work:
    place: int
    listed: Listed
    case: Case
    repeat: int


class Evaluation:
    """A release on a suite; `run` it once.

    `answers` keeps what is dear, None where answers are at hand; `verdicts` keeps what a model was
    paid for. `progress` is told (done, all) in runs of cases. `cost` is what the verdicts cost when
    they were given, kept ones included.
    """

    def __init__(
        self,
        suite: Suite,
        target: Target,
        *,
        answers: KeptAnswers | None = None,
        verdicts: KeptVerdicts | None = None,
        concurrency: int = 8,
        progress: Progress = silent,
    ) -> None:
        self.suite = suite
        self.target = target
        self.cost = Cost()
        self.is_recorded = is_recorded(suite.cases, target)
        self._answers = answers
        self._judges = [remembering(evaluator, verdicts) for evaluator in suite.evaluators]
        self._gates = [run.gates for run in suite.runs]
        self._progress = progress
        self._ran: list[list[Ran]] = [[] for _ in suite.cases]
        # Threads cost, and gain nothing where there is nothing to wait for.
        waits = not (self.is_recorded and all(one.deterministic for one in suite.evaluators))
        self._crew = concurrency if waits else 1

    def run(self, wish: Repeats) -> list[list[Ran]]:
        """Return the runs of each case of the suite, in their order.

        With `auto`, all cases run a third time when more of them flipped between the first two
        runs than the policy lets pass.
        """
        ready()
        counts = planned(self.suite.cases, self.target, wish)
        self._run(counts)
        if wish == "auto" and not self.is_recorded and self._flips_too_often():
            self._run(with_third(counts))
        return self._ran

    def _run(self, counts: Sequence[int]) -> None:
        done, every = sum(map(len, self._ran)), sum(counts)
        works = self._works(counts, [len(runs) for runs in self._ran])
        with closing(spread(self._one, works, self._crew)) as results:
            for place, ran, cost in results:
                self._ran[place].append(ran)
                if cost is not None:
                    self.cost += cost
                done += 1
                self._progress(done, every)
        for runs in self._ran:
            runs.sort(key=lambda ran: ran.repeat)

    def _works(self, counts: Sequence[int], before: Sequence[int]) -> Iterator[_Work]:
        """Yield what is to do, case by case, so that each is read once."""
        for place, listed in enumerate(self.suite.cases):
            if before[place] < counts[place]:
                case = self.suite.case(listed)
                for repeat in range(before[place], counts[place]):
                    yield _Work(place, listed, case, repeat)

    def _one(self, work: _Work) -> tuple[int, Ran, Cost | None]:
        answer = self._answer(work)
        verdicts = self._verdicts(work, answer)
        said = tuple([_said(verdict) for verdict in verdicts])
        ran = Ran(work.repeat, answer.error or "", answer.duration_us, said)
        dear = [verdict.cost for verdict in verdicts if verdict.cost.calls]
        return work.place, ran, sum(dear, Cost()) if dear else None

    def _answer(self, work: _Work) -> Answer:
        case, repeat = work.listed.id, work.repeat
        known = None if self._answers is None else self._answers.get(case, repeat)
        if known is not None:
            return known
        answer = self.target.answer(case, work.case, repeat)
        if self._answers is not None:
            self._answers.keep(case, repeat, answer)
        return answer

    def _verdicts(self, work: _Work, answer: Answer) -> list[Verdict]:
        places = work.listed.judges
        if answer.error is not None:
            return [unknown(f"There is no answer: {answer.error}")] * len(places)
        row = answered(work.case, answer)
        return [self._judges[place](row, work.repeat) for place in places]

    def answers(self, counts: Sequence[int]) -> Iterator[tuple[Listed, Answer]]:
        """Yield the answers once more, case by case: from where they are kept, or held."""
        for work in self._works(counts, [0] * len(counts)):
            yield work.listed, self._answer(work)

    def _flips_too_often(self) -> bool:
        """Tell whether the first two runs differ in more cases than the policy lets pass."""
        outcomes = (
            [self._composite(listed, ran) for ran in runs[:2]]
            for listed, runs in zip(self.suite.cases, self._ran, strict=True)
        )
        flips = flip_share(outcomes)
        return flips is not None and above(flips, self.suite.policy.deploy.aa_flip_max)

    def _composite(self, listed: Listed, ran: Ran) -> Outcome | None:
        pairs = zip(listed.judges, ran.said, strict=True)
        return joined([said.outcome for place, said in pairs if self._gates[place]])


def _said(verdict: Verdict) -> Said:
    passed = verdict.verdict == "pass"
    reason = "" if passed else one_line(verdict.justification)
    return Said(verdict.verdict, verdict.score, reason)
