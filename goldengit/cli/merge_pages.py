"""How the gate of merges is told: on a terminal, on a job's page, and to programs."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from goldengit.cli.delivery import annotations
from goldengit.cli.tables import (
    BOLD,
    GREEN,
    RED,
    YELLOW,
    code,
    markdown_table,
    painted,
    sentence,
)
from goldengit.gating.merge.lines import Line, Voice, asked, lines
from goldengit.reporters.base import WHOLE, counted, visible, visible_path
from goldengit.reporters.json import as_record as finding_record

if TYPE_CHECKING:
    from goldengit.gating.merge.decision import Decision
    from goldengit.models.finding import Finding

_COLOURS = {"success": GREEN, "pending": YELLOW, "failure": RED, "error": RED}
_MOST_LINES, _MOST_FINDINGS = 200, 100  # on a page; the JSON holds all
_STANDS = {"review": ("approved", GREEN), "ssh": ("signed", GREEN)}


def as_text(decisions: "Sequence[Decision]") -> str:
    """Return decisions for people: each with its matters, what is missing, what to do."""
    return "\n".join(line for one in decisions for line in _text(one))


def as_markdown(decisions: "Sequence[Decision]") -> str:
    """Return decisions as a page in GitHub-flavoured Markdown."""
    return "\n".join(line for one in decisions for line in _page(one)) + "\n"


def as_annotations(decisions: "Sequence[Decision]") -> str:
    """Return decisions for the log of a job: each word as plain text, findings as annotations."""
    return "".join(_annotated(one) for one in decisions)


def as_records(decisions: "Sequence[Decision]") -> list[dict[str, Any]]:
    """Return decisions as records for programs."""
    return [_record(one) for one in decisions]


def _annotated(decision: "Decision") -> str:
    told = "".join(f"{line}\n" for line in (*_word(decision), *_next(decision)))
    return told + annotations(decision.report) if decision.report else told


def _text(decision: "Decision") -> Iterator[str]:
    yield from _word(decision)
    for one in lines(decision):
        yield ""
        yield from _block(one)
    yield from _next(decision)
    for finding in _findings(decision):
        yield ""
        about = f"{finding.severity.label} {finding.rule} {visible(finding.message)}"
        yield f"  {_where(finding)}{about}"
        yield f"    {visible(finding.remedy)}"
    yield ""


def _word(decision: "Decision") -> Iterator[str]:
    word = decision.state.value.upper()
    yield f"{painted(word, _COLOURS[decision.state.value])}  {visible(_title(decision))}"
    yield f"  {visible(decision.sentence)}"


def _next(decision: "Decision") -> Iterator[str]:
    found = asked(decision)
    if found:
        yield ""
    for person, count in found.items():
        yield f"  Next: {person} approves, which confirms {counted(count, 'signoff')}."


def _block(line: Line) -> Iterator[str]:
    """Yield what becomes of a case or file, then a line for each person; 80 columns are enough."""
    yield painted(f"  {visible_path(line.name)} {line.what}", BOLD)
    persons = max((len(voice.person) for voice in line.voices), default=0)
    roles = max((len(voice.role) for voice in line.voices), default=0)
    for voice in line.voices:
        who = f"{voice.person:<{persons}}  {voice.role:<{roles}}".rstrip()
        gap = " " * (persons + roles + 4 - len(who))
        yield f"    {who}{gap}{painted(*_STANDS.get(voice.by, ('waits', YELLOW)))}"
    if line.next:
        yield f"    missing: {visible(line.next)}"


def _as(voice: Voice) -> str:
    return f" as {voice.role}" if voice.role else ""


def _page(decision: "Decision") -> Iterator[str]:
    yield f"## goldengit gate: {decision.state.value}\n"
    yield f"{sentence(_title(decision))}: {sentence(decision.sentence)}.\n"
    if decision.base:
        yield f"Judged at {code(decision.commit[:12])} on top of {code(decision.base[:12])}.\n"
    found = lines(decision)
    if found:
        head = ("case or file", "what happens", "who stands behind it", "what is missing")
        rows = [
            (
                code(one.name),
                sentence(one.what),
                _voices(one.voices),
                sentence(one.next) or "nothing",
            )
            for one in found[:_MOST_LINES]
        ]
        yield from markdown_table(head, rows)
        if len(found) > _MOST_LINES:
            yield f"\n… and {len(found) - _MOST_LINES:,} more."
        yield ""
    for person, count in asked(decision).items():
        yield f"* Next: {code(person)} approves, which confirms {counted(count, 'signoff')}."
    findings = _findings(decision)
    if findings:
        yield f"\n<details open><summary>{counted(len(findings), 'finding')}</summary>\n"
        for one in findings[:_MOST_FINDINGS]:
            where = f" {code(_path(one))}" if _path(one) else ""
            yield f"* **{one.rule}**{where}: {sentence(one.message)}"
            yield f"  {sentence(one.remedy)}"
        if len(findings) > _MOST_FINDINGS:
            yield f"* … and {len(findings) - _MOST_FINDINGS:,} more."
        yield "\n</details>\n"


def _voices(voices: Sequence[Voice]) -> str:
    marks = {"review": "✅ approved", "ssh": "✅ signed"}
    said = [f"{code(one.person)}{_as(one)}: {marks.get(one.by, '⏳ waits')}" for one in voices]
    return "<br>".join(said) or "nobody yet"


def _title(decision: "Decision") -> str:
    if decision.pull is not None:
        return f"pull request {decision.pull.number}"
    return f"merge queue, group {decision.commit[:12]}" if decision.commit else "not judged"


def _findings(decision: "Decision") -> "Sequence[Finding]":
    return decision.report.findings if decision.report else ()


def _where(finding: "Finding") -> str:
    path = _path(finding)
    return f"{visible_path(path)}: " if path else ""


def _path(finding: "Finding") -> str:
    """Return where a finding is, "" when it is about the request as a whole."""
    return "" if finding.place.path == WHOLE else str(finding.place)


def _record(decision: "Decision") -> dict[str, Any]:
    pull = decision.pull
    return {
        "pull": pull.number if pull else None,
        "url": pull.url if pull else "",
        "commit": decision.commit,
        "base": decision.base,
        "state": decision.state.value,
        "description": decision.description,
        "holds": list(decision.holds),
        "matters": [
            {
                "path": one.path,
                "what": one.what,
                "voices": [
                    {"person": v.person, "role": v.role, "by": v.by, "why": v.why}
                    for v in one.voices
                ],
                "next": one.next,
            }
            for one in lines(decision)
        ],
        "findings": [finding_record(one) for one in _findings(decision)],
    }
