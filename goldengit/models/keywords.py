"""Keywords of JSON Schema that are applied in another way than by the library jsonschema.

Patterns are RE2's, equal items are found in linear time, what has been looked at is kept in sets,
and what is compared counts as work. A test holds them to the published suite of the drafts.
"""

import threading
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from goldengit.models.exchange import one_line
from goldengit.models.pattern import compiled, utf8
from goldengit.models.strict_json import UnfinishedError, identity

DRAFTS = {
    "https://json-schema.org/draft/2020-12/schema": "Draft202012Validator",
    "http://json-schema.org/draft-07/schema": "Draft7Validator",
}
MOST_WORK = 1_000_000  # schemas applied and values compared for one instance: some seconds
# Keywords that apply no further schema and compare no long lists: the others bring them along.
_CHEAP = frozenset(
    {
        *("const", "dependentRequired", "exclusiveMaximum", "exclusiveMinimum", "format"),
        *("maxItems", "maxLength", "maxProperties", "maximum", "minItems", "minLength"),
        *("minProperties", "minimum", "multipleOf", "pattern", "required", "type", "uniqueItems"),
    }
)
Keyword = Callable[[Any, Any, Any, Any], Any]


class _Work(threading.local):
    left = MOST_WORK


_WORK = _Work()


def start_work() -> None:
    """Count the work of this thread from nothing."""
    _WORK.left = MOST_WORK


def _spend(amount: int) -> None:
    _WORK.left -= amount
    if _WORK.left < 0:
        raise UnfinishedError("To compare it with the schema would take too much work.")


def _counted(keyword: Keyword) -> Keyword:
    def run(validator: Any, value: Any, instance: Any, schema: Any) -> Any:
        _spend(1 + len(value) if isinstance(value, dict | list) else 1)
        return keyword(validator, value, instance, schema)

    return run


@cache
def validators() -> dict[str, Any]:
    """Return the class that validates, by draft."""
    from jsonschema import validators as published

    own = {
        "additionalProperties": _additional_properties,
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "unevaluatedItems": _unevaluated_items,
        "unevaluatedProperties": _unevaluated_properties,
        "uniqueItems": _unique_items,
    }
    made = {}
    for dialect, name in DRAFTS.items():
        base = getattr(published, name)
        keywords = {word: own.get(word, keyword) for word, keyword in base.VALIDATORS.items()}
        counted = {
            word: keyword if word in _CHEAP else _counted(keyword)
            for word, keyword in keywords.items()
        }
        made[dialect] = published.extend(base, counted)  # type: ignore[no-untyped-call]
    return made


def _error(message: str) -> Any:
    from jsonschema.exceptions import ValidationError

    return ValidationError(message)


def _found(pattern: str, text: str) -> bool:
    return compiled(pattern).search(utf8(text)) is not None


def _pattern(_validator: Any, pattern: str, instance: Any, _schema: Any) -> Iterator[Any]:
    if isinstance(instance, str) and not _found(pattern, instance):
        yield _error(f"{one_line(instance, 40)!r} does not match {pattern!r}")


def _pattern_properties(
    validator: Any, patterns: dict[str, Any], instance: Any, _schema: Any
) -> Iterator[Any]:
    if isinstance(instance, dict):
        for pattern, subschema in patterns.items():
            for name, value in instance.items():
                if _found(pattern, name):
                    yield from validator.descend(value, subschema, path=name, schema_path=pattern)


def _additional_properties(
    validator: Any, subschema: Any, instance: Any, schema: Any
) -> Iterator[Any]:
    if isinstance(instance, dict):
        named = _named(instance, schema)
        for name, value in instance.items():
            if name not in named:
                yield from _left_over(validator, subschema, name, value)


def _named(instance: dict[str, Any], schema: Any) -> set[str]:
    """Return the properties that `properties` and `patternProperties` speak of."""
    names = set(schema.get("properties", ())) & instance.keys()
    for pattern in schema.get("patternProperties", {}):
        names |= {name for name in instance if _found(pattern, name)}
    return names


def _left_over(validator: Any, subschema: Any, name: Any, value: Any) -> Iterator[Any]:
    if subschema is False:
        yield _error(f"{one_line(str(name), 40)!r} is not expected")
    else:
        yield from validator.descend(value, subschema, path=name)


def _unique_items(_validator: Any, unique: Any, instance: Any, _schema: Any) -> Iterator[Any]:
    if unique and isinstance(instance, list):
        seen: set[str | tuple[str]] = set()
        for place, item in enumerate(instance):
            key = item if type(item) is str else (identity(item),)
            if key in seen:
                yield _error(f"item {place} occurs before")
                return
            seen.add(key)


def _unevaluated_items(validator: Any, subschema: Any, instance: Any, schema: Any) -> Iterator[Any]:
    if isinstance(instance, list):
        looked_at = _evaluated(validator, instance, schema)
        for place, item in enumerate(instance):
            if place not in looked_at:
                yield from _left_over(validator, subschema, place, item)


def _unevaluated_properties(
    validator: Any, subschema: Any, instance: Any, schema: Any
) -> Iterator[Any]:
    if isinstance(instance, dict):
        looked_at = _evaluated(validator, instance, schema)
        for name, value in instance.items():
            if name not in looked_at:
                yield from _left_over(validator, subschema, name, value)


def _evaluated(validator: Any, instance: Any, schema: Any) -> set[Any]:
    """Return the names of an object, or the places of a list, that a schema has looked at."""
    _spend(1)
    if not isinstance(schema, dict):
        return set()
    here = _evaluated_names if isinstance(instance, dict) else _evaluated_places
    found = here(validator, instance, schema)
    for word in ("$ref", "$dynamicRef"):
        if word in schema:
            # The library has no public way to follow a reference from inside a keyword.
            there = validator._resolver.lookup(schema[word])  # noqa: SLF001
            scope = validator.evolve(schema=there.contents, _resolver=there.resolver)
            found |= _evaluated(scope, instance, there.contents)
    for subschema in _applied(validator, instance, schema):
        found |= _evaluated(validator, instance, subschema)
    return found


def _evaluated_names(validator: Any, instance: dict[str, Any], schema: Any) -> set[Any]:
    found: set[Any] = _named(instance, schema)
    for word in ("additionalProperties", "unevaluatedProperties"):
        if word in schema:
            found |= {
                name for name, value in instance.items() if _valid(validator, value, schema[word])
            }
    return found


def _evaluated_places(validator: Any, instance: list[Any], schema: Any) -> set[Any]:
    if "items" in schema:
        return set(range(len(instance)))
    found = set(range(len(schema.get("prefixItems", ()))))
    for word in ("contains", "unevaluatedItems"):
        if word in schema:
            found |= {
                place
                for place, item in enumerate(instance)
                if _valid(validator, item, schema[word])
            }
    return found


def _applied(validator: Any, instance: Any, schema: Any) -> Iterator[Any]:
    """Yield the subschemas of a schema that the same instance satisfies."""
    for name, subschema in schema.get("dependentSchemas", {}).items():
        if name in instance:
            yield subschema
    for word in ("allOf", "oneOf", "anyOf"):
        for subschema in schema.get(word, ()):
            if _valid(validator, instance, subschema):
                yield subschema
    if "if" in schema:
        holds = _valid(validator, instance, schema["if"])
        yield from [schema["if"], schema.get("then")] if holds else [schema.get("else")]


def _valid(validator: Any, instance: Any, schema: Any) -> bool:
    return next(validator.descend(instance, schema), None) is None
