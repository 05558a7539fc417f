"""GG802: only the gate reports under the gate's name."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from goldengit.models.change import Change
from goldengit.models.expression import EXPRESSION, expressions
from goldengit.models.finding import Finding, Severity
from goldengit.rules.base import Rule

if TYPE_CHECKING:
    from goldengit.models.workflow import Job

_RESERVED = "goldengit/gate"
# A called workflow's job reports as `CALLER / JOB`, and the reserved name has one slash.
_START, _END = _RESERVED.split("/")
# What a part of a name may be: some texts, or None for anything.
_Part = Sequence[str] | None


class ReservedCheckName(Rule):
    """No job of a workflow can report under the name of the gate's status.

    ## What it does
    Works out under which names the jobs of each workflow report: `name`, else the job's id, with
    the values of a matrix put in, and `CALLER / JOB` for a reusable workflow. Reports a job whose
    name is `goldengit/gate`, or is made of an expression that may become it. Letter case and
    blanks do not count. What a workflow of another repository may add is a warning.

    ## Why it matters
    GitHub matches a required check by its name alone. A job of that name that does nothing, or is
    skipped, stands beside the gate's status and can pass for it.

    ## Example
    ```yaml
    jobs:
      ok: {name: Goldengit/Gate, runs-on: ubuntu-latest, steps: [{run: "true"}]}
    ```

    ## How to fix
    Give the job a name with a fixed word in it that the gate's name does not have.
    """

    code = "GG802"
    name = "reserved-check-name"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each job that may report as the gate."""
        changed = {path for path, _ in change.workflows()}
        if not changed:
            return
        flows = change.platform.workflows
        ends = {
            path for path, flow in flows.items() if any(_may_be(job, _END) for job in flow.jobs)
        }
        for path, workflow in flows.items():
            for job in workflow.jobs:
                called = change.platform.called(job)
                if {path, called} & changed:
                    yield from self._job(path, job, called, ends)

    def _job(self, path: str, job: "Job", called: str, ends: set[str]) -> Iterator[Finding]:
        if _may_be(job, _RESERVED) or (called in ends and _may_be(job, _START)):
            message = f"The job `{job.id}` can report as `{_RESERVED}`, the gate's own name."
            severity = Severity.ERROR
        elif job.uses and not called and _may_be(job, _START):
            message = f"The jobs that `{job.id}` calls may report as `{_RESERVED}`."
            severity = Severity.WARNING
        else:
            return
        remedy = "Give it a `name` with a fixed word that the gate's name does not have."
        yield self.finding(path, message, remedy, line=job.at("name"), severity=severity)


def _may_be(job: "Job", wanted: str) -> bool:
    """Tell whether the name of a job, plain, may spell a text."""
    ends = {0}
    for part in _parts(job):
        if part is None:
            ends = set(range(min(ends, default=len(wanted) + 1), len(wanted) + 1))
        else:
            ends = {
                end + len(text) for end in ends for text in part if wanted.startswith(text, end)
            }
    return len(wanted) in ends


def _parts(job: "Job") -> Iterator[_Part]:
    """Yield the parts of the name of a job, plain: lower case, no blanks."""
    known: dict[str, _Part] = {}
    for piece in re.split(f"({EXPRESSION})", job.name or job.id):
        if not piece.startswith("${{"):
            yield (_plain(piece),)
        for each in expressions(piece):
            if each not in known:
                known[each] = _values(each, job.matrix)
            yield known[each]


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _values(expression: str, matrix: object) -> _Part:
    """Return what an expression may become, None where that cannot be told."""
    first, *way = expression.split(".")
    if first != "matrix" or not way or not isinstance(matrix, dict):
        return None
    found: set[str] = set()
    known = False
    for combination in _combinations(matrix, way[0]):
        value = combination
        for step in way[1:]:
            value = _under(value, step) if isinstance(value, dict) else None
        if isinstance(value, dict | list) or "${{" in str(value):
            return None
        known = True
        found.add(_plain("" if value is None else str(value)))
    # What is no part of the reserved name cannot help to spell it.
    return sorted(text for text in found if text in _RESERVED) if known else None


def _combinations(matrix: dict[str, object], key: str) -> Iterator[object]:
    """Yield each value that a key of a matrix takes; an expression where a list belongs, as it is.

    Keys are compared as expressions do: in any letter case.
    """
    values, include = _under(matrix, key), _under(matrix, "include")
    for listed in (values, include):
        if isinstance(listed, str):
            yield listed if "${{" in listed else None
    yield from values if isinstance(values, list) else ()
    for extra in include if isinstance(include, list) else ():
        if isinstance(extra, dict):
            yield _under(extra, key)


def _under(mapping: dict[str, object], key: str) -> object:
    return next((value for name, value in mapping.items() if name.lower() == key), None)
