"""The raw verdicts of a calibration: JSON lines, read as strictly as YAML is."""

import json
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from goldengit.models.calibration import RecordedVerdict, RecordedVerdicts
from goldengit.models.reading import Refusal

_MOST_LINES = 100_000
_MOST_REFUSALS = 20
_REMEDY = "Run `goldengit calibrate` again; the file is written by the program alone."


def read_verdicts(data: bytes) -> tuple[RecordedVerdicts | None, tuple[Refusal, ...]]:
    """Return the verdicts in a file, or None and why its lines were refused. Never raises."""
    lines: list[RecordedVerdict] = []
    refusals: list[Refusal] = []
    for number, raw in enumerate(data.splitlines(), 1):
        if number > _MOST_LINES or len(refusals) == _MOST_REFUSALS:
            refusals.append(_refusal(number, "and what follows was not read"))
            break
        try:
            lines.append(RecordedVerdict.model_validate(_parsed(raw)))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            way = ".".join(str(step) for step in first["loc"])
            refusals.append(_refusal(number, f"does not fit at `{way}`: {first['msg']}"))
        except (ValueError, RecursionError) as error:
            refusals.append(_refusal(number, f"is no strict JSON ({error})"))
    return (None if refusals else RecordedVerdicts(lines=tuple(lines))), tuple(refusals)


def write_verdicts(lines: Iterable[RecordedVerdict]) -> bytes:
    """Return the file that holds these verdicts, sorted by case; what is null is left out."""
    rows = sorted(lines, key=lambda line: line.case)
    return b"".join(line.model_dump_json(exclude_none=True).encode() + b"\n" for line in rows)


def _refusal(number: int, what: str) -> Refusal:
    return Refusal(line=number, code="GG112", message=f"Line {number} {what}.", remedy=_REMEDY)


def _parsed(raw: bytes) -> Any:
    return json.loads(raw.decode(), object_pairs_hook=_once, parse_constant=_no_constant)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a key occurs twice"
        raise ValueError(message)
    return found


def _no_constant(name: str) -> Any:
    message = f"{name} is no number"
    raise ValueError(message)
