"""GG314: a time that cannot be."""

from collections.abc import Iterator, Mapping
from typing import Any

from goldengit.models.change import Change, File
from goldengit.models.finding import Finding
from goldengit.models.layout import Kind
from goldengit.models.reading import Way
from goldengit.rules.base import Rule

_SECONDS = len("2026-01-01T00:00:00")
_BLOCKS = ("superseded_by", "withdrawn", "erased")


class ImpossibleDate(Rule):
    """A time lies in the future or contradicts the history.

    ## What it does
    No id, label, signoff, objection or appendix of a changed row may be dated later than the check
    (or, in an audit, than the commit). Nobody signs a row before the day of its id, and no
    appendix is older than the signoffs of the case.

    ## Why it matters
    A time in the future outlives every later objection; a time in the past claims a review before
    there was anything to review.

    ## Example
    `at: "2062-05-23T08:00:00Z"` in a signoff.

    ## How to fix
    Sign again: `goldengit signoff ID --key FILE`. Write the true time into a label that is not
    golden yet. For the day of an id: `git mv OLD NEW`, and repair the field.
    """

    code = "GG314"
    name = "impossible-date"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each impossible time in a changed row or label draft."""
        kinds = (Kind.QUEUE, Kind.CANDIDATE, Kind.GOLDEN, Kind.LABELS)
        for changed in change.of_kind(*kinds):
            if changed.after is not None and changed.after.value:
                yield from self._future(change, changed.after)
                yield from self._order(changed.after)

    def _future(self, change: Change, file: File) -> Iterator[Finding]:
        if file.spot.kind.is_row and file.spot.case[:10] > change.now[:10]:
            message = f"The id is of {file.spot.case[:10]}, a day that is yet to come."
            remedy = "Rename it with `git mv OLD NEW` and repair the `id` field."
            yield self.finding(file.path, message, remedy, line=file.line("id"))
        for way, at in _moments(file.value):
            if at[:_SECONDS] > change.now[:_SECONDS]:
                message = f"The time {at} is later than this check ({change.now})."
                yield self.finding(file.path, message, _remedy(file, way), line=file.line(*way))

    def _order(self, file: File) -> Iterator[Finding]:
        day = file.spot.case[:10]
        signed = [(way, at) for way, at in _moments(file.value) if way[0] == "signoffs"]
        for way, at in signed:
            if at[:10] < day:
                message = f"The signoff of {at} is older than the id, which is of {day}."
                yield self.finding(file.path, message, _remedy(file, way), line=file.line(*way))
        latest = max((at for _, at in signed), default=day)
        for key in _BLOCKS:
            inside = [(at, way) for way, at in _moments(file.value) if way[0] == key]
            at, way = min(inside, default=(latest, ()))
            if at[:_SECONDS] < latest[:_SECONDS]:
                message = f"The time {at} is before {latest}, when the case was signed."
                remedy = f"Run `git restore --staged --worktree -- {file.path}` and close it again."
                yield self.finding(file.path, message, remedy, line=file.line(*way))


def _remedy(file: File, way: Way) -> str:
    if way[-3:-2] == ("signoffs",):
        return f"Sign again: `goldengit signoff {file.spot.case} --key FILE`."
    return "Write the time at which it was said; `date -u +%FT%TZ` prints the present one."


def _moments(value: Mapping[str, Any]) -> Iterator[tuple[Way, str]]:
    """Yield the way to, and the text of, every time that people gave."""
    for key in ("labels", "signoffs", "objections"):
        yield from _listed(value.get(key), (key,))
    for key in _BLOCKS:
        block = value.get(key)
        if isinstance(block, Mapping):
            yield from _timed(block, (key,))
            yield from _listed(block.get("signoffs"), (key, "signoffs"))


def _listed(items: object, way: Way) -> Iterator[tuple[Way, str]]:
    for number, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, Mapping):
            yield from _timed(item, (*way, number))


def _timed(item: Mapping[str, Any], way: Way) -> Iterator[tuple[Way, str]]:
    for key in ("at", "resolved_at"):
        at = item.get(key)
        if isinstance(at, str):
            yield (*way, key), at
