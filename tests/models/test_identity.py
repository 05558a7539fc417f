"""Ids: two definitions agree, and the same thing always gets the same id."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from goldengit.models.base import CaseId
from goldengit.models.identity import (
    LONGEST_ID,
    canonical_trace_id,
    id_for_input,
    id_for_successor,
    id_for_trace,
    is_case_id,
    slug,
)

MODEL = TypeAdapter(CaseId)
nearly = st.from_regex(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}-[a-z0-9-]{1,70}-[0-9a-f]{5,7}\n?", fullmatch=True
)


def _fits_model(text: str) -> bool:
    try:
        MODEL.validate_python(text, strict=True)
    except ValidationError:
        return False
    return True


@given(st.one_of(nearly, st.text(max_size=30)))
def test_the_pattern_and_the_model_accept_the_same_ids(text: str) -> None:
    assert is_case_id(text) == _fits_model(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-02-30-a-abcdef",
        "0000-01-01-a-abcdef",
        "2026-13-01-a-abcdef",
        "2026-01-01-a-abcdeg",
        "2026-01-01-A-abcdef",
        "2026-01-01--a-abcdef",
        "2026-01-01-a--abcdef",
        "2026-01-01-abcdef",
        "2026-01-01-a-abcdef\n",
        "2026-01-01-a-abcdef.yaml",
        "\u0662026-01-01-a-abcdef",
        "2026-01-01-" + "a" * 64 + "-abcdef",
        "2026-01-01-a/../b-abcdef",
    ],
)
def test_what_is_no_id_is_none_for_both(text: str) -> None:
    assert not is_case_id(text)
    assert not _fits_model(text)


@given(st.text(), st.text(max_size=40), st.text(max_size=20), st.integers(1, 3))
def test_whatever_the_feature_and_the_trace_an_id_is_an_id(
    feature: str, trace: str, dataset: str, ordinal: int
) -> None:
    for found in (
        id_for_trace("2026-05-23", feature, dataset, trace, ordinal),
        id_for_successor("2026-05-23", feature, "2026-01-01-a-abcdef", ordinal),
        id_for_input("2026-05-23", feature, dataset, {"text": trace}, ordinal),
    ):
        assert is_case_id(found)
        assert len(found) <= LONGEST_ID


@given(st.text())
def test_a_slug_is_lower_case_ascii_and_stays_itself(text: str) -> None:
    found = slug(text)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", found)
    assert slug(found) == found


@given(st.text("0123456789abcdefABCDEF-", min_size=1, max_size=40))
def test_spellings_of_a_trace_id_are_one(trace: str) -> None:
    canonical = canonical_trace_id(trace)
    assert canonical_trace_id(canonical) == canonical
    if trace.strip("-"):
        assert canonical_trace_id(trace.upper()) == canonical_trace_id(trace.lower()) == canonical


def test_vendors_spellings_of_one_trace_are_one_and_others_stay() -> None:
    spelt = {"tr-0AF7651916CD43DD", "0af76519-16cd-43dd", "0af7651916cd43dd"}
    assert {canonical_trace_id(one) for one in spelt} == {"0af7651916cd43dd"}
    assert canonical_trace_id("Session-One") == "Session-One"


def test_the_hex_digits_tell_datasets_traces_ordinals_and_inputs_apart() -> None:
    day, feature = "2026-05-23", "x"
    ids = [
        id_for_trace(day, feature, "a", "t"),
        id_for_trace(day, feature, "b", "t"),
        id_for_trace(day, feature, "a", "u"),
        id_for_trace(day, feature, "a", "t", 2),
        id_for_input(day, feature, "a", "t"),
        id_for_successor(day, feature, id_for_trace(day, feature, "a", "t"), 1),
    ]
    assert len(set(ids)) == len(ids)
