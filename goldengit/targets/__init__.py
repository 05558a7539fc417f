"""The shelf of targets: one file a kind, found by walking this package."""

import importlib
import inspect
import pkgutil
from functools import cache

from goldengit.errors import UsageError
from goldengit.models.answer import Answer
from goldengit.models.exchange import Response
from goldengit.targets.base import Doors, Target

__all__ = ["Doors", "Target", "build", "kinds"]


@cache
def kinds() -> dict[str, type[Target]]:
    """Return every kind by its name, sorted. Importing a kind imports no heavy library."""
    found: dict[str, type[Target]] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        for part in vars(importlib.import_module(module.name)).values():
            if (
                inspect.isclass(part)
                and issubclass(part, Target)
                and part.__module__ == module.name
                and not inspect.isabstract(part)
            ):
                found[part.kind] = part
    return dict(sorted(found.items()))


def build(text: str, doors: Doors, timeout: float) -> Target:
    """Return the target that `text` names, ready to answer: `kind:what`, such as `command:./app`.

    A URL alone is an HTTP endpoint, and the name of a `.jsonl` file alone is a file of recorded
    answers. `timeout` is in seconds a case. Raises UsageError for what does not fit, and
    CannotJudgeError for a door or a file that is missing.
    """
    kind, what = _parted(text)
    if kind not in kinds():
        problem = f"`{text}` names no target; the kinds are {', '.join(kinds())}."
        remedy = "Write `kind:what`, such as `command:./app` or `recorded:answers.jsonl`."
        raise UsageError(problem, remedy=remedy)
    if not what.strip():
        raise UsageError(f"`{text}` does not say what to ask.", remedy=f"Write `{kind}:what`.")
    # Before pydantic 2.14, two threads that need a deferred validator first may get a wrong one.
    for noun in (Answer, Response):
        noun.model_rebuild()
    return kinds()[kind](what, doors, timeout)


def _parted(text: str) -> tuple[str, str]:
    kind, _, what = text.partition(":")
    if kind in kinds():
        # In `http://…` the kind is the scheme as well; `http:https://…` says both.
        return kind, text if kind == "http" and what.startswith("//") else what
    if kind == "https":
        return "http", text
    if text.endswith(".jsonl"):
        return "recorded", text
    return kind, what
