"""Evidence that the policy pins: what the gate recorded, trusted because maintainers pinned it."""

from collections.abc import Mapping

from goldengit.errors import CannotJudgeError
from goldengit.models.evidence import Confirmation
from goldengit.models.layout import POLICY
from goldengit.models.policy import Policy
from goldengit.models.signoff import Claim
from goldengit.repository.evidence import REF, read_chain
from goldengit.repository.store import Store


def recorded_claims(store: Store, policy: Policy | None) -> Mapping[Claim, Confirmation]:
    """Return the claims that the evidence confirms, up to the tip that the policy pins.

    Whoever may push can write a later record, so none counts here. Raises CannotJudgeError when the
    pinned tip is not in this clone, or its chain is broken.
    """
    tip = policy.history.evidence_tip if policy else None
    if policy is None or tip is None:
        return {}
    if store.repository.find_commit(tip) is None:
        raise CannotJudgeError(
            f"The evidence {tip[:12]} that the policy pins is not in this clone.",
            remedy=f"Run `git fetch origin {REF}:{REF}`.",
            place=POLICY,
        )
    chain = read_chain(store, tip)
    return {
        one.claim(record.repository): one
        for record in chain.records
        for one in record.confirmations
    }
