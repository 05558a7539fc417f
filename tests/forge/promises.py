"""Which fields a row model reads, and which of them GitHub does not promise."""

from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

from tests.fakehub import fields_promised


def unpromised(model: type[BaseModel], operation: str, key: str = "") -> set[str]:
    """Return the dotted names that a row model reads and an operation's answer does not have.

    `key` names the list inside the answer that holds the rows.
    """
    above = f"{key}." if key else ""
    return {f"{above}{name}" for name in _fields(model)} - fields_promised(operation)


def parts(model: type[BaseModel]) -> set[type[BaseModel]]:
    """Return a row model and all row models in it."""
    inner = (one for field in model.model_fields.values() for one in _models(field.annotation))
    return {model}.union(*map(parts, inner))


def _fields(model: type[BaseModel]) -> list[str]:
    found = []
    for name, field in model.model_fields.items():
        found.append(name)
        for inner in _models(field.annotation):
            found += [f"{name}.{below}" for below in _fields(inner)]
    return found


def _models(annotation: Any) -> list[type[BaseModel]]:
    if get_origin(annotation) in {Union, UnionType, tuple}:
        return [model for part in get_args(annotation) for model in _models(part)]
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return [annotation] if is_model else []
