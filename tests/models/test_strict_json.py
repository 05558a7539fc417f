"""Strict JSON: one meaning for a text, one key for equal values."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.models.strict_json import UnfinishedError, identity, strict_json

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=15,
)


@given(JSON)
def test_what_is_written_is_read(value: Any) -> None:
    assert value == strict_json(json.dumps(value))


@pytest.mark.parametrize("text", ['{"a":1,"a":1}', "NaN", "Infinity", "01", "'a'", "[1,]", ""])
def test_what_readers_disagree_about_is_no_json(text: str) -> None:
    with pytest.raises(ValueError, match=r"twice|no JSON|at character"):
        strict_json(text)


@pytest.mark.parametrize("text", ["[" * 100_000, "1e999", "-1e999", "1" * 5000])
def test_what_no_reader_here_can_take_is_said_to_be_so(text: str) -> None:
    with pytest.raises(UnfinishedError):
        strict_json(text)


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        (None, 0, False),
        ("1", 1, False),
        ({"a": 1, "b": [2.0]}, {"b": [2], "a": 1}, True),
        ([1, 2], [2, 1], False),
        (-0.0, 0, True),
        (1e300, 10**300, False),
    ],
)
def test_equal_values_have_one_identity(left: Any, right: Any, *, equal: bool) -> None:
    assert equal is (identity(left) == identity(right))
