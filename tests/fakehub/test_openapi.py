"""The fake and its callers are held against GitHub's OpenAPI."""

from pathlib import Path

import pytest

from tests.fakehub import FakeGitHub, fields_promised
from tests.fakehub.conftest import Asker, Story
from tests.fakehub.openapi import contract
from tests.fakehub.routes import ROUTES

pytestmark = [pytest.mark.real_data, pytest.mark.usefixtures("real_data")]


def test_every_route_is_an_operation_of_github() -> None:
    known = contract()
    assert known
    assert all(known.operation(route.method, route.template) for route in ROUTES)


def test_an_answer_that_lacks_what_github_promises_fails_the_test(
    hub: FakeGitHub, ask: Asker, story: Story
) -> None:
    hub.pulls[1].title = None  # type: ignore[assignment]
    assert ask("pulls/1").status_code == 500
    assert "$.title: None is not of type 'string'" in hub.violations.pop()


def test_a_time_that_is_none_fails_the_test(hub: FakeGitHub, ask: Asker, story: Story) -> None:
    hub.pulls[1].created_at = "yesterday"
    assert ask("pulls/1").status_code == 500
    assert "date-time" in hub.violations.pop()


def test_a_request_that_github_would_not_understand_fails_the_test(
    hub: FakeGitHub, ask: Asker, story: Story
) -> None:
    where = f"statuses/{story.head}"
    assert ask(where, method="POST", json={"state": "green"}).status_code == 500
    assert "'green' is not one of" in hub.violations.pop()
    assert ask(where, method="POST", json={}).status_code == 500
    assert "'state' is a required property" in hub.violations.pop()
    assert ask(where, method="POST").status_code == 500
    assert "it needs a body" in hub.violations.pop()
    assert ask("pulls?states=open").status_code == 500
    assert "no parameter 'states'" in hub.violations.pop()


def test_a_body_of_alternatives_is_reported_by_its_best_match(hub: FakeGitHub, ask: Asker) -> None:
    rule = {"type": "pull_request", "parameters": {"required_approving_review_count": 11}}
    body = {"name": "main", "enforcement": "active", "rules": [rule]}
    admin = hub.user("admin-1", "admin")
    assert ask("rulesets", method="POST", json=body, by=admin).status_code == 500
    assert len(hub.violations.pop()) < 1000


def test_the_block_ends_with_the_violations(tmp_path: Path) -> None:
    hub = FakeGitHub(tmp_path)
    with pytest.raises(AssertionError, match="the fake was wrong"), hub:
        hub.violations.append("the fake was wrong")
    other = FakeGitHub(tmp_path / "other")
    other.violations.append("the fake was wrong")
    with pytest.raises(ValueError, match="its own") as raised, other:
        raise ValueError("its own")
    assert "the fake was wrong" in raised.value.__notes__[0]


def test_fields_are_promised_by_dotted_names() -> None:
    pull = fields_promised("GET /repos/{owner}/{repo}/pulls/{pull_number}")
    assert {"head.sha", "head.repo.id", "user.id", "mergeable", "base.ref"} <= pull
    assert "head.shaa" not in pull
    reviews = fields_promised("GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews")
    assert {"commit_id", "submitted_at", "user.type"} <= reviews
    environments = fields_promised("GET /repos/{owner}/{repo}/environments")
    assert "environments.deployment_branch_policy.protected_branches" in environments
