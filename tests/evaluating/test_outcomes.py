"""What the evaluators of a run say of a case together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.models.outcomes import composite, composites, flip_share, gating, joined, signalling
from goldengit.models.verdict import Outcome
from tests.evaluating.cards import card, one, run, score

RUNS = [run("strict"), run("second"), run("hint", "signal"), run("wish", "uncalibrated")]
LETTERS = st.sampled_from(["pass", "fail", "unknown"])


def test_only_role_and_calibration_together_let_an_evaluator_gate() -> None:
    roles = [run("modest", "gate", role="signal"), *RUNS, run("old", "stale")]
    found = card([], roles)
    assert {"strict", "second"} == gating(found)
    assert {"modest", "hint", "wish", "old"} == signalling(found)


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ({"strict": "p", "second": "p"}, "pass"),
        ({"strict": "p", "second": "f"}, "fail"),
        ({"strict": "u", "second": "f"}, "fail"),
        ({"strict": "u", "second": "p"}, "unknown"),
        ({"strict": "p", "hint": "f", "wish": "f"}, "pass"),
        ({"hint": "f"}, None),
        ({}, None),
    ],
)
def test_the_composite_outcome_of_a_run(said: dict[str, str], outcome: Outcome | None) -> None:
    assert outcome == composite(one(said), card([], RUNS), 0)


def test_an_error_in_place_of_an_answer_is_never_a_pass() -> None:
    """Even if a scorecard claimed that it was judged."""
    claimed = one({"strict": "pp"}, errors=["", "The line was cut."], duration_us=[1, 1])
    assert ("pass", "unknown") == composites(claimed, card([], RUNS))


def test_a_case_that_nobody_judged_stays_unjudged_when_its_answer_is_an_error() -> None:
    assert composite(one({"hint": "u"}, errors=["It broke."]), card([], RUNS), 0) is None


def test_every_run_of_a_case_counts_also_beyond_the_declared_repeats() -> None:
    found = card([score(1, {"strict": "ppf"}), score(2, {"strict": "pp"})], RUNS)
    assert 2 == found.repeats
    assert ("pass", "pass", "fail") == composites(found.cases[0], found)


@given(st.lists(LETTERS, min_size=1), LETTERS)
def test_one_more_opinion_never_makes_an_outcome_better(said: list[Outcome], more: Outcome) -> None:
    order = {"fail": 0, "unknown": 1, "pass": 2}
    before, after = joined(said), joined([*said, more])
    assert before is not None
    assert after is not None
    assert order[after] == min(order[before], order[more])


def test_flips_count_what_was_judged() -> None:
    assert flip_share([("pass", "fail"), ("pass", "pass"), (None, None)]) == 0.5
    assert flip_share([("pass", "fail", "fail"), ("pass", "pass")]) == pytest.approx(1 / 3)
    assert flip_share([("pass",), (None, None)]) is None
