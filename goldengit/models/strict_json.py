"""Strict JSON: texts that every reader takes alike, and values that are equal as JSON."""

import json
import math
from collections import Counter
from typing import Any, NoReturn

from goldengit.models.exchange import one_line


class UnfinishedError(Exception):
    """It nests too deep, or would take too much work; nothing is known about it."""


class _RefusedError(ValueError):
    """The text is no JSON, though a lax reader takes it."""


def strict_json(text: str) -> Any:
    """Return the value of a JSON text; raise ValueError with the reason when it is none.

    NaN and infinite numbers are no JSON, and a key that occurs twice has no meaning. Raises
    UnfinishedError for what no reader here can take: too deep, or a number of thousands of digits.
    """
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"{error.msg} at character {error.pos + 1}") from None
    except _RefusedError:
        raise
    except ValueError:  # Python reads no integer of more than 4,300 digits
        raise UnfinishedError("A number has thousands of digits.") from None
    except RecursionError:
        raise UnfinishedError("The JSON nests too deep.") from None


def identity(value: Any) -> str:
    """Return a text that equal JSON values have in common, and only they: 1.0 is 1, true is not."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    match value:
        case float() if value.is_integer():
            return int(value)
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case list():
            return [_plain(item) for item in value]
        case _:
            return value


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise _RefusedError(f"the key `{one_line(twice, 40)}` occurs twice")
    return found


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise UnfinishedError(f"The number {one_line(digits, 40)} is too large.")
    return number


def _not_a_number(word: str) -> NoReturn:
    raise _RefusedError(f"{word} is no JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_distinct,
    parse_float=_finite,
    parse_constant=_not_a_number,
)
