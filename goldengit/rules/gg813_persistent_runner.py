"""GG813: the gate runs on a machine that nobody used before."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from goldengit.models.change import Change
from goldengit.models.finding import Finding, Severity
from goldengit.rules.base import Rule

if TYPE_CHECKING:
    from goldengit.models.workflow import Job

_HOSTED = (
    r"(?:ubuntu|windows|macos)-(?:latest|slim|[0-9][0-9a-z.]*)(?:-(?:arm|intel|large|xlarge))?"
)


class PersistentRunner(Rule):
    """The gate runs on a runner that may keep state between jobs.

    ## What it does
    In a workflow that runs `goldengit gate`, each job names a runner that GitHub hosts, such as
    `ubuntu-24.04`. Any other label, a group and an expression are reported, because nothing in the
    repository tells what stands behind them.

    ## Why it matters
    A machine that is used again keeps what an earlier job left there: a changed tool, a hook, a
    credential.

    ## Example
    `runs-on: self-hosted`.

    ## How to fix
    Use a hosted runner. Where your own runners start afresh for every job, waive this in the
    policy, with that as the reason.
    """

    code = "GG813"
    name = "persistent-runner"
    severity = Severity.WARNING
    needs_policy = False
    waivable = True

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each job beside the gate whose runner is not known to be new."""
        for path, workflow in change.workflows():
            if not change.platform.gates_of(path):
                continue
            for job in workflow.jobs:
                if not job.uses and not _is_hosted(job):
                    labels = ", ".join(job.runs_on or ()) or "a group"
                    message = f"The job `{job.id}` runs on {labels}, which may keep state."
                    remedy = "Use a runner that GitHub hosts, such as `ubuntu-24.04`."
                    yield self.finding(path, message, remedy, line=job.at("runs-on"))


def _is_hosted(job: "Job") -> bool:
    return bool(job.runs_on) and all(re.fullmatch(_HOSTED, label) for label in job.runs_on or ())
