"""What libyaml lets pass although YAML 1.2 forbids it, or reads otherwise.

Each of these is read differently, or not at all, by a reader that keeps to the standard. They show
in the text around an event's marks, which count characters, so they need no scanner of their own.
"""

import re
from typing import Any

_Event = Any  # one of yaml.events; their published types leave the marks open

Lax = tuple[int, str]  # the line, and what is wrong with it

_HEADER = re.compile(r"[|>][-+1-9]{0,2}(?: +#[^\n]*| *)\n(?P<blank> +\n)?")


def lax_value(text: str, start: _Event, end: _Event, indent: int) -> Lax | None:
    """Return what is loose about a quoted scalar or a flow collection, else None.

    `indent` is the column of the block collection around it, -1 where there is none: every line
    of the value must be indented more. A comment after it needs a space before its `#`.
    """
    first, last = start.start_mark, end.end_mark
    if end.start_mark.index == last.index:  # a lone pair, `[a: b]`, has no end of its own
        return None
    if text[last.index] == "#":
        return last.line + 1, "a comment needs a space before its `#`"
    if indent < 0 or first.line == last.line:
        return None
    rest = text[first.index : last.index].split("\n")[1:]
    for number, line in enumerate(rest, start=first.line + 2):
        if line.strip(" ") and not line.startswith(" " * (indent + 1)):
            return number, "this line continues a value and must be indented more than its key"
    return None


def lax_block(text: str, scalar: _Event) -> Lax | None:
    """Return what is loose about the beginning of a literal or folded block, else None."""
    mark = scalar.start_mark
    header = _HEADER.match(text, mark.index)
    if header is None:
        return mark.line + 1, "after `|` or `>` only an indicator or a comment may follow"
    if header["blank"]:
        return mark.line + 2, "a block text may not begin with a line of spaces"
    return None


def lax_key(text: str, key: _Event) -> Lax | None:
    """Return a problem when the `?` of a flow mapping touches its key: the standard reads text."""
    mark = key.start_mark
    if text[mark.index - 1] == "?" and key.end_mark.index > mark.index:
        return mark.line + 1, "`?` needs a space after it"
    return None
