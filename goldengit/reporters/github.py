"""Findings for a GitHub Actions log: annotations, then the rest where no line is a command.

GitHub shows ten annotations of a level for one step, so the first ten of each level become
workflow commands. Everything else stands between `::stop-commands::` and its token.
"""

import hashlib
from collections.abc import Iterator

from goldengit.models.finding import Finding, Report, Severity
from goldengit.reporters.base import WHOLE, Look, sentence, summary, visible_path

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_MOST = 10


def render(report: Report, look: Look) -> str:
    """Return workflow commands, and the remaining findings with the summary wrapped as text."""
    annotated: list[Finding] = []
    rest: list[Finding] = []
    for severity in _LEVELS:
        found = [finding for finding in report.findings if finding.severity is severity]
        annotated += found[:_MOST]
        rest += found[_MOST:]
    plain = "\n".join([*map(_line, rest), summary(report, look)])
    return "\n".join([*map(_command, annotated), *_wrapped(plain)]) + "\n"


def _command(finding: Finding) -> str:
    place = finding.place
    about = {
        "file": "" if place.path == WHOLE else visible_path(place.path),
        "line": str(place.line or ""),
        "title": f"{finding.rule} {finding.name}".strip(),
    }
    properties = ",".join(f"{key}={_property(value)}" for key, value in about.items() if value)
    return f"::{_LEVELS[finding.severity]} {properties}::{_data(sentence(finding))}"


def _line(finding: Finding) -> str:
    place = visible_path(str(finding.place))
    return f"{place}: {finding.severity.label} {finding.rule} {finding.name}: {sentence(finding)}"


def _wrapped(text: str) -> Iterator[str]:
    # No text can hold its own SHA-256, so nothing inside can switch commands on again.
    token = hashlib.sha256(text.encode()).hexdigest()
    yield f"::stop-commands::{token}"
    yield text
    yield f"::{token}::"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
