"""Calls that were made, and what tells whether one is as wanted."""

from collections.abc import Callable
from typing import NamedTuple

from pydantic import JsonValue

from goldengit.evaluators.tool_call.rule import Call
from goldengit.models.exchange import one_line
from goldengit.models.field import RowField, below
from goldengit.models.row import EvalRow
from goldengit.models.strict_json import identity
from goldengit.models.validation import Schema

NAMED = 5  # calls, or broken demands, that a justification names
_NAME = 40  # characters


class UnjudgeableError(Exception):
    """The row lacks what a check compares with."""


class Made(NamedTuple):
    """A call that was made."""

    tool: str
    arguments: JsonValue
    failed: bool


def fitting(wanted: str | Call) -> Callable[[Made, EvalRow], bool]:
    """Return what tells whether a call is as wanted."""
    if isinstance(wanted, str):
        return lambda call, _row: call.tool == wanted
    values = {name: identity(value) for name, value in wanted.arguments.items()}
    places = {name: RowField(path) for name, path in wanted.same_as.items()}
    schema = None if wanted.arguments_schema is None else Schema(wanted.arguments_schema)

    def fits(call: Made, row: EvalRow) -> bool:
        if call.tool != wanted.tool:
            return False
        named = values | {name: _standing(field, row) for name, field in places.items()}
        if any(identity(below(call.arguments, name)) != value for name, value in named.items()):
            return False
        return schema is None or not schema.problems(call.arguments, 1)

    return fits


def _standing(field: RowField, row: EvalRow) -> str:
    value = field.value(row)
    if value is None:
        raise UnjudgeableError(f"The row has no `{field.name}`.")
    return identity(value)


def named(wanted: str | Call) -> str:
    """Return a wanted call in words."""
    if isinstance(wanted, str):
        return f"`{wanted}`"
    said = [f"{name} = {identity(value)}" for name, value in wanted.arguments.items()]
    said += [f"{name} as in {path}" for name, path in wanted.same_as.items()]
    said += ["arguments as in the schema"] * (wanted.arguments_schema is not None)
    return one_line(f"`{wanted.tool}` with {', '.join(said)}" if said else f"`{wanted.tool}`", 160)


def shown(call: Made) -> str:
    """Return a call that was made in words."""
    return one_line(f"`{call.tool}` with {identity(call.arguments)}", 160)


def listed(calls: list[Made]) -> str:
    """Return the tools of the first calls in words."""
    names = [_short(call.tool) for call in calls[:NAMED]]
    more = [f"{len(calls) - NAMED} more"] if len(calls) > NAMED else []
    return f"calls of {', '.join([*names, *more])}" if names else "no calls"


def _short(name: str) -> str:
    return name if name.isidentifier() and len(name) <= _NAME else one_line(name, _NAME)
