"""GG827: a gate that has not run for a day."""

from collections.abc import Iterator

from goldengit.guarantees.base import Guarantee
from goldengit.models.policy import Policy
from goldengit.models.settings import GATE_WORKFLOW, Diagnosis, Known, Settings, State

_GUARANTEE = "the hourly sweep runs"


class GateNotRunning(Guarantee):
    """The gate's workflow has not run on its schedule for a day, or its last run failed.

    ## What it does
    `goldengit doctor` looks for scheduled runs of `goldengit-gate.yml` in the last day. It fails
    without any, and warns when the newest that has ended did not succeed.

    ## Why it matters
    The sweep repairs what a lost event leaves behind. GitHub switches schedules off in a public
    repository that was quiet for 60 days, and says so in one e-mail to one person.

    ## Example
    Pull requests that stay yellow after the second approval.

    ## How to fix
    Actions, `goldengit-gate`: enable the workflow, or run it by hand and read its log.
    """

    code = "GG827"
    name = "gate-not-running"

    def diagnose(self, settings: Settings, policy: Policy | None) -> Iterator[Diagnosis]:  # noqa: ARG002
        """Yield when the gate ran last on its schedule."""
        part = settings.sweeps
        if not isinstance(part, Known):
            yield self.unseen(_GUARANTEE, part)
            return
        ended = [run for run in part.value if run.conclusion]
        if not part.value:
            remedy = f"Enable the workflow {GATE_WORKFLOW} under Actions."
            yield self.told(_GUARANTEE, State.FAIL, "not in the last day", remedy)
        elif ended and ended[0].conclusion != "success":
            found = f"{ended[0].at}: {ended[0].conclusion}"
            remedy = "Read the log of that run under Actions, goldengit-gate."
            yield self.told(_GUARANTEE, State.WARNING, found, remedy)
        else:
            yield self.told(_GUARANTEE, State.OK, part.value[0].at)
