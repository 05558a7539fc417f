"""GG710: data does not come with what steers the gate."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.layout import POLICY, Kind
from goldengit.models.lifecycle import restore_command
from goldengit.models.protection import is_protected
from goldengit.rules.base import TRANSITION, Rule

_STEERING = {Kind.POLICY, Kind.SCHEMA}


class ProtectedPathChanged(Rule):
    """A change of data leaves protected paths alone.

    ## What it does
    Reports a protected path that changes together with data (anything under `datasets/` or
    `evaluators/`): `.github/`, the hooks, `.gitattributes`, `schemas/`, and what `protected_paths`
    of the base's policy names. The policy itself is GG702. The change that brings the first
    policy is left alone.

    ## Why it matters
    Whoever changes the workflow and the data at once changes the judge with the case.

    ## Example
    A pull request promotes a case and edits `.github/workflows/gate.yml`.

    ## How to fix
    Run `git restore --source=BASE --staged --worktree -- PATH`, and change it in a change of its
    own.
    """

    code = "GG710"
    name = "protected-path-changed"
    judges = TRANSITION

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each protected path that changes together with data."""
        kinds = {each.spot.kind for each in change.files} - _STEERING
        if change.adoption or not any(kind.is_data for kind in kinds):
            return
        for each in change.files:
            if each.path != POLICY and is_protected(each.path, change.policy):
                yield self.finding(
                    each.path,
                    "This protected path changes together with data.",
                    f"Run `{restore_command(change, each.path)}`, and change it in a change of "
                    "its own.",
                )
