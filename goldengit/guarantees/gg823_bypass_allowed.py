"""GG823: somebody who may pass the rules by."""

from collections.abc import Iterator

from goldengit.guarantees.base import Guarantee
from goldengit.models.finding import Severity
from goldengit.models.policy import Policy
from goldengit.models.settings import Bypass, Diagnosis, Known, Settings, State


class BypassAllowed(Guarantee):
    """Somebody may bypass a ruleset that protects a branch.

    ## What it does
    `goldengit doctor` lists the bypass actors of every ruleset that has an active rule on a
    protected branch, and warns of each. They are shown only to those who may edit the ruleset;
    to all others the answer is unknown.

    ## Why it matters
    A bypass merges without approvals and without the gate. In the mode `exempt` it does not even
    leave an audit entry. `goldengit gate push` finds out afterwards, and deploys are refused.

    ## Example
    A release bot of the role "Repository admin" in the bypass list, mode `always`.

    ## How to fix
    Settings, Rules, Rulesets: empty the bypass list.
    """

    code = "GG823"
    name = "bypass-allowed"
    severity = Severity.WARNING

    def diagnose(self, settings: Settings, policy: Policy | None) -> Iterator[Diagnosis]:  # noqa: ARG002
        """Yield who may pass each ruleset by."""
        for number, part in sorted(settings.bypasses.items()):
            guarantee = f"ruleset {number}: nobody bypasses it"
            if not isinstance(part, Known):
                yield self.unseen(guarantee, part)
            elif part.value:
                found = ", ".join(_shown(actor) for actor in part.value)
                remedy = "Empty the bypass list of the ruleset."
                yield self.told(guarantee, State.WARNING, found, remedy)
            else:
                yield self.told(guarantee, State.OK, "nobody")


def _shown(actor: Bypass) -> str:
    trace = ", which leaves no trace" if actor.mode == "exempt" else ""
    return f"{actor.who} ({actor.mode}{trace})"
