"""GG415: what becomes golden is the candidate that was reviewed."""

from collections.abc import Iterator

from goldengit.models.change import Change, File, FileChange
from goldengit.models.digest import case_digest
from goldengit.models.finding import Finding
from goldengit.models.label import folded
from goldengit.models.layout import candidate_path, labels_folder
from goldengit.models.lifecycle import restore_command
from goldengit.rules.base import TRANSITION, Rule


class PromotionChangesContent(Rule):
    """A promotion moves a candidate, and changes nothing in it.

    ## What it does
    Where the base has the candidate of an added golden case, reports a golden case whose digest is
    not that of the candidate with the base's label drafts folded in, and a candidate or a label
    draft that the change leaves behind.

    ## Why it matters
    Reviewers looked at the candidate. What else came in on the way, nobody has seen.

    ## Example
    The promotion also corrects a word of `expected_output`.

    ## How to fix
    Run `git restore --source=BASE --staged --worktree -- CANDIDATE`, change the candidate in a
    change of its own, and then run `goldengit promote CANDIDATE`.
    """

    code = "GG415"
    name = "promotion-changes-content"
    judges = TRANSITION
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each promotion that changes, or leaves behind, its candidate."""
        for promoted in change.added_golden():
            spot = promoted.spot
            path = candidate_path(spot.dataset, spot.case)
            candidate = change.base.file(path)
            if candidate is not None:
                yield from self._changed(change, promoted, candidate)
                yield from self._left(change, promoted, path)

    def _changed(self, change: Change, promoted: FileChange, candidate: File) -> Iterator[Finding]:
        digest = promoted.after.digest if promoted.after else ""
        if not candidate.value or digest != _expected(change, candidate):
            yield self.finding(
                promoted.path,
                "The golden case is not the candidate of the base with its label drafts folded in.",
                f"Run `{restore_command(change, candidate.path)}`, change the candidate in a "
                f"change of its own, then run `goldengit promote {promoted.spot.case}`.",
            )

    def _left(self, change: Change, promoted: FileChange, path: str) -> Iterator[Finding]:
        folder = labels_folder(promoted.spot.dataset, promoted.spot.case)
        left = [entry.path for entry in change.head.entries(folder)]
        if change.head.entry(path) is not None:
            left.insert(0, path)
        for each in left:
            yield self.finding(
                each,
                f"The case {promoted.spot.case} became golden, but this file of its candidate is "
                "still there.",
                f"Run `git rm -- {each}`; `goldengit promote` does it by itself.",
            )


def _expected(change: Change, candidate: File) -> str:
    """Return the digest of a candidate with the base's drafts folded in, in the order of names."""
    folder = labels_folder(candidate.spot.dataset, candidate.spot.case)
    drafts = [change.base.file(entry.path) for entry in change.base.entries(folder)]
    values = [draft.value for draft in drafts if draft is not None]
    return case_digest(folded(candidate.value, values))
