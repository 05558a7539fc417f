"""Raw verdicts are read as strictly as they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.models.calibration import RecordedVerdict
from goldengit.repository.verdict_lines import read_verdicts, write_verdicts

DIGEST = f"sha256:{'0' * 64}"
GOOD = {
    "case": "2026-01-01-case-00000a",
    "case_digest": DIGEST,
    "label": DIGEST,
    "group": "a",
    "part": "heldout",
    "human": "pass",
    "verdict": "fail",
    "score": 0.25,
}
LINES = st.builds(
    lambda case, text, score: RecordedVerdict.model_validate(
        GOOD | {"case": f"2026-01-01-case-{case:06x}", "justification": text, "score": score}
    ),
    st.integers(0, 0xFFFFFF),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.floats(0, 1),
)


@given(st.lists(LINES, unique_by=lambda line: line.case))
def test_what_is_written_is_read_again(lines: list[RecordedVerdict]) -> None:
    found, refusals = read_verdicts(write_verdicts(lines))
    assert refusals == ()
    assert found is not None
    assert found.lines == tuple(sorted(lines, key=lambda line: line.case))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"{", "is no strict JSON"),
        (b"[]", "does not fit"),
        (b'{"case": 1, "case": 2}', "a key occurs twice"),
        (b'{"score": NaN}', "NaN is no number"),
        (b"\xff", "is no strict JSON"),
        (b"{}", "does not fit at `case`"),
        (b"[" * 100_000, "is no strict JSON"),
    ],
)
def test_a_bad_line_is_refused_with_its_number(line: bytes, why: str) -> None:
    good = write_verdicts([RecordedVerdict.model_validate(GOOD)])
    found, refusals = read_verdicts(good + line + b"\n")
    assert found is None
    assert [refusal.line for refusal in refusals] == [2]
    assert why in refusals[0].message


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_crash(data: bytes) -> None:
    found, refusals = read_verdicts(data)
    assert (found is None) == bool(refusals)
