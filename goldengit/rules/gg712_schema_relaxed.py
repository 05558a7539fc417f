"""GG712: the schemas in the repository are those that the program publishes."""

from collections.abc import Iterator

from goldengit.models.change import Change, File
from goldengit.models.finding import Finding, Severity
from goldengit.models.layout import Kind
from goldengit.models.schemas import SCHEMA_NAMES, schema_path, schema_text
from goldengit.rules.base import Rule

_EXPECTED = {schema_path(name): name for name in SCHEMA_NAMES}


class SchemaRelaxed(Rule):
    """A file in `schemas/` has the content that this program publishes.

    ## What it does
    Compares the files of `schemas/` at the root, which editors use, with what
    `goldengit schema` prints. A change that spoils a schema that was as published, or adds one of
    its own, is an error. Any other difference is a warning, because another version of the program
    may have written the file; an audit meets many of these. The checks themselves never read them.

    ## Why it matters
    An editor that is told that anything goes helps nobody to write a case.

    ## Example
    `schemas/case-v1.json` no longer says which keys are required.

    ## How to fix
    Run `goldengit schema case > schemas/case-v1.json`, and likewise for the others.
    """

    code = "GG712"
    name = "schema-relaxed"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each file in `schemas/` that is not as published."""
        for each in change.of_kind(Kind.SCHEMA):
            if each.after is None:
                continue
            name = _EXPECTED.get(each.path)
            if name is None:
                message = "This file is not a schema that goldengit publishes."
                remedy = f"Run `git rm -- {each.path}`."
                severity = Severity.ERROR if change.is_transition else Severity.WARNING
                yield self.finding(each.path, message, remedy, severity=severity)
            elif not _is_published(each.after, name):
                message = "The schema differs from the one that this version publishes."
                remedy = f"Run `goldengit schema {name} > {each.path}`."
                spoilt = _is_published(each.before, name)
                severity = Severity.ERROR if spoilt else Severity.WARNING
                yield self.finding(each.path, message, remedy, severity=severity)


def _is_published(file: File | None, name: str) -> bool:
    return file is not None and file.data == schema_text(name).encode()
