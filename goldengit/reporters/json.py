"""Findings for other programs: `goldengit/report/v1`, a shape that only ever gains keys.

    schema      "goldengit/report/v1"
    tool        {name, version}
    source      what was compared, in words
    verdict     "passed" or "failed"; only errors fail
    counts      {error, warning, note, waived, judged, unconfirmed, elsewhere}
    findings    [{path, line, rule, name, severity, message, remedy}], sorted by place and rule
    waived      the same, each with the policy's `reason`

`line` is null for a file as a whole, `path` is "." for the repository as a whole. Texts are cut and
hidden characters escaped as in every format; the output is pure ASCII.
"""

import json
from typing import Any

from goldengit.models.finding import Finding, Report, Severity
from goldengit.reporters.base import Look, visible, visible_path

SCHEMA = "goldengit/report/v1"


def render(report: Report, look: Look) -> str:
    """Return the report as one indented JSON object."""
    document = {
        "schema": SCHEMA,
        "tool": {"name": "goldengit", "version": look.version},
        "source": visible(report.source),
        "verdict": "failed" if report.failed else "passed",
        "counts": _counts(report, look),
        "findings": [as_record(finding) for finding in report.findings],
        "waived": [
            as_record(waived.finding) | {"reason": visible(waived.reason)}
            for waived in report.waived
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def _counts(report: Report, look: Look) -> dict[str, int]:
    severities = {severity.label: report.count(severity) for severity in Severity}
    return severities | {
        "waived": len(report.waived),
        "judged": report.judged,
        "unconfirmed": report.unconfirmed,
        "elsewhere": look.elsewhere,
    }


def as_record(finding: Finding) -> dict[str, Any]:
    """Return a finding as every JSON of this program shows it."""
    return {
        "path": visible_path(finding.place.path),
        "line": finding.place.line or None,
        "rule": finding.rule,
        "name": finding.name,
        "severity": finding.severity.label,
        "message": visible(finding.message),
        "remedy": visible(finding.remedy),
    }
