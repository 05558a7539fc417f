r"""Pattern: a regular expression in the dialect of RE2.

RE2 searches in time that grows with the length of the text alone, whatever the pattern. In return
there is no look-around and no back-reference. `\d`, `\w`, `\s` and `\b` know ASCII only; `\pL` and
`\pN` are the letters and digits of every script. `$` is the end of the text, and so is `\z`;
`\Z` does not exist. Flags stand in front: `(?i)`, `(?m)`, `(?s)`.
"""

from functools import lru_cache
from typing import Annotated, Any

from pydantic import AfterValidator, StringConstraints

# At half a nanosecond for each byte and each instruction, 1 MiB of text costs at most 15 seconds.
LARGEST_PROGRAM = 30_000


@lru_cache(maxsize=1024)
def compiled(pattern: str, *, case_insensitive: bool = False, multiline: bool = False) -> Any:
    """Return the compiled pattern; its methods are those of `re`, for bytes of UTF-8.

    Raises ValueError with the reason when RE2 cannot compile it, or only into a program of more
    than `LARGEST_PROGRAM` instructions.
    """
    import re2

    options = re2.Options()
    options.log_errors = False
    flags = "i" * case_insensitive + "m" * multiline
    try:
        made = re2.compile(f"(?{flags}){pattern}" if flags else pattern, options)
    except re2.error as error:
        reason = error.args[0].decode("utf-8", "replace").rstrip(".")
        raise ValueError(f"RE2 cannot compile the pattern: {reason}") from None
    except UnicodeEncodeError:
        raise ValueError("a pattern holds no lone surrogates") from None
    if made.programsize > LARGEST_PROGRAM:
        raise ValueError(
            f"the pattern makes a program of {made.programsize} instructions; "
            f"{LARGEST_PROGRAM} are the most"
        )
    return made


def _known_to_re2(pattern: str) -> str:
    compiled(pattern)
    return pattern


def with_one_group(pattern: str) -> str:
    """Return the pattern; raise ValueError unless RE2 knows it and it has one group."""
    if compiled(pattern).groups != 1:
        raise ValueError("the pattern needs exactly one group, which is what is looked for")
    return pattern


Pattern = Annotated[str, StringConstraints(min_length=1), AfterValidator(_known_to_re2)]


def well_formed(text: str) -> str:
    """Return the text with U+FFFD for each lone surrogate, which no encoding can carry."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def utf8(text: str) -> bytes:
    """Return the bytes of a text that a compiled pattern searches."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return well_formed(text).encode()


def matched(data: bytes) -> str:
    r"""Return what matched as text; `\C` may have cut a character."""
    return data.decode("utf-8", "replace")
