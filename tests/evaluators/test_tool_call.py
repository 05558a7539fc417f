"""The kind `tool_call`: what a rule may demand of the calls, and when it applies."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from goldengit.evaluators import EvaluatorInvalidError
from goldengit.models.row import EvalRow
from goldengit.models.verdict import Verdict
from tests.evaluators.bench import asked, call, evaluator, row, trace

SEARCH = call("search_library", query="eelgrass", limit=10)
COUNT = call("count_library", query="eelgrass", year_from=2020)


def verdict(rule: dict[str, Any], *calls: dict[str, Any], question: str = "Why?") -> Verdict:
    found = evaluator("tool_call", {"rules": [rule]})
    return found.verdict(asked(question, trace=trace(*calls)))


def holds(rule: dict[str, Any], *calls: dict[str, Any], question: str = "Why?") -> bool:
    return {"pass": True, "fail": False}[verdict(rule, *calls, question=question).verdict]


@pytest.mark.parametrize(
    ("rule", "calls", "kept"),
    [
        ({"require": ["count_library"]}, [SEARCH, COUNT], True),
        ({"require": ["count_library"]}, [SEARCH], False),
        ({"require": ["count_library", "search_library"]}, [SEARCH], False),
        ({"require_any": ["count_library", "search_library"]}, [SEARCH], True),
        ({"require_any": ["count_library", "fetch"]}, [SEARCH], False),
        ({"forbid": ["search_library"]}, [COUNT], True),
        ({"forbid": ["search_library"]}, [COUNT, SEARCH], False),
        ({"allow_only": ["search_library"]}, [SEARCH, SEARCH], True),
        ({"allow_only": ["search_library"]}, [SEARCH, COUNT], False),
        ({"allow_only": []}, [], True),
        ({"allow_only": []}, [SEARCH], False),
        ({"order": ["search_library", "count_library"]}, [SEARCH, SEARCH, COUNT], True),
        ({"order": ["count_library", "search_library"]}, [SEARCH, COUNT], False),
        ({"max_calls": 1}, [SEARCH], True),
        ({"max_calls": 1}, [SEARCH, COUNT], False),
        ({"max_identical": 1}, [SEARCH, COUNT], True),
        ({"max_identical": 1}, [SEARCH, COUNT, SEARCH], False),
        ({"max_identical": 1}, [], True),
        ({"max_errors": 0}, [SEARCH], True),
        ({"max_errors": 0}, [call("fetch", status="error")], False),
        ({"max_errors": 1}, [call("fetch", status="error"), SEARCH], True),
    ],
)
def test_demands_on_tools(rule: dict[str, Any], calls: list[Any], *, kept: bool) -> None:
    assert kept is holds(rule, *calls)


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        ({"tool": "count_library", "arguments": {"year_from": 2020}}, True),
        ({"tool": "count_library", "arguments": {"year_from": 2020.0}}, True),
        ({"tool": "count_library", "arguments": {"year_from": "2020"}}, False),
        ({"tool": "count_library", "arguments": {"year_from": True}}, False),
        ({"tool": "count_library", "arguments": {"year_to": None}}, True),
        ({"tool": "search_library", "arguments": {"year_from": 2020}}, False),
        ({"tool": "count_library", "same_as": {"query": "metadata.extra.topic"}}, True),
        ({"tool": "count_library", "same_as": {"query": "metadata.extra.other"}}, False),
        ({"tool": "count_library", "arguments_schema": {"required": ["year_from"]}}, True),
        ({"tool": "count_library", "arguments_schema": {"required": ["year_to"]}}, False),
    ],
)
def test_a_call_can_be_told_by_its_arguments(wanted: dict[str, Any], *, kept: bool) -> None:
    found = evaluator("tool_call", {"rules": [{"require": [wanted]}]})
    extra = {"topic": "eelgrass", "other": "kelp"}
    assert kept is (
        found.verdict(row(trace=trace(COUNT), metadata={"extra": extra})).verdict == "pass"
    )


def test_arguments_are_named_by_dots_and_may_be_logged_as_text() -> None:
    wanted = {"tool": "book", "arguments": {"flights.0.to": "SEA"}}
    span = call("book", flights=[{"to": "SEA"}])
    assert holds({"require": [wanted]}, span)
    span["tool"]["arguments"] = json.dumps(span["tool"]["arguments"])
    assert holds({"require": [wanted]}, span)
    span["tool"]["arguments"] = "{broken"
    assert not holds({"require": [wanted]}, span)


def test_every_call_of_a_tool_is_held_to_its_arguments() -> None:
    wanted = {
        "tool": "search_library",
        "arguments_schema": {"properties": {"limit": {"maximum": 5}}},
    }
    assert holds({"each": [wanted]}, COUNT)
    assert holds({"each": [wanted]}, call("search_library", limit=5))
    said = verdict({"each": [wanted]}, call("search_library", limit=5), SEARCH).justification
    assert said == (
        'a call was `search_library` with {"limit":10,"query":"eelgrass"}, '
        "not `search_library` with arguments as in the schema."
    )


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("How many papers on eelgrass do we hold?", False),
        ("HOW MANY?", False),
        ("Which papers on eelgrass do we hold?", True),
        ("How many litres are 3 gallons?", True),
    ],
)
def test_a_rule_may_depend_on_the_question(question: str, *, kept: bool) -> None:
    rule = {"when": "(?i)how many", "unless": "gallon", "forbid": ["search_library"]}
    assert kept is holds(rule, SEARCH, question=question)


def test_the_question_is_the_last_message_or_all_of_them() -> None:
    rule = {"when": "(?i)theses", "require": ["theses"]}
    spoken = asked("And canteens?", "Only theses, please.", trace=trace(SEARCH))
    last, every = (
        evaluator("tool_call", {"rules": [rule | {"asked": which}]}) for which in ("last", "all")
    )
    assert ("pass", "fail") == (last.verdict(spoken).verdict, every.verdict(spoken).verdict)


def test_the_question_may_stand_elsewhere() -> None:
    options = {"question": "input.ask", "rules": [{"when": "many", "require": ["count_library"]}]}
    found = evaluator("tool_call", options)
    assert "fail" == found.verdict(row(input={"ask": "how many"}, trace=trace())).verdict
    for which in ("last", "all"):
        options["rules"][0]["asked"] = which  # type: ignore[index]
        nothing = evaluator("tool_call", options).verdict(row(input={"q": 1}, trace=trace()))
        assert ("unknown", "The row has no `input.ask`.") == (
            nothing.verdict,
            nothing.justification,
        )


@pytest.mark.parametrize(
    ("pattern", "question", "arguments", "kept"),
    [
        ("src-[a-z0-9-]+", "Read src-iodine-16.", {"id": "src-iodine-16"}, True),
        ("src-[a-z0-9-]+", "Read src-iodine-16.", {"id": "src-iodine-161"}, False),
        (r"\b(?:19|20)[0-9]{2}\b", "since 2015, to 2020", {"from": 2015, "to": 2020}, True),
        (r"\b(?:19|20)[0-9]{2}\b", "since 2015, to 2020", {"from": 2015}, False),
        ("[0-9][0-9,.]*", "from 18,400 to 13,800.", {"expression": "(18400-13800)/13800"}, False),
        ("[0-9][0-9,.]*", "from 18,400 to 13,800.", {"e": "(18400 - 13800) / 13800"}, True),
        (r"(?i)the (\w+) campus", "At the Harbour campus", {"campus": "harbour"}, True),
        (r"(?i)the (\w+) campus", "At the Harbour campus", {"campus": "main"}, False),
        (r"the (x)?campus", "At the campus", {}, True),
    ],
)
def test_what_the_user_names_stands_in_the_arguments(
    pattern: str, question: str, arguments: dict[str, Any], *, kept: bool
) -> None:
    assert kept is holds({"mentions": pattern}, call("any", **arguments), question=question)


def test_a_question_that_names_too_much_is_unknown() -> None:
    found = verdict({"mentions": "[0-9]+"}, call("any", n="7 " * 9), question="7 " * 200)
    assert "unknown" == found.verdict


EXPECTED = [
    {"name": "book", "arguments": {"to": "SEA"}},
    {"name": "look", "arguments": {}},
    {"name": "book", "arguments": {"to": "JFK"}},
]
BOOK_SEA, BOOK_JFK, LOOK = call("book", to="SEA"), call("book", to="JFK"), call("look")


@pytest.mark.parametrize(
    ("how", "calls", "kept"),
    [
        ({"match": "same"}, [LOOK, BOOK_JFK, BOOK_SEA], True),
        ({"match": "same"}, [LOOK, BOOK_JFK, BOOK_SEA, BOOK_SEA], False),
        ({"match": "includes"}, [LOOK, BOOK_JFK, BOOK_SEA, BOOK_SEA], True),
        ({"match": "includes"}, [LOOK, BOOK_SEA], False),
        ({"match": "includes", "arguments": False}, [LOOK, BOOK_SEA], True),
        ({"match": "same", "arguments": False}, [LOOK, BOOK_SEA], False),
        ({"match": "in_order"}, [BOOK_SEA, BOOK_SEA, LOOK, BOOK_JFK], True),
        ({"match": "in_order"}, [LOOK, BOOK_SEA, BOOK_JFK], False),
        ({"match": "exactly"}, [BOOK_SEA, LOOK, BOOK_JFK], True),
        ({"match": "exactly"}, [LOOK, BOOK_SEA, BOOK_JFK], False),
        ({"among": ["look"]}, [LOOK], True),
        ({"among": ["look"]}, [LOOK, LOOK], False),
    ],
)
def test_the_row_may_hold_the_calls_expected(
    how: dict[str, Any], calls: list[Any], *, kept: bool
) -> None:
    found = evaluator("tool_call", {"rules": [{"expected": {"path": "expected_output"} | how}]})
    judged = found.verdict(row(expected_output=EXPECTED, trace=trace(*calls)))
    assert kept is (judged.verdict == "pass")


def test_a_difference_is_told() -> None:
    found = evaluator("tool_call", {"rules": [{"expected": {"path": "expected_output"}}]})
    said = found.verdict(row(expected_output=["a"], trace=trace(call("b", x=1)))).justification
    assert 'expected and not made: a {}; made and not expected: b {"x":1}.' == said
    turned = evaluator(
        "tool_call", {"rules": [{"expected": {"path": "expected_output", "match": "exactly"}}]}
    )
    two = row(expected_output=["a", "b"], trace=trace(call("b"), call("a")))
    assert "the calls were made in another order." == turned.verdict(two).justification


@pytest.mark.parametrize("expected", [None, "book", [5], [{"tool": "book"}]])
def test_a_row_without_the_calls_expected_is_unknown(expected: Any) -> None:
    found = evaluator("tool_call", {"rules": [{"expected": {"path": "expected_output"}}]})
    assert "unknown" == found.verdict(row(expected_output=expected, trace=trace(LOOK))).verdict


def test_a_value_that_the_row_lacks_is_unknown() -> None:
    rule = {"require": [{"tool": "look", "same_as": {"id": "metadata.extra.id"}}]}
    assert "unknown" == verdict(rule, LOOK).verdict


@pytest.mark.parametrize("broken", [{"trace": None}, {"trace": {"trace_id": "t"}}])
def test_a_row_without_a_trace_is_unknown(broken: dict[str, Any]) -> None:
    for rule in ({"require": ["a"]}, {"forbid": ["a"]}):
        assert "unknown" == evaluator("tool_call", {"rules": [rule]}).verdict(row(**broken)).verdict


def test_a_trace_that_was_cut_proves_nothing() -> None:
    found = evaluator("tool_call", {"rules": [{"forbid": ["look"]}]})
    assert "unknown" == found.verdict(row(trace=trace(LOOK, truncated=True))).verdict


def test_a_retriever_is_no_tool_and_a_tool_span_without_details_is_one() -> None:
    spans = [{"kind": "retriever", "name": "index"}, {"kind": "tool", "name": "search"}]
    assert holds({"max_calls": 1, "require": ["search"], "forbid": ["index"]}, *spans)


def test_an_error_may_be_told_by_the_result() -> None:
    options = {"error_result": "^Error", "rules": [{"max_errors": 0}]}
    found = evaluator("tool_call", options)
    for result, outcome in (("Error: no", "fail"), ("No Error", "pass"), ({"Error": 1}, "pass")):
        judged = found.verdict(row(trace=trace(call("fetch", result=result))))
        assert outcome == judged.verdict


def test_the_score_is_the_share_of_the_demands_of_the_rules_that_apply() -> None:
    rules = [
        {"name": "counting", "when": "many", "require": ["count_library"], "max_calls": 1},
        {"name": "always", "forbid": ["search_library"], "max_errors": 0},
        {"name": "never", "when": "never asked", "require": ["nothing"]},
    ]
    found = evaluator("tool_call", {"rules": rules})
    judged = found.verdict(asked("how many?", trace=trace(SEARCH)))
    assert ("fail", 0.5) == (judged.verdict, judged.score)
    assert judged.justification == (
        "counting: `count_library` was not called; always: `search_library` was called."
    )
    kept = found.verdict(asked("which?", trace=trace(COUNT)))
    assert "1 of 3 rules apply and hold: calls of count_library." == kept.justification


def test_a_row_to_which_no_rule_applies_passes_or_is_unknown() -> None:
    options: dict[str, Any] = {"rules": [{"when": "never asked", "require": ["a"]}]}
    other = asked("Why?", trace=trace())
    assert "0 of 1 rules apply and hold: no calls." == (
        evaluator("tool_call", options).verdict(other).justification
    )
    options["otherwise"] = "unknown"
    assert "unknown" == evaluator("tool_call", options).verdict(other).verdict


def test_long_lists_are_cut() -> None:
    many = [call(f"tool{number}") for number in range(9)]
    assert "and 2 more" in verdict({"forbid": [f"tool{n}" for n in range(7)]}, *many).justification
    assert "4 more" in verdict({"max_calls": 9}, *many).justification


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "rules"),
        ({"rules": []}, "at least 1"),
        ({"rules": [{"name": "empty", "when": "x"}]}, "a rule demands something"),
        ({"rules": [{"when": "(?=x)", "max_calls": 1}]}, "rules.0.when.*RE2 cannot compile"),
        ({"rules": [{"forbids": ["x"]}]}, "forbids"),
        ({"rules": [{"expected": {"path": "labels"}}]}, "path"),
        (
            {"rules": [{"each": [{"tool": "a", "arguments_schema": {"type": 1}}]}]},
            "schema of arguments is refused",
        ),
    ],
)
def test_rules_that_make_no_sense_are_refused(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(EvaluatorInvalidError, match=reason):
        evaluator("tool_call", options)


# -- rules against the outcome of recorded trajectories --------------------------------------

WRITING = [
    *("book_reservation", "cancel_reservation", "update_reservation_flights"),
    *("update_reservation_baggages", "update_reservation_passengers", "send_certificate"),
]


def _row_of(recorded: dict[str, Any]) -> EvalRow:
    """Return a trajectory with the calls that should have been made, which no product knows."""
    arguments: dict[str, str] = {}
    spans: list[dict[str, Any]] = []
    for message in recorded["messages"]:
        for made in message.get("tool_calls") or []:
            arguments[made["id"]] = made["function"]["arguments"]
        if message["role"] == "tool":
            span = call(message["name"], message["content"])
            span["tool"]["arguments"] = arguments[message["tool_call_id"]]
            spans.append(span)
    actions = [
        {"name": action["name"], "arguments": action["kwargs"]}
        for action in recorded["task"]["expected_actions"]
    ]
    return row(metadata={"extra": {"expected_actions": actions}}, trace=trace(*spans))


def _expected(**how: Any) -> dict[str, Any]:
    path = "metadata.extra.expected_actions"
    return {"rules": [{"expected": {"path": path, "among": WRITING} | how}]}


@pytest.mark.real_data
def test_rules_agree_with_the_outcome_as_often_as_was_published(real_data: Path) -> None:
    lines = (real_data / "tau" / "tau_airline_gpt4o.jsonl").read_bytes().splitlines()
    recorded = [json.loads(line) for line in lines]
    rows = [(_row_of(each), each["reward"] == 1) for each in recorded]
    options = {
        "every tool": _expected(match="includes", arguments=False),
        "same tools": _expected(arguments=False),
        "same calls": _expected(),
        "no error": {"error_result": "^Error", "rules": [{"max_errors": 0}]},
    }
    found = {}
    for name, each in options.items():
        judge = evaluator("tool_call", each)
        counts = Counter((str(judge.verdict(seen).verdict), good) for seen, good in rows)
        table = [("pass", True), ("pass", False), ("fail", True), ("fail", False)]
        found[name] = tuple(counts[cell] for cell in table)
    assert found == {  # true passes, false passes, false fails, true fails
        "every tool": (84, 74, 0, 42),
        "same tools": (75, 18, 9, 98),
        "same calls": (74, 3, 10, 113),
        "no error": (75, 89, 9, 27),
    }
