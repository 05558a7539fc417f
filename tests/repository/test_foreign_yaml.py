"""The reader of workflows and hooks: what it makes of YAML that is not ours."""

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from goldengit.models.layout import Kind
from goldengit.models.reading import ReadLimits
from goldengit.models.workflow import Workflow
from goldengit.repository.foreign_yaml import GITHUB, PRE_COMMIT, read_foreign
from goldengit.repository.platform_files import read_platform_file

LIMITS = ReadLimits()
KINDS = (Kind.WORKFLOW, Kind.ACTION, Kind.HOOKS)
words = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=8)
values = st.recursive(
    words | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=20,
)
pieces = st.sampled_from([
    "on", "jobs", ":", ": ", "- ", "\n", "\n  ", "{", "}", "[", "]", "&a ", "*a", "<<: ", "|\n",
    "#", '"', "'", "!!x ", "---\n", "steps", "uses", "${{ x }}", "\x00", "\ufeff", "%", "\t",
    "\u2028",
])  # fmt: skip


def says(text: str, **options: Any) -> Any:
    """Return the value of a text, or the code with which it is refused."""
    reading = read_foreign(text.encode(), LIMITS, GITHUB, **options)
    return reading.refusals[0].code if reading.refusals else reading.value


@given(
    st.binary(max_size=80) | st.lists(pieces, max_size=30).map(lambda all_: "".join(all_).encode())
)
def test_no_bytes_whatever_make_it_raise(data: bytes) -> None:
    """A gate that crashes decides nothing; each file is read or refused, never half."""
    for kind in KINDS:
        record, reading = read_platform_file(data, LIMITS, kind)
        assert (record is None) is bool(reading.refusals)


@given(st.dictionaries(words, values, max_size=5))
def test_what_json_says_is_read_as_it_is(value: dict[str, Any]) -> None:
    """Quoted text stays text, `true`, `false` and `null` are what they are."""
    assert says(json.dumps(value, ensure_ascii=False)) == value


@given(st.dictionaries(words, values, max_size=5))
def test_what_another_writer_wrote_is_read_as_it_is(value: dict[str, Any]) -> None:
    """In block style, with every kind of quote."""
    assert says(yaml.safe_dump(value, allow_unicode=True)) == value


def test_github_reads_on_as_text_and_pre_commit_as_true() -> None:
    assert {"on": "push", "a": "yes", "b": True} == says("on: push\na: yes\nb: True\n")
    reading = read_foreign(b"a: yes\nb: off\nc: 'no'\n", LIMITS, PRE_COMMIT)
    assert {"a": True, "b": False, "c": "no"} == reading.value


def test_an_alias_is_what_its_anchor_stands_for() -> None:
    assert {"a": ["x"], "b": {"c": ["x"]}} == says("a: &a [x]\nb: {c: *a}\n")


@pytest.mark.parametrize("text", ["a: *a\n", "a: &a {b: *a}\n", "a: &a [*a]\n"])
def test_an_alias_without_an_anchor_above_it_is_refused(text: str) -> None:
    """So no value contains itself."""
    assert "GG102" == says(text)


def test_the_merge_key_is_read_where_it_is_permitted() -> None:
    text = "a: &a {x: 1, y: 1}\nb: {y: 2, <<: *a}\n"
    assert "GG102" == says(text)
    assert {"a": {"x": "1", "y": "1"}, "b": {"x": "1", "y": "2"}} == says(text, merges=True)
    assert "GG102" == says("<<: text\n", merges=True)


@pytest.mark.parametrize("shape", ["[{}]", "{{x: {}}}"])
def test_depth_is_limited_through_aliases_too(shape: str) -> None:
    """Each line adds one level to the line above it."""
    lines = ["a0: &a0 x", *(f"a{n}: &a{n} {shape.format(f'*a{n - 1}')}" for n in range(1, 70))]
    assert "GG109" == says("\n".join(lines) + "\n")
    assert isinstance(says("\n".join(lines[:50]) + "\n"), dict)


def test_the_line_of_every_key_is_known() -> None:
    text = b"on: push\njobs:\n  a:\n    steps:\n      - run: x\n        name: y\n"
    workflow, _ = read_platform_file(text, LIMITS, Kind.WORKFLOW)
    assert isinstance(workflow, Workflow)
    (job,) = workflow.jobs
    assert (3, 5, 6) == (job.line, job.steps[0].line, job.steps[0].at("name"))
