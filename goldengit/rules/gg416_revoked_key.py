"""GG416: a signature comes from a good key of its person."""

from collections.abc import Iterator

from goldengit.models.case import Case
from goldengit.models.change import Change
from goldengit.models.claims import Signed, fresh_claims
from goldengit.models.finding import Finding
from goldengit.rules.base import Rule


class RevokedKey(Rule):
    """Signatures by revoked, compromised or foreign keys do not count.

    ## What it does
    Reports an SSH signature by a key that the roster does not give to the signer, that is
    compromised, that was revoked or not good on the day of the signoff, and what is no signature
    at all. A compromised key counts for nothing, whatever day the signature names, because a thief
    can name any. A case that is closed needs no signature any more.

    ## Why it matters
    A signature is worth as much as the care that is taken of the key.

    ## Example
    `reviewer-2` lost a laptop; the roster says `compromised_since`, and a new case is signed with
    that key.

    ## How to fix
    Let the person sign with a good key: `goldengit signoff ID`. For a case that is golden already,
    run `goldengit supersede ID --by NEW --reason TEXT`, or `goldengit withdraw ID --reason TEXT`.
    """

    code = "GG416"
    name = "revoked-key"

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each signature that a key problem makes worthless."""
        for signed in fresh_claims(change):
            proof = change.proofs.get(signed.claim)
            bad = proof is not None and proof.fault in {"revoked-key", "bad-signature"}
            if proof is not None and bad and not _is_closed(signed):
                yield self.finding(
                    signed.file.path,
                    f"The signature of {signed.claim.person} is refused: {proof.problem}.",
                    _remedy(change, signed),
                    line=signed.line,
                )


def _remedy(change: Change, signed: Signed) -> str:
    case, person = signed.claim.case, signed.claim.person
    if change.is_transition:
        return f"Let {person} sign with a good key: `goldengit signoff {case}`."
    return (
        f"What is frozen cannot be signed again: `goldengit supersede {case} --by NEW --reason "
        f"TEXT`, or `goldengit withdraw {case} --reason TEXT`."
    )


def _is_closed(signed: Signed) -> bool:
    """Tell whether a promotion's signature no longer matters, since its case is closed."""
    case = signed.file.case
    active = isinstance(case, Case) and case.superseded_by is None and case.withdrawn is None
    return signed.claim.transition == "promote" and not active
