"""Rows in, verdicts out: computed where that is cheap, kept where it was paid for."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.evaluating.judging import judge_rows, judged, row_digest
from goldengit.evaluators.base import Doors, Evaluator, Options
from goldengit.models.case import Case
from goldengit.models.dataset import FailureMode, Scale
from goldengit.models.evaluator import Definition, EvaluatorSpec
from goldengit.models.row import EvalRow
from goldengit.models.trace import Trace
from goldengit.models.verdict import Verdict, failed, passed, unknown
from goldengit.repository.verdict_cache import VerdictCache
from tests.labelled import case


class Asking(Evaluator):
    """A kind that asks somebody: it passes what says yes and counts how often it was asked."""

    kind = "asking"
    options_model: ClassVar[type[Options]] = Options
    deterministic = False

    def __init__(self, definition: Definition, doors: Doors) -> None:
        super().__init__(definition, doors)
        self.asked = 0
        self.answers: Iterator[Verdict] | None = None
        self._lock = threading.Lock()

    @property
    def address(self) -> str:
        return self.doors.environment.get("ADDRESS", "")

    def judge(self, row: EvalRow) -> Verdict:
        with self._lock:
            self.asked += 1
            if self.answers:
                return next(self.answers)
        return passed("yes") if row.actual_output == "yes" else failed("no")


class Knowing(Asking):
    """The same, but sure of itself."""

    kind = "knowing"
    deterministic = True


def made(
    kind: type[Asking], version: int = 1, address: str = "", mode: FailureMode | None = None
) -> Asking:
    spec = EvaluatorSpec.model_validate(
        {
            "schema": "goldengit/evaluator/v1",
            "id": "asking",
            "version": version,
            "kind": kind.kind,
            "title": "It asks",
            "authors": ["reviewer-1"],
            "dataset": "support",
            "failure_mode": "wrong-tool",
        }
    )
    files = {"evaluator.yaml": str(version).encode()}
    definition = Definition(spec, files, mode or FailureMode(title="It says no"))
    return kind(definition, Doors(environment={"ADDRESS": address}))


def row(output: str) -> EvalRow:
    return EvalRow(input={"question": "well?"}, actual_output=output)


ROWS = [
    (f"case-{number}", EvalRow(input=number, actual_output="yes" if number % 3 else "no"))
    for number in range(20)
]


def test_evaluators_judge_each_row_in_their_order() -> None:
    found = list(judge_rows([made(Knowing), made(Knowing)], [row("yes"), row("no")]))
    assert [("pass", "pass"), ("fail", "fail")] == [
        tuple(verdict.verdict for verdict in verdicts) for verdicts in found
    ]


@pytest.mark.parametrize("kind", [Asking, Knowing])
def test_verdicts_come_by_name_in_the_order_of_the_rows(kind: type[Asking]) -> None:
    told: list[tuple[int, int]] = []
    found = judged(made(kind), iter(ROWS), concurrency=4, progress=lambda *now: told.append(now))
    assert [name for name, _ in ROWS] == list(found)
    assert ["pass" if number % 3 else "fail" for number in range(20)] == [
        verdict.verdict for verdict in found.values()
    ]
    assert [(number, 20) for number in range(1, 21)] == told


def test_no_rows_need_nobody() -> None:
    assert {} == judged(made(Asking), [], concurrency=32)


def test_nothing_is_paid_for_twice(tmp_path: Path) -> None:
    """A second run of the same evaluator asks nobody; another version asks anew."""
    with VerdictCache(tmp_path) as cache:
        first = made(Asking)
        before = judged(first, ROWS, cache=cache)
        again = made(Asking)
        assert before == judged(again, ROWS, cache=cache)
        other = made(Asking, version=2)
        judged(other, ROWS, cache=cache)
    assert (20, 0, 20) == (first.asked, again.asked, other.asked)


def test_what_a_stub_said_is_not_taken_for_what_the_model_says(tmp_path: Path) -> None:
    """The same evaluator at another address is asked anew, and so is one that passes elsewhere."""
    scale = Scale(min=1, max=5)
    with VerdictCache(tmp_path) as cache:
        every = [
            made(Asking, address="http://127.0.0.1:8000/v1"),
            made(Asking, address="https://models.example/v1"),
            made(Asking, mode=FailureMode(title="fit", scale=scale, pass_at=3)),
            made(Asking, mode=FailureMode(title="fit", scale=scale, pass_at=4)),
        ]
        for evaluator in every:
            judged(evaluator, ROWS, cache=cache)
    assert [evaluator.asked for evaluator in every] == [20, 20, 20, 20]


def test_what_nobody_answered_is_asked_again(tmp_path: Path) -> None:
    with VerdictCache(tmp_path) as cache:
        asking = made(Asking)
        asking.answers = iter([unknown("The line was cut."), passed("It is fine.")])
        cut = judged(asking, ROWS[:1], cache=cache)
        fine = judged(asking, ROWS[:1], cache=cache)
    assert ("unknown", "pass") == (cut["case-0"].verdict, fine["case-0"].verdict)


def test_a_deterministic_kind_is_computed_and_not_kept(tmp_path: Path) -> None:
    with VerdictCache(tmp_path) as cache:
        knowing = made(Knowing)
        judged(knowing, ROWS, cache=cache)
        judged(knowing, ROWS, cache=cache)
    assert 40 == knowing.asked


def test_a_case_has_the_digest_of_its_row_alone() -> None:
    """Labels, severity and signoffs are for no evaluator to see."""
    mild, grave = (
        Case.model_validate(case(1, outcome, "It is so.", values={"severity": severity}))
        for outcome, severity in (("pass", "low"), ("fail", "critical"))
    )
    assert row_digest(mild) == row_digest(grave)


@given(st.text(), st.text())
def test_rows_that_differ_have_different_digests(one: str, other: str) -> None:
    """So do an answer and a trace that say the same."""
    assert (row_digest(row(one)) == row_digest(row(other))) == (one == other)
    traced = EvalRow(input=one, trace=Trace(trace_id=f"t{one}"))
    assert row_digest(traced) != row_digest(EvalRow(input=one, actual_output=f"t{one}"))
