"""GG904: a case asks something that no other active case asks."""

from collections.abc import Iterator

from goldengit.models.case import Case
from goldengit.models.change import Change, File
from goldengit.models.finding import Finding, Severity
from goldengit.models.layout import golden_path
from goldengit.models.sketch import SIMILAR, similarity
from goldengit.rules.base import Rule


class DuplicateInput(Rule):
    """The input of a golden case does not nearly repeat that of another.

    ## What it does
    Warns of a new golden case whose input resembles that of an active golden case of the dataset:
    at least 0.8 of their pieces of five characters are the same (Jaccard similarity, digits and
    punctuation aside). Cases that name each other, or the same case, in `variant_of` are left
    alone. In a whole tree it looks with `--deep` only.

    ## Why it matters
    A hundred copies of one question weigh a hundred times in the score.

    ## Example
    The same question comes from two users and is promoted twice.

    ## How to fix
    Leave one of the two out; or, if the small difference is the point, set `variant_of` in the
    candidate before `goldengit promote CANDIDATE`.
    """

    code = "GG904"
    name = "duplicate-input"
    severity = Severity.WARNING
    needs_policy = False
    waivable = True

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a warning for each new golden case that resembles an active one."""
        if not change.is_transition and not change.deep:
            return
        added = frozenset(each.path for each in change.added_golden())
        for each in change.added_golden():
            file = each.after
            other = _resembled(change, file, added) if file is not None else None
            if other is not None:
                yield self.finding(
                    each.path,
                    f"The input is nearly that of {other}.",
                    f"Leave one of the two out, or set `variant_of: {other}` in the candidate.",
                    line=file.line("input") if file else 0,
                )


def _resembled(change: Change, file: File, added: frozenset[str]) -> str | None:
    """Return the first active case that the file resembles; of a new pair the later id is told."""
    case, dataset = file.case, file.spot.dataset
    index = change.head.index(dataset)
    if not isinstance(case, Case) or case.id in index.closures:
        return None
    for other_id in sorted(set(index.similar(file.value)) - {case.id, file.spot.case}):
        path = golden_path(dataset, other_id)
        if case.id < other_id and path in added:
            continue
        other = change.head.file(path)
        if (
            other is not None
            and isinstance(other.case, Case)
            and other_id not in index.closures
            and not _are_variants(case, other.case)
            and similarity(file.value["input"], other.value["input"]) >= SIMILAR
        ):
            return other_id
    return None


def _are_variants(one: Case, two: Case) -> bool:
    named = {one.variant_of, two.variant_of} - {None}
    return bool(named & {one.id, two.id}) or (
        one.variant_of is not None and one.variant_of == two.variant_of
    )
