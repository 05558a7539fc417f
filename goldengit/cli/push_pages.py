"""How the verification of a branch is told: on a terminal, on a job's page, and to programs."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from goldengit.cli.delivery import annotations
from goldengit.cli.tables import GREEN, RED, code, markdown_table, painted, sentence
from goldengit.models.finding import Report
from goldengit.reporters.base import WHOLE, counted, visible, visible_path
from goldengit.reporters.json import as_record as finding_record

if TYPE_CHECKING:
    from goldengit.gating.origin import Origin
    from goldengit.gating.push import Step

_ON_PAGE = 200  # steps; the JSON holds all


def as_text(origin: "Origin", kept: int) -> str:
    """Return a verification for people: the verdict, then what is wrong, then each step."""
    return "\n".join(_text(origin, kept)) + "\n"


def _text(origin: "Origin", kept: int) -> Iterator[str]:
    word, colour = ("FAILURE", RED) if origin.failed else ("SUCCESS", GREEN)
    yield f"{painted(word, colour)}  {_title(origin)}"
    for step in origin.steps:
        yield f"  {step.commit[:12]}  {_brought(step)}"
        for one in step.report.findings:
            where = "" if one.place.path == WHOLE else f"{visible_path(str(one.place))}: "
            yield f"    {where}{one.severity.label} {one.rule} {visible(one.message)}"
            yield f"      {visible(one.remedy)}"
    if kept:
        yield f"\n{counted(kept, 'record')} added to refs/goldengit/evidence."


def as_markdown(origin: "Origin") -> str:
    """Return a verification as a page in GitHub-flavoured Markdown."""
    return "\n".join(_page(origin)) + "\n"


def _page(origin: "Origin") -> Iterator[str]:
    yield f"## goldengit gate push: {'failure' if origin.failed else 'success'}\n"
    yield f"{sentence(_title(origin))}\n"
    rows = [
        (code(step.commit[:12]), sentence(_brought(step)), sentence(_wrong(step)) or "nothing")
        for step in origin.steps[:_ON_PAGE]
    ]
    if rows:
        yield from markdown_table(("commit", "came by", "what is wrong"), rows)
    if len(origin.steps) > _ON_PAGE:
        yield f"\n… and {len(origin.steps) - _ON_PAGE:,} more steps."


def as_annotations(origin: "Origin") -> str:
    """Return a verification for the log of a job: findings as annotations."""
    findings = tuple(one for step in origin.steps for one in step.report.findings)
    judged = sum(step.report.judged for step in origin.steps)
    return annotations(Report(_title(origin), findings, judged=judged))


def as_record(origin: "Origin", cases: dict[str, Any]) -> dict[str, Any]:
    """Return the verdict that is attested: what was verified, and the root of the cases.

    Its word is `success` only where no earlier fault waits for the maintainers' answer.
    """
    return {
        "schema": "goldengit/verdict/v1",
        "verdict": "failure" if origin.failed else "faults" if origin.faults else "success",
        "branch": origin.branch,
        "commit": origin.commit,
        "start": origin.start,
        "faults": list(origin.faults),
        "datasets": {name: one["root"] for name, one in cases["datasets"].items()},
        "steps": [
            {
                "commit": step.commit,
                "pull": step.pull.number if step.pull else None,
                "status": step.status.id if step.status else None,
                "confirmations": [one.model_dump(mode="json") for one in step.confirmations],
                "findings": [finding_record(one) for one in step.report.findings],
            }
            for step in origin.steps
        ],
    }


def _title(origin: "Origin") -> str:
    steps = counted(len(origin.steps), "step")
    said = f"`{origin.branch}` at {origin.commit[:12]}: {steps} since {origin.start[:12]}."
    open_ = ", ".join(commit[:12] for commit in origin.faults)
    return f"{said} No pin deals with the fault of {open_} yet." if open_ else said


def _brought(step: "Step") -> str:
    if step.pull is None:
        return "no pull request"
    signed = counted(len(step.confirmations), "signoff")
    return f"pull request {step.pull.number}, {signed} confirmed"


def _wrong(step: "Step") -> str:
    return " ".join(f"{one.rule} {one.message}" for one in step.report.findings)
