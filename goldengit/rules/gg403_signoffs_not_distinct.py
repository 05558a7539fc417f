"""GG403: two signoffs are two persons."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.claims import fresh_claims
from goldengit.models.finding import Finding
from goldengit.rules.base import Rule


class SignoffsNotDistinct(Rule):
    """One person signs once.

    ## What it does
    Reports a second signoff by the same person on the same case, supersession, withdrawal or
    erasure, in whatever role and with whichever key.

    ## Why it matters
    Counting keys, accounts or roles instead of persons lets one person be two reviewers.

    ## Example
    `reviewer-1` signs as labeler and again as confirmer.

    ## How to fix
    Let a second person sign: `goldengit signoff ID`.
    """

    code = "GG403"
    name = "signoffs-not-distinct"

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each signoff whose person has signed before."""
        seen: set[tuple[str, str, str]] = set()
        for signed in fresh_claims(change):
            claim = signed.claim
            mark = signed.file.path, claim.transition, claim.person
            if mark in seen:
                yield self.finding(
                    signed.file.path,
                    f"{claim.person} signs a second time, now as {claim.role}; one person counts "
                    "once.",
                    f"Let a second person sign: `goldengit signoff {claim.case}`.",
                    line=signed.line,
                )
            seen.add(mark)
