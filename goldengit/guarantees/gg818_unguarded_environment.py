"""GG818: an environment that more than the default branch can use."""

from collections.abc import Iterator

from goldengit.guarantees.base import Guarantee
from goldengit.models.policy import Policy
from goldengit.models.settings import (
    GATE_ENVIRONMENT,
    Diagnosis,
    Environment,
    Known,
    Settings,
    State,
)

_GUARANTEE = "only the default branch has the key"


class UnguardedEnvironment(Guarantee):
    """The environment with the gate's key is missing, or open to other branches.

    ## What it does
    `goldengit doctor` wants an environment `goldengit` whose deployment branches are the default
    branch and nothing else: no other branch, no tag, no pattern, no `gh-readonly-queue/*`.

    ## Why it matters
    The App's key lies there. Whoever can run a workflow in it can post a green status, and the
    workflow file of a pushed branch, or of a merge queue's branch, is whatever was pushed.

    ## Example
    Deployment branches "Protected branches only": it lets every protected branch in, and a queue's
    branches may be among them.

    ## How to fix
    Settings, Environments, `goldengit`: under "Deployment branches and tags" choose selected ones,
    and add the name of the default branch alone.
    """

    code = "GG818"
    name = "unguarded-environment"

    def diagnose(self, settings: Settings, policy: Policy | None) -> Iterator[Diagnosis]:  # noqa: ARG002
        """Yield which branches may use the environment."""
        part, branch = settings.environment, settings.home.default_branch
        if not isinstance(part, Known):
            yield self.unseen(_GUARANTEE, part)
            return
        found = _shown(part.value)
        kept = part.value == Environment("selected", (("branch", branch),))
        remedy = f"Settings, Environments, `{GATE_ENVIRONMENT}`: select the branch {branch} alone."
        yield self.told(_GUARANTEE, State.OK if kept else State.FAIL, found, remedy)


def _shown(environment: Environment | None) -> str:
    if environment is None:
        return "no such environment"
    match environment.scope:
        case "all":
            return "every branch and tag"
        case "protected":
            return "every protected branch"
        case "selected":
            shown = [
                name if kind == "branch" else f"{kind} {name}"
                for kind, name in environment.patterns
            ]
            return ", ".join(shown) or "none"
