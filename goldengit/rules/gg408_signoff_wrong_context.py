"""GG408: a signature belongs to this case, dataset, repository and transition."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.claims import fresh_claims
from goldengit.models.finding import Finding
from goldengit.rules.base import Rule


class SignoffWrongContext(Rule):
    """A signature verifies for exactly the place where it stands.

    ## What it does
    Reports an SSH signature by a good key of the right person that does not verify here. It
    covers repository, dataset, case, transition, digests, person, role and time, so it was made
    for something else, or its bytes were changed.

    ## Why it matters
    A signature that could be copied would be a stamp that anybody can borrow.

    ## Example
    A signoff is copied from the same case in another dataset.

    ## How to fix
    Let the person sign here: `goldengit signoff ID`.
    """

    code = "GG408"
    name = "signoff-wrong-context"

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each signature that a good key made for something else."""
        for signed in fresh_claims(change):
            proof = change.proofs.get(signed.claim)
            if proof is not None and proof.fault == "wrong-context":
                yield self.finding(
                    signed.file.path,
                    f"The signature of {signed.claim.person} is refused: {proof.problem}.",
                    f"Let {signed.claim.person} run `goldengit signoff {signed.claim.case}` here.",
                    line=signed.line,
                )
