"""What `goldengit doctor` reads (github.md section 7)."""

import pytest

from tests.fakehub import FakeGitHub
from tests.fakehub.conftest import Asker, Story
from tests.fakehub.people import User
from tests.fakehub.test_reviews import STALE
from tests.gitbox import Blob


@pytest.fixture
def admin(hub: FakeGitHub) -> User:
    return hub.user("admin-1", "admin")


def test_the_rules_of_a_branch_name_their_ruleset(hub: FakeGitHub, ask: Asker, admin: User) -> None:
    ruleset = hub.add_ruleset(STALE, by=admin)
    (row,) = ask.rows("rules/branches/main")
    assert (row["type"], row["ruleset_id"]) == ("pull_request", ruleset.id)
    assert ask.rows("rules/branches/topic") == []
    hub.change_ruleset(ruleset, {"enforcement": "disabled"}, by=admin)
    assert ask.rows("rules/branches/main") == []


def test_who_may_bypass_is_only_for_those_who_may_change_it(
    hub: FakeGitHub, ask: Asker, admin: User
) -> None:
    actor = {"actor_id": 1, "actor_type": "OrganizationAdmin", "bypass_mode": "exempt"}
    ruleset = hub.add_ruleset({**STALE, "bypass_actors": [actor]}, by=admin)
    assert "bypass_actors" not in ask(f"rulesets/{ruleset.id}").json()
    assert ask(f"rulesets/{ruleset.id}", by=admin).json()["bypass_actors"] == [actor]
    assert "rules" not in ask.rows("rulesets", by=admin)[0]
    assert ask("rulesets/99").status_code == 404


def test_a_ruleset_is_made_and_changed_by_administrators(
    hub: FakeGitHub, ask: Asker, admin: User, reviewer: User
) -> None:
    assert ask("rulesets", method="POST", json=STALE, by=reviewer).status_code == 403
    made = ask("rulesets", method="POST", json=STALE, by=admin).json()
    where = f"rulesets/{made['id']}"
    changed = ask(where, method="PUT", json={"enforcement": "disabled"}, by=admin)
    assert changed.json()["enforcement"] == "disabled"
    versions = ask.rows(f"{where}/history", by=admin)
    assert [row["version_id"] for row in versions] == [2, 1]
    assert {row["actor"]["id"] for row in versions} == {admin.id}


def test_a_free_plan_has_no_rules_for_a_private_repository(
    hub: FakeGitHub, ask: Asker, admin: User
) -> None:
    hub.private, hub.plan_has_rules = True, False
    assert ask("rulesets", by=admin).status_code == 403


def test_codeowners_errors_need_a_file(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User
) -> None:
    assert ask("codeowners/errors").status_code == 404
    files = {".github/CODEOWNERS": Blob(b"/x @nobody\n")}
    hub.push("main", hub.box.commit(files, [story.base]), by=opener)
    assert ask("codeowners/errors").json() == {"errors": []}
    hub.codeowners_errors.append(
        {
            "line": 1,
            "column": 4,
            "kind": "Unknown owner",
            "source": "/x @nobody",
            "suggestion": None,
            "message": "Unknown owner on line 1",
            "path": ".github/CODEOWNERS",
        }
    )
    assert ask("codeowners/errors").json()["errors"][0]["kind"] == "Unknown owner"


def test_an_environment_says_which_branches_may_deploy(
    hub: FakeGitHub, ask: Asker, opener: User
) -> None:
    hub.environment_for("goldengit", ["main", "release/*"])
    hub.environment_for("open")
    hub.environment_for("guarded", protected=True)
    policies = {
        row["name"]: row["deployment_branch_policy"]
        for row in ask.rows("environments", by=opener, key="environments")
    }
    assert policies == {
        "goldengit": {"protected_branches": False, "custom_branch_policies": True},
        "open": None,
        "guarded": {"protected_branches": True, "custom_branch_policies": False},
    }
    where = "environments/goldengit/deployment-branch-policies"
    rows = ask.rows(where, by=opener, key="branch_policies")
    assert [row["name"] for row in rows] == ["main", "release/*"]
    assert ask("environments/none", by=opener).status_code == 404
    assert ask("environments/goldengit", by=hub.gate).status_code == 403


def test_actions_settings_are_for_administrators(
    hub: FakeGitHub, ask: Asker, admin: User, opener: User
) -> None:
    assert ask("actions/permissions", by=opener).status_code == 403
    assert ask("actions/permissions", by=admin).json()["allowed_actions"] == "all"
    hub.workflow_permissions["can_approve_pull_request_reviews"] = True
    row = ask("actions/permissions/workflow", by=admin).json()
    assert row["can_approve_pull_request_reviews"] is True


def test_the_repository_says_how_it_merges(hub: FakeGitHub, ask: Asker) -> None:
    hub.merge_settings["allow_rebase_merge"] = False
    row = ask("").json()
    assert (row["allow_squash_merge"], row["allow_rebase_merge"]) == (True, False)
    assert row["default_branch"] == "main"


def test_limits_count_requests(ask: Asker) -> None:
    assert ask("/rate_limit").json()["rate"]["used"] == 1
