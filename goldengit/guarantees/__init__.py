"""The shelf of guarantees: what the platform must be set to; found by walking this package."""

import importlib
import inspect
import pkgutil
from functools import cache

from goldengit.guarantees.base import Guarantee


@cache
def all_guarantees() -> tuple[Guarantee, ...]:
    """Return one instance of every guarantee, sorted by code.

    Raises ValueError when two share a code: codes are unique and permanent.
    """
    found: dict[str, Guarantee] = {}
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        for part in vars(importlib.import_module(module.name)).values():
            if not (inspect.isclass(part) and issubclass(part, Guarantee)):
                continue
            if part.__module__ != module.name or inspect.isabstract(part):
                continue
            if part.code in found:
                message = f"two guarantees have the code {part.code}"
                raise ValueError(message)
            found[part.code] = part()
    return tuple(found[code] for code in sorted(found))
