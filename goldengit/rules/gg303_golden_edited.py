"""GG303: a golden case that is not what it was."""

from collections.abc import Iterator

from goldengit.models.change import REGULAR, Change, File
from goldengit.models.finding import Finding
from goldengit.models.layout import Kind
from goldengit.models.lifecycle import (
    appendices,
    continues,
    core,
    equal,
    is_tombstone,
    restore_command,
)
from goldengit.rules.base import TRANSITION, Rule


class GoldenEdited(Rule):
    """A golden file changed other than by an appendix.

    ## What it does
    The new bytes must begin with the old bytes, **and** what they say apart from `superseded_by`
    and `withdrawn` must be equal by its canonical JSON, **and** one of the two must be new. Each
    half alone lets an edit pass: a suffix can extend the last value, and an equal value can hide
    other comments. A tombstone is judged by GG315, a changed appendix by GG506.

    ## Why it matters
    Reviewers signed exactly this content. A score is comparable over time only if the case behind
    it is the same.

    ## Example
    `verdict: fail` becomes `verdict: pass` in a case that is already golden.

    ## How to fix
    Run `git restore --source=BASE --staged --worktree -- PATH`, then replace the case by a better
    one: `goldengit supersede ID --by NEW --reason TEXT`.
    """

    code = "GG303"
    name = "golden-edited"
    judges = TRANSITION
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each golden file that neither stayed nor only gained an appendix."""
        for file in change.of_kind(Kind.GOLDEN):
            if file.before is None or file.after is None or continues(file.before, file.after):
                continue
            problem = _problem(file.before, file.after)
            if problem:
                line, message = problem
                remedy = (
                    f"Run `{restore_command(change, file.path)}`, then "
                    f"`goldengit supersede {file.spot.case} --by NEW --reason TEXT`."
                )
                yield self.finding(file.path, message, remedy, line=line)


def _problem(before: File, after: File) -> tuple[int, str] | None:
    """Return line and message, or None where another rule has the better word."""
    if is_tombstone(after) != is_tombstone(before):
        return None  # GG315 judges an erasure, GG508 its undoing
    if before.entry.oid == after.entry.oid or after.entry.mode != REGULAR:
        return None  # the content is the same, or it is none: GG203 judges the mode
    is_prefix = after.data.startswith(before.data)
    if not after.value:
        # What cannot be read is refused by GG1xx already; here only the lost bytes are news.
        return None if is_prefix else (0, "The bytes of a golden case changed.")
    if not before.value:
        return 0, "A golden case changed whose content in the base cannot be read."
    if not equal(core(before.value), core(after.value)):
        return _changed_key(before, after)
    if not equal(appendices(before.value), _known(before, after)):
        return None
    if is_prefix:
        return 0, "Something other than an appendix was added at the end of a golden case."
    return 0, "The layout, a comment or the place of something in a golden case changed."


def _known(before: File, after: File) -> dict[str, object]:
    """Return those appendices of the head that the base had too."""
    return {key: after.value[key] for key in appendices(before.value) if key in after.value}


def _changed_key(before: File, after: File) -> tuple[int, str]:
    old, new = core(before.value), core(after.value)
    first = next(
        key
        for key in (*new, *old)
        if key not in old or key not in new or not equal(old[key], new[key])
    )
    return after.line(first), f"`{first}` of a golden case changed."
