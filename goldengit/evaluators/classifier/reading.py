"""What a classifier reads of a row: one text."""

from typing import Any, Literal

from goldengit.models.digest import canonical
from goldengit.models.field import RowField
from goldengit.models.row import EvalRow

Part = Literal["user", "input", "actual_output", "expected_output", "tools"]

_USER, _ANSWER, _EXPECTED = (
    RowField(name) for name in ("input", "actual_output", "expected_output")
)


def text_of(row: EvalRow, parts: tuple[Part, ...]) -> str:
    """Return what is read of a row: each part as a person would read it, else as JSON."""
    return "\n".join(_part(row, part) for part in parts)


def _part(row: EvalRow, part: Part) -> str:
    match part:
        case "user":
            return _plain(_USER.text(row) or row.input)
        case "input":
            return _plain(row.input)
        case "actual_output":
            return _plain(_ANSWER.text(row) or row.actual_output)
        case "expected_output":
            return _plain(_EXPECTED.text(row) or row.expected_output)
        case "tools":
            spans = row.trace.spans if row.trace else ()
            calls = [span.tool for span in spans if span.tool]
            return "\n".join(f"{call.name} {_plain(call.arguments)}" for call in calls)


def _plain(value: Any) -> str:  # noqa: ANN401 any JSON value
    if value is None:
        return ""
    return value if isinstance(value, str) else canonical(value).decode()
