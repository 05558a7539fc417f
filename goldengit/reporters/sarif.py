"""Findings for code scanning: SARIF 2.1.0 (OASIS), one run, with each rule's page as its help."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from goldengit.models.finding import Finding, Report
from goldengit.models.layout import POLICY
from goldengit.reporters.base import WHOLE, Look, Page, sentence, visible, visible_path

_MOST = 25_000  # results; uploads with more are refused as a whole
_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def render(report: Report, look: Look) -> str:
    """Return a SARIF log; waived findings are in it as accepted suppressions."""
    told: list[tuple[Finding, str | None]] = [(finding, None) for finding in report.findings]
    told += [(waived.finding, visible(waived.reason)) for waived in report.waived]
    told = sorted(told, key=lambda pair: -pair[0].severity)[:_MOST]
    codes = sorted({finding.rule for finding, _ in told})
    run = {
        "tool": {"driver": _driver(codes, look)},
        "automationDetails": {"id": "goldengit/"},
        "columnKind": "utf16CodeUnits",
        "results": [_result(finding, reason, codes) for finding, reason in told],
        "properties": {
            "source": visible(report.source),
            "judged": report.judged,
            "unconfirmed": report.unconfirmed,
            "untold": len(report.findings) + len(report.waived) - len(told),
        },
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=True) + "\n"


def _driver(codes: Sequence[str], look: Look) -> dict[str, Any]:
    return {
        "name": "goldengit",
        "version": look.version,
        "semanticVersion": look.version,
        "rules": [_rule(code, look.pages.get(code)) for code in codes],
    }


def _rule(code: str, page: Page | None) -> dict[str, Any]:
    if page is None:
        return {"id": code}
    return {
        "id": code,
        "name": page.name,
        "shortDescription": {"text": page.title},
        "help": {"text": page.text or page.title, "markdown": page.text or page.title},
        "defaultConfiguration": {"level": page.severity.label},
    }


def _result(finding: Finding, reason: str | None, codes: Sequence[str]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": codes.index(finding.rule),
        "level": finding.severity.label,
        "message": {"text": sentence(finding)},
        "locations": [{"physicalLocation": _location(finding)}],
        "partialFingerprints": {"goldengit/v1": _fingerprint(finding)},
    }
    if reason is not None:
        accepted = {"kind": "external", "status": "accepted", "justification": reason}
        result["suppressions"] = [accepted]
    return result


def _location(finding: Finding) -> dict[str, Any]:
    # Code scanning wants a file for every result; the policy stands for the whole repository.
    path = POLICY if finding.place.path == WHOLE else finding.place.path
    artifact = {"uri": quote(visible_path(path)), "uriBaseId": "%SRCROOT%"}
    location: dict[str, Any] = {"artifactLocation": artifact}
    if finding.place.line:
        location["region"] = {"startLine": finding.place.line}
    return location


def _fingerprint(finding: Finding) -> str:
    # Without the line, so that a result stays the same result while lines above it come and go.
    said = f"{finding.rule}\0{finding.place.path}\0{finding.message}"
    return hashlib.sha256(said.encode("utf-8", "backslashreplace")).hexdigest()
