"""Accounts, permissions and tokens, as github.md section 5.1 has them."""

import pytest

from tests.fakehub import FakeGitHub
from tests.fakehub.conftest import Asker, Story
from tests.fakehub.people import User


@pytest.mark.parametrize(
    ("role", "permission"),
    [
        ("admin", "admin"),
        ("maintain", "write"),
        ("write", "write"),
        ("triage", "read"),
        ("read", "read"),
        ("none", "none"),
    ],
)
def test_a_role_is_reported_as_the_permission_it_amounts_to(
    hub: FakeGitHub, ask: Asker, role: str, permission: str
) -> None:
    hub.user("somebody", role)
    row = ask("collaborators/somebody/permission").json()
    assert (row["permission"], row["role_name"]) == (permission, role)


def test_a_custom_role_shows_its_name_beside_its_base(hub: FakeGitHub, ask: Asker) -> None:
    hub.custom_roles["labeler"] = "write"
    hub.user("somebody", "labeler")
    row = ask("collaborators/somebody/permission").json()
    assert (row["permission"], row["role_name"]) == ("write", "labeler")


def test_anybody_may_read_a_public_repository_and_nobody_a_private_one(
    hub: FakeGitHub, ask: Asker
) -> None:
    stranger = hub.user("stranger")
    assert ask("", by=stranger).status_code == 200
    assert ask("", anonymous=True).status_code == 200
    hub.private = True
    assert ask("", by=stranger).status_code == 404
    assert ask("", anonymous=True).status_code == 404


def test_a_renamed_account_keeps_its_id(hub: FakeGitHub, ask: Asker, reviewer: User) -> None:
    hub.rename(reviewer, "reviewer-9")
    assert ask("/users/reviewer-9").json()["id"] == reviewer.id
    assert ask("/users/reviewer-1").status_code == 404


def test_a_deleted_account_is_null_in_its_reviews(
    hub: FakeGitHub, ask: Asker, story: Story, reviewer: User
) -> None:
    hub.approve(hub.pulls[1], reviewer)
    hub.delete(reviewer)
    assert ask.rows("pulls/1/reviews")[0]["user"] is None
    assert ask("collaborators/reviewer-1/permission").status_code == 404


def test_a_token_names_its_person_and_an_installation_is_nobody(
    hub: FakeGitHub, ask: Asker, reviewer: User
) -> None:
    assert ask("/user", by=reviewer).json()["id"] == reviewer.id
    assert ask("/user", by=hub.gate).status_code == 403
    assert ask("/user", anonymous=True).status_code == 401


def test_a_token_that_nobody_gave_out_is_refused(hub: FakeGitHub, ask: Asker) -> None:
    answer = ask.client.get(f"{hub.api}/rate_limit", headers={"Authorization": "Bearer wrong"})
    assert answer.status_code == 401


def test_an_app_without_the_permission_is_refused(hub: FakeGitHub, ask: Asker) -> None:
    assert ask("actions/permissions", by=hub.gate).status_code == 403
    assert ask("/orgs/org/teams/evals/memberships/opener", by=hub.gate).status_code == 403


def test_a_team_lists_members_and_hides_the_rest(
    hub: FakeGitHub, ask: Asker, opener: User, reviewer: User
) -> None:
    hub.team("evals", reviewer)
    hub.gate.permissions["members"] = "read"
    assert ask("/orgs/org/teams/evals/memberships/reviewer-1").json()["state"] == "active"
    assert ask("/orgs/org/teams/evals/memberships/opener").status_code == 404


def test_another_repository_is_not_there(ask: Asker) -> None:
    assert ask("/repos/org/other").status_code == 404


def test_a_process_gets_what_it_needs_in_its_environment(hub: FakeGitHub, reviewer: User) -> None:
    mine, gates = hub.environment(reviewer), hub.environment()
    assert mine["GITHUB_API_URL"] == hub.api
    assert mine["GITHUB_GRAPHQL_URL"] == hub.graphql_url
    assert mine["GITHUB_REPOSITORY"] == "org/evals"
    assert mine["GITHUB_TOKEN"] != gates["GITHUB_TOKEN"] == hub.token()
