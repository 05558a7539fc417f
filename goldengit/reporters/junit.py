"""Findings for test dashboards: JUnit XML in pure ASCII.

Every finding is a test case: an error fails, a warning or a note passes and tells its text, a
waived finding is skipped with the policy's reason. A check without a finding is one passing case.
"""

from collections.abc import Iterator
from html import escape  # the same five characters as XML needs, without xml.sax's imports

from goldengit.models.finding import Finding, Report, Severity
from goldengit.reporters.base import Look, summary, visible, visible_path


def render(report: Report, look: Look) -> str:
    """Return one test suite."""
    cases = [*map(_case, report.findings), *_waived(report)]
    cases = cases or ['    <testcase classname="goldengit" name="check" time="0"/>']
    numbers = (
        f'tests="{len(cases)}" failures="{report.count(Severity.ERROR)}" errors="0" '
        f'skipped="{len(report.waived)}" time="0"'
    )
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<testsuites name="goldengit" {numbers}>',
        f'  <testsuite name="goldengit" {numbers}>',
        *cases,
        f"    <system-out>{escape(summary(report, look))}</system-out>",
        "  </testsuite>",
        "</testsuites>",
        "",
    ]
    return "\n".join(lines).encode("ascii", "xmlcharrefreplace").decode("ascii")


def _case(finding: Finding) -> str:
    message, remedy = visible(finding.message), visible(finding.remedy)
    if finding.severity is Severity.ERROR:
        body = (
            f"<failure type={_quoted(finding.rule)} message={_quoted(message)}>"
            f"{escape(_story(finding))}</failure>"
        )
    else:
        said = f"{finding.severity.label}: {message} {remedy}".strip()
        body = f"<system-out>{escape(said)}</system-out>"
    return _element(finding, body)


def _waived(report: Report) -> Iterator[str]:
    for waived in report.waived:
        reason = _quoted(f"waived: {visible(waived.reason)}")
        yield _element(waived.finding, f"<skipped message={reason}/>")


def _element(finding: Finding, body: str) -> str:
    line = f" line {finding.place.line}" if finding.place.line else ""
    place = visible_path(finding.place.path)
    name = _quoted(f"{finding.rule} {finding.name}{line}")
    return (
        f"    <testcase classname={_quoted(place)} name={name} file={_quoted(place)}"
        f' time="0">{body}</testcase>'
    )


def _quoted(text: str) -> str:
    return f'"{escape(text)}"'


def _story(finding: Finding) -> str:
    place = visible_path(str(finding.place))
    return f"{place}: {visible(finding.message)}\n{visible(finding.remedy)}".rstrip()
