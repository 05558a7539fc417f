"""`goldengit audit`: the whole history, judged again; or the life of one case."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goldengit.cli.delivery import FORMAT, OUTPUT, Format, as_json, deliver
from goldengit.cli.terminal import Meter, say

if TYPE_CHECKING:
    from goldengit.auditing.lifeline import LifeLine, Signature
    from goldengit.auditing.replay import Audit
    from goldengit.models.finding import Report


def audit(
    case: Annotated[
        str, typer.Argument(metavar="CASE", help="A case id: show its life instead.")
    ] = "",
    tip: Annotated[str, typer.Option("--tip", metavar="REV", help="Up to which commit.")] = "HEAD",
    format_: Annotated[Format, FORMAT] = Format.TEXT,
    output: Annotated[str, OUTPUT] = "",
) -> int:
    """Judge the whole history again, or show a case's life.

    Every step of the branch is judged by the policy that was in force before it.
    """
    from goldengit.repository.store import opened

    with Meter("Replaying commits") as meter, opened(Path.cwd(), meter) as store:
        if case:
            from goldengit.auditing.lifeline import life_line

            life = life_line(store, case, tip)
            told = {"schema": "goldengit/life/v1", "life": life}
            say(as_json(told) if format_ is Format.JSON else "\n".join(_life(life)))
            return 0
        from goldengit.auditing.replay import audit as process

        found = process(store, tip, progress=meter)
    report = _report(found)
    deliver(report, format_, output)
    return int(report.failed)


def _report(found: "Audit") -> "Report":
    """Return the audit as one report; each message tells its commit."""
    from goldengit.models.finding import Finding, Place, Report, Severity

    findings = tuple(
        replace(finding, message=f"{step.commit[:12]} ({step.at[:10]}): {finding.message}")
        for step, finding in found.findings
    )
    erasures = tuple(
        Finding(
            Place("."),
            "GG315",
            f"{step.commit[:12]} ({step.at[:10]}): The content of {case} was erased.",
            f"Run `goldengit audit {case}` to see who signed for it.",
            Severity.NOTE,
            "erasure",
        )
        for step in found.steps
        for case in step.erased
    )
    present = tuple(
        replace(finding, message=f"today: {finding.message}") for finding in found.present.findings
    )
    from goldengit.reporters.base import counted

    walked = f"{counted(found.walked, 'commit')} up to {found.tip[:12]}"
    since = f" since {found.start[:12]}" if found.start else ""
    return Report(
        source=f"{walked}{since}, {len(found.steps):,} of which touched data",
        findings=tuple(sorted({*findings, *erasures, *present})),
        waived=tuple(one for step in found.steps for one in step.report.waived),
        judged=sum(step.report.judged for step in found.steps),
        unconfirmed=sum(step.report.unconfirmed for step in found.steps),
    )


def _life(life: "LifeLine") -> Iterator[str]:
    yield f"{life.case} in {life.dataset}: {life.state}"
    yield ""
    for event in life.events:
        yield f"  {event.at}  {event.commit[:12]}  {event.what}"
        if event.digest:
            yield f"      {event.digest}"
    yield ""
    yield "Signoffs:" if life.signatures else "Nobody has signed it."
    for signature in life.signatures:
        yield f"  {signature.at}  {signature.transition}: {signature.person} as {signature.role}"
        yield f"      {signature.proof.problem or _known(signature)}"


def _known(signature: "Signature") -> str:
    """Return what proves a signoff; what the gate recorded, nobody can verify here."""
    match signature.proof.kind:
        case "ssh":
            return "verified by SSH signature"
        case "recorded" if signature.review:
            return f"recorded by the gate: review {signature.review}"
        case "recorded":
            return "recorded by the gate"
        case _:
            return "a claim, not confirmed here"
