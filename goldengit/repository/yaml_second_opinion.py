"""The second opinion: ruamel.yaml, an independent YAML 1.2 parser, must read the same value."""

from io import BytesIO
from typing import Any

from goldengit.models.digest import canonical
from goldengit.models.reading import Reading, Refusal

_REMEDY = "Run `goldengit format` on it, or write the value in plain block style."


def second_opinion(data: bytes, reading: Reading) -> tuple[Refusal, ...]:
    """Return GG110 when another parser reads these bytes otherwise, or cannot read them at all.

    Equal means equal RFC 8785 bytes. Nothing is asked about a file that was refused already. It is
    slow (milliseconds), so it runs on what a transition adds or changes (DECISIONS 27).
    """
    if reading.value is None:
        return ()
    from ruamel.yaml import YAML  # dear to load; a plain `--all` never asks

    try:
        other = YAML(typ="safe", pure=True).load(BytesIO(data))
        same = canonical(other) == canonical(reading.value)
    except Exception as error:  # noqa: BLE001 - ruamel raises TypeError, AssertionError and more
        problem = f"A second YAML parser cannot read this file ({type(error).__name__})."
        return (Refusal(_line_of(error), "GG110", problem, _REMEDY),)
    return () if same else (_differs(other, reading),)


def _differs(other: object, reading: Reading) -> Refusal:
    key = _first_difference(other, reading.value or {})
    problem = f"A second YAML parser reads another value under `{key}`."
    return Refusal(reading.line(key) or 1, "GG110", problem, _REMEDY)


def _first_difference(other: object, value: dict[str, Any]) -> str:
    """Return the first top-level key whose values differ ("" for a key that only the other has)."""
    if isinstance(other, dict):
        for key, mine in value.items():
            if key not in other or canonical(other[key]) != canonical(mine):
                return key
    return ""


def _line_of(error: Exception) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark else 1
