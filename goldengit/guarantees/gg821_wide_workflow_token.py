"""GG821: workflows whose token may write unless they say otherwise."""

from collections.abc import Iterator

from goldengit.guarantees.base import Guarantee, verdict
from goldengit.models.policy import Policy
from goldengit.models.settings import Diagnosis, Known, Settings

_GUARANTEE = "a workflow's token reads by default"


class WideWorkflowToken(Guarantee):
    """The default permissions of a workflow's token include writing.

    ## What it does
    `goldengit doctor` wants the default permissions of `GITHUB_TOKEN` to be read.

    ## Why it matters
    Any workflow that forgets `permissions:` then may push, post statuses and change issues; a hole
    in one of them is a hole in the dataset.

    ## Example
    `default_workflow_permissions: write`, as repositories had it before 2023.

    ## How to fix
    Settings, Actions, General, Workflow permissions: "Read repository contents and packages
    permissions". Workflows that write say so themselves, job by job.
    """

    code = "GG821"
    name = "wide-workflow-token"

    def diagnose(self, settings: Settings, policy: Policy | None) -> Iterator[Diagnosis]:  # noqa: ARG002
        """Yield what a workflow's token may do by default."""
        if not isinstance(settings.token, Known):
            yield self.unseen(_GUARANTEE, settings.token)
            return
        found = settings.token.value.default
        remedy = "Settings, Actions, General, Workflow permissions: choose read."
        yield self.told(_GUARANTEE, verdict(kept=found == "read"), found, remedy)
