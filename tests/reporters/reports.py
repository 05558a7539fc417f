"""Reports for the tests of the reporters."""

from goldengit.models.finding import Finding, Place, Report, Severity, Waived
from goldengit.reporters.base import Look, Page

CASE = "datasets/support/golden/2026-03/2026-03-02-refunds-1a2b3c.yaml"
PAGES = {
    "GG303": Page(
        "GG303",
        "golden-edited",
        "A golden file changed other than by an appendix.",
        "## What it does\nCompares bytes.",
    )
}


def finding(
    rule: str = "GG303",
    name: str = "golden-edited",
    path: str = CASE,
    line: int = 12,
    severity: Severity = Severity.ERROR,
    message: str = "`labels` of a golden case changed.",
    remedy: str = "Run `git restore --source=main --staged --worktree -- FILE`.",
) -> Finding:
    return Finding(Place(path, line), rule, message, remedy, severity, name)


def report(*findings: Finding, waived: tuple[Waived, ...] = ()) -> Report:
    return Report("main → the index", tuple(sorted(findings)), waived, judged=3, unconfirmed=1)


def usual() -> Report:
    """Return a report with everything that a report can have."""
    return report(
        finding(),
        finding(
            rule="GG904",
            name="duplicate-input",
            line=131,
            severity=Severity.WARNING,
            message="The input equals that of another active case.",
            remedy="Supersede one of them.",
        ),
        finding(
            rule="GG309",
            name="history-rewritten",
            path=".",
            line=0,
            message="What is pushed does not continue from main.",
            remedy="Run `git fetch`.",
        ),
        waived=(Waived(finding(rule="GG905", name="contradictory-label"), "Known since March."),),
    )


LOOK = Look("0.1.0", PAGES, elsewhere=2)
