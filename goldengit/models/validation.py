"""Validation: JSON Schema on what anybody wrote, without network and with bounded work.

The library jsonschema decides, but for the keywords in `keywords`. Drafts 2020-12 and 7 are known.
A schema is refused, never half applied: for a reference that leads nowhere (nothing is ever
fetched), for a pattern that RE2 cannot compile, for another `$schema` below its root, and, where
formats are asserted, for a format that is not among `FORMATS`.
"""

from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any

from goldengit.models.exchange import one_line
from goldengit.models.formats import FORMATS, format_checker
from goldengit.models.keywords import DRAFTS, start_work, validators
from goldengit.models.pattern import compiled
from goldengit.models.strict_json import UnfinishedError

_DEFAULT = next(iter(DRAFTS))
_PROBLEM = 160  # characters


class Schema:
    """A JSON Schema, ready to be applied; safe to use from several threads."""

    def __init__(self, schema: Any, *, formats: bool = False) -> None:
        """Compile a schema; raise ValueError with the reason for one that is refused.

        `formats` asserts the keyword `format`, which otherwise says nothing about validity.
        """
        dialect = schema.get("$schema", _DEFAULT) if isinstance(schema, dict) else _DEFAULT
        if not isinstance(dialect, str) or dialect.removesuffix("#") not in DRAFTS:
            raise ValueError(f"`$schema` is {dialect!r}; known are {' and '.join(DRAFTS)}")
        kind = validators()[dialect.removesuffix("#")]
        try:
            _refuse_malformed(kind, schema)
            _refuse_unsafe(kind, schema, formats=formats)
        except RecursionError:
            raise ValueError("the schema nests too deep") from None
        self._validator = kind(
            schema, registry=_no_registry(), format_checker=format_checker() if formats else None
        )

    def problems(self, instance: Any, limit: int = 3) -> list[str]:
        """Return up to `limit` problems, each with its place; none when the instance is valid.

        Raises UnfinishedError.
        """
        start_work()
        try:
            errors = list(islice(self._validator.iter_errors(instance), limit))
            return [_told(error) for error in errors]
        except RecursionError:
            raise UnfinishedError("It nests too deep to be compared with the schema.") from None


def _told(error: Any) -> str:
    """Return a problem in words: of several that excuse each other, the one that matters most."""
    from jsonschema.exceptions import best_match

    found = best_match([error])
    return one_line(f"{found.json_path}: {found.message}", _PROBLEM)


def _refuse_malformed(kind: Any, schema: Any) -> None:
    from jsonschema.exceptions import SchemaError

    try:
        # Without formats: the library would compile patterns with Python's `re`.
        kind.check_schema(schema, format_checker=None)
    except SchemaError as error:
        said = one_line(f"{error.json_path}: {error.message}", _PROBLEM)
        raise ValueError(f"it is no JSON Schema: {said}") from None


def _refuse_unsafe(kind: Any, schema: Any, *, formats: bool) -> None:
    """Look at every subschema that can be reached, also through references."""
    from referencing.jsonschema import specification_with

    specification = specification_with(kind.META_SCHEMA["$schema"])
    root = specification.create_resource(schema)
    waiting = [(root, _published().resolver_with_root(root))]
    seen = {id(each.contents) for each in _published().values()}  # the drafts themselves
    while waiting:
        resource, resolver = waiting.pop()
        here = resource.contents
        if not isinstance(here, dict) or id(here) in seen:
            continue
        seen.add(id(here))
        if "$schema" in here and here is not schema:
            raise ValueError("`$schema` stands below the root of the schema")
        _refuse_patterns(here)
        if formats and here.get("format", "date") not in FORMATS:
            raise ValueError(f"the format `{here['format']}` is not one of {', '.join(FORMATS)}")
        for found, scope in _references(here, resolver):
            if id(found) not in seen:  # it may stand where the draft expects no schema
                _refuse_malformed(kind, found)
            waiting.append((specification.create_resource(found), scope))
        waiting += [(each, resolver.in_subresource(each)) for each in resource.subresources()]


def _refuse_patterns(here: dict[str, Any]) -> None:
    for pattern in (here.get("pattern"), *here.get("patternProperties", ())):
        if isinstance(pattern, str):
            compiled(pattern)


def _references(here: dict[str, Any], resolver: Any) -> Iterator[tuple[Any, Any]]:
    from referencing.exceptions import Unresolvable

    for word in ("$ref", "$dynamicRef"):
        if isinstance(here.get(word), str):
            try:
                found = resolver.lookup(here[word])
            except Unresolvable:
                raise ValueError(
                    f"`{word}: {here[word]}` leads nowhere, and nothing is fetched"
                ) from None
            yield found.contents, found.resolver


@cache
def _published() -> Any:
    """Return the registry of the drafts' own schemas, which come with the library."""
    from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]

    return REGISTRY


def _no_registry() -> Any:
    """Return an empty registry; without one, the library fetches what it does not know."""
    from referencing import Registry

    return Registry()
