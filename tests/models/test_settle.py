"""What people say of a case, taken together."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from goldengit.models.label import Label, settle

MODE = "invented-citation"


def label(reviewer: str, verdict: str, day: int = 1, **values: Any) -> Label:
    return Label.model_validate(
        {
            "failure_mode": MODE,
            "verdict": verdict,
            "reviewer": reviewer,
            "at": f"2026-05-{day:02d}T08:00:00Z",
            **values,
        }
    )


def outcome(*labels: Label) -> str:
    found = settle(labels, MODE)
    assert found is not None
    return found.outcome


def test_two_who_agree_settle_a_case() -> None:
    assert outcome(label("reviewer-1", "fail"), label("reviewer-2", "fail")) == "fail"


def test_two_who_disagree_leave_it_unknown() -> None:
    assert outcome(label("reviewer-1", "fail"), label("reviewer-2", "pass")) == "unknown"


def test_a_third_resolves_for_those_it_names() -> None:
    split = [label("reviewer-1", "fail"), label("reviewer-2", "pass")]
    assert outcome(*split, label("reviewer-3", "pass", 2, resolve=["reviewer-1"])) == "pass"
    assert outcome(*split, label("reviewer-3", "pass", 2, resolve=["reviewer-2"])) == "unknown"


def test_the_latest_word_of_a_person_counts() -> None:
    found = settle([label("reviewer-1", "pass", 3), label("reviewer-1", "fail", 2)], MODE)
    assert found is not None
    assert (found.outcome, dict(found.votes)) == ("pass", {"reviewer-1": 1.0})


def test_what_a_model_says_never_counts() -> None:
    assert settle([label("reviewer-1", "pass", source="model")], MODE) is None


def test_another_failure_mode_is_another_matter() -> None:
    assert settle([label("reviewer-1", "pass")], "wrong-tool") is None


def test_grades_that_stand_are_averaged() -> None:
    found = settle(
        [label("reviewer-1", "pass", grade=4.0), label("reviewer-2", "pass", grade=5.0)], MODE
    )
    assert found is not None
    assert (found.grade, dict(found.votes)) == (4.5, {"reviewer-1": 4.0, "reviewer-2": 5.0})


def test_who_resolves_gives_the_grade() -> None:
    found = settle(
        [
            label("reviewer-1", "pass", grade=5.0),
            label("reviewer-2", "fail", grade=2.0),
            label("reviewer-3", "fail", 2, grade=3.0, resolve=["reviewer-1"]),
        ],
        MODE,
    )
    assert found is not None
    assert (found.outcome, found.grade) == ("fail", 3.0)


VOTES = st.lists(
    st.tuples(st.sampled_from(["reviewer-1", "reviewer-2"]), st.sampled_from(["pass", "fail"])),
    min_size=1,
    max_size=4,
)


@given(VOTES, st.randoms(use_true_random=False))
def test_the_order_of_labels_changes_neither_outcome_nor_digest(votes: Any, dice: Any) -> None:
    labels = [label(person, word, day) for day, (person, word) in enumerate(votes, 1)]
    shuffled = list(labels)
    dice.shuffle(shuffled)
    assert settle(labels, MODE) == settle(shuffled, MODE)


def test_a_note_that_changes_changes_the_digest() -> None:
    one = settle([label("reviewer-1", "pass", note="Clear.")], MODE)
    other = settle([label("reviewer-1", "pass", note="Unclear.")], MODE)
    assert one is not None
    assert other is not None
    assert one.digest != other.digest
