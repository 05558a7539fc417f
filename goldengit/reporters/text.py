"""Findings for people: grouped by file, wrapped to the terminal, colour only where it helps."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby

from goldengit.models.finding import Finding, Report, Severity, Waived
from goldengit.reporters.base import WHOLE, Look, summary, visible, visible_path

_BOLD, _DIM, _RED, _YELLOW, _CYAN, _GREEN = "1", "2", "31;1", "33;1", "36", "32;1"
_COLOURS = {Severity.ERROR: _RED, Severity.WARNING: _YELLOW, Severity.NOTE: _CYAN}
_WORD = max(len(severity.label) for severity in Severity)
# A command between backticks stays on one line, so that it can be copied.
_PIECES = re.compile(r"\S*`[^`]*`\S*|\S+")
_NARROWEST = 40


def render(report: Report, look: Look) -> str:
    """Return the findings, file by file, then what is waived, then the summary line."""
    column = max((len(str(finding.place.line)) for finding in _with_lines(report)), default=0)
    paragraphs = [
        "\n".join(_group(path, list(findings), column, look))
        for path, findings in groupby(report.findings, key=lambda finding: finding.place.path)
    ]
    if report.waived:
        paragraphs.append("\n".join(_waived(waived, look) for waived in report.waived))
    verdict = "\n".join(_wrapped(summary(report, look), "", look.width))
    paragraphs.append(_painted(verdict, _RED if report.failed else _GREEN, look))
    return "\n\n".join(paragraphs) + "\n"


def _with_lines(report: Report) -> Iterator[Finding]:
    return (finding for finding in report.findings if finding.place.line)


def _group(path: str, findings: list[Finding], column: int, look: Look) -> Iterator[str]:
    yield _painted("the whole repository" if path == WHOLE else visible_path(path), _BOLD, look)
    indent = "  " + (" " * (column + 2) if column else "")
    for finding in findings:
        number = f"{finding.place.line or '':>{column}}  " if column else ""
        word = _painted(f"{finding.severity.label:<{_WORD}}", _COLOURS[finding.severity], look)
        yield f"  {number}{word}  {_painted(f'{finding.rule} {finding.name}'.strip(), _BOLD, look)}"
        yield from _wrapped(visible(finding.message), indent, look.width)
        yield from _wrapped(visible(finding.remedy), indent, look.width)


def _waived(waived: Waived, look: Look) -> str:
    place = visible_path(str(waived.finding.place))
    return _painted(f"waived: {waived.finding.rule} {place}: {visible(waived.reason)}", _DIM, look)


def _wrapped(text: str, indent: str, width: int | None) -> Iterator[str]:
    if width is None or not text:
        yield from [f"{indent}{text}"] if text else []
        return
    room = max(width, _NARROWEST) - len(indent)
    line = ""
    for piece in _PIECES.findall(text):
        if line and _cells(line) + 1 + _cells(piece) > room:
            yield f"{indent}{line}"
            line = piece
        else:
            line = f"{line} {piece}" if line else piece
    yield f"{indent}{line}"


def _cells(text: str) -> int:
    """Return how many columns a terminal needs for a text."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _painted(text: str, code: str, look: Look) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if look.colour else text
