"""GG308: a commit on the way that breaks what the end result keeps."""

from collections.abc import Iterator

from goldengit.models.change import Change, Commit, File, FileChange
from goldengit.models.finding import Finding
from goldengit.models.layout import Kind
from goldengit.models.lifecycle import base_revision, continues, is_tombstone
from goldengit.rules.base import TRANSITION, Rule


class DirtyHistory(Rule):
    """A commit within the branch breaks a rule that the net change does not.

    ## What it does
    For every commit and each of its parents, a case that is golden in the base must be there and
    be what the base has, or differ by an appendix alone. Left out when `history.squash_only` says
    that single commits never reach the protected branch. What the net change breaks as well is
    reported by GG303, GG304 or GG306 alone.

    ## Why it matters
    An edit and its revert cancel out, but the commit between them stays reachable: a tag, a
    release or an evaluation may pin it.

    ## Example
    A branch edits a golden case in one commit and restores it in the next.

    ## How to fix
    Rewrite the branch without that commit: `git rebase --interactive BASE`, or merge by squashing
    and set `history.squash_only`.
    """

    code = "GG308"
    name = "dirty-history"
    judges = TRANSITION

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each commit and golden path that is not as it must be."""
        if change.policy is None or change.policy.history.squash_only:
            return
        excused = {file.path for file in change.files if not _is_legal(change, file)}
        for commit in change.commits:
            for path in sorted(_broken(change, commit) - excused):
                message = f"Commit {commit.oid[:12]} edits or deletes this golden case."
                remedy = (
                    f"Run `git rebase --interactive {base_revision(change)}` and drop that edit."
                )
                yield self.finding(path, message, remedy)


def _broken(change: Change, commit: Commit) -> set[str]:
    return {
        file.path
        for file in commit.files
        if file.spot.kind is Kind.GOLDEN and not _is_legal(change, file)
    }


def _is_legal(change: Change, file: FileChange) -> bool:
    """Tell whether a state of a path fits what the base has there.

    A branch may lag behind: a state of which the base is the continuation is legal too.
    """
    frozen = change.base.file(file.path) if file.spot.kind is Kind.GOLDEN else None
    if frozen is None:
        return True
    if file.after is None:
        return False
    return _fits(frozen, file.after)


def _fits(frozen: File, state: File) -> bool:
    if is_tombstone(state) != is_tombstone(frozen):
        return True  # the erasure itself is judged by GG315
    return continues(frozen, state) or continues(state, frozen)
