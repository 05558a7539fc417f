"""The pages of rules, guarantees and coded errors, as reporters, `explain` and docs show them."""

import inspect
from collections.abc import Mapping
from difflib import get_close_matches

from goldengit.errors import CodedError, UsageError
from goldengit.guarantees import all_guarantees
from goldengit.guarantees.base import Guarantee
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
    """Return the page of everything that has a code, by its code and in the order of the codes."""
    found = [page_of(rule) for rule in all_rules()]
    found += [page_of_guarantee(one) for one in all_guarantees()]
    found += [page_of_error(error) for error in CodedError.__subclasses__()]
    return {page.code: page for page in sorted(found, key=lambda page: page.code)}


def page_of(rule: Rule) -> Page:
    """Return the page of one rule, made from its docstring."""
    title, text = _written(type(rule))
    return Page(
        code=rule.code,
        name=rule.name,
        title=title,
        text=text,
        severity=rule.severity,
        since=rule.since,
        waivable=rule.waivable,
        judges=tuple(sorted(kind.value for kind in rule.judges)),
    )


def page_of_guarantee(guarantee: Guarantee) -> Page:
    """Return the page of one guarantee, which `goldengit doctor` judges by the settings."""
    title, text = _written(type(guarantee))
    return Page(
        code=guarantee.code,
        name=guarantee.name,
        title=title,
        text=text,
        severity=guarantee.severity,
        since=guarantee.since,
        judges=("settings",),
    )


def page_of_error(error: type[CodedError]) -> Page:
    """Return the page of an error that has a code; it judges no change, it ends the judging."""
    title, text = _written(error)
    return Page(code=error.code, name=error.name, title=title, text=text, since=error.since)


def _written(part: type) -> tuple[str, str]:
    """Return title and text of a docstring that is a page."""
    title, _, text = inspect.cleandoc(part.__doc__ or part.__name__).partition("\n")
    return title, text.strip()


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
