"""GG417: commits come from people of the roster."""

from collections.abc import Iterator

from goldengit.models.approval import Reviewed
from goldengit.models.change import Change, Commit
from goldengit.models.finding import Finding, Severity
from goldengit.models.layout import Kind
from goldengit.rules.base import TRANSITION, Rule


class UnattributedCommit(Rule):
    """A commit of golden cases or candidates is somebody's.

    ## What it does
    With `--require-confirmed`, warns of a commit that touches golden cases or candidates and whose
    author, committer and co-authors are all unknown to the roster. Addresses in commits are the
    committer's own word, so offline this can only be a warning. The gate on GitHub knows accounts:
    there a commit whose author belongs to no account, and to nobody in the roster, is an error, and
    so is a case of which nobody can tell who pushed it.

    ## Why it matters
    Whoever wrote a case cannot sign it. An unknown address hides who wrote it.

    ## Example
    `reviewer-1` commits a case from a private address and then signs it.

    ## How to fix
    Add the address to the person in `goldengit.yaml`, in a change of its own; or run
    `git commit --amend --reset-author` with the right `user.email`.
    """

    code = "GG417"
    name = "unattributed-commit"
    severity = Severity.WARNING
    judges = TRANSITION

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a warning for each commit by nobody the roster knows."""
        if change.reviewed is not None:
            yield from self._unknown_to_the_forge(change, change.reviewed)
            return
        for commit in change.commits if change.require_confirmed else ():
            paths = [
                each.path
                for each in commit.files
                if each.spot.kind in {Kind.GOLDEN, Kind.CANDIDATE}
            ]
            if paths and not _by_roster(change, commit):
                yield self.finding(
                    min(paths),
                    f"{_name(commit)} touches this row, and the roster knows nobody behind it "
                    f"({', '.join(commit.people)}).",
                    "Add the address to a person in `goldengit.yaml`, in a change of its own, or "
                    "commit with an address that the roster knows.",
                )

    def _unknown_to_the_forge(self, change: Change, reviewed: Reviewed) -> Iterator[Finding]:
        """Yield an error for each commit, and each matter, behind which nobody can be found."""
        known = {commit.oid for commit in change.commits if _by_roster(change, commit)}
        for commit in reviewed.pull.commits if reviewed.matters else ():
            if not commit.attributed and commit.oid not in known:
                yield self.finding(
                    ".",
                    f"Commit {commit.oid[:12]} belongs to no account on the forge.",
                    "Add its address to an account (its settings, Emails), or commit again with an "
                    "address that an account has.",
                    severity=Severity.ERROR,
                )
        for (path, _), matter in reviewed.matters.items():
            if matter.unexplained:
                yield self.finding(
                    path,
                    f"It cannot be told who is behind this: {matter.unexplained}.",
                    "Push the branch to this repository, from an account that still exists.",
                    severity=Severity.ERROR,
                )


def _by_roster(change: Change, commit: Commit) -> bool:
    return any(_known(change, address) for address in commit.people)


def _name(commit: Commit) -> str:
    return f"Commit {commit.oid[:12]}" if commit.oid else "What is about to be committed"


def _known(change: Change, address: str) -> bool:
    return change.policy is not None and change.policy.person_of_email(address) is not None
