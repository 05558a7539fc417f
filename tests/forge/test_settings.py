"""Reading settings: rules of all rulesets as one, hidden parts as unknown; against the fake."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import BaseModel

from goldengit.forge.client import GitHub
from goldengit.forge.place import place_of
from goldengit.forge.rows import PermissionRow, UserRow
from goldengit.forge.setting_rows import (
    ActionsRow,
    BranchTipRow,
    EnvironmentRow,
    OwnersErrorsRow,
    PatternRow,
    RepositorySettingsRow,
    RuleRow,
    RulesetRow,
    RunRow,
    WorkflowTokenRow,
)
from goldengit.forge.settings import Wanted, read_home, read_settings
from goldengit.models.settings import (
    Actions,
    BranchRules,
    Bypass,
    Environment,
    Known,
    Member,
    OwnersError,
    OwnersFile,
    QueueRule,
    Run,
    Settings,
    State,
    Unknown,
    WorkflowToken,
)
from goldengit.scaffolding.github import CODEOWNERS, HERE, RULESET, Platform, files
from tests.fakehub.people import App, User
from tests.fakehub.runs import Run as Ran
from tests.forge.doctored import Clinic, clinic
from tests.forge.promises import unpromised
from tests.guarantees.settings import policy, states

NOW = "2026-08-20T12:00:00Z"
REPO = "/repos/{owner}/{repo}"
ENVIRONMENT = f"{REPO}/environments/{{environment_name}}"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """Serve one repository for all tests."""
    with clinic(tmp_path_factory.mktemp("clinic")) as made:
        yield made


@pytest.fixture
def served(opened: Clinic) -> Clinic:
    """Return the repository with nothing to be changed."""
    opened.heal()
    return opened


def seen(served: Clinic, holder: User | App | None = None, **wanted: tuple[int, ...]) -> Settings:
    """Return what somebody (the administrator) sees."""
    environment = served.environment(holder)
    with GitHub(place_of(environment), environment["GITHUB_TOKEN"]) as github:
        home = read_home(github)
        asked = Wanted(("main",), wanted.get("accounts", ()), NOW)
        return read_settings(github, home, asked, lambda _done, _all: None)


def rules_of(settings: Settings) -> BranchRules:
    """Return the rules of main."""
    rules = settings.branches[0].rules
    assert isinstance(rules, Known)
    return rules.value


def test_an_administrator_sees_everything(served: Clinic) -> None:
    """Every part is known, as it was set."""
    served.hub.runs = [Ran("2026-08-20T11:17:00Z")]
    served.hub.merge_settings |= {"allow_merge_commit": False, "allow_rebase_merge": False}
    found = seen(served, accounts=(101,))
    assert ("org/evals", "main") == (found.home.repository, found.home.default_branch)
    assert (served.hub.branches["main"], False) == (found.home.tip, found.home.is_private)
    assert frozenset({"squash"}) == found.home.methods
    assert Known(Environment("selected", (("branch", "main"),))) == found.environment
    assert Known(WorkflowToken("read", may_approve=False)) == found.token
    assert Known(Actions(enabled=True, allowed="all", pinned=True)) == found.actions
    assert {served.ruleset.id: Known(())} == found.bypasses
    assert Known(()) == found.owners_errors
    assert Known((Run("2026-08-20T11:17:00Z", "success"),)) == found.sweeps
    writer = Member("reviewer-1", is_person=True, permission=Known("write"))
    assert {101: Known(writer)} == found.accounts


def test_a_writer_sees_less_and_never_a_guess(served: Clinic) -> None:
    """What is for administrators is unknown; the rest is as the administrator sees it."""
    found = seen(served, served.reviewers[0])
    hidden = [found.token, found.actions, *found.bypasses.values()]
    assert [True] * 3 == [isinstance(part, Unknown) for part in hidden]
    assert rules_of(seen(served)) == rules_of(found)


def test_an_app_without_permissions_knows_hardly_anything(served: Clinic) -> None:
    """The gate's own App may neither read environments nor runs."""
    found = seen(served, served.hub.gate)
    parts = [found.token, found.actions, found.environment, found.sweeps]
    assert ["not shown to this token (403)"] * 4 == [
        part.why for part in parts if isinstance(part, Unknown)
    ]


def test_rulesets_add_up_to_the_strictest(served: Clinic) -> None:
    """A second ruleset with weaker words takes nothing away from the first."""
    review = {
        "required_approving_review_count": 3,
        "dismiss_stale_reviews_on_push": True,
        "require_code_owner_review": False,
        "require_last_push_approval": False,
        "required_review_thread_resolution": False,
        "allowed_merge_methods": ["squash", "merge"],
    }
    checks = {
        "strict_required_status_checks_policy": False,
        "required_status_checks": [{"context": "GoldenGit/Gate"}, {"context": "other"}],
    }
    second = {
        "name": "second",
        "target": "branch",
        "enforcement": "active",
        "conditions": {"ref_name": {"include": ["~ALL"], "exclude": []}},
        "rules": [
            {"type": "pull_request", "parameters": review},
            {"type": "required_status_checks", "parameters": checks},
        ],
    }
    alone = rules_of(seen(served))
    added = served.hub.add_ruleset(second, by=served.admin)
    both = rules_of(seen(served))
    assert both.review
    assert alone.review
    assert (3, True, True) == (both.review.approvals, both.review.last_push, both.review.dismisses)
    assert frozenset({"squash"}) == both.review.methods
    assert {*alone.gate, None} == set(both.gate)
    assert both.latest
    assert alone.rulesets | {added.id} == both.rulesets


def test_ways_to_merge_that_are_left_out_are_unknown(served: Clinic) -> None:
    """GitHub shows them to those who may push."""
    del served.hub.merge_settings["allow_merge_commit"]
    assert seen(served).home.methods is None


def test_what_init_writes_is_what_the_doctor_wants(served: Clinic) -> None:
    """The ruleset and the CODEOWNERS of `goldengit init --github` leave nothing to change."""
    gate = served.hub.gate
    who = {"owners": ("@org/reviewers",), "maintainers": ("@org/maintainers",)}
    platform = Platform(action=HERE, app_id=gate.id, gate_account=gate.bot.id, **who)
    strict = policy(protected_paths=["uv.lock"], history={"squash_only": True, "linear": True})
    written = dict(files(platform, strict))
    served.ruleset.body = json.loads(written[RULESET])
    owners = OwnersFile(CODEOWNERS, written[CODEOWNERS].decode())
    found = replace(seen(served), owners=owners)
    for code in ("GG801", "GG804", "GG823", "GG824", "GG825"):
        assert {State.OK} == set(states(found, code, strict))


def test_a_strict_rule_without_a_check_has_no_effect(served: Clinic) -> None:
    served.parameters("required_status_checks")["required_status_checks"] = []
    rules = rules_of(seen(served))
    assert ((), False) == (rules.gate, rules.latest)


def test_minus_one_is_no_app(served: Clinic) -> None:
    (check,) = served.parameters("required_status_checks")["required_status_checks"]
    check["integration_id"] = -1
    assert (None,) == rules_of(seen(served)).gate


def test_rulesets_that_only_evaluate_do_not_count(served: Clinic) -> None:
    served.ruleset.body["enforcement"] = "evaluate"
    found = seen(served)
    assert BranchRules() == rules_of(found)
    assert Known(value=False) == found.branches[0].is_protected


def test_a_merge_queue_is_read(served: Clinic) -> None:
    parameters = {
        "merge_method": "SQUASH",
        "grouping_strategy": "HEADGREEN",
        "max_entries_to_build": 5,
        "min_entries_to_merge": 1,
        "max_entries_to_merge": 5,
        "min_entries_to_merge_wait_minutes": 5,
        "check_response_timeout_minutes": 60,
    }
    served.ruleset.body["rules"].append({"type": "merge_queue", "parameters": parameters})
    assert QueueRule("SQUASH", every_commit=False) == rules_of(seen(served)).queue


def test_bypass_actors_are_named(served: Clinic) -> None:
    served.ruleset.body["bypass_actors"] = [
        {"actor_type": "Integration", "actor_id": 7, "bypass_mode": "exempt"},
        {"actor_type": "DeployKey", "actor_id": None, "bypass_mode": "always"},
    ]
    listed = (Bypass("App 7", "exempt"), Bypass("deploy keys", "always"))
    assert {served.ruleset.id: Known(listed)} == seen(served).bypasses


def test_each_kind_of_environment_is_read(served: Clinic) -> None:
    """None, open to all, to protected branches; more patterns than one page holds."""
    hub = served.hub
    names = ["main", "a", "b", "gh-readonly-queue/*"]
    hub.environment_for("goldengit", names)
    patterns = tuple(("branch", name) for name in names)
    assert Known(Environment("selected", patterns)) == seen(served).environment
    hub.environment_for("goldengit", protected=True)
    assert Known(Environment("protected")) == seen(served).environment
    hub.environment_for("goldengit")
    assert Known(Environment("all")) == seen(served).environment
    del hub.environments["goldengit"]
    assert Known(None) == seen(served).environment


def test_a_plan_without_rulesets_is_told_apart(served: Clinic) -> None:
    """GitHub's advice to upgrade is a reason of its own; GG819 asks for it."""
    served.hub.plan_has_rules = False
    rules = seen(served).branches[0].rules
    assert isinstance(rules, Unknown)
    assert rules.lacks_plan


def test_accounts_are_asked_for_by_number(served: Clinic) -> None:
    """A renamed account shows its new login, a deleted one is nobody, a bot is no person."""
    hub, (first, second, *_) = served.hub, served.reviewers
    hub.rename(first, "new-name")
    hub.delete(second)
    found = seen(served, accounts=(first.id, second.id, hub.gate.bot.id)).accounts
    writer = Member("new-name", is_person=True, permission=Known("write"))
    bot = Member("goldengit-gate[bot]", is_person=False, permission=Known("none"))
    assert [Known(writer), Known(None), Known(bot)] == list(found.values())


def test_only_scheduled_runs_of_the_gate_in_the_last_day_count(served: Clinic) -> None:
    """Not those of other workflows, other events, or the day before; newest first."""
    served.hub.runs = [
        Ran("2026-08-19T11:59:59Z"),
        Ran("2026-08-19T12:17:00Z", "failure", path=".github/workflows/goldengit-gate.yml@main"),
        Ran("2026-08-20T10:17:00Z", path=".github/workflows/other.yml"),
        Ran("2026-08-20T10:18:00Z", event="pull_request_target"),
        Ran("2026-08-20T11:17:00Z", None),
    ]
    runs = (Run("2026-08-20T11:17:00Z", ""), Run("2026-08-19T12:17:00Z", "failure"))
    assert Known(runs) == seen(served).sweeps


def test_errors_of_codeowners_are_read(served: Clinic) -> None:
    error = {"line": 3, "column": 1, "kind": "Unknown owner", "message": "m", "path": "p"}
    served.hub.codeowners_errors.append(error)
    assert Known((OwnersError(3, "Unknown owner"),)) == seen(served).owners_errors


def test_an_answer_that_is_not_as_documented_is_unknown(served: Clinic) -> None:
    """Half an answer is none; the other parts are not touched by it."""
    served.hub.trouble("GET */actions/permissions/workflow", truncated=True)
    found = seen(served)
    assert isinstance(found.token, Unknown)
    assert isinstance(found.actions, Known)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("model", "path", "key"),
    [
        (RepositorySettingsRow, REPO, ""),
        (BranchTipRow, f"{REPO}/branches/{{branch}}", ""),
        (RuleRow, f"{REPO}/rules/branches/{{branch}}", ""),
        (RulesetRow, f"{REPO}/rulesets/{{ruleset_id}}", ""),
        (EnvironmentRow, ENVIRONMENT, ""),
        (PatternRow, f"{ENVIRONMENT}/deployment-branch-policies", "branch_policies"),
        (WorkflowTokenRow, f"{REPO}/actions/permissions/workflow", ""),
        (ActionsRow, f"{REPO}/actions/permissions", ""),
        (OwnersErrorsRow, f"{REPO}/codeowners/errors", ""),
        (RunRow, f"{REPO}/actions/runs", "workflow_runs"),
        (PermissionRow, f"{REPO}/collaborators/{{username}}/permission", ""),
        # The answer of GET /user/{account_id}, which the recorded subset leaves out, is this one.
        (UserRow, "/users/{username}", ""),
    ],
)
def test_github_promises_every_field_that_is_read(
    model: type[BaseModel], path: str, key: str, real_data: Path
) -> None:
    """No row reads a field that GitHub's own description does not have."""
    assert set() == unpromised(model, f"GET {path}", key)
