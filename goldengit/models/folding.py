"""Folding: texts made alike, so that writing the same thing in another way is no difference."""

import re
import unicodedata

_WINDOW = 1000  # characters
_PIECE = re.compile(r"[\w%](?:[\w.%-]*[\w%])?")
_THOUSANDS = re.compile("(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u0060\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        # Signs without a look of their own: soft hyphen, joiners, directions, variants.
        **dict.fromkeys([0xAD, 0x34F, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F)], None),
        **dict.fromkeys([*range(0x2060, 0x2070), *range(0xFE00, 0xFE10), 0xFEFF], None),
    }
)


def folded(text: str, *, case: bool = False) -> str:
    """Return a text in the form in which texts are compared.

    Compatibility forms become plain (NFKC), quotes and dashes straight, white space one space, and
    invisible signs disappear. Unless `case` is kept, capital and small letters are alike.
    """
    if not text.isascii():
        text = _normalised(_normalised(text).translate(_SIGNS))
    else:
        text = text.replace("`", "'")
    return " ".join((text if case else text.casefold()).split())


def as_words(text: str) -> str:
    """Return the words, ids and numbers of a text, each with one space before and after it.

    A piece stands in a text as a whole when `as_words` of the one is in that of the other: `src-2`
    is not in `src-22`, and 1,200 is 1200.
    """
    return f" {' '.join(_PIECE.findall(_THOUSANDS.sub('', folded(text))))} "


def _normalised(text: str) -> str:
    """Return the NFKC of a text, by windows.

    Python sorts a run of combining marks in quadratic time: a hostile text would take hours. The
    cut is made at a space where there is one, and never before a combining mark unless a thousand
    of them stand in a row.
    """
    if len(text) <= _WINDOW:
        return unicodedata.normalize("NFKC", text)
    pieces = []
    start = 0
    while start < len(text):
        end = _end_of_window(text, start)
        pieces.append(unicodedata.normalize("NFKC", text[start:end]))
        start = end
    return "".join(pieces)


def _end_of_window(text: str, start: int) -> int:
    end = min(start + _WINDOW, len(text))
    space = text.rfind(" ", start + 1, end)
    if end == len(text) or space == -1:
        while end < len(text) and end - start < 2 * _WINDOW and unicodedata.combining(text[end]):
            end += 1
        return end
    return space
