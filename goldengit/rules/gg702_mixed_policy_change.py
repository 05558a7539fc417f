"""GG702: the policy changes alone."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.layout import POLICY
from goldengit.models.lifecycle import restore_command
from goldengit.models.protection import is_protected
from goldengit.rules.base import TRANSITION, Rule


class MixedPolicyChange(Rule):
    """A change of the policy comes alone.

    ## What it does
    Reports a change of `goldengit.yaml` that comes with anything but other protected paths
    (`.github/`, the hooks, `.gitattributes`, `schemas/`, and what `protected_paths` names).

    ## Why it matters
    A line of policy is easily overlooked among fifty cases.

    ## Example
    A pull request lowers the threshold and promotes a case.

    ## How to fix
    Run `git restore --source=BASE --staged --worktree -- goldengit.yaml`, and change the policy in
    a change of its own.
    """

    code = "GG702"
    name = "mixed-policy-change"
    judges = TRANSITION

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding when the policy changes together with unprotected paths."""
        paths = [each.path for each in change.files]
        others = [path for path in paths if not is_protected(path, change.policy)]
        if POLICY in paths and others and not change.adoption:
            yield self.finding(
                POLICY,
                f"The policy changes together with {len(others)} other path"
                f"{'s' if len(others) > 1 else ''}, such as {others[0]}.",
                f"Run `{restore_command(change, POLICY)}`, and change the policy in a change of "
                "its own.",
            )
