"""Settings that `goldengit doctor` reads: Actions, environments, CODEOWNERS (section 7.3)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fakehub.merging import Merging

OWNERS_FILES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")


@dataclass(eq=False)
class Environment:
    """An environment. `branches` are its patterns; None lets every branch deploy."""

    id: int
    name: str
    created_at: str
    branches: list[str] | None = None
    protected_branches: bool = False


class Settings(Merging):
    """How the repository is set up; a test changes what it wants to see found."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.plan_has_rules = True
        self.environments: dict[str, Environment] = {}
        self.codeowners_errors: list[dict[str, Any]] = []
        self.actions_permissions: dict[str, Any] = {
            "enabled": True,
            "allowed_actions": "all",
            "sha_pinning_required": False,
        }
        self.workflow_permissions: dict[str, Any] = {
            "default_workflow_permissions": "read",
            "can_approve_pull_request_reviews": False,
        }

    def environment_for(
        self, name: str, branches: list[str] | None = None, *, protected: bool = False
    ) -> Environment:
        """Make an environment that deploys from these branches, or from protected ones."""
        made = Environment(self.next_id(), name, self.clock.tick(), branches, protected)
        self.environments[name] = made
        return made

    def has_codeowners(self) -> bool:
        """Tell whether the default branch has a CODEOWNERS in one of its three places."""
        tip = self.branches.get(self.default_branch)
        return bool(tip and self.box.git("ls-tree", "--name-only", tip, *OWNERS_FILES))
