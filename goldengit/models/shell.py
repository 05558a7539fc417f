"""Shell: the commands of a script, as far as it takes to see whether one's failure counts.

This is no shell. It knows quotes, comments, continued lines and the operators between commands.
What it cannot tell (a variable that holds a command, a here-document) it takes as it stands.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_OPERATORS = ("&&", "||", "|&", ";;", "\n", ";", "|", "&")
_GATE = r"(?:\bgoldengit|\bgit[ -]golden)\b.{0,300}?\bgate\s+(merge|push|deploy)\b"
_TALK = frozenset(("echo", "printf", "grep", "rg", "cat"))
_HARMLESS = re.ASCII  # letters of other scripts are part of no command


class Command(NamedTuple):
    """One command: its words, and the operators before and after it ("" at either end)."""

    text: str
    before: str = ""
    after: str = ""

    @property
    def words(self) -> list[str]:
        """Return the words, quotes and grouping signs taken off."""
        return [word.strip("\"'(){}`") for word in self.text.split()]

    @property
    def gate(self) -> str:
        """Return which gate of goldengit the command runs: merge, push, deploy, or ""."""
        words = self.words
        nested = "$(" in self.text or "`" in self.text
        if not words or (words[0] in _TALK and not nested):
            return ""
        found = re.search(_GATE, self.text.replace('"', "").replace("'", ""), _HARMLESS)
        return found[1] if found else ""


@lru_cache(maxsize=256)  # several rules ask about the same scripts
def commands(script: str) -> tuple[Command, ...]:
    """Return the commands of a script, in their order."""
    found: list[Command] = []
    before = ""
    for text, operator in _split(script.replace("\r\n", "\n").replace("\\\n", " ")):
        if text.strip():
            found.append(Command(text.strip(), before, operator))
            before = operator
        elif operator != "\n":
            before = operator  # `a &&` and the command on the next line belong together
    return tuple(found)


def names_tool(text: str) -> bool:
    """Tell whether a text names this program."""
    return "goldengit" in text.lower() or "git golden" in text


def _split(script: str) -> Iterator[tuple[str, str]]:
    """Yield each piece of a script with the operator that ends it."""
    start = place = 0
    text = ""
    while place < len(script):
        operator = next((each for each in _OPERATORS if script.startswith(each, place)), "")
        sign = script[place]
        if operator and not _is_redirection(script, place):
            yield text + script[start:place], operator
            text, start = "", place + len(operator)
            place = start
        elif sign in "\"'":
            place = _end_of_quote(script, place)
        elif sign == "#" and (place == 0 or script[place - 1].isspace()):
            text += script[start:place]
            end = script.find("\n", place)
            place = start = len(script) if end < 0 else end
        else:
            place += 2 if sign == "\\" else 1
    yield text + script[start:], ""


def _is_redirection(script: str, place: int) -> bool:
    """Tell whether an ampersand belongs to `2>&1` or `&>file`."""
    near = script[max(place - 1, 0)], script[place + 1 : place + 2]
    return script[place] == "&" and (near[0] in "<>" or near[1] == ">")


def _end_of_quote(script: str, place: int) -> int:
    quote = script[place]
    place += 1
    while place < len(script) and script[place] != quote:
        place += 2 if script[place] == "\\" and quote == '"' else 1
    return place + 1
