"""GG410: a signoff is younger than what was objected."""

from collections.abc import Iterator

from goldengit.models.case import Case
from goldengit.models.change import Change
from goldengit.models.claims import Signed, fresh_claims
from goldengit.models.finding import Finding
from goldengit.rules.base import Rule


class VoidSignoff(Rule):
    """A signoff knows every objection that the case carries.

    ## What it does
    Reports a signoff on a case that is older than the latest objection in it, or than the
    resolution of an objection.

    ## Why it matters
    Old bytes with old approvals could otherwise come back after somebody said no.

    ## Example
    `reviewer-1` signs in March, `reviewer-3` objects in April, and the case is promoted in May with
    the signoff of March.

    ## How to fix
    Let the person read the objection and sign again: `goldengit signoff ID`.
    """

    code = "GG410"
    name = "void-signoff"

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each promotion signoff older than an objection or its resolution."""
        for signed in fresh_claims(change):
            latest = _latest_word(signed)
            if signed.claim.transition == "promote" and signed.claim.at < latest:
                yield self.finding(
                    signed.file.path,
                    f"{signed.claim.person} signed at {signed.claim.at}, before the objection or "
                    f"resolution of {latest}.",
                    f"Let {signed.claim.person} read it and run `goldengit signoff "
                    f"{signed.claim.case}`.",
                    line=signed.line,
                )


def _latest_word(signed: Signed) -> str:
    case = signed.file.case
    objections = case.objections if isinstance(case, Case) else ()
    moments = [each.at for each in objections]
    moments += [each.resolved_at for each in objections if each.resolved_at is not None]
    return max(moments, default="")
