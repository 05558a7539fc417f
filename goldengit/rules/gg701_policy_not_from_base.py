"""GG701: the policy that judges a change is the base's."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.layout import POLICY
from goldengit.rules.base import TRANSITION, Rule


class PolicyNotFromBase(Rule):
    """A change is judged by the policy of its base, never by its own.

    ## What it does
    Reports a change whose base has golden cases but no policy that can be read. The only change
    that its own policy judges is the one that brings the first policy to a repository without
    golden cases.

    ## Why it matters
    Otherwise a change could first weaken the gate and then walk through.

    ## Example
    `goldengit.yaml` was deleted on the default branch; the next pull request brings a laxer one.

    ## How to fix
    Bring back the last policy that could be read, in a change of its own that an administrator
    merges: `git log -- goldengit.yaml`, then `git restore --source=COMMIT -- goldengit.yaml`.
    """

    code = "GG701"
    name = "policy-not-from-base"
    judges = TRANSITION
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding when nothing that the base says can judge the change."""
        if change.policy is None and not change.adoption:
            yield self.finding(
                POLICY,
                f"{change.base.name} has golden cases but no policy that can be read, so nothing "
                "can judge this change.",
                "Bring the last readable policy back: `git log -- goldengit.yaml`, then "
                "`git restore --source=COMMIT -- goldengit.yaml`.",
            )
