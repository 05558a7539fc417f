"""What makes GitHub hold the gate: workflows, CODEOWNERS, a ruleset, the policy's `forge`."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from goldengit.errors import UsageError
from goldengit.models.layout import POLICY
from goldengit.models.policy import Policy
from goldengit.models.protection import BUILT_IN, OWNERS_PLACES
from goldengit.scaffolding.filling import filled

WORKFLOWS = ("signal", "gate", "main", "deploy-gate", "stewardship")
CODEOWNERS = OWNERS_PLACES[0]
RULESET = ".github/rulesets/goldengit-main.json"
ACTION = "action.yml"
HERE = "./"  # the action of the checkout itself, for the repository that has the tool in it
_HERE_REASON = (
    " # zizmor: ignore[self-repository] the clone is the default branch; older servers know no $/"
)

# GitHub Actions itself: the App behind every GITHUB_TOKEN, and the account that its statuses show.
ACTIONS_APP = 15368
ACTIONS_ACCOUNT = 41898282
_MOST_APPROVALS = 10  # GitHub's own limit
_PINNED = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+@[0-9a-f]{40}", re.ASCII)
_OWNER = re.compile(r"@[A-Za-z0-9][A-Za-z0-9-]*(/[A-Za-z0-9._-]+)?", re.ASCII)


@dataclass(frozen=True)
class Platform:
    """What the files for GitHub have to know. Raises UsageError for what GitHub cannot mean.

    `action` is `OWNER/NAME@` and a commit, or `HERE`. `owners` approve data, `maintainers` what
    steers the gate; without them the file names teams that do not exist, which GitHub reports as
    an error and `goldengit doctor` as a failure. `app_id` is the App that must post the status,
    and `gate_account` the account under which it does.
    """

    action: str
    owners: tuple[str, ...] = ()
    maintainers: tuple[str, ...] = ()
    app_id: int = ACTIONS_APP
    gate_account: int = ACTIONS_ACCOUNT

    def __post_init__(self) -> None:
        if self.action != HERE and not _PINNED.fullmatch(self.action):
            raise UsageError(
                f"--github {self.action}: this pins no commit.",
                remedy="Write OWNER/NAME@ and the 40 hex digits of a commit; a tag can be moved.",
            )
        for owner in (*self.owners, *self.maintainers):
            if not _OWNER.fullmatch(owner):
                raise UsageError(
                    f"{owner!r} is no owner.", remedy="Write @ORG/TEAM, or @LOGIN for one person."
                )
        if (self.app_id == ACTIONS_APP) is not (self.gate_account == ACTIONS_ACCOUNT):
            raise UsageError(
                "--app-id and --gate-account belong together: the App, and its bot's numeric id.",
                remedy="`gh api '/users/NAME-OF-THE-APP[bot]' --jq .id` tells the second one.",
            )


def files(
    platform: Platform, policy: Policy, owners: str = CODEOWNERS
) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of what steers GitHub; `owners` is the path of CODEOWNERS."""
    branches = policy.protected_branches
    action = f"{HERE}{_HERE_REASON}" if platform.action == HERE else platform.action
    for name in WORKFLOWS:
        yield (
            f".github/workflows/goldengit-{name}.yml",
            filled(
                f"github/goldengit-{name}.yml",
                ACTION=action,
                BRANCHES=json.dumps(list(branches)),
                DEFAULT=json.dumps(branches[0]),
            ),
        )
    yield owners, _code_owners(platform, policy)
    yield RULESET, _ruleset(platform, policy)


def forge_section(platform: Platform) -> str:
    """Return the lines of the policy that name the platform."""
    return filled("github/forge.yaml", ACCOUNT=str(platform.gate_account)).decode()


def _code_owners(platform: Platform, policy: Policy) -> bytes:
    maintainers = " ".join(platform.maintainers) or "@ORG/eval-maintainers"
    protected = dict.fromkeys((*BUILT_IN, *policy.protected_paths))
    return filled(
        "github/CODEOWNERS",
        OWNERS=" ".join(platform.owners) or "@ORG/eval-reviewers",
        PROTECTED="\n".join(f"/{path}  {maintainers}" for path in protected),
    )


def _ruleset(platform: Platform, policy: Policy) -> bytes:
    signoffs = policy.signoffs
    approvals = signoffs.threshold - signoffs.author_counts_as_labeler
    others = [f"refs/heads/{branch}" for branch in policy.protected_branches[1:]]
    return filled(
        "github/goldengit-main.json",
        REFS=json.dumps(["~DEFAULT_BRANCH", *others]),
        APPROVALS=str(min(approvals, _MOST_APPROVALS)),
        INTEGRATION=str(platform.app_id),
    )


def advice(platform: Platform, policy: Policy) -> list[str]:
    """Return what a person has to do on GitHub, in order, and what is weak until then."""
    branch = policy.protected_branches[0]
    told = [
        "Give each person in goldengit.yaml `accounts: [{id: NUMBER}]`, or no review counts.",
        "Make a GitHub App that writes statuses and reads contents, issues and pull requests.",
        "Install it on this repository alone.",
        f"Make the environment `goldengit` with {branch} as its only deployment branch.",
        "Give it the secret GOLDENGIT_APP_KEY and the variable GOLDENGIT_APP_CLIENT_ID.",
        f"Import {RULESET} under Settings, Rules, Rulesets.",
        "Run `goldengit doctor`; it says what is still open.",
    ]
    if platform.app_id == ACTIONS_APP:
        told.append(
            f"Weak: the ruleset takes the status from GitHub Actions ({ACTIONS_APP}), so whoever "
            f"may push a branch can forge it. With the App, put its id into {RULESET} and its "
            f"bot's numeric id into {POLICY}, forge, gate_account."
        )
    if not (platform.owners and platform.maintainers):
        told.append("Put real teams into CODEOWNERS: those that start with @ORG/ do not exist.")
    return told
