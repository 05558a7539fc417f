"""The shelf of rules: one file a judgement, found by walking this package."""

import importlib
import inspect
import pkgutil
from functools import cache

from goldengit.rules.base import Rule


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return one instance of every rule, sorted by code.

    Raises ValueError when two rules share a code: codes are unique and permanent.
    """
    found: dict[str, Rule] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        for part in vars(importlib.import_module(module.name)).values():
            if inspect.isclass(part) and issubclass(part, Rule) and part.__module__ == module.name:
                if inspect.isabstract(part) or not hasattr(part, "code"):
                    continue
                if part.code in found:
                    message = f"two rules have the code {part.code}"
                    raise ValueError(message)
                found[part.code] = part()
    return tuple(found[code] for code in sorted(found))
