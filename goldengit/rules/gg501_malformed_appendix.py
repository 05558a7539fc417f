"""GG501: a closing block that is not the one thing added at the end."""

from collections.abc import Iterator

from goldengit.models.change import Change, File, FileChange
from goldengit.models.digest import APPENDIX_KEYS
from goldengit.models.finding import Finding
from goldengit.models.layout import Kind
from goldengit.models.lifecycle import appendices, continues, restore_command
from goldengit.rules.base import Rule


class MalformedAppendix(Rule):
    """An appendix has the wrong form or is not the only addition.

    ## What it does
    A golden case may carry one of `superseded_by` and `withdrawn`, never both. What is appended
    must by itself be a block of exactly that key: it begins at the start of a line and every
    further line is indented. Rows in the queue and candidates carry neither.

    ## Why it matters
    The appendix is the only edit of a golden file. Whatever rides along with it would be content
    that nobody signed.

    ## Example
    A comment is appended together with the `withdrawn` block.

    ## How to fix
    Run `git restore --source=BASE --staged --worktree -- PATH`, then `goldengit withdraw ID
    --reason TEXT` or `goldengit supersede ID --by NEW --reason TEXT`, which write the block.
    """

    code = "GG501"
    name = "malformed-appendix"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each file whose appendix is not as it must be."""
        for file in change.of_kind(Kind.QUEUE, Kind.CANDIDATE, Kind.GOLDEN):
            after = file.after
            if after is None:
                continue
            found = appendices(after.value)
            if found and file.spot.kind is not Kind.GOLDEN:
                message = (
                    f"Only a golden case can be closed, so `{next(iter(found))}` has no place here."
                )
                yield self._finding(change, file, message, after.line(next(iter(found))))
            elif len(found) == len(APPENDIX_KEYS):
                message = (
                    "A case is closed once: `superseded_by` and `withdrawn` exclude each other."
                )
                yield self._finding(change, file, message, after.line(APPENDIX_KEYS[1]))
            elif file.before is not None and _has_company(file.before, after):
                message = "Something else was appended together with the closing block."
                yield self._finding(change, file, message, after.line(*found))

    def _finding(self, change: Change, file: FileChange, message: str, line: int) -> Finding:
        if file.spot.kind is not Kind.GOLDEN:
            return self.finding(file.path, message, "Remove the block.", line=line)
        remedy = "Close the case anew with `goldengit withdraw` or `goldengit supersede`."
        if file.before is not None:
            remedy = f"Run `{restore_command(change, file.path)}`. {remedy}"
        return self.finding(file.path, message, remedy, line=line)


def _has_company(before: File, after: File) -> bool:
    """Tell whether a legal continuation appended more than the block of one key."""
    if before.entry.oid == after.entry.oid or not continues(before, after):
        return False
    first, *rest = after.data[len(before.data) :].decode().removesuffix("\n").split("\n")
    opens = any(first.startswith(f"{key}:") for key in APPENDIX_KEYS)
    return not opens or not all(line.startswith(" ") and line.strip() for line in rest)
