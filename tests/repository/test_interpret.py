"""From bytes to what a file says: any bytes, any place, every refusal with a line and a remedy."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldengit.models.case import Case, Tombstone
from goldengit.models.change import Entry, File
from goldengit.models.digest import case_digest
from goldengit.models.layout import POLICY, dataset_path
from goldengit.models.policy import Limits
from goldengit.models.reading import ReadLimits
from goldengit.repository.interpret import (
    house_bytes,
    interpret,
    read_limits,
    with_house_style,
    with_second_opinion,
)
from tests.edits import apply, parsed
from tests.standard import draft_path, path_of, standard

PLACES = (
    POLICY,
    dataset_path("support"),
    path_of("golden-1"),
    path_of("candidate-1"),
    path_of("queue-1"),
    draft_path("candidate-1", "reviewer-1"),
    "datasets/support/baseline.yaml",
    "datasets/x",
    "README.md",
)
SCHEMAS = ("case/v1", "tombstone/v1", "dataset/v1", "labels/v1", "policy/v1", "x")


def _read(path: str, data: bytes, mode: str = "100644") -> File:
    return interpret(Entry(path, mode, "a" * 40), len(data), data, ReadLimits())


@pytest.mark.parametrize("path", [path for path in standard() if path.endswith(".yaml")])
def test_every_file_of_the_standard_repository_is_sound_and_in_house_style(path: str) -> None:
    file = _read(path, standard()[path].data)
    assert file.sound
    assert with_house_style(file) is file
    assert with_second_opinion(file) is file
    assert house_bytes(path, file.value) == standard()[path].data


def test_a_case_a_tombstone_a_dataset_and_a_policy_become_their_nouns() -> None:
    golden = _read(path_of("golden-1"), standard()[path_of("golden-1")].data)
    assert isinstance(golden.case, Case)
    assert golden.digest == case_digest(golden.value)
    files = apply(standard(), [{"erase": {"row": "golden-1"}}])
    erased = _read(path_of("golden-1"), files[path_of("golden-1")].data)
    assert isinstance(erased.case, Tombstone)
    assert erased.digest == golden.digest
    assert _read(POLICY, standard()[POLICY].data).policy is not None
    spec = _read(dataset_path("support"), standard()[dataset_path("support")].data).dataset_spec
    assert spec is not None
    assert spec.name == "support"


def test_only_a_golden_file_can_be_a_tombstone() -> None:
    files = apply(standard(), [{"erase": {"row": "golden-1"}}])
    file = _read(path_of("candidate-1"), files[path_of("golden-1")].data)
    assert file.case is None
    assert not file.sound


@given(
    st.sampled_from(PLACES),
    st.binary(max_size=200),
    st.sampled_from(["100644", "100755", "120000"]),
)
def test_no_bytes_raise(path: str, data: bytes, mode: str) -> None:
    file = _read(path, data, mode)
    if file.reading is not None and not file.sound:
        assert all(refusal.code.startswith("GG") for refusal in file.reading.refusals)
    with_house_style(with_second_opinion(file))


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(
    allow_nan=False, allow_infinity=False
).filter(bool)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(PLACES[:6]), st.data())
@settings(deadline=None)
def test_any_value_under_any_key_is_accepted_or_refused_with_a_line_and_a_remedy(
    path: str, data: st.DataObject
) -> None:
    """Strange values reach the models' own validators, which must not break over them."""
    value = parsed(standard(), path)
    where: Any = value
    for _ in range(data.draw(st.integers(0, 3))):
        inner = [part for part in (where.values() if isinstance(where, dict) else where)
                 if isinstance(part, dict | list) and part]  # fmt: skip
        where = data.draw(st.sampled_from(inner)) if inner else where
    if isinstance(where, dict):
        where[data.draw(st.sampled_from(sorted(where)) | texts)] = data.draw(values)
    else:
        where[0] = data.draw(values)
    file = _read(path, house_bytes(path, value))
    assert file.reading is not None
    for refusal in file.reading.refusals:
        assert refusal.line >= 1
        assert refusal.message.endswith(".")
        assert refusal.remedy
        assert refusal.code in {"GG112", "GG706", "GG113", "GG106", "GG107", "GG108", "GG111"}


@pytest.mark.parametrize(
    "scale",
    [
        {"min": 0.0, "max": 1.0, "step": 1e-320},
        {"min": -1e308, "max": 1e308, "step": 1.0},
        {"min": 0.0, "max": 1e308, "step": 1e-308},
        {"min": 0, "max": 0, "step": 1},
        {"min": 1, "max": 2, "step": 0.3},
    ],
)
def test_a_scale_that_cannot_be_counted_is_refused(scale: dict[str, float]) -> None:
    path = dataset_path("grading")
    value = parsed(standard(), path)
    value["failure_modes"]["overall"] |= {"scale": scale, "pass_at": scale["max"]}
    file = _read(path, house_bytes(path, value))
    assert file.reading is not None
    assert [refusal.code for refusal in file.reading.refusals] == ["GG112"]
    assert "whole number of steps" in file.reading.refusals[0].message


def test_violations_name_key_line_and_what_is_expected() -> None:
    path = path_of("golden-1")
    data = standard()[path].data.replace(b"severity: normal", b"severity: urgent\nunheard_of: 1")
    file = _read(path, data)
    assert file.reading is not None
    found = {
        refusal.message: data.split(b"\n")[refusal.line - 1] for refusal in file.reading.refusals
    }
    assert found["The key `unheard_of` is unknown."] == b"unheard_of: 1"
    assert found['`severity` is "urgent", which does not fit: input should be '
                 "'low', 'normal', 'high' or 'critical'."] == b"severity: urgent"  # fmt: skip
    assert file.case is None
    assert file.value["severity"] == "urgent"  # what was read stays visible to rules


def test_a_policy_that_does_not_fit_is_gg706() -> None:
    data = standard()[POLICY].data.replace(b"threshold: 2", b"treshold: 2")
    file = _read(POLICY, data)
    assert file.policy is None
    assert file.reading is not None
    assert {refusal.code for refusal in file.reading.refusals} == {"GG706"}


def test_a_flood_of_violations_is_cut_and_a_long_value_is_not_printed() -> None:
    path = path_of("golden-1")
    value = parsed(standard(), path) | {f"k{number}": "x" * 9999 for number in range(99)}
    file = _read(path, house_bytes(path, value | {"severity": "y" * 9999}))
    assert file.reading is not None
    assert len(file.reading.refusals) == 20
    assert max(len(refusal.message) for refusal in file.reading.refusals) < 300


def test_a_blob_that_was_too_large_to_read_says_so() -> None:
    file = interpret(Entry(path_of("golden-1"), "100644", "a" * 40), 9 << 20, None, ReadLimits())
    assert file.reading is not None
    (refusal,) = file.reading.refusals
    assert (refusal.code, refusal.message) == (
        "GG109", "The file has 9,437,184 bytes, more than the limit of 1,048,576.",
    )  # fmt: skip


def test_limits_of_the_policy_become_those_of_the_reader() -> None:
    limits = Limits(file_bytes=2000, scalar_bytes=1500, nodes=200, depth=9)
    assert read_limits(limits) == ReadLimits(2000, 1500, 200, 9)
    assert read_limits(Limits()) == ReadLimits()
    assert Limits().reads_like_the_cache
    assert Limits(file_bytes=2000).reads_like_the_cache  # a month knows its largest file
    assert not limits.reads_like_the_cache


def test_another_layout_is_gg114_at_the_first_line_that_differs() -> None:
    path = path_of("golden-1")
    data = standard()[path].data.replace(b"severity: normal", b'severity: "normal"')
    file = with_house_style(_read(path, data))
    assert file.reading is not None
    (refusal,) = file.reading.refusals
    assert (refusal.code, data.split(b"\n")[refusal.line - 1]) == ("GG114", b'severity: "normal"')
    assert refusal.remedy == f"Run `goldengit format {path}`."


def test_a_second_opinion_that_differs_voids_what_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    path = path_of("golden-1")
    data = standard()[path].data + b'grader_hints_2: ["question":]\n'
    file = with_second_opinion(_read(path, data))
    assert not file.sound
