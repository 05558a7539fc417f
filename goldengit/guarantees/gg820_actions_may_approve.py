"""GG820: workflows that can approve pull requests."""

from collections.abc import Iterator

from goldengit.guarantees.base import Guarantee, verdict
from goldengit.models.policy import Policy
from goldengit.models.settings import Diagnosis, Known, Settings

_GUARANTEE = "workflows cannot approve"


class ActionsMayApprove(Guarantee):
    """GitHub Actions may create and approve pull requests.

    ## What it does
    `goldengit doctor` wants "Allow GitHub Actions to create and approve pull requests" off.

    ## Why it matters
    A workflow in a pushed branch approves with the repository's own token, and the platform counts
    that as one of the approvals that it asks for.

    ## Example
    `can_approve_pull_request_reviews: true` in the repository's workflow permissions.

    ## How to fix
    Settings, Actions, General, Workflow permissions: clear that box. Where the organisation sets
    it, clear it there.
    """

    code = "GG820"
    name = "actions-may-approve"

    def diagnose(self, settings: Settings, policy: Policy | None) -> Iterator[Diagnosis]:  # noqa: ARG002
        """Yield whether a workflow's token can approve."""
        if not isinstance(settings.token, Known):
            yield self.unseen(_GUARANTEE, settings.token)
            return
        may = settings.token.value.may_approve
        remedy = "Settings, Actions, General: do not allow Actions to approve pull requests."
        found = "they can" if may else "they cannot"
        yield self.told(_GUARANTEE, verdict(kept=not may), found, remedy)
