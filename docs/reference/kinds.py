# ruff: noqa: INP001 - a script, not a package
"""The page `evaluators.md`, from the code: every kind of evaluator and of target.

A kind brings the first line of its module, its docstring, and its options with their types,
defaults and descriptions. `render.py` writes the page.
"""

import inspect
import json
import re
import sys
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter

from goldengit import evaluators, targets
from goldengit.evaluators.judge.endpoint import Endpoint
from goldengit.models import exchange, pattern
from goldengit.models.answer import Answer
from goldengit.models.base import PATTERNS
from goldengit.models.case import Case
from goldengit.models.evaluator import EvaluatorSpec
from goldengit.models.field import FieldName, RowField

Schema = dict[str, Any]

_HEAD = """\
# Evaluators and targets

This page is rendered from the program itself. How-tos: [write and calibrate an
evaluator](../how-to/write-and-calibrate-an-evaluator.md), [put your system to the golden
cases](../how-to/evaluate-a-release.md).

## Kinds of evaluators

A check runs an evaluator again, on every case that it was calibrated with, where its kind is
nothing but data and says the same of the same row for ever. Of the others it reads what was
recorded.
"""
_TARGETS = """
## Kinds of targets

`goldengit evaluate DATASET --target KIND:WHAT` names what answers. A URL alone means `http`, the
name of a `.jsonl` file alone `recorded`.
"""
_ANY = "any JSON value"
_FIRST = re.compile(r"(?:The kind )?`[^`]+`: (.*)")
_PLACE = TypeAdapter(FieldName).json_schema()["pattern"]
_KNOWN: dict[str, str] = PATTERNS | {_PLACE: "a [place](#places)"}
_CASE = {
    "schema": "goldengit/case/v1",
    "id": "2026-05-23-analyst-answers-7f3a9c",
    "input": {"messages": [{"role": "user", "content": "Who reported it first?"}]},
    "metadata": {"feature": "analyst-answers"},
    "provenance": {"origin": "synthetic"},
}


def page() -> str:
    """Return the text of the page."""
    return "\n".join([_HEAD, *_evaluators(), _TARGETS, *_targets(), *_exchange(), ""])


def _evaluators() -> Iterator[str]:
    yield "| kind | what it does | run again by a check |\n|---|---|---|"
    for name, kind in evaluators.kinds().items():
        again = "yes" if kind.is_data and kind.deterministic else "no"
        yield f"| [`{name}`](#evaluator-{name}) | {_first_line(kind)} | {again} |"
    yield f"\n## The definition\n\n{inspect.getdoc(EvaluatorSpec)}\n"
    yield "`goldengit schema evaluator-KIND` prints the JSON Schema, with the options of a kind."
    for name, kind in evaluators.kinds().items():
        schema = kind.options_model.model_json_schema(by_alias=True)
        yield f"\n## Evaluator `{name}`\n\n{inspect.getdoc(kind)}\n"
        yield from _options(schema)
        for noun, inner in schema.get("$defs", {}).items():
            if "properties" in inner:
                yield f"\n### {noun}\n"
                yield from _options(inner)
        if name == "judge":
            yield f"\n### The endpoint\n\n{_module(Endpoint)}"
    yield f"\n## Places\n\n{_module(RowField)}\n\n{inspect.getdoc(RowField)}"
    yield f"\n## Patterns\n\n{inspect.getdoc(pattern)}"


def _targets() -> Iterator[str]:
    yield "| kind | what it is |\n|---|---|"
    for name, kind in targets.kinds().items():
        yield f"| [`{name}`](#target-{name}) | {_first_line(kind)} |"
    for name, kind in targets.kinds().items():
        yield f"\n## Target `{name}`\n\n{inspect.getdoc(kind)}"


def _exchange() -> Iterator[str]:
    case = Case.model_validate(_CASE)
    answer = Answer(output="Okafor and Lindqvist (2020) did.")
    yield f"\n## What a target is asked and answers\n\n{inspect.getdoc(exchange)}\n"
    yield f"```json\n{exchange.request(case.id, case, 0)}\n```\n"
    yield f"```json\n{exchange.recorded(case.id, answer)}\n```\n"
    yield f"{inspect.getdoc(exchange.Response)}\n\n{inspect.getdoc(Answer)}"


def _module(part: type) -> str:
    """Return what the module of a part says of itself."""
    return inspect.getdoc(sys.modules[part.__module__]) or ""


def _first_line(kind: type) -> str:
    """Return what the module of a kind says first, without the kind's name."""
    line = _module(kind).partition("\n")[0]
    said = _FIRST.fullmatch(line)
    if said is None:
        raise ValueError(f"{kind.__module__} does not begin with the name of its kind: {line}")
    return said[1][:1].upper() + said[1][1:]


def _options(schema: Schema) -> Iterator[str]:
    yield f"{schema['description']}\n\n| option | type | default | meaning |\n|---|---|---|---|"
    for name, option in schema["properties"].items():
        default = "must be given" if name in schema.get("required", ()) else _default(option)
        cells = (f"`{name}`", _type(option), default, option.get("description", ""))
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _default(option: Schema) -> str:
    value = option.get("default")
    return "none" if value in (None, []) else f"`{json.dumps(value)}`"


def _type(option: Schema) -> str:
    """Return the type of an option in words; a null that only stands for "none" is left out."""
    every = option.get("anyOf", [option])
    kinds = [one for one in every if one.get("type") != "null"]
    said = " or ".join(_plain(one) for one in kinds)
    takes_null = len(kinds) < len(every) and option.get("default") is not None
    return f"{said} or null" if takes_null else said


def _plain(schema: Schema) -> str:
    if "enum" in schema:
        *others, last = [f"`{value}`" for value in schema["enum"]]
        return f"{', '.join(others)} or {last}"
    if "$ref" in schema:
        noun = schema["$ref"].rpartition("/")[2]
        return _ANY if noun == "JsonValue" else f"[{noun}](#{noun.lower()})"
    match schema.get("type"):
        case "string":
            return _KNOWN.get(schema.get("pattern", ""), "text")
        case "boolean":
            return "`true` or `false`"
        case "integer":
            return f"a whole number{_range(schema)}"
        case "number":
            return f"a number{_range(schema)}"
        case "array" if "prefixItems" in schema:
            items = schema["prefixItems"]
            return f"a list of {len(items)}, each {_plain(items[0])}"
        case "array":
            least = f"at least {schema['minItems']}, " if "minItems" in schema else ""
            return f"a list, {least}each {_type(schema['items'])}"
        case "object":
            value = _plain(schema["additionalProperties"])
            return "a mapping" if value == _ANY else f"a mapping, each value {value}"
        case other:
            raise ValueError(f"There are no words for the type {other}.")


def _range(schema: Schema) -> str:
    ends = {"minimum": " from", "exclusiveMinimum": " above", "maximum": " to"}
    return "".join(f"{word} {schema[end]:g}" for end, word in ends.items() if end in schema)
