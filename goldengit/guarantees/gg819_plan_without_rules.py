"""GG819: a plan on which the gate cannot be made binding."""

from collections.abc import Iterator

from goldengit.guarantees.base import Guarantee
from goldengit.models.policy import Policy
from goldengit.models.settings import Diagnosis, Known, Settings, State, Unknown

_GUARANTEE = "the plan can bind the gate"


class PlanWithoutRules(Guarantee):
    """The platform's plan has no rulesets or no environments for this repository.

    ## What it does
    `goldengit doctor` fails when GitHub answers that a larger plan is needed. Public repositories
    have rulesets and environments on every plan, private ones on Pro, Team and Enterprise.

    ## Why it matters
    Without a ruleset nothing refuses a merge, and without an environment every branch can read the
    gate's key. The gate is then advice.

    ## Example
    A private repository of a Free account: rulesets are answered with 403 and "Upgrade".

    ## How to fix
    Make the repository public, or move it to a plan that has both.
    """

    code = "GG819"
    name = "plan-without-rules"

    def diagnose(self, settings: Settings, policy: Policy | None) -> Iterator[Diagnosis]:  # noqa: ARG002
        """Yield whether the plan has what the gate stands on."""
        parts = [*(branch.rules for branch in settings.branches), settings.environment]
        lacking = [part for part in parts if isinstance(part, Unknown) and part.lacks_plan]
        kind = "private" if settings.home.is_private else "public"
        if lacking:
            remedy = "Make the repository public, or move it to Pro, Team or Enterprise."
            yield self.told(_GUARANTEE, State.FAIL, f"{kind}; {lacking[0].why}", remedy)
        elif not settings.home.is_private or all(isinstance(part, Known) for part in parts):
            yield self.told(_GUARANTEE, State.OK, kind)
        else:
            hidden = next(part for part in parts if isinstance(part, Unknown))
            yield self.told(_GUARANTEE, State.UNKNOWN, f"{kind}; {hidden.why}", hidden.remedy)
