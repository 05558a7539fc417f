"""GG822: actions that need no pin, or that may not run at all."""

from collections.abc import Iterator

from goldengit.guarantees.base import Guarantee
from goldengit.models.policy import Policy
from goldengit.models.settings import Diagnosis, Known, Settings, State

_GUARANTEE = "actions are pinned by commit"


class LooseActions(Guarantee):
    """The repository runs actions that are not pinned by commit, or runs none.

    ## What it does
    `goldengit doctor` warns unless the repository requires actions to be pinned to a full-length
    commit. It fails when GitHub Actions are switched off, because the gate is one.

    ## Why it matters
    A tag can be moved to other code after it was reviewed. GG811 looks at the workflows that are in
    the tree; this setting holds for every one that anybody adds.

    ## Example
    `uses: actions/checkout@v7` in a workflow that has the gate's key.

    ## How to fix
    Settings, Actions, General: "Require actions to be pinned to a full-length commit SHA".
    """

    code = "GG822"
    name = "loose-actions"

    def diagnose(self, settings: Settings, policy: Policy | None) -> Iterator[Diagnosis]:  # noqa: ARG002
        """Yield whether actions must be pinned."""
        part = settings.actions
        if not isinstance(part, Known):
            yield self.unseen(_GUARANTEE, part)
            return
        actions, where = part.value, "Settings, Actions, General"
        allowed = f"allowed actions: {actions.allowed or 'not told'}"
        if not actions.enabled:
            remedy = f"{where}: enable Actions for this repository."
            yield self.told(_GUARANTEE, State.FAIL, "Actions are switched off", remedy)
        elif actions.pinned is None:
            remedy = "Pin every action by commit; this GitHub cannot require it."
            yield self.told(_GUARANTEE, State.WARNING, f"no such setting; {allowed}", remedy)
        else:
            found = f"{'required' if actions.pinned else 'not required'}; {allowed}"
            remedy = f"{where}: require actions to be pinned to a full-length commit SHA."
            state = State.OK if actions.pinned else State.WARNING
            yield self.told(_GUARANTEE, state, found, remedy)
