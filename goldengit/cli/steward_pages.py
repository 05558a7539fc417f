"""How stewardship is told: on a terminal, in a dataset's issue, and to programs."""

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from goldengit.cli.delivery import Form, as_json
from goldengit.cli.tables import RED, code, painted, sentence
from goldengit.cli.terminal import bold, is_colourful

if TYPE_CHECKING:
    from goldengit.auditing.duties import Duties, Duty

_MOST = 60  # lines of an issue, of which GitHub takes 65,536 characters


def rendered(found: Sequence["Duties"], format_: Form) -> str:
    """Return what every owner has to see to, in the form that was asked for."""
    if format_ is Form.JSON:
        return as_json({"schema": "goldengit/steward/v1", "datasets": found})
    if format_ is Form.MARKDOWN:
        return "\n\n".join(f"## {title(one)}\n\n{page(one)}" for one in found)
    return "\n\n".join("\n".join(_lines(one)) for one in found)


def _lines(one: "Duties") -> Iterator[str]:
    paint = bold if is_colourful(sys.stdout) else str
    yield paint(f"{one.dataset}: {_counted(one)}; owner {one.owner or 'nobody'}")
    column = max((len(duty.what) for duty in one.duties), default=0)
    for duty in one.duties:
        weight = painted("overdue", RED) if duty.overdue else "soon   "
        yield f"  {weight}  {duty.what:<{column}}  {duty.problem}"
        yield from (f"{'':<{column + 13}}{line}" for line in (duty.place, duty.remedy))


def _counted(one: "Duties") -> str:
    rest = len(one.duties) - one.overdue
    parts = [f"{one.overdue} overdue" if one.overdue else "", f"{rest} to see to" if rest else ""]
    return ", ".join(part for part in parts if part) or "nothing to see to"


def title(one: "Duties") -> str:
    """Return the title of a dataset's issue."""
    return f"Stewardship of {one.dataset}"


def page(one: "Duties") -> str:
    """Return the report of a dataset as Markdown. No text of a case is in it."""
    head = [f"Owner: {code(one.owner) or 'nobody'}. {_counted(one).capitalize()}.", ""]
    lines = [_item(duty) for duty in one.duties[:_MOST]]
    more = len(one.duties) - _MOST
    return "\n".join([*head, *lines, *([f"* and {more} more"] if more > 0 else [])])


def _item(duty: "Duty") -> str:
    weight = "**overdue**" if duty.overdue else "soon"
    told = f"{sentence(duty.problem)} {sentence(duty.remedy)}"
    return f"* {weight}, {duty.what}: {told} ({code(duty.place)})"
