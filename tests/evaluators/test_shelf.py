"""The shelf: every kind is found, describes its options, and never lets a row stop a run."""

import importlib
import subprocess
import sys
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldengit.errors import CannotJudgeError
from goldengit.evaluators import Doors, Evaluator, EvaluatorInvalidError, build, kinds
from goldengit.evaluators.base import Options
from goldengit.models.dataset import FailureMode, Scale
from goldengit.models.evaluator import Definition, EvaluatorSpec
from goldengit.models.row import EvalRow
from goldengit.models.verdict import Verdict
from tests.evaluators.bench import MODE, evaluator, row

# Of the kinds that are nothing but data: options with which each of them looks at much of a row.
DATA: dict[str, list[dict[str, Any]]] = {
    "regex": [{"must_match": ["(a+)+$"], "must_not_match": [r"\x{D7FF}", "^.{0,50}x"]}],
    "json_schema": [
        {
            "schema": {
                "$defs": {"n": {"additionalProperties": {"$ref": "#/$defs/n"}}},
                "$ref": "#/$defs/n",
                "unevaluatedItems": {"type": "integer"},
                "uniqueItems": True,
            },
            "fenced": True,
        },
        {"schema": False, "parse": False},
    ],
    "length": [
        {"unit": unit, "min": 1, "max_from": "metadata.extra.limit", "leave_out": "#+"}
        for unit in ("words", "characters", "sentences", "lines")
    ],
    "phrases": [{"banned": ["a", "ab c"], "required": ["z", "字"], "require": "any"}],
    "tool_call": [
        {
            "rules": [
                {"when": "a", "require": [{"tool": "t", "arguments_schema": {"maximum": 1}}]},
                {"mentions": "[0-9a]+", "max_identical": 1, "max_errors": 0},
                {"expected": {"path": "expected_output"}, "asked": "all", "unless": "b"},
            ]
        },
        {"rules": [{"forbid": ["t"], "order": ["t", "u"], "allow_only": ["t"]}]},
    ],
    "grounding": [{"claims": "([a-z0-9]+)"}, {"claims": "numbers", "threshold": 0.5}],
    "similarity": [
        {"method": method} for method in ("exact", "ratio", "jaccard", "token_f1", "rouge_l")
    ],
    "grade": [{"field": "actual_output.a"}],
}
GRADED = FailureMode(title="graded", scale=Scale(min=0, max=5), pass_at=3)
BUILT = [
    evaluator(kind, options, mode=GRADED if kind == "grade" else MODE)
    for kind, every in DATA.items()
    for options in every
]


def test_every_kind_is_found_and_named_after_its_module() -> None:
    names = {"classifier", "judge", "python", *DATA}
    assert sorted(names) == list(kinds())
    for name, kind in kinds().items():
        assert f"goldengit.evaluators.{name}" == kind.__module__
        assert kind is vars(importlib.import_module(kind.__module__))[kind.__name__]


def test_the_kinds_that_are_data_say_so() -> None:
    assert set(DATA) == {name for name, kind in kinds().items() if kind.is_data}


@pytest.mark.parametrize("name", sorted(DATA))
def test_every_option_is_described_for_editors(name: str) -> None:
    schema = kinds()[name].options_model.model_json_schema()
    assert schema["description"]
    records = [each for each in schema.get("$defs", {}).values() if "properties" in each]
    for part in (schema, *records):
        assert part["additionalProperties"] is False
        for option, about in part["properties"].items():
            assert about.get("description", "").endswith((".", "`")), option


def test_looking_for_the_kinds_loads_no_heavy_library() -> None:
    """A program starts without them; each is loaded when an evaluator needs it."""
    heavy = ["numpy", "scipy", "sklearn", "skops", "httpx", "re2", "jsonschema", "yaml", "git"]
    code = (
        "import sys; from goldengit.evaluators import kinds; kinds(); "
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert "[]" == told.stdout.strip()


def test_an_unknown_kind_is_refused_with_those_there_are() -> None:
    with pytest.raises(EvaluatorInvalidError, match=r"no kind `regexp`; the kinds are .*regex"):
        evaluator("regexp", {})


def test_what_is_wrong_with_the_options_is_told_with_its_place() -> None:
    with pytest.raises(CannotJudgeError) as caught:
        evaluator("length", {"max": "ten"})
    assert str(caught.value) == (
        "evaluators/example/evaluator.yaml: The option `max`: Input should be a valid integer. "
        "`goldengit schema evaluator-length` shows what is expected."
    )
    with pytest.raises(EvaluatorInvalidError, match="The options: one of min, max and max_from"):
        evaluator("length", {})
    with pytest.raises(EvaluatorInvalidError, match="`maximum` is unknown"):
        evaluator("length", {"max": 1, "maximum": 2})


def test_options_are_read_without_making_the_evaluator_ready() -> None:
    spec = evaluator("json_schema", {"schema": {}}).definition.spec
    refused = spec.model_copy(update={"options": {"schema": {"type": "text"}}})
    assert build(Definition(refused, {}), for_judging=False).options.parse
    with pytest.raises(EvaluatorInvalidError, match="schema is refused"):
        build(Definition(refused, {}))


class _Crashing(Evaluator):
    kind: ClassVar[str] = "crashing"
    options_model: ClassVar[type[Options]] = Options

    def judge(self, row: EvalRow) -> Verdict:
        raise RuntimeError(f"{row.actual_output}\n" * 1000)


@pytest.mark.parametrize("output", ["Oops", "\ud800"])
def test_a_crash_is_unknown_with_the_reason_in_few_words(output: str) -> None:
    spec = EvaluatorSpec.model_validate(
        {
            "schema": "goldengit/evaluator/v1",
            "id": "crashing",
            "version": 1,
            "kind": "crashing",
            "title": "A crash",
            "authors": ["reviewer-1"],
            "dataset": "support",
            "failure_mode": "wrong",
        }
    )
    found = _Crashing(Definition(spec, {}), Doors()).verdict(row(output))
    assert ("unknown", None) == (found.verdict, found.score)
    assert found.justification.startswith("The evaluator crashed: RuntimeError:")
    assert len(found.justification.encode()) < 600


# -- whatever a row holds ------------------------------------------------------------------

# Half surrogates among them: what a system answers was not yet refused by any reader.
TEXT = st.text(
    st.characters() | st.sampled_from("abz 0.,%[]{}\"'\n`字\u0301\ud800")
) | st.sampled_from(["[1, 1]", '{"a": 3}', "```json\n{}\n```", "1,200 a b", "t"])
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from("ab") | TEXT, inner, max_size=4)
        | st.fixed_dictionaries({"role": st.sampled_from(["user", "assistant"]), "content": inner})
        | st.fixed_dictionaries({"name": TEXT, "arguments": inner})
    ),
    max_leaves=12,
)
TOOL = st.builds(
    lambda arguments, result, status: {
        "span_id": "s",
        "kind": "tool",
        "status": status,
        "tool": {"name": "t", "arguments": arguments, "result": result},
    },
    JSON,
    JSON,
    st.sampled_from(["ok", "error", "unset"]),
)
FOUND = st.builds(
    lambda text: {"span_id": "s", "kind": "retriever", "documents": [{"id": "a", "content": text}]},
    TEXT,
)
TRACE = st.none() | st.builds(
    lambda spans, truncated: {"trace_id": "t", "spans": spans, "truncated": truncated},
    st.lists(TOOL | FOUND, max_size=4),
    st.booleans(),
)
ROWS = st.builds(
    lambda given, expected, answer, limit, spans: EvalRow.model_validate(
        {
            "input": given,
            "expected_output": expected,
            "actual_output": answer,
            "metadata": {"extra": {"limit": limit}},
            "trace": spans,
        },
    ),
    *(JSON, JSON | st.lists(JSON), JSON, JSON | st.integers(0, 20), TRACE),
)


def _sound(found: Verdict) -> None:
    assert (found.verdict == "unknown") is (found.score is None)
    assert found.score is None or 0.0 <= found.score <= 1.0
    assert found.verdict != "unknown" or found.grade is None
    assert found.justification
    assert len(found.justification.encode()) < 4000  # and can be written
    assert found == Verdict.model_validate(found.model_dump())


@settings(max_examples=150)
@given(ROWS)
def test_whatever_a_row_holds_each_kind_has_a_sound_verdict(seen: EvalRow) -> None:
    for judge in BUILT:
        found = judge.verdict(seen)
        _sound(found)
        assert found == judge.verdict(seen)


@settings(max_examples=60)
@given(ROWS)
def test_an_evaluator_that_is_built_again_says_the_same(seen: EvalRow) -> None:
    for judge in BUILT:
        again = evaluator(
            judge.kind, judge.definition.spec.options, mode=judge.definition.failure_mode
        )
        assert again.verdict(seen) == judge.verdict(seen)


@settings(max_examples=60)
@given(ROWS)
def test_no_kind_looks_at_the_row_in_a_way_that_changes_it(seen: EvalRow) -> None:
    before = repr(seen)
    for judge in BUILT:
        judge.verdict(seen)
    assert before == repr(seen)


LONG = {
    "letters": "a" * (1 << 20),
    "words": "ab " * (1 << 18),
    "marks": "a" + "\u0301\u0316" * (1 << 17),
    "brackets": "[" * (1 << 20),
    "numbers": "1," * (1 << 19),
    "fences": "```\n" * (1 << 17),
    "stops": "." * (1 << 20),
    "spaces": " " * (1 << 20) + "\u2003",
}


@pytest.mark.parametrize("name", LONG)
def test_a_mebibyte_of_anything_is_judged(name: str) -> None:
    """Each of these takes some quadratic method hours."""
    documents = [{"id": "a", "content": LONG[name]}]
    spans = [
        {"span_id": "r", "kind": "retriever", "documents": documents},
        {"span_id": "t", "kind": "tool", "tool": {"name": "t", "result": LONG[name]}},
    ]
    seen = row(
        LONG[name],
        input=LONG[name],
        expected_output=LONG[name],
        metadata={"extra": {"limit": 5}},
        trace={"trace_id": "t", "spans": spans},
    )
    for judge in BUILT:
        _sound(judge.verdict(seen))


def test_an_answer_of_any_depth_is_judged() -> None:
    deep: Any = 1
    for _ in range(150):
        deep = [{"a": deep}]
    for value in (deep, {"a": deep}):
        seen = EvalRow.model_construct(input=value, actual_output=value, expected_output=value)
        for judge in BUILT:
            _sound(judge.verdict(seen))
