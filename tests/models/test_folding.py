"""Folding: what is written in another way is the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.models.folding import as_words, folded

LETTERS = st.sampled_from(["e", "\u0301", "\u0316", " ", "한", "\u1100", "\u1161", "ﬁ", "字", "A"])


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("It’s “so” – he`s", "it's \"so\" - he's"),
        ("ﬁne\u00a0x\n\ty ", "fine x y"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("Straße", "STRASSE"),
        ("e\u0301", "É"),
        ("１２", "12"),
        ("", " \n"),
    ],
)
def test_the_same_in_another_way(text: str, same: str) -> None:
    assert folded(same) == folded(text)


def test_case_can_be_kept() -> None:
    assert "Ab" == folded("Ab ", case=True)


@given(st.text(LETTERS, min_size=2500, max_size=3500))
def test_windows_change_nothing(text: str) -> None:
    """A text is normalised by pieces; the outcome is that of the whole."""
    whole = unicodedata.normalize("NFKC", text)
    assert " ".join(whole.casefold().split()) == folded(text)


@pytest.mark.parametrize("text", ["字" * 5000, "e\u0301" * 2500, "x" * 999 + "e\u0301" * 9])
def test_a_text_without_spaces_is_cut_between_characters(text: str) -> None:
    assert unicodedata.normalize("NFKC", text) == folded(text)


def test_an_endless_run_of_marks_is_cut() -> None:
    assert len(folded("a" + "\u0301\u0316" * 3000)) > 5000


@pytest.mark.parametrize(
    ("piece", "text", "stands"),
    [
        ("src-2", "see [src-2].", True),
        ("src-2", "see src-22", False),
        ("src-2", "see xsrc-2", False),
        ("1,200", "1200 items", True),
        ("1,200,000", "1200000", True),
        ("Peat Depth", "peat\ndepth", True),
        ("7.5%", "by 7.5%.", True),
        ("!!", "a b", False),
    ],
)
def test_a_piece_stands_in_a_text_as_a_whole(piece: str, text: str, *, stands: bool) -> None:
    assert stands is (as_words(piece) in as_words(text))
