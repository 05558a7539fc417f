"""GitHub's own OpenAPI as the judge of what the fake and its callers say (section 10.1)."""

import json
import os
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jsonschema import Draft4Validator, FormatChecker
from jsonschema.exceptions import best_match
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

REAL_DATA = "GOLDENGIT_REAL_DATA"
DEEPEST = 4
URI = "urn:github"
REFUSALS = range(400, 600)
FORMATS = FormatChecker(formats=())


@FORMATS.checks("date-time", raises=ValueError)
def is_date_time(value: object) -> bool:
    """Accept RFC 3339 as GitHub writes it."""
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


class Contract:
    """The operations of a description. Its schemas are compiled when first used."""

    def __init__(self, description: dict[str, Any]) -> None:
        self.document = _without_nullable(description)
        for name in ("pull-request", "pull-request-simple"):
            # A deleted fork is null, whatever the description says (inferred).
            head = self.document["components"]["schemas"][name]["properties"]["head"]["properties"]
            head["repo"] = {"anyOf": [{"type": "null"}, head["repo"]]}
        self._validators: dict[str, Draft4Validator] = {}

    def operation(self, method: str, template: str) -> dict[str, Any]:
        """Return an operation; KeyError when GitHub has none of that name."""
        found: dict[str, Any] = self.document["paths"][template][method.lower()]
        return found

    def faults_of_request(
        self, method: str, template: str, query: dict[str, str], body: Any
    ) -> list[str]:
        """Return what GitHub would not understand in a request."""
        operation = self.operation(method, template)
        given = [self._resolved(parameter) for parameter in operation.get("parameters", ())]
        known = {parameter["name"] for parameter in given if parameter["in"] == "query"}
        faults = [f"it knows no parameter {name!r}" for name in query if name not in known]
        taken = operation.get("requestBody", {"content": {}})
        if body is None:
            return faults + (["it needs a body"] if taken.get("required") else [])
        if not taken["content"]:
            return [*faults, "it takes no body"]
        where = _pointer("paths", template, method.lower(), "requestBody")
        return faults + self._faults(f"{where}/content/application~1json/schema", body)

    def faults_of_response(self, method: str, template: str, status: int, body: Any) -> list[str]:
        """Return where an answer is not what GitHub promises."""
        responses = self.operation(method, template)["responses"]
        response = responses.get(str(status))
        where = _pointer("paths", template, method.lower(), "responses", str(status))
        if response and "$ref" in response:
            where, response = response["$ref"], self._resolved(response)
        if response and "application/json" in response.get("content", {}):
            return self._faults(f"{where}/content/application~1json/schema", body)
        if status in REFUSALS:  # many are told in prose only; they still look like an error
            return self._faults(_pointer("components", "schemas", "basic-error"), body)
        if response is None:
            return [f"it never answers {status}"]
        return [] if body is None else ["the answer has no body"]

    def fields_promised(self, method: str, template: str) -> frozenset[str]:
        """Return dotted names of all fields in the answer of an operation, of its rows if many."""
        responses = self.operation(method, template)["responses"]
        good = next(response for code, response in responses.items() if code.startswith("2"))
        return frozenset(self._fields(good["content"]["application/json"]["schema"], DEEPEST))

    @cached_property
    def _registry(self) -> Registry[Any]:
        resource = Resource.from_contents(self.document, default_specification=DRAFT4)
        registry: Registry[Any] = Registry()
        known: Registry[Any] = registry.with_resource(URI, resource)
        return known

    def _faults(self, pointer: str, body: Any) -> list[str]:
        if pointer not in self._validators:
            self._validators[pointer] = Draft4Validator(
                {"$ref": URI + pointer}, registry=self._registry, format_checker=FORMATS
            )
        error = best_match(self._validators[pointer].iter_errors(body))
        return [] if error is None else [f"{error.json_path}: {error.message}"]

    def _resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in node:
            return node
        found: Any = self.document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return self._resolved(found)

    def _fields(self, schema: dict[str, Any], depth: int) -> set[str]:
        schema = self._resolved(schema)
        names: set[str] = set()
        for kind in ("allOf", "anyOf", "oneOf"):
            for part in schema.get(kind, ()):
                names |= self._fields(part, depth)
        if "items" in schema:
            names |= self._fields(schema["items"], depth)
        for name, value in schema.get("properties", {}).items() if depth else ():
            names |= {name, *(f"{name}.{inner}" for inner in self._fields(value, depth - 1))}
        return names


@cache
def contract() -> Contract | None:
    """Return the description in the recorded data; without that data there is none."""
    folder = os.environ.get(REAL_DATA)
    path = Path(folder, "github", "openapi-subset.json") if folder else None
    return Contract(json.loads(path.read_bytes())) if path and path.is_file() else None


@cache
def fields_promised(operation: str) -> frozenset[str]:
    """Return the dotted names that GitHub promises for `GET /path`; needs the recorded data.

    Lists of rows are looked through: `GET /repos/{owner}/{repo}/pulls` promises `head.sha`.
    """
    known = contract()
    assert known, f"{REAL_DATA} is not set"
    return known.fields_promised(*operation.split())


def _pointer(*parts: str) -> str:
    # Braces of a template are percent-encoded: a pointer in a URI is.
    escaped = (part.replace("~", "~0").replace("/", "~1") for part in parts)
    return "#/" + "/".join(quote(part, safe="~") for part in escaped)


def _without_nullable(node: Any) -> Any:
    """Write OpenAPI 3.0's `nullable` as JSON Schema: null is one of the types."""
    if isinstance(node, list):
        return [_without_nullable(value) for value in node]
    if not isinstance(node, dict):
        return node
    plain = {name: _without_nullable(value) for name, value in node.items()}
    if plain.get("nullable") is not True:
        return plain
    del plain["nullable"]
    return {"anyOf": [{"type": "null"}, plain]}
