"""Leaves: the texts of a JSON value, where people and machines put what they should not."""

import json
from collections.abc import Iterator
from typing import Any

from goldengit.models.reading import Way

_DEEPEST = 4  # levels of JSON inside a string inside JSON


def leaves(value: Any, way: Way = (), inside: int = 0) -> Iterator[tuple[Way, str]]:
    """Yield every text of a JSON value with the way to it: strings, keys, and numbers as text.

    A string that is itself a JSON object or list is taken apart; the way then leads to the
    string. Numbers count because a card number may stand as an integer.
    """
    match value:
        case dict():
            for key, item in value.items():
                here = way if inside else (*way, key)
                yield here, str(key)
                yield from leaves(item, here, inside)
        case list():
            for position, item in enumerate(value):
                yield from leaves(item, way if inside else (*way, position), inside)
        case bool() | None:
            return
        case str():
            inner = _embedded(value) if inside < _DEEPEST else None
            if inner is None:
                yield way, value
            else:
                yield from leaves(inner, way, inside + 1)
        case _:
            yield way, repr(value)


def _embedded(text: str) -> Any:
    """Return the object or list that a text holds as JSON, None when it holds neither."""
    if text.lstrip()[:1] not in {"{", "["}:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None
