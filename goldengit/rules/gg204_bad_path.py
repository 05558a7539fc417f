"""GG204: a path that not every system can hold, or that misleads a reader."""

import re
from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.layout import DATASETS, EVALUATORS, SCHEMAS
from goldengit.rules.base import Rule

_ROOTS = frozenset({DATASETS, EVALUATORS, SCHEMAS})
_COMPONENT = re.compile(r"\.?[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?", re.ASCII)
# Names that Windows keeps for devices, whatever follows the first dot.
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
)
_LONGEST_COMPONENT = 100  # bytes
_LONGEST_PATH = 240  # bytes; Windows stops at 260, the work tree's own folder included
_DEEPEST = 8  # components
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\udc80-\udcff]")


class BadPath(Rule):
    """A path has a component outside the allow-list, or is too long or too deep.

    ## What it does
    Below `datasets/`, `evaluators/` and `schemas/` a component consists of ASCII letters, digits,
    dots, underscores and hyphens, begins with a letter or digit (after at most one dot), ends
    without a dot, is no device name of Windows and has at most 100 characters; a path has at most
    8 components and 240 bytes. Elsewhere only control characters, marks that change the direction
    of writing, and bytes that are not UTF-8 are refused.

    ## Why it matters
    Odd names break checkouts on some systems, forge lines in logs, and hide changes from tools
    that parse listings loosely.

    ## Example
    `datasets/support/rubrics/tone .1.md` has a space; `evaluators/tone/CON.md` is a device.

    ## How to fix
    Rename the file: `git mv OLD NEW`.
    """

    code = "GG204"
    name = "bad-path"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each path of the head that does not fit."""
        for file in change.files:
            if file.after is None:
                continue
            problem = _problem(file.path)
            if problem:
                yield self.finding(file.path, problem, "Rename it with `git mv OLD NEW`.")


def _problem(path: str) -> str:
    if _UNPRINTABLE.search(path):
        return "The path holds control characters, direction marks or bytes that are not UTF-8."
    parts = path.split("/")
    if parts[0] not in _ROOTS:
        return ""
    if len(parts) > _DEEPEST:
        return f"The path has {len(parts)} components, more than {_DEEPEST}."
    if len(path.encode()) > _LONGEST_PATH:
        return f"The path has {len(path.encode())} bytes, more than {_LONGEST_PATH}."
    return next((problem for part in parts if (problem := _problem_of(part))), "")


def _problem_of(component: str) -> str:
    if not _COMPONENT.fullmatch(component):
        return f"`{component}` is not made of ASCII letters, digits, dots, underscores and hyphens."
    if component.lower().split(".")[0] in _DEVICES:
        return f"`{component}` is a device name on Windows."
    if len(component) > _LONGEST_COMPONENT:
        return f"A component has {len(component)} characters, more than {_LONGEST_COMPONENT}."
    return ""
