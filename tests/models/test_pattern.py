"""Patterns: RE2's dialect, with a limit for what a search may cost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from goldengit.models.pattern import Pattern, compiled, matched, utf8, well_formed, with_one_group


def test_a_pattern_that_grows_beyond_the_limit_is_refused() -> None:
    assert compiled(r"\pL{20}")
    with pytest.raises(ValueError, match="instructions; 30000 are the most"):
        compiled(r"\pL{40}")


def test_flags_are_part_of_what_is_compiled() -> None:
    assert compiled("a").search(b"A") is None
    assert compiled("a", case_insensitive=True).search(b"A")
    assert compiled("^b", multiline=True).search(b"a\nb")
    assert compiled("(?s)^a.B$", case_insensitive=True, multiline=True).search(b"x\nA\nb\ny")


def test_a_lone_surrogate_in_a_pattern_is_refused() -> None:
    with pytest.raises(ValueError, match="no lone surrogates"):
        compiled("a\ud800")


def test_what_the_library_says_stays_off_the_screen(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="missing"):
        compiled("(((")
    assert ("", "") == tuple(capfd.readouterr())


def test_a_pattern_with_one_group() -> None:
    assert "(?:a)(b)" == with_one_group("(?:a)(b)")
    with pytest.raises(ValueError, match="exactly one group"):
        with_one_group("ab")


def test_an_option_that_is_a_pattern_is_checked_where_it_stands() -> None:
    assert "a+" == TypeAdapter(Pattern).validate_python("a+")
    with pytest.raises(ValidationError, match="RE2 cannot compile the pattern: invalid perl"):
        TypeAdapter(Pattern).validate_python("(?<!a)b")


@given(st.text(st.characters(categories=None) | st.sampled_from("\ud800\udfff")))
def test_every_text_can_be_searched(text: str) -> None:
    data = utf8(text)
    assert data.decode() == well_formed(text)
    assert compiled("(?s)^.*$").search(data).group() == data


def test_a_pair_of_halves_is_one_character_and_a_lone_half_a_replacement() -> None:
    assert "a\ufffdb😀" == well_formed("a\ud800b\ud83d\ude00")


def test_a_match_that_cuts_a_character_is_still_text() -> None:
    assert "\ufffd" == matched(compiled(r"^\C").search("é".encode()).group())
