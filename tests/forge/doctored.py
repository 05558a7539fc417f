"""A repository on the fake GitHub whose settings are as the doctor wants them, and its clone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from goldengit.models.layout import POLICY
from goldengit.repository.interpret import house_bytes
from tests import standard
from tests.fakehub.people import App, User
from tests.fakehub.runs import FakeGitHubWithRuns, Run
from tests.gitbox import Blob, Files, GitBox

OWNED = (
    "datasets/", "evaluators/", ".github/", "goldengit.yaml", ".pre-commit-config.yaml",
    "prek.toml", ".gitattributes", "schemas/",
)  # fmt: skip
METHODS = ("merge_commit", "squash_merge", "rebase_merge")
OWNERS_FILE = ".github/CODEOWNERS"
OWNERS = "# Who approves.\n" + "".join(f"/{path}  @org/reviewers\n" for path in OWNED)


class Clinic:
    """The hub, an administrator, the reviewers of the standard roster, and the App of the gate."""

    def __init__(self, folder: Path) -> None:
        self.hub = FakeGitHubWithRuns(folder)
        self.admin = self.hub.user("admin", "admin")
        self.reviewers = [
            self.hub.user(f"reviewer-{number}", "write", id=100 + number) for number in range(1, 6)
        ]
        self.clone = GitBox(folder / "clone", bare=False)
        self.clone.git("remote", "add", "origin", self.hub.remote)
        self.ruleset = self.hub.add_ruleset(ruleset(self.hub.gate.id), by=self.admin)
        self.published: Files = {}
        self.heal()

    def heal(self) -> None:
        """Set everything that a test may have spoilt to what the doctor wants."""
        hub = self.hub
        for number, reviewer in enumerate(self.reviewers, 1):
            hub.rename(reviewer, f"reviewer-{number}")
            hub.grant(reviewer, "write")
            reviewer.deleted = False
        hub.private, hub.plan_has_rules = False, True
        hub.rulesets = {self.ruleset.id: self.ruleset}
        self.ruleset.body = ruleset(hub.gate.id)
        hub.environments = {}
        hub.environment_for("goldengit", [hub.default_branch])
        hub.codeowners_errors = []
        hub.actions_permissions["sha_pinning_required"] = True
        hub.workflow_permissions["can_approve_pull_request_reviews"] = False
        hub.merge_settings = {f"allow_{name}": True for name in METHODS}
        hub.runs = [Run(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")]
        hub.requests.clear()
        self.publish(self.files())

    def files(self, owners: str = OWNERS, **changes: Any) -> Files:
        """Return the standard files with a policy that names the gate, and a CODEOWNERS."""
        forge = {"kind": "github", "host": "github.com", "gate_account": self.hub.gate.bot.id}
        policy = standard.policy() | {"forge": forge} | changes
        files = standard.standard()
        files[POLICY] = Blob(house_bytes(POLICY, {k: v for k, v in policy.items() if v}))
        if owners:
            files[OWNERS_FILE] = Blob(owners.encode())
        return files

    def publish(self, files: Files) -> None:
        """Make files the default branch, and let the clone know."""
        if files == self.published:
            return
        self.published = files
        commit = self.hub.box.commit(files)
        self.hub.push(self.hub.default_branch, commit, by=self.admin)
        self.clone.git("fetch", "--quiet", "origin")

    def parameters(self, kind: str) -> dict[str, Any]:
        """Return the parameters of a rule, to be changed."""
        found: dict[str, Any] = next(
            rule["parameters"] for rule in self.ruleset.body["rules"] if rule["type"] == kind
        )
        return found

    def environment(self, holder: User | App | None = None) -> dict[str, str]:
        """Return the environment of a process that asks as somebody (the administrator)."""
        return self.hub.environment(holder or self.admin)


@contextmanager
def clinic(folder: Path) -> Iterator[Clinic]:
    """Serve a repository on which nothing is to be changed."""
    made = Clinic(folder)
    with made.hub:
        yield made


def ruleset(app: int) -> dict[str, Any]:
    """Return the ruleset that the gate needs."""
    return {
        "name": "goldengit-main",
        "target": "branch",
        "enforcement": "active",
        "bypass_actors": [],
        "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
        "rules": [
            {"type": "deletion"},
            {"type": "non_fast_forward"},
            {"type": "required_linear_history"},
            {
                "type": "pull_request",
                "parameters": {
                    "required_approving_review_count": 2,
                    "dismiss_stale_reviews_on_push": False,
                    "require_code_owner_review": True,
                    "require_last_push_approval": True,
                    "required_review_thread_resolution": True,
                    "allowed_merge_methods": ["squash"],
                },
            },
            {
                "type": "required_status_checks",
                "parameters": {
                    "strict_required_status_checks_policy": True,
                    "do_not_enforce_on_create": False,
                    "required_status_checks": [
                        {"context": "goldengit/gate", "integration_id": app}
                    ],
                },
            },
        ],
    }
