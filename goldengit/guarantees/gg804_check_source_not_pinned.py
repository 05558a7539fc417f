"""GG804: a required status that anybody can post."""

from collections.abc import Iterator

from goldengit.guarantees.base import Guarantee
from goldengit.models.policy import Policy
from goldengit.models.settings import ACTIONS_APP, Diagnosis, Known, Settings, State


class CheckSourceNotPinned(Guarantee):
    """The required check accepts a status from any source.

    ## What it does
    `goldengit doctor` reads from which App each protected branch takes the status
    `goldengit/gate`. Without one it fails. With the App of GitHub Actions (15368) it warns: any
    writer can forge the status. With an App of your own all is well.

    ## Why it matters
    Whoever may write to the repository may set any status on any commit. A branch that somebody
    pushes can hold a workflow that posts it, too, and GitHub Actions posts it for them.

    ## Example
    A required check `goldengit/gate` from "any source": one API call turns it green.

    ## How to fix
    Make a GitHub App whose key only the environment `goldengit` holds, and choose it as the source
    of the check in the ruleset.
    """

    code = "GG804"
    name = "check-source-not-pinned"

    def diagnose(self, settings: Settings, policy: Policy | None) -> Iterator[Diagnosis]:  # noqa: ARG002
        """Yield where each branch takes the status from; GG801 says where it is not required."""
        for branch in settings.branches:
            guarantee = f"{branch.name}: only the gate posts its status"
            if not isinstance(branch.rules, Known):
                yield self.unseen(guarantee, branch.rules)
            elif branch.rules.value.gate:
                yield self._source(guarantee, branch.rules.value.gate)

    def _source(self, guarantee: str, sources: tuple[int | None, ...]) -> Diagnosis:
        # Every rule must be met, so the best pinned one decides.
        apps = {source for source in sources if source is not None}
        remedy = "Make a GitHub App for the gate, and choose it as the source of the check."
        if not apps:
            return self.told(guarantee, State.FAIL, "taken from any source", remedy)
        own = sorted(apps - {ACTIONS_APP})
        if not own:
            found = f"GitHub Actions ({ACTIONS_APP}): any writer can forge the status"
            return self.told(guarantee, State.WARNING, found, remedy)
        return self.told(guarantee, State.OK, f"App {', '.join(str(app) for app in own)}")
