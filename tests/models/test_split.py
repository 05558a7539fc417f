"""The split by hash: printed positions, even spread, parts in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.models.split import Part, assign, is_drawn, position

SALTS = [f"judge-{number}" for number in range(2000)]
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
shares = st.floats(0, 1)


@pytest.mark.parametrize(
    ("case", "expected"),
    [("case-1", 0.383137), ("case-2", 0.925766), ("case-3", 0.991310), ("case-4", 0.534179)],
)
def test_a_position_is_the_start_of_a_hash(case: str, expected: float) -> None:
    assert round(position("judge-a", case), 6) == expected


@pytest.mark.parametrize(
    ("at", "part"),
    [
        (0.0, "train"),
        (0.1499, "train"),
        (0.15, "dev"),
        (0.5699, "dev"),
        (0.5701, "heldout"),
        (1.0, "heldout"),
    ],
)
def test_parts_follow_each_other_and_the_last_takes_the_rest(at: float, part: Part) -> None:
    assert assign(at, {"train": 0.15, "dev": 0.42, "heldout": 0.43}) == part


def test_without_a_train_part_dev_comes_first() -> None:
    parts = [assign(at, {"dev": 0.40, "heldout": 0.60}) for at in (0.0, 0.39, 0.41)]
    assert parts == ["dev", "dev", "heldout"]


@given(texts, texts)
def test_without_fractions_all_is_held_out(salt: str, case: str) -> None:
    assert assign(position(salt, case), {}) == "heldout"


def test_salt_and_identity_do_not_run_together() -> None:
    assert position("judge-a", "b") != position("judge-", "ab")


def test_another_salt_is_another_split() -> None:
    """What one evaluator learns from, another may be measured with."""
    first, second = ([position(salt, f"case-{n}") < 0.5 for n in range(1000)] for salt in "ab")
    agreeing = sum(one == other for one, other in zip(first, second, strict=True))
    assert 450 < agreeing < 550


def test_a_part_of_four_fails_may_get_none_or_one_of_them() -> None:
    """With a threshold of 50 %: none in 6 % of splits, fewer than two in 31 %."""
    held_out = [
        sum(assign(position(salt, f"fail-{n}"), {"dev": 0.5}) == "heldout" for n in range(4))
        for salt in SALTS
    ]
    assert sum(count == 0 for count in held_out) / len(SALTS) == pytest.approx(0.06, abs=0.015)
    assert sum(count < 2 for count in held_out) / len(SALTS) == pytest.approx(0.31, abs=0.03)


def test_forty_labels_hold_out_twenty_nine_times_in_ten() -> None:
    reached = [sum(position(salt, f"case-{n}") >= 0.40 for n in range(40)) >= 20 for salt in SALTS]
    assert sum(reached) / len(SALTS) >= 0.90


@given(texts, texts, shares, shares)
def test_a_larger_sample_holds_the_smaller_one(
    salt: str, trace: str, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    assert is_drawn(salt, trace, high) or not is_drawn(salt, trace, low)


@given(texts, texts)
def test_nothing_is_drawn_with_probability_0_and_everything_with_1(salt: str, trace: str) -> None:
    assert not is_drawn(salt, trace, 0.0)
    assert is_drawn(salt, trace, 1.0)
