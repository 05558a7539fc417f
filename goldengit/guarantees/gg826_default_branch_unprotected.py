"""GG826: a default branch that the policy does not protect."""

from collections.abc import Iterator

from goldengit.guarantees.base import Guarantee, verdict
from goldengit.models.policy import Policy
from goldengit.models.settings import Diagnosis, Settings


class DefaultBranchUnprotected(Guarantee):
    """The default branch is none that the policy names as protected.

    ## What it does
    `goldengit doctor` compares the repository's default branch with `protected_branches`.

    ## Why it matters
    The gate's workflow, the policy and the tool are read from the default branch. If it is not
    protected, whoever pushes to it changes the judge.

    ## Example
    `protected_branches: [main]` in a repository whose default branch is `master`.

    ## How to fix
    Add the branch to `protected_branches` in the policy, or choose another default branch under
    Settings, General.
    """

    code = "GG826"
    name = "default-branch-unprotected"

    def diagnose(self, settings: Settings, policy: Policy | None) -> Iterator[Diagnosis]:
        """Yield whether the policy names the default branch."""
        if policy is None:
            return
        branch = settings.home.default_branch
        kept = branch in policy.protected_branches
        remedy = f"Add {branch} to `protected_branches` in goldengit.yaml."
        yield self.told("the policy protects this branch", verdict(kept=kept), branch, remedy)
