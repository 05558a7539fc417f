"""Slices: which of a dataset's declared slices a case belongs to."""

from collections.abc import Iterable, Mapping
from typing import Any

from goldengit.models.dataset import Slice
from goldengit.models.digest import canonical


def slices_of(case: Mapping[str, Any], slices: Iterable[Slice]) -> tuple[str, ...]:
    """Return the names of the slices that a case belongs to, in the order of their declaration.

    `case` is the parsed mapping of its file, which may hold keys that no model knows.
    """
    return tuple(each.name for each in slices if belongs(case, each))


def belongs(case: Mapping[str, Any], one: Slice) -> bool:
    """Tell whether every named field of a case has the value that the slice asks for.

    Values are compared as JSON, so that 1 is 1.0 but not true. What a case leaves out is null.
    """
    return all(
        canonical(_field(case, name)) == canonical(wanted) for name, wanted in one.where.items()
    )


def _field(case: Any, name: str) -> Any:
    for key in name.split("."):
        case = case.get(key) if isinstance(case, Mapping) else None
    return case
