"""Claims of a change, confirmed by the reviews of its pull request."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from goldengit.models.approval import Matter, Reviewed
from goldengit.models.change import Change
from goldengit.models.claims import Signed, fresh_claims
from goldengit.models.layout import Kind
from goldengit.models.policy import Policy
from goldengit.models.pull import PullSnapshot, Push
from goldengit.models.signoff import Claim, Proof


def confirmed(change: Change, reviewed: Reviewed, policy: Policy) -> Change:
    """Return a change with what the reviews prove of its claims.

    A signature that was verified, or refused, stays what it is.
    """
    proofs = dict(change.proofs)
    proofs.update(_proofs(change, reviewed, policy, proofs))
    return replace(change, proofs=proofs, reviewed=reviewed)


def _proofs(
    change: Change, reviewed: Reviewed, policy: Policy, known: Mapping[Claim, Proof]
) -> Iterator[tuple[Claim, Proof]]:
    for signed in fresh_claims(change, Kind.GOLDEN):
        proof = known.get(signed.claim)
        if proof is None or (not proof.verified and proof.fault is None):
            yield signed.claim, _proof(signed, reviewed, policy)


def _proof(signed: Signed, reviewed: Reviewed, policy: Policy) -> Proof:
    claim = signed.claim
    matter = reviewed.matters.get((signed.file.path, claim.transition))
    if matter is not None and _is_openers_own(claim, matter, reviewed.pull, policy):
        return Proof(kind="review", verified=True)
    approvals = reviewed.approvals.get((signed.file.path, claim.transition))
    if approvals is None:
        return Proof(kind="none", verified=False)
    review = approvals.confirmed.get(claim.person)
    if review is not None and policy.roster[claim.person].holds(claim.role, review.at):
        return Proof(kind="review", verified=True)
    if review is not None:
        problem = f"of {review.at} comes when {claim.person} is no {claim.role}"
        return Proof(kind="none", verified=False, problem=problem)
    return Proof(kind="none", verified=False, problem=approvals.refused.get(claim.person, ""))


def _is_openers_own(claim: Claim, matter: Matter, pull: PullSnapshot, policy: Policy) -> bool:
    """Tell whether the opener signs as labeler where the policy lets a small team do so.

    GitHub refuses an approval by the opener, so what the opener brought to the branch is what the
    opener confirms: not what somebody else pushed there afterwards.
    """
    return (
        policy.signoffs.author_counts_as_labeler
        and claim.role == "labeler"
        and pull.opener is not None
        and pull.opener.is_person
        and policy.person_of_account(pull.opener.id) == claim.person
        and any(_brings(push, matter, claim.person, policy) for push in pull.pushes or ())
    )


def _brings(push: Push, matter: Matter, person: str, policy: Policy) -> bool:
    """Tell whether a person's push made a matter on the branch what it is now."""
    return (
        push.by is not None
        and policy.person_of_account(push.by.id) == person
        and matter.states.get(push.after) == matter.state
        and matter.states.get(push.before) != matter.state
    )
