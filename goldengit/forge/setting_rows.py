"""The rows of GitHub's answers about settings, as narrow as `rows` are: no field has a guess.

A field with a default is one that GitHub may leave out; what is then said of it is up to the
reader.
"""

from typing import Literal

from goldengit.forge.rows import HomeRow, Row, Sha


class RepositorySettingsRow(HomeRow):
    """The repository and how it merges, which is left out for those who may not push."""

    allow_merge_commit: bool | None = None
    allow_squash_merge: bool | None = None
    allow_rebase_merge: bool | None = None


class TipRow(Row):
    """The commit of a branch."""

    sha: Sha


class BranchTipRow(Row):
    """A branch with its commit."""

    name: str
    protected: bool
    commit: TipRow


class CheckRow(Row):
    """A required status, and the App that it must come from."""

    context: str
    integration_id: int | None = None


class ParametersRow(Row):
    """The parameters of a rule; which of them are there depends on its type."""

    required_approving_review_count: int | None = None
    require_code_owner_review: bool | None = None
    require_last_push_approval: bool | None = None
    required_review_thread_resolution: bool | None = None
    dismiss_stale_reviews_on_push: bool | None = None
    allowed_merge_methods: tuple[Literal["merge", "squash", "rebase"], ...] | None = None
    required_status_checks: tuple[CheckRow, ...] | None = None
    strict_required_status_checks_policy: bool | None = None
    merge_method: Literal["MERGE", "SQUASH", "REBASE"] | None = None
    grouping_strategy: Literal["ALLGREEN", "HEADGREEN"] | None = None


class RuleRow(Row):
    """An active rule of a branch, and the ruleset that it stands in."""

    type: str
    ruleset_id: int
    parameters: ParametersRow | None = None


class BypassRow(Row):
    """Somebody who may pass a ruleset by."""

    actor_type: str
    actor_id: int | None = None
    bypass_mode: str = "always"  # GitHub's own default


class RulesetRow(Row):
    """A ruleset; its bypass list is left out for those who may not change it."""

    id: int
    bypass_actors: tuple[BypassRow, ...] | None = None


class BranchPolicyRow(Row):
    """Which kind of branches an environment takes."""

    protected_branches: bool
    custom_branch_policies: bool


class EnvironmentRow(Row):
    """An environment; every branch may use it when the policy is null."""

    name: str
    deployment_branch_policy: BranchPolicyRow | None


class PatternRow(Row):
    """One branch or tag, or a pattern of them, that an environment takes."""

    name: str
    type: Literal["branch", "tag"]


class WorkflowTokenRow(Row):
    """What a workflow's token may do by default."""

    default_workflow_permissions: Literal["read", "write"]
    can_approve_pull_request_reviews: bool


class ActionsRow(Row):
    """Whether Actions run, and which; the rest is left out where they do not."""

    enabled: bool
    allowed_actions: Literal["all", "local_only", "selected"] | None = None
    sha_pinning_required: bool | None = None


class OwnersErrorRow(Row):
    """A line of CODEOWNERS that GitHub cannot use."""

    line: int
    kind: str


class OwnersErrorsRow(Row):
    """All such lines."""

    errors: tuple[OwnersErrorRow, ...]


class RunRow(Row):
    """A run of a workflow; the conclusion is null until it has ended."""

    path: str
    created_at: str
    conclusion: str | None
