"""The scorecard's file: one form, and nothing else is read."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.errors import CannotJudgeError
from goldengit.evaluating.record import read_scorecard, scorecard_bytes
from tests.evaluating.cards import card, run, score, value

RUNS = [run("strict"), run("hint", "signal")]


def good() -> dict[str, Any]:
    cases = [score(1, {"strict": "pf", "hint": "pp"}), score(2, {"strict": "ppp"})]
    return value(cases, RUNS)


def written(**changes: Any) -> bytes:
    return json.dumps(good() | changes).encode()


@given(st.lists(st.text("pfu", min_size=1, max_size=3), max_size=5), st.text(min_size=1))
def test_what_is_written_is_read_back(letters: list[str], release: str) -> None:
    cases = [score(number, {"strict": each}) for number, each in enumerate(letters)]
    found = card(cases, RUNS, release=release)
    assert found == read_scorecard(scorecard_bytes(found))
    assert scorecard_bytes(found) == scorecard_bytes(read_scorecard(scorecard_bytes(found)))


def test_the_bytes_do_not_depend_on_the_order_of_keys() -> None:
    turned = dict(reversed(good().items()))
    first, second = (read_scorecard(json.dumps(one).encode()) for one in (good(), turned))
    assert scorecard_bytes(first) == scorecard_bytes(second)
    assert scorecard_bytes(first).endswith(b"}\n")


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "no strict JSON"),
        (b"\xff", "no strict JSON"),
        (b"[" * 100_000, "no strict JSON"),
        (b"[]", "This is no scorecard"),
        (b'{"schema": "goldengit/case/v1"}', "The file says `goldengit/case/v1`"),
        (written(schema="goldengit/scorecard/v2"), "The file says `goldengit/scorecard/v2`"),
        (written(unheard=1), "`unheard` does not fit"),
        (written(repeats="2"), "`repeats` does not fit"),
        (written(repeats=3), "has 2 runs; 3 are declared"),
        (written(evaluators=[run("strict"), run("strict")]), "An evaluator occurs twice"),
        (written(evaluators=[run("strict")]), "judged by hint, which is not listed"),
        (written(cases=[score(1, {"strict": "pp"})] * 2), "A case occurs twice"),
        (written(cost={"calls": float("nan")}), "no strict JSON"),
        (written()[:-1] + b', "release": "other"}', "a key occurs twice"),
    ],
)
def test_what_is_no_whole_scorecard_is_refused(data: bytes, problem: str) -> None:
    with pytest.raises(CannotJudgeError) as refused:
        read_scorecard(data, "card.json")
    assert problem in refused.value.problem
    assert refused.value.place == "card.json"
    assert "goldengit evaluate" in refused.value.remedy


@pytest.mark.parametrize("key", ["outcomes", "scores"])
def test_a_missing_run_is_refused(key: str) -> None:
    cases = [score(1, {"strict": "pp"})]
    cases[0]["judged"][0][key].pop()
    with pytest.raises(CannotJudgeError, match="strict did not judge every run"):
        read_scorecard(json.dumps(value(cases, RUNS)).encode())


def test_an_evaluator_that_judged_a_case_twice_is_refused() -> None:
    cases = [score(1, {"strict": "p"})]
    cases[0]["judged"] *= 2
    with pytest.raises(CannotJudgeError, match="An evaluator judged the case"):
        read_scorecard(json.dumps(value(cases, RUNS)).encode())
