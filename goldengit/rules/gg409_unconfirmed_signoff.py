"""GG409: a claim alone proves nothing."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.claims import Signed, fresh_claims
from goldengit.models.finding import Finding
from goldengit.models.layout import Kind
from goldengit.rules.base import Rule

_ACCEPTED_AS = {"ssh": "ssh-signature", "review": "github-review", "recorded": "github-review"}


class UnconfirmedSignoff(Rule):
    """Each signoff is confirmed by a signature or by a review.

    ## What it does
    With `--require-confirmed`, and in the gates, reports a signoff on a golden case that nothing
    confirms: neither an SSH signature of that person nor an approving review, whichever of the two
    the policy accepts (`signoffs.accept`). An approval counts for exactly the content that it was
    given on: the gate says why one does not. Without the option such claims are counted in the
    summary, because before a review nothing can confirm them yet.

    ## Why it matters
    Anybody can write anybody's name into a file.

    ## Example
    A pull request adds two signoffs in other people's names, and nobody has approved it.

    ## How to fix
    Let the person run `goldengit signoff ID`, or approve the pull request.
    """

    code = "GG409"
    name = "unconfirmed-signoff"

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each bare claim, when claims must be confirmed."""
        if not change.require_confirmed:
            return
        for signed in fresh_claims(change, Kind.GOLDEN):
            if not _confirmed(change, signed) and not _refused(change, signed):
                claim = signed.claim
                yield self.finding(
                    signed.file.path,
                    f"Nothing that the policy accepts confirms the signoff of {claim.person} as "
                    f"{claim.role}{_reason(change, signed)}.",
                    f"Let {claim.person} run `goldengit signoff {claim.case}`, or approve the "
                    "change on the forge.",
                    line=signed.line,
                )


def _confirmed(change: Change, signed: Signed) -> bool:
    proof = change.proofs.get(signed.claim)
    accepted = change.policy.signoffs.accept if change.policy else ()
    return proof is not None and proof.verified and _ACCEPTED_AS.get(proof.kind) in accepted


def _reason(change: Change, signed: Signed) -> str:
    """Return why an approval that was given does not count, "" when none was."""
    proof = change.proofs.get(signed.claim)
    return f": the approval {proof.problem}" if proof is not None and proof.problem else ""


def _refused(change: Change, signed: Signed) -> bool:
    """Tell whether GG408 or GG416 has already said what is wrong."""
    proof = change.proofs.get(signed.claim)
    return proof is not None and proof.fault is not None
