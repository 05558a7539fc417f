"""Append-only, as a property: of all edits of a golden file, only an appendix is let through."""

import hashlib

from hypothesis import given, settings
from hypothesis import strategies as st

from goldengit.models.change import Entry, File
from goldengit.models.lifecycle import continues, core, equal
from goldengit.models.reading import ReadLimits
from goldengit.repository.interpret import interpret
from tests.edits import apply
from tests.standard import path_of, standard

PATH = path_of("golden-1")
OLD = standard()[PATH].data
CLOSED = apply(standard(), [{"withdraw": {"row": "golden-1"}}])[PATH].data

_LINES = st.sampled_from(
    [
        *("withdrawn:", "superseded_by:", "  reason: it is wrong", "  at: x", "severity: low"),
        *("# note", "", "    more text", "  - reviewer: reviewer-3", "...", "---", "null", "\t"),
    ]
)


def _file(data: bytes) -> File:
    """Return a golden file with these bytes, under an object id of its own."""
    oid = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    return interpret(Entry(PATH, "100644", oid), len(data), data, ReadLimits())


@given(st.one_of(st.text(max_size=60), st.lists(_LINES, max_size=8).map("\n".join)))
@settings(deadline=None)
def test_whatever_is_appended_the_signed_value_stays(suffix: str) -> None:
    """If a suffix is let through, everything but the appendix reads as before."""
    before, after = _file(OLD), _file(OLD + suffix.encode("utf-8", "replace"))
    if continues(before, after):
        assert after.data.startswith(before.data)
        assert equal(core(before.value), core(after.value))


@given(st.integers(0, len(OLD) - 1), st.integers(0, 255))
@settings(deadline=None)
def test_no_changed_byte_is_let_through(place: int, byte: int) -> None:
    """Not with an appendix behind it either."""
    edited = bytearray(CLOSED)
    edited[place] = byte
    if bytes(edited) != CLOSED:
        assert not continues(_file(OLD), _file(bytes(edited)))


@given(st.integers(0, len(CLOSED) - 1))
@settings(deadline=None)
def test_nothing_that_is_cut_off_is_let_through(end: int) -> None:
    """Neither a shorter case nor half an appendix, unless what remains is the old file."""
    cut = CLOSED[:end]
    if continues(_file(OLD), _file(cut)) and cut != OLD:
        assert cut.startswith(OLD)
        assert _file(cut).value["withdrawn"] is not None


def test_the_appendix_itself_is_let_through() -> None:
    """One legal edit exists."""
    assert continues(_file(OLD), _file(CLOSED))
