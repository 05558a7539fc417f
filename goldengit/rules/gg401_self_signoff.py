"""GG401: nobody signs what they wrote themselves."""

from collections.abc import Iterator

from goldengit.models.change import Change, Commit, File
from goldengit.models.claims import Signed, fresh_claims, subject_of
from goldengit.models.finding import Finding
from goldengit.models.layout import Kind
from goldengit.rules.base import TRANSITION, Rule


class SelfSignoff(Rule):
    """Whoever wrote a case does not sign it.

    ## What it does
    Reports a signoff on a golden case, or on its supersession, withdrawal or erasure, by a person
    who is author, committer or co-author of a commit of this change that made or changed what is
    signed. A commit that only adds one's own signoff changes nothing that is signed, so it
    excludes nobody. Addresses of commits are compared with the roster without case, `+tag` and
    dots: they exclude, and never grant anything.

    With `signoffs.author_counts_as_labeler` in the policy the author may be the labeler; the
    confirmer is still somebody else. The gate on GitHub compares accounts too, and also excludes
    whoever opened the pull request, or pushed to its branch what is signed; there the labeler may
    be the opener alone, for what the opener pushed.

    ## Why it matters
    A second opinion is worth something only when it is a second person's.

    ## Example
    `reviewer-1` commits a golden case and the case carries `reviewer-1`'s own signoff.

    ## How to fix
    Let another person of the roster sign: `goldengit signoff ID`.
    """

    code = "GG401"
    name = "self-signoff"
    judges = TRANSITION

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each signoff by an author of what is signed."""
        for signed in fresh_claims(change, Kind.GOLDEN):
            why = _why_behind(change, signed)
            if why and not _counts_as_labeler(change, signed):
                yield self.finding(
                    signed.file.path,
                    f"{signed.claim.person} signs as {signed.claim.role}, but {why}.",
                    f"Let another person sign: `goldengit signoff {signed.claim.case}`. In a small "
                    "team the policy may set `signoffs.author_counts_as_labeler`.",
                    line=signed.line,
                )


def _why_behind(change: Change, signed: Signed) -> str:
    """Return how the signer made what is signed, "" when somebody else did."""
    if change.reviewed is not None:
        matter = change.reviewed.matters.get((signed.file.path, signed.claim.transition))
        return matter.behind.get(signed.claim.person, "") if matter is not None else ""
    commit = _written_by_signer(change, signed)
    return f"is behind {_named(commit)}, which wrote what is signed" if commit else ""


def _named(commit: Commit) -> str:
    return f"commit {commit.oid[:12]}" if commit.oid else "what is about to be committed"


def _counts_as_labeler(change: Change, signed: Signed) -> bool:
    policy = change.policy
    if policy is None or not policy.signoffs.author_counts_as_labeler:
        return False
    if signed.claim.role != "labeler" or change.reviewed is None:
        return signed.claim.role == "labeler"
    opener = change.reviewed.pull.opener
    return opener is not None and policy.person_of_account(opener.id) == signed.claim.person


def _written_by_signer(change: Change, signed: Signed) -> Commit | None:
    for commit in change.commits:
        if signed.claim.person in _people(change, commit) and _writes(commit, signed):
            return commit
    return None


def _people(change: Change, commit: Commit) -> set[str | None]:
    if change.policy is None:
        return set()
    return {change.policy.person_of_email(address) for address in commit.people}


def _writes(commit: Commit, signed: Signed) -> bool:
    """Tell whether a commit changes what is signed; a merge does when no parent had it so."""
    written = [
        each.path
        for each in commit.files
        if each.spot.kind.is_row
        and (each.spot.dataset, each.spot.case) == (signed.claim.dataset, signed.claim.case)
        and each.after is not None
        and _subject(each.after, signed) != _subject(each.before, signed)
    ]
    parents = max(1, len(commit.parents))
    return any(written.count(path) == parents for path in set(written))


def _subject(file: File | None, signed: Signed) -> str | None:
    return subject_of(file, signed.claim.transition) if file is not None else None
