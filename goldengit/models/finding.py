"""Finding: what a rule has to say, where, and which command repairs it."""

from dataclasses import dataclass, replace
from enum import IntEnum


class Severity(IntEnum):
    """How much a finding weighs. Only errors make a check fail."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        """Return the word that users see."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A file, and a line in it (from 1; 0 means the file as a whole)."""

    path: str
    line: int = 0

    def __str__(self) -> str:
        """Return `path:line`, or the path alone."""
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One result of one rule. `message` and `remedy` are full sentences."""

    place: Place
    rule: str
    message: str
    remedy: str
    severity: Severity = Severity.ERROR
    name: str = ""


@dataclass(frozen=True, slots=True)
class Waived:
    """A finding that the policy tolerates, with the reason it gives."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one check found, sorted by place and rule.

    `judged` counts the files that were judged; `unconfirmed` the claims that nothing proves yet;
    `source` says in words what was compared.
    """

    source: str
    findings: tuple[Finding, ...]
    waived: tuple[Waived, ...] = ()
    judged: int = 0
    unconfirmed: int = 0

    def count(self, severity: Severity) -> int:
        """Return how many findings have this severity."""
        return sum(finding.severity is severity for finding in self.findings)

    def plus(self, *more: Finding) -> "Report":
        """Return the report with more findings, in order."""
        return replace(self, findings=tuple(sorted((*self.findings, *more))))

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Return what makes the check fail."""
        return tuple(one for one in self.findings if one.severity is Severity.ERROR)

    @property
    def failed(self) -> bool:
        """Tell whether anything found is an error."""
        return bool(self.errors)
