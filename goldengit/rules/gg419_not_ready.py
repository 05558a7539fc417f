"""GG419: a golden case says what is right, and a person has said what was wrong."""

from collections.abc import Iterator

from goldengit.models.case import Case
from goldengit.models.change import Change
from goldengit.models.finding import Finding, Severity
from goldengit.models.layout import Kind
from goldengit.rules.base import Rule


class NotReady(Rule):
    """A golden case has an expected output and a person's label.

    ## What it does
    Reports a golden case whose `expected_output` is null, and one without a label by a person;
    labels with `source: model` do not count. A candidate without `expected_output` is only noted.

    ## Why it matters
    A case that does not say what is right cannot tell a good answer from a bad one.

    ## Example
    A row is promoted straight from the queue.

    ## How to fix
    Put the row into `candidates/`, write its `expected_output`, label it, then run
    `goldengit promote CANDIDATE`.
    """

    code = "GG419"
    name = "not-ready"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each golden case that lacks what a grader needs."""
        for file in change.readable(Kind.CANDIDATE):
            if isinstance(file.case, Case) and file.case.expected_output is None:
                message = "The candidate does not say yet what the answer should have been."
                remedy = "Write its `expected_output` before it is promoted."
                yield self.finding(file.path, message, remedy, severity=Severity.NOTE)
        for file in change.readable(Kind.GOLDEN):
            case = file.case
            if not isinstance(case, Case):
                continue
            remedy = f"Complete the candidate, then run `goldengit promote {case.id}`."
            if case.expected_output is None:
                message = "The golden case does not say what the answer should have been."
                yield self.finding(file.path, message, remedy, line=file.line("expected_output"))
            if not any(label.source == "person" for label in case.labels):
                message = "The golden case has no label by a person."
                yield self.finding(file.path, message, remedy, line=file.line("labels"))
