"""The shelf of evaluator kinds: one file a kind, found by walking this package."""

import importlib
import inspect
import pkgutil
from functools import cache

from goldengit.evaluators.base import Doors, Evaluator, EvaluatorInvalidError
from goldengit.models.evaluator import DEFINITION, Definition
from goldengit.models.layout import evaluator_path

__all__ = ["Doors", "Evaluator", "EvaluatorInvalidError", "build", "kinds"]


@cache
def kinds() -> dict[str, type[Evaluator]]:
    """Return every kind by its name, sorted. Importing a kind imports no heavy library."""
    found: dict[str, type[Evaluator]] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        for part in vars(importlib.import_module(module.name)).values():
            if (
                inspect.isclass(part)
                and issubclass(part, Evaluator)
                and part.__module__ == module.name
                and not inspect.isabstract(part)
            ):
                found[part.kind] = part
    return dict(sorted(found.items()))


def build(
    definition: Definition, doors: Doors | None = None, *, for_judging: bool = True
) -> Evaluator:
    """Return the evaluator that a definition describes, ready to judge.

    Not `for_judging`, nothing is prepared: no model is loaded and no code imported; its options
    are read, and what it asks and has seen can be told. Raises EvaluatorInvalidError for an unknown
    kind, options that do not fit or missing files, and CannotJudgeError for a library or a door
    that is missing.
    """
    kind = kinds().get(definition.spec.kind)
    if kind is None:
        names = ", ".join(kinds())
        raise EvaluatorInvalidError(
            f"There is no kind `{definition.spec.kind}`; the kinds are {names}.",
            remedy="Write one of them as `kind`.",
            place=evaluator_path(definition.spec.id, DEFINITION),
        )
    evaluator = kind(definition, doors or Doors())
    if for_judging:
        evaluator.prepare()
    return evaluator
