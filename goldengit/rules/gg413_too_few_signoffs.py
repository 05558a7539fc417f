"""GG413: enough persons stand behind a golden case, and behind what closes it."""

from collections.abc import Iterator

from goldengit.models.change import Change, File, FileChange
from goldengit.models.claims import TRANSITION_OF
from goldengit.models.finding import Finding
from goldengit.models.layout import Kind
from goldengit.models.signoff import Signoff
from goldengit.rules.base import Rule

_WHAT = {
    "signoffs": ("golden case", ("labeler", "confirmer")),
    "superseded_by": ("supersession", ()),
    "withdrawn": ("withdrawal", ()),
    "erased": ("erasure", ("maintainer",)),
}


class TooFewSignoffs(Rule):
    """Enough distinct persons sign, in the roles that it takes.

    ## What it does
    Reports a golden case, a supersession, a withdrawal or an erasure with signoffs by fewer
    persons than `signoffs.threshold`. A promotion needs a labeler and a confirmer among them, an
    erasure a maintainer. A person counts once. What is wrong with a single signoff has rules of
    its own; without `--require-confirmed` a claim counts as it stands.

    ## Why it matters
    One person's Friday judgement is not the truth.

    ## Example
    A candidate is promoted with the signoff of its labeler alone.

    ## How to fix
    Let a second person sign: `goldengit signoff ID`.
    """

    code = "GG413"
    name = "too-few-signoffs"

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each golden case or appendix without enough persons."""
        threshold = change.threshold
        for each in change.of_kind(Kind.GOLDEN):
            if each.after is not None:
                for key, signoffs in _to_count(each):
                    yield from self._counted(each.after, key, signoffs, threshold)

    def _counted(
        self, file: File, key: str, signoffs: tuple[Signoff, ...], threshold: int
    ) -> Iterator[Finding]:
        what, needed = _WHAT[key]
        persons = sorted({signoff.reviewer for signoff in signoffs})
        missing = [role for role in needed if role not in {each.role for each in signoffs}]
        line = file.line(key) if key != "signoffs" or "signoffs" in file.value else 0
        remedy = f"Let another person sign: `goldengit signoff {file.spot.case}`."
        if len(persons) < threshold:
            behind = ", ".join(persons) or "nobody"
            message = (
                f"This {what} has signoffs by {len(persons)} of {threshold} persons ({behind})."
            )
            yield self.finding(file.path, message, remedy, line=line)
        elif missing:
            message = f"This {what} has no signoff by a {' or a '.join(missing)}."
            yield self.finding(file.path, message, remedy, line=line)


def _to_count(change: FileChange) -> Iterator[tuple[str, tuple[Signoff, ...]]]:
    """Yield what the change brings that must be signed, with its signoffs."""
    case = change.after.case if change.after else None
    before = change.before.case if change.before else None
    if case is None:
        return
    if before is None:
        yield "signoffs", case.signoffs
    for key in TRANSITION_OF:
        block = getattr(case, key, None)
        if block is not None and getattr(before, key, None) is None:
            yield key, block.signoffs
