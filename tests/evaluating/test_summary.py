"""A scorecard in numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.evaluating.failing import failing
from goldengit.evaluating.summary import Part, summary
from goldengit.metrics.rates import wilson
from tests.evaluating.cards import card, run, score

STRICT, HINT = run("strict"), run("hint", "signal", weight=3.0, failure_mode="wrong-tool")
RUN_LETTERS = st.text("pfu", min_size=2, max_size=2)


def whole(*letters: str) -> Part:
    """Return the whole of a run with one gating evaluator."""
    cases = [score(number, {"strict": each}) for number, each in enumerate(letters)]
    found = summary(card(cases, [STRICT])).whole
    assert found is not None
    return found


def test_the_pass_rate_is_that_of_decided_cases_with_both_extremes_beside_it() -> None:
    found = whole("p", "p", "p", "f", "u")
    assert (found.cases, found.rate, found.lowest, found.highest, found.unknown) == (
        5,
        0.75,
        0.6,
        0.8,
        0.2,
    )
    assert found.interval == wilson(3, 4)


def test_a_case_counts_once_however_often_it_ran() -> None:
    """A critical case that ran three times weighs as much as one that ran twice."""
    found = whole("pp", "fff", "pf")
    assert found.rate == pytest.approx((1 + 0 + 0.5) / 3)
    assert found.interval == wilson(1.5, 3)


def test_reliability_is_the_chance_that_all_repeats_pass() -> None:
    """pass^2 of a case that passed twice of three is one third."""
    assert whole("pp", "ppf", "pf", "pu").every == pytest.approx((1 + 1 / 3 + 0 + 0) / 4)


def test_what_was_never_decided_has_no_rate() -> None:
    found = whole("u", "u")
    assert (found.cases, found.rate, found.interval, found.unknown) == (2, None, None, 1.0)
    assert (found.lowest, found.highest) == (0.0, 1.0)


@given(st.lists(RUN_LETTERS, min_size=1, max_size=12))
def test_the_rate_lies_between_its_extremes(letters: list[str]) -> None:
    found = whole(*letters)
    assert found.lowest is not None
    assert found.highest is not None
    assert 0 <= found.lowest <= found.highest <= 1
    if found.rate is not None and found.interval is not None:
        assert found.interval.low - 1e-9 <= found.rate <= found.interval.high + 1e-9
        assert found.every is not None
        assert found.every <= found.lowest + 1e-9


def test_scores_are_weighted_by_evaluator() -> None:
    """An unknown has no score and weighs nothing."""
    runs = [run("strict", weight=1.0), run("second", weight=3.0)]
    cases = [score(1, {"strict": "p", "second": "f"}), score(2, {"strict": "p", "second": "u"})]
    found = summary(card(cases, runs)).whole
    assert found is not None
    assert found.score == pytest.approx((0.25 + 1.0) / 2)


def test_what_only_signals_is_told_apart() -> None:
    cases = [
        score(1, {"strict": "p", "hint": "f"}, slices=["both"]),
        score(2, {"hint": "f"}, slices=["both", "weak"], severity="low"),
    ]
    found = summary(card(cases, [STRICT, HINT]), ["both", "weak", "empty"])
    assert found.whole is not None
    assert found.signals is not None
    assert (found.whole.cases, found.whole.rate) == (1, 1.0)
    assert (found.signals.cases, found.signals.rate) == (2, 0.0)
    assert [("both", True, 1), ("weak", False, 1), ("empty", True, 0)] == [
        (part.name, part.gates, part.cases) for part in found.slices
    ]
    assert [("invented-citation", True), ("wrong-tool", False)] == [
        (part.name, part.gates) for part in found.failure_modes
    ]
    assert [("normal", True), ("low", False)] == [
        (part.name, part.gates) for part in found.severities
    ]


def test_without_a_gating_evaluator_there_is_no_whole() -> None:
    found = summary(card([score(1, {"hint": "p"})], [HINT]))
    assert found.whole is None
    assert found.signals is not None
    assert found.signals.rate == 1.0


def test_cases_that_nobody_may_judge_are_listed_critical_ones_first() -> None:
    cases = [
        score(1, {"hint": "p"}, severity="low"),
        score(2, {"hint": "p"}, severity="critical"),
        score(3, {"strict": "p"}),
    ]
    found = summary(card(cases, [STRICT, HINT]))
    assert (cases[1]["case"], cases[0]["case"]) == found.unjudged


def test_answers_and_errors_are_counted_by_run() -> None:
    cases = [score(1, {"strict": "pu"}, errors=["", "It broke."]), score(2, {"strict": "ppp"})]
    found = summary(card(cases, [STRICT]))
    assert (5, 1) == (found.answers, found.errors)
    assert found.flips == pytest.approx(1 / 3)


def test_failing_cases_come_critical_first_then_by_how_often_they_failed() -> None:
    cases = [
        score(1, {"strict": "pf", "hint": "ff"}),
        score(2, {"strict": "ff"}),
        score(3, {"strict": "pp", "hint": "ff"}),
        score(4, {"strict": "pu"}, severity="critical", errors=["", "It broke."]),
    ]
    found = failing(card(cases, [STRICT, HINT]))
    assert [cases[place]["case"] for place in (3, 1, 0)] == [each.case for each in found]
    assert (("no answer", "It broke."),) == found[0].reasons
    assert (("strict", "strict says pf."),) == found[2].reasons


def test_without_a_gating_evaluator_the_signals_tell_what_failed() -> None:
    found = failing(card([score(1, {"hint": "f"})], [HINT]))
    assert [(("hint", "hint says f."),)] == [each.reasons for each in found]
