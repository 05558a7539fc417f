"""GG302: what a reviewer said about a row was taken back by somebody."""

from collections.abc import Iterator, Mapping
from typing import Any

from goldengit.models.change import Change, File
from goldengit.models.digest import case_digest
from goldengit.models.finding import Finding
from goldengit.models.layout import Kind
from goldengit.models.lifecycle import equal, restore_command
from goldengit.rules.base import TRANSITION, Rule

_FROZEN = ("reviewer", "at", "reason")
_ONCE = ("resolved_by", "resolved_at", "resolution")


class SignoffRewritten(Rule):
    """A recorded signoff or objection was removed, changed or reordered.

    ## What it does
    In rows that wait for review, signoffs are only added, and in their order; they may go only
    when the content they stand for changed. A recorded objection never goes, wherever the row
    moves; it may be resolved once. In golden cases GG303 freezes both.

    ## Why it matters
    A reviewer's no that can be deleted is no review. A signoff with another time or role is
    somebody else's word.

    ## Example
    An objection disappears from a candidate right before its promotion.

    ## How to fix
    Run `git restore --source=BASE --staged --worktree -- PATH`, then resolve the objection by
    filling in its `resolved_by`, `resolved_at` and `resolution`.
    """

    code = "GG302"
    name = "signoff-rewritten"
    judges = TRANSITION
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each row that lost a signoff or an objection."""
        rows = list(change.of_kind(Kind.QUEUE, Kind.CANDIDATE))
        moved = {
            file.spot.case: file.after
            for file in (*rows, *change.of_kind(Kind.GOLDEN))
            if file.after is not None
        }
        for file in rows:
            after = file.after or moved.get(file.spot.case)
            if file.before is None or after is None or not file.before.value or not after.value:
                continue
            if file.after is not None and _same_content(file.before, file.after):
                yield from self._signoffs(change, file.before, file.after)
            yield from self._objections(change, file.before, after)

    def _signoffs(self, change: Change, before: File, after: File) -> Iterator[Finding]:
        if not _kept_in_order(_items(before, "signoffs"), _items(after, "signoffs")):
            message = "A recorded signoff was removed, changed or reordered; its content was not."
            remedy = f"Run `{restore_command(change, before.path)}`."
            yield self.finding(after.path, message, remedy, line=after.line("signoffs"))

    def _objections(self, change: Change, before: File, after: File) -> Iterator[Finding]:
        now = _items(after, "objections")
        for objection in _items(before, "objections"):
            if not any(_is_continued(objection, later) for later in now):
                who = objection.get("reviewer")
                message = f"The objection of {who} was removed or changed."
                remedy = f"Run `{restore_command(change, before.path)}`, then resolve it there."
                yield self.finding(after.path, message, remedy, line=after.line("objections"))


def _same_content(before: File, after: File) -> bool:
    return case_digest(before.value) == case_digest(after.value)


def _items(file: File, key: str) -> list[Mapping[str, Any]]:
    listed = file.value.get(key)
    return (
        [item for item in listed if isinstance(item, Mapping)] if isinstance(listed, list) else []
    )


def _kept_in_order(before: list[Mapping[str, Any]], after: list[Mapping[str, Any]]) -> bool:
    rest = iter(after)
    return all(any(equal(old, new) for new in rest) for old in before)


def _is_continued(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Tell whether an objection is the same, or the same and now resolved."""
    return all(equal(old.get(key), new.get(key)) for key in _FROZEN) and all(
        old.get(key) is None or equal(old[key], new.get(key)) for key in _ONCE
    )
