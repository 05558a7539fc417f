"""Labels: folding drafts into a case gives one order, whoever folds."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from goldengit.models.digest import canonical, case_digest
from goldengit.models.label import fold, folded

labels = st.fixed_dictionaries({
    "failure_mode": st.sampled_from(["a1", "b1"]),
    "verdict": st.sampled_from(["pass", "fail"]),
    "reviewer": st.sampled_from(["reviewer-1", "reviewer-2"]),
    "at": st.sampled_from(["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]),
}, optional={"note": st.text(max_size=3)})  # fmt: skip
some = st.lists(labels, max_size=4)


def _draft(found: list[dict[str, Any]]) -> dict[str, Any]:
    return {"labels": found}


@given(some, some, some)
def test_the_order_of_drafts_and_of_folding_does_not_matter(
    own: list[dict[str, Any]], one: list[dict[str, Any]], two: list[dict[str, Any]]
) -> None:
    together = fold(list(own), [_draft(one), _draft(two)])
    assert fold(list(own), [_draft(two), _draft(one)]) == together
    assert fold(fold(list(own), [_draft(one)]), [_draft(two)]) == together
    assert fold(together, []) == together


@given(some, some)
def test_every_label_is_kept_once_word_for_word(
    own: list[dict[str, Any]], draft: list[dict[str, Any]]
) -> None:
    result = [canonical(label) for label in fold(list(own), [_draft(draft)])]
    assert sorted(result) == sorted({canonical(label) for label in [*own, *draft]})


@given(some)
def test_folding_changes_nothing_but_the_labels(draft: list[dict[str, Any]]) -> None:
    case: dict[str, Any] = {"id": "x", "input": {"a": 1}, "labels": []}
    result = folded(case, [_draft(draft)])
    assert {key: value for key, value in result.items() if key != "labels"} == {
        "id": "x", "input": {"a": 1},
    }  # fmt: skip
    assert case["labels"] == []


def test_without_labels_and_drafts_no_key_is_added() -> None:
    assert case_digest(folded({"id": "x"}, [])) == case_digest({"id": "x"})


def test_drafts_without_a_list_of_labels_add_nothing() -> None:
    assert fold([], [{}, {"labels": None}, {"labels": "x"}, {"labels": [None, "x"]}]) == []
