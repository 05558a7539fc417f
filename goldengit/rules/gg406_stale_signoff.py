"""GG406: a signoff is about exactly this content."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.claims import Signed, fresh_claims
from goldengit.models.finding import Finding
from goldengit.rules.base import Rule

_WHAT = {
    "promote": "this case",
    "supersede": "this case with its supersession",
    "withdraw": "this case with its withdrawal",
    "erase": "this erasure",
}


class StaleSignoff(Rule):
    """A signoff names the digest of what it signs.

    ## What it does
    Reports a signoff whose digest is not the present one: of the case, or of the case together with
    the supersession, withdrawal or erasure that it stands in.

    ## Why it matters
    Whoever signed has seen another text. Editing a case voids its signoffs, and only its signoffs.

    ## Example
    Two reviewers sign a candidate; then somebody corrects its expected output.

    ## How to fix
    Let the person look again and sign what stands there now: `goldengit signoff ID`.
    """

    code = "GG406"
    name = "stale-signoff"

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each signoff with another digest than what it stands on."""
        for signed in fresh_claims(change):
            if signed.signoff.digest != signed.subject:
                yield self._stale(signed, _remedy(change, signed))

    def _stale(self, signed: Signed, remedy: str) -> Finding:
        return self.finding(
            signed.file.path,
            f"The signoff of {signed.claim.person} is about {signed.signoff.digest[:19]}…, but "
            f"{_WHAT[signed.claim.transition]} now has the digest {signed.subject[:19]}….",
            remedy,
            line=signed.line,
        )


def _remedy(change: Change, signed: Signed) -> str:
    who, case = signed.claim.person, signed.claim.case
    again = f"Let {who} read it again and run `goldengit signoff {case}`."
    if change.is_transition:
        return again
    return (
        f"If it was golden before, restore it: `git restore -- {signed.file.path}`. Else: {again}"
    )
