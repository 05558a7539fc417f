"""GG407: who signs holds the role at that time."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.claims import fresh_claims
from goldengit.models.finding import Finding
from goldengit.rules.base import Rule


class RoleNotInForce(Rule):
    """A signer holds the role on the day of the signoff.

    ## What it does
    Reports a signoff in a role that the roster does not give to the person, or on a day before
    `valid_from` or after `valid_to`. People who are not in the roster at all are GG405.

    ## Why it matters
    Somebody who has left, or was never asked to confirm, does not decide what is true.

    ## Example
    `reviewer-3` left in March and signs in May.

    ## How to fix
    Let a person with the role sign: `goldengit signoff ID`.
    """

    code = "GG407"
    name = "role-not-in-force"

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each signoff outside the signer's roles or days."""
        roster = change.policy.roster if change.policy else {}
        for signed in fresh_claims(change):
            claim, person = signed.claim, roster.get(signed.claim.person)
            if person is not None and not person.holds(claim.role, claim.at):
                yield self.finding(
                    signed.file.path,
                    f"{claim.person} signs as {claim.role}, a role that the roster does not give "
                    f"on {claim.at[:10]}.",
                    f"Let a person who holds the role sign: `goldengit signoff {claim.case}`.",
                    line=signed.line,
                )
