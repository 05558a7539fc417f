"""The fence: how a recording is shown to a judge, so that nothing in it can speak to the judge.

A recording is one line of canonical JSON between two lines that carry a marker. The marker is made
from the recording's own hash: the same recording gives the same prompt, and nobody can write a
text that holds the marker which that very text will get.
"""

import hashlib
import re
from typing import Any, Literal

from pydantic import BaseModel

from goldengit.models.digest import canonical
from goldengit.models.row import EvalRow
from goldengit.models.trace import Span, Trace

Shown = Literal[
    "input",
    "actual_output",
    "expected_output",
    "grader_hints",
    "metadata",
    "user_feedback",
    "trace",
]
# What some reader takes for a new line although JSON leaves it as it is, and the beginnings of the
# marks with which chat templates tell who speaks: a server may read them even inside a message.
_SPECIAL = re.compile(
    r"[\x7f-\x9f\u2028\u2029]"
    r"|<(?=[|\uff5c]|/?s>|start_of_turn|end_of_turn|<SYS|</SYS)|\[(?=/?INST)"
)


def shown(row: EvalRow, fields: tuple[Shown, ...]) -> dict[str, Any]:
    """Return what a judge sees of a row: the fields that hold something, the trace as lines."""
    values = {name: _plain(getattr(row, name)) for name in fields}
    return {name: value for name, value in values.items() if value is not None}


def fenced(recording: dict[str, Any]) -> str:
    """Return the message that shows a recording."""
    content = _SPECIAL.sub(lambda found: f"\\u{ord(found[0]):04x}", canonical(recording).decode())
    marker = _marker(content)
    return f"RECORDING {marker}\n{content}\nEND OF RECORDING {marker}\n"


def _plain(value: Any) -> Any:  # noqa: ANN401 any JSON value
    if isinstance(value, Trace):
        return _steps(value)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True)
    return value


def _marker(content: str) -> str:
    marker = hashlib.sha256(b"goldengit fence 1\n" + content.encode()).hexdigest()[:32]
    while marker in content:  # cannot be reached on purpose, nor by chance
        marker = hashlib.sha256(marker.encode()).hexdigest()[:32]
    return marker


def _steps(trace: Trace) -> list[str]:
    """Return the trace as one line for each thing that the system did."""
    lines = [line for span in trace.spans for line in _lines(span)]
    return [*lines, "the trace was cut here"] if trace.truncated else lines


def _lines(span: Span) -> list[str]:
    lines: list[str] = []
    if span.tool:
        given, back = (canonical(part).decode() for part in (span.tool.arguments, span.tool.result))
        lines.append(f"tool {span.tool.name}({given}) returned {back}")
    lines += [
        f"document {document.id}: {document.content or '(content not recorded)'}"
        for document in span.documents or ()
    ]
    if span.kind == "guardrail":
        lines.append(f"guardrail {span.name}: {span.status}")
    if span.status == "error":
        said = " ".join(part for part in (span.error_type, span.error_message) if part)
        lines.append(f"{span.kind} {span.name} failed: {said or 'no reason recorded'}")
    return lines
