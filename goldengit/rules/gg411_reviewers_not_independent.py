"""GG411: signers come from different teams, where the policy wants that."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.claims import Signed, fresh_claims
from goldengit.models.finding import Finding
from goldengit.models.layout import Kind
from goldengit.rules.base import TRANSITION, Rule


class ReviewersNotIndependent(Rule):
    """With `signoffs.distinct_teams`, no two signers share a team.

    ## What it does
    Where the policy asks for it, reports a signer of a golden case who is in the team of an earlier
    signer, or in no team. It is what the policy wants, not a proof that people are independent.

    ## Why it matters
    Two people of one team often share one blind spot.

    ## Example
    `reviewer-1` and `reviewer-2`, both in the team `search`, sign a case about search.

    ## How to fix
    Let a person of another team sign: `goldengit signoff ID`.
    """

    code = "GG411"
    name = "reviewers-not-independent"
    judges = TRANSITION

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each signer whose team is unknown or has signed already."""
        if change.policy is None or not change.policy.signoffs.distinct_teams:
            return
        teams: dict[tuple[str, str], dict[str, str]] = {}
        for signed in fresh_claims(change, Kind.GOLDEN):
            person = change.policy.roster.get(signed.claim.person)
            if person is None:
                continue
            signed_by = teams.setdefault((signed.file.path, signed.claim.transition), {})
            other = signed_by.setdefault(person.team or "", signed.claim.person)
            if person.team is None or other != signed.claim.person:
                yield self._dependent(signed, person.team, other)

    def _dependent(self, signed: Signed, team: str | None, other: str) -> Finding:
        who = signed.claim.person
        said = f"{who} is in the team {team}, as {other} is" if team else f"{who} is in no team"
        return self.finding(
            signed.file.path,
            f"{said}; the policy wants signers of different teams.",
            f"Let a person of another team sign: `goldengit signoff {signed.claim.case}`.",
            line=signed.line,
        )
