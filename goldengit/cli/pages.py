"""The pages of the rules, as reporters, `explain` and the reference show them."""

import inspect
from collections.abc import Mapping
from difflib import get_close_matches

from goldengit.errors import UsageError
from goldengit.reporters.base import Page
from goldengit.rules import all_rules
from goldengit.rules.base import Rule

FAMILIES: Mapping[str, str] = {
    "GG1": "file and YAML",
    "GG2": "tree and paths",
    "GG3": "append-only",
    "GG4": "promotion and signoffs",
    "GG5": "supersession and withdrawal",
    "GG6": "evaluators and calibration",
    "GG7": "policy and protected paths",
    "GG8": "platform",
    "GG9": "hygiene and stewardship",
}


def pages() -> dict[str, Page]:
    """Return the page of every rule by its code, in the order of the codes."""
    return {rule.code: page_of(rule) for rule in all_rules()}


def page_of(rule: Rule) -> Page:
    """Return the page of one rule, made from its docstring."""
    title, _, text = inspect.cleandoc(type(rule).__doc__ or rule.name).partition("\n")
    return Page(
        code=rule.code,
        name=rule.name,
        title=title,
        text=text.strip(),
        severity=rule.severity,
        since=rule.since,
        waivable=rule.waivable,
        judges=tuple(sorted(kind.value for kind in rule.judges)),
    )


def find(word: str) -> Page:
    """Return the page that a code or a name stands for, in any case of letters.

    Raises UsageError, with the nearest codes, when there is none.
    """
    known = pages()
    names = {page.name: page for page in known.values()}
    page = known.get(word.upper()) or names.get(word.lower())
    if page is not None:
        return page
    near = get_close_matches(word.upper(), known) + get_close_matches(word.lower(), names)
    hint = f" The nearest are {', '.join(near)}." if near else ""
    raise UsageError(
        f"There is no rule {word!r}.{hint}", remedy="`goldengit explain` lists all rules."
    )
