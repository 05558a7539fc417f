"""Claims of a change, confirmed by the reviews of its pull request."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from goldengit.models.approval import ABSENT, Matter, Reviewed, Topic
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
    topic: Topic = (signed.file.path, claim.transition)
    if topic not in reviewed.matters:
        return Proof(kind="none", verified=False)
    if _is_openers_own(claim, reviewed.pull, policy):
        return _opened(claim.person, reviewed.matters[topic], reviewed.pull, policy)
    approvals = reviewed.approvals[topic]
    review = approvals.confirmed.get(claim.person)
    if review is None:
        return _unproved(approvals.refused.get(claim.person, ""))
    if policy.roster[claim.person].holds(claim.role, review.at):
        return Proof(kind="review", verified=True)
    return _unproved(f"of {review.at} comes when {claim.person} is no {claim.role}")


def _unproved(problem: str) -> Proof:
    return Proof(kind="none", verified=False, problem=problem)


def _is_openers_own(claim: Claim, pull: PullSnapshot, policy: Policy) -> bool:
    """Tell whether the opener signs as labeler where the policy lets a small team do so."""
    return (
        policy.signoffs.author_counts_as_labeler
        and claim.role == "labeler"
        and pull.opener is not None
        and pull.opener.is_person
        and policy.person_of_account(pull.opener.id) == claim.person
    )


def _opened(person: str, matter: Matter, pull: PullSnapshot, policy: Policy) -> Proof:
    """Return whether having opened the request stands for an approval, which GitHub refuses there.

    It does for what the opener brought to the branch, and not for what somebody else pushed there.
    """
    if any(_brings(push, matter, person, policy) for push in pull.pushes or ()):
        return Proof(kind="review", verified=True)
    return _unproved(f"that opening it means is for what {person} pushed, and this is not")


def _brings(push: Push, matter: Matter, person: str, policy: Policy) -> bool:
    """Tell whether a person's push made a matter on the branch what it is now."""
    is_new = not push.before.strip("0")
    before = ABSENT if is_new else matter.states.get(push.before, matter.state)
    return (
        push.by is not None
        and policy.person_of_account(push.by.id) == person
        and matter.states.get(push.after) == matter.state != before
    )
