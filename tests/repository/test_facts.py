"""Facts: what is known of a file from its bytes alone."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.generate import case
from goldengit.models.digest import case_digest
from goldengit.models.facts import CaseFacts
from goldengit.models.layout import golden_path
from goldengit.repository.facts import facts_of
from goldengit.repository.interpret import house_bytes
from tests.edits import apply
from tests.gitbox import Files
from tests.standard import id_of, path_of, standard


def _facts(value: dict[str, Any]) -> CaseFacts:
    data = house_bytes(golden_path("d", case(0)["id"]), value)
    return facts_of("a" * 40, len(data), data)


def _of(files: Files, row: str) -> CaseFacts:
    data = files[path_of(row)].data
    return facts_of("a" * 40, len(data), data)


def test_the_facts_of_a_plain_case() -> None:
    value = case(3)
    facts, day = _facts(value), value["id"][:10]
    assert facts.ordinary
    assert (facts.id, facts.digest) == (value["id"], case_digest(value))
    assert facts.signers == (("reviewer-1", "labeler"), ("reviewer-2", "confirmer"))
    assert (facts.first_signed, facts.latest) == (f"{day}T12:00:00Z", f"{day}T13:00:00Z")
    assert (facts.unsigned, facts.signing_keys) == (2, ())
    kinds = [("invented-citation", 1, f"reviewer-{n}", None, "fail", None) for n in (1, 2)]
    assert list(facts.label_kinds) == kinds
    assert facts.failure_modes == ("invented-citation",)
    assert (facts.valid_until, facts.closure) == ("", None)
    assert facts.trace_key >= 0
    assert facts.pair_key >= 0
    assert len(facts.band_keys) == 8


@pytest.mark.parametrize(
    "change",
    [
        {"expected_output": None},
        {"labels": []},
        {"labels": [case(0)["labels"][0] | {"source": "model"}]},
        {"labels": [case(0)["labels"][0] | {"at": "2019-01-01T00:00:00Z"}]},
        {"variant_of": "2021-01-01-x-abcdef"},
        {"objections": [{"reviewer": "reviewer-3", "at": "2026-01-01T00:00:00Z", "reason": "No."}]},
        {"attachments": [{"name": "a", "sha256": "0" * 64, "media_type": "x", "size": 1}]},
        {"signoffs": [case(0)["signoffs"][0] | {"digest": "sha256:" + "0" * 64}]},
        {"withdrawn": {"reason": "Wrong.", "at": "2026-01-01T00:00:00Z"}},
        {"unheard_of": 1},
    ],
)
def test_whatever_needs_a_look_makes_a_case_extraordinary(change: dict[str, Any]) -> None:
    value = copy.deepcopy(case(0)) | change
    if "signoffs" not in change:
        for signoff in value["signoffs"]:
            signoff["digest"] = case_digest(value)
    assert not _facts(value).ordinary


@pytest.mark.parametrize(
    ("edit", "kind"),
    [("supersede", "superseded_by"), ("withdraw", "withdrawn"), ("erase", "erased")],
)
def test_a_closed_case_proposes_no_duplicate_and_says_how_it_ended(edit: str, kind: str) -> None:
    words = {"row": "golden-1"} | ({"by": "golden-2"} if edit == "supersede" else {})
    facts = _of(apply(standard(), [{edit: words}]), "golden-1")
    assert facts.closure is not None
    assert (facts.closure.case, facts.closure.kind) == (id_of("golden-1"), kind)
    assert facts.closure.successor == (id_of("golden-2") if edit == "supersede" else "")
    assert facts.closure.failure_modes == ("invented-citation",)
    assert (facts.pair_key, facts.band_keys, facts.ordinary) == (-1, (), False)
    assert facts.digest == _of(standard(), "golden-1").digest


@given(st.binary(max_size=200))
def test_any_bytes_have_facts_and_what_cannot_be_read_is_known_by_its_blob(data: bytes) -> None:
    facts = facts_of("b" * 40, len(data), data)
    assert not facts.ordinary
    assert (facts.id, facts.digest) == ("", f"blob:{'b' * 40}")


def test_a_file_beyond_the_limit_has_facts_without_its_bytes() -> None:
    facts = facts_of("b" * 40, 9 << 20, None)
    assert (facts.ordinary, facts.size, facts.digest) == (False, 9 << 20, f"blob:{'b' * 40}")


def test_facts_do_not_depend_on_the_object_id_of_what_can_be_read() -> None:
    data = house_bytes(golden_path("d", case(0)["id"]), case(0))
    assert facts_of("a" * 40, len(data), data) == facts_of("b" * 64, len(data), data)
