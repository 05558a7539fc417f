"""What every rule is: a pure function of a change, with a permanent code and a page."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import ClassVar

from goldengit.models.change import Change, ChangeKind
from goldengit.models.finding import Finding, Place, Severity

BOTH = frozenset(ChangeKind)
TRANSITION = frozenset({ChangeKind.TRANSITION})
SNAPSHOT = frozenset({ChangeKind.SNAPSHOT})


class Rule(ABC):
    """One judgement. The docstring of a rule is its page: a title line, then four sections.

    `judges` says which kinds of change the rule looks at; `needs_policy` that it is skipped while
    no policy could be read (which GG706 reports, so the check fails anyway); `waivable` that the
    policy may waive a finding of it, which no rule of integrity permits.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    since: ClassVar[str] = "0.1.0"
    severity: ClassVar[Severity] = Severity.ERROR
    judges: ClassVar[frozenset[ChangeKind]] = BOTH
    needs_policy: ClassVar[bool] = True
    waivable: ClassVar[bool] = False

    @abstractmethod
    def check(self, change: Change) -> Iterator[Finding]:
        """Yield what this rule has to say about a change."""

    def finding(
        self,
        path: str,
        message: str,
        remedy: str,
        *,
        line: int = 0,
        severity: Severity | None = None,
    ) -> Finding:
        """Return a finding of this rule. Message and remedy are full sentences."""
        return Finding(
            place=Place(path, line),
            rule=self.code,
            message=message,
            remedy=remedy,
            severity=self.severity if severity is None else severity,
            name=self.name,
        )
