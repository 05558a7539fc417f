"""Append-only holds by construction: no sequence of legal edits changes a frozen byte."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldengit.errors import GoldengitError
from goldengit.promoting.format import format_rows
from goldengit.promoting.promote import promote
from goldengit.promoting.successor import draft_successor
from goldengit.promoting.supersede import supersede
from goldengit.promoting.withdraw import withdraw
from goldengit.repository.store import Store
from tests import standard
from tests.promoting.bench import Bench, judge
from tests.standard import NOW, id_of

ROWS = ("golden-1", "golden-2", "golden-3", "golden-4", "candidate-1", "candidate-2")
SIGNERS = ("reviewer-1", "reviewer-2", "reviewer-4:maintainer")
COMMON: dict[str, Any] = {"judge": judge, "now": NOW}

_row = st.sampled_from(ROWS).map(id_of)
_edit = st.one_of(
    st.tuples(st.just("promote"), _row),
    st.tuples(st.just("withdraw"), _row),
    st.tuples(st.just("supersede"), _row, _row),
    st.tuples(st.just("successor"), _row),
    st.tuples(st.just("format")),
)


def carry_out(store: Store, verb: str, *names: str) -> None:
    match verb:
        case "promote":
            promote(store, names, labeler="reviewer-1", confirmer="reviewer-2", **COMMON)
        case "withdraw":
            withdraw(store, *names, reason="It is wrong.", signers=SIGNERS, **COMMON)
        case "supersede":
            supersede(store, *names, reason="It is better.", signers=SIGNERS, **COMMON)
        case "successor":
            draft_successor(store, *names, **COMMON)
        case _:
            format_rows(store, **COMMON)


@settings(max_examples=12, deadline=None)
@given(edits=st.lists(_edit, min_size=1, max_size=4))
def test_no_sequence_of_edits_changes_a_frozen_byte(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, ...]]
) -> None:
    bench = Bench(tmp_path_factory.mktemp("any") / "clone", standard.standard())
    frozen = {path: data for path, data in bench.files().items() if "/golden/" in path}
    for edit in edits:
        before = bench.files()
        try:
            with bench.store() as store:
                carry_out(store, *edit)
        except GoldengitError:
            assert before == bench.files()
        present = bench.files()
        assert all(present[path].startswith(data) for path, data in frozen.items())
    assert [] == [line for line in bench.errors() if " GG9" not in f" {line}"]
