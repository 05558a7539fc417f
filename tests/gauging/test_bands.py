"""The band of an evaluator follows from its counts, the policy and nothing else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.gauging.agreement import measured
from goldengit.models.calibration import (
    Band,
    Measured,
    RecordedVerdict,
    Thresholds,
    band,
    measure,
    thresholds_of,
)
from goldengit.models.dataset import Scale
from goldengit.models.policy import Calibration

DIGEST = f"sha256:{'0' * 64}"
PUBLISHED = {"min_n": 20, "min_per_class": 5}  # the class minimum that the published rows assume


def line(number: int, human: str, verdict: str, **values: Any) -> RecordedVerdict:
    return RecordedVerdict.model_validate(
        {
            "case": f"2026-01-01-case-{number:06x}",
            "case_digest": DIGEST,
            "label": DIGEST,
            "group": f"group-{number}",
            "part": "heldout",
            "human": human,
            "verdict": verdict,
            **values,
        }
    )


def table(
    tp: int, fp: int, fn: int, tn: int, passes: int = 0, fails: int = 0
) -> list[RecordedVerdict]:
    """Return the lines of a table, with undecided human passes and fails."""
    pairs = (
        [("pass", "pass")] * tp
        + [("fail", "pass")] * fp
        + [("pass", "fail")] * fn
        + [("fail", "fail")] * tn
        + [("pass", "unknown")] * passes
        + [("fail", "unknown")] * fails
    )
    return [line(number, *pair) for number, pair in enumerate(pairs)]


def rule(**values: Any) -> Calibration:
    return Calibration.model_validate(values)


def judged(
    lines: list[RecordedVerdict], policy: Calibration, *, looks: int = 1, stand_in: bool = False
) -> tuple[Band, str]:
    found, reasons = band(
        measured(lines, None, policy), thresholds_of(policy), looks=looks, stand_in=stand_in
    )
    return found, " ".join(reasons)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((9, 1, 1, 9), "gate"),
        ((8, 2, 1, 9), "signal"),
        ((8, 2, 2, 8), "signal"),
        ((15, 5, 0, 0), "revise"),
        ((20, 0, 0, 0), "insufficient"),
    ],
)
def test_the_published_guarded_verdicts_come_out(
    counts: tuple[int, int, int, int], expected: str
) -> None:
    found, _ = judged(table(*counts), rule(mode="guarded", **PUBLISHED))
    assert found == expected


@pytest.mark.parametrize(
    ("counts", "expected"), [((9, 1, 1, 9), "signal"), ((10, 0, 1, 9), "gate")]
)
def test_the_published_strict_verdicts_come_out(
    counts: tuple[int, int, int, int], expected: str
) -> None:
    found, _ = judged(table(*counts), rule(mode="strict", **PUBLISHED))
    assert found == expected


def test_exactly_on_a_limit_is_not_above_it() -> None:
    assert judged(table(8, 2, 2, 8), rule())[0] == "signal"
    assert judged(table(7, 3, 3, 7), rule())[0] == "signal"
    assert judged(table(9, 1, 2, 8), rule())[0] == "gate"


def test_a_constant_evaluator_must_be_revised_and_is_told_so() -> None:
    found, why = judged(table(12, 8, 0, 0), rule())
    assert (found, why) == ("revise", "The evaluator never says FAIL on n=20; MCC is undefined.")
    found, why = judged(table(0, 0, 12, 8), rule())
    assert (found, why) == ("revise", "The evaluator never says PASS on n=20; MCC is undefined.")


def test_without_failing_labels_nothing_can_be_said_even_of_a_perfect_evaluator() -> None:
    found, why = judged(table(20, 0, 0, 0), rule())
    assert found == "insufficient"
    assert "0 held-out FAIL labels; label 3 more FAIL." in why


def test_without_labels_nothing_can_be_said() -> None:
    found, why = judged([], rule())
    assert found == "insufficient"
    assert "0 decided held-out labels; label 10 more." in why


def test_from_10_to_19_labels_the_guarded_rule_applies() -> None:
    """(7, 1, 1, 6) has MCC 0.73 and exceeds 0.4 with a probability of about 0.93 only."""
    small = table(7, 1, 1, 6)
    found, why = judged(small, rule())
    assert found == "signal"
    assert "`guarded` asks for 0.95" in why
    assert judged(table(8, 0, 0, 7), rule())[0] == "gate"
    assert judged(small, rule(guarded_below=10))[0] == "gate"


def test_a_probability_that_was_not_computed_is_no_pass() -> None:
    policy = rule(mode="guarded")
    found, reasons = band(
        measure(table(15, 0, 0, 15)), thresholds_of(policy), looks=1, stand_in=False
    )
    assert found == "signal"
    assert "was not computed" in reasons[0]


def test_abstaining_on_hard_cases_does_not_open_the_gate() -> None:
    """Decided alone, (10, 1, 0, 5) has MCC 0.87; four of twenty cases are undecided."""
    found, why = judged(table(10, 1, 0, 5, passes=2, fails=2), rule())
    assert found == "signal"
    assert "It decides 80% of the cases; 90% are asked for." in why


def test_unknown_verdicts_counted_as_wrong_give_the_published_worst_case() -> None:
    found = measure(table(10, 1, 0, 5, passes=2, fails=2))
    assert found.mcc == pytest.approx(0.8704, abs=5e-5)
    assert found.worst_mcc == pytest.approx(0.4708, abs=5e-5)
    assert found.coverage == 0.8


def test_a_label_that_nobody_resolved_is_counted_and_left_out() -> None:
    found = measure([*table(9, 1, 1, 9), line(99, "unknown", "pass")])
    assert (found.counts.n, found.ambiguous) == (20, 1)


def test_a_stand_in_and_a_worn_out_slice_never_gate() -> None:
    perfect = table(10, 0, 0, 10)
    assert judged(perfect, rule())[0] == "gate"
    assert judged(perfect, rule(), stand_in=True)[0] == "signal"
    assert judged(perfect, rule(), looks=4) == (
        "signal",
        "The held-out labels were looked at 4 times, 3 are allowed.",
    )


def test_cases_of_one_conversation_widen_the_interval() -> None:
    alone = measured(table(10, 0, 0, 10), None, rule())
    together = measured(
        [one.model_copy(update={"group": "one"}) for one in table(10, 0, 0, 10)[:5]]
        + table(10, 0, 0, 10)[5:],
        None,
        rule(),
    )
    assert (alone.groups, together.groups) == (20, 16)
    assert together.above_gate is not None
    assert alone.above_gate is not None
    assert together.above_gate < alone.above_gate


def graded(pairs: list[tuple[float, float]]) -> list[RecordedVerdict]:
    return [
        line(
            number,
            "pass" if person >= 4 else "fail",
            "pass" if other >= 4 else "fail",
            human_grade=person,
            grade=other,
        )
        for number, (person, other) in enumerate(pairs)
    ]


SCALE = Scale(min=1, max=5)
PEOPLE = [float(digit) for digit in "12345123453245123451"]
OTHER = [float(digit) for digit in "12345223553144132452"]


def test_grades_are_gated_on_spearman_with_its_jackknife_interval() -> None:
    policy = rule()
    found = measured(graded(list(zip(PEOPLE, OTHER, strict=True))), SCALE, policy)
    assert found.graded is not None
    assert found.point == found.graded.spearman == pytest.approx(0.9108, abs=5e-5)
    assert found.graded.spearman_interval == pytest.approx((0.8041, 0.9606), abs=5e-5)
    assert found.graded.kendall_interval == pytest.approx((0.6718, 0.9197), abs=5e-5)
    assert band(found, thresholds_of(policy), looks=1, stand_in=False) == ("gate", [])


def test_a_constant_offset_is_seen_by_the_bias_alone() -> None:
    shifted = [(person, min(5.0, person + 1)) for person in PEOPLE if person < 5]
    found = measure(graded(shifted), SCALE).graded
    assert found is not None
    assert (found.spearman, found.bias) == (1.0, 1.0)


def test_below_ten_grades_no_rank_correlation_is_reported() -> None:
    found = measure(graded([(1, 1), (2, 2), (5, 5)]), SCALE)
    assert found.point is None
    assert band(found, thresholds_of(rule()), looks=1, stand_in=False)[0] == "insufficient"


def test_grades_that_do_not_vary_must_be_revised() -> None:
    found = measure(graded([(person, 3.0) for person in PEOPLE]), SCALE)
    assert band(found, thresholds_of(rule()), looks=1, stand_in=False)[0] == "revise"


counts = st.tuples(*[st.integers(0, 15)] * 4)


@given(counts)
def test_guarded_and_strict_never_pass_what_point_refuses(cells: tuple[int, int, int, int]) -> None:
    found = _plausible(cells)
    if _mode(found, "point") != "gate":
        assert _mode(found, "guarded") != "gate"
        assert _mode(found, "strict") != "gate"


@given(counts, st.integers(0, 3), st.integers(0, 3))
def test_undecided_cases_never_raise_the_band(
    cells: tuple[int, int, int, int], passes: int, fails: int
) -> None:
    order = ("insufficient", "revise", "signal", "gate")
    without = _mode(measure(table(*cells)), "point")
    found = _mode(measure(table(*cells, passes=passes, fails=fails)), "point")
    assert order.index(found) <= order.index(without)


def _plausible(cells: tuple[int, int, int, int]) -> Measured:
    """Return the measurement with probabilities of one, so that only the rule decides."""
    return measure(table(*cells)).model_copy(update={"above_gate": 1.0, "above_signal": 1.0})


def _mode(found: Measured, mode: str) -> Band:
    thresholds = Thresholds.model_validate(
        thresholds_of(rule(guarded_below=0)).model_dump() | {"mode": mode}
    )
    return band(found, thresholds, looks=1, stand_in=False)[0]
