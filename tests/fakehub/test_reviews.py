"""Reviews, and what a push does to them (github.md section 5.2)."""

from collections.abc import Callable

from tests.fakehub import FakeGitHub
from tests.fakehub.conftest import Asker, Story
from tests.fakehub.people import User

Maker = Callable[..., str]
STALE = {
    "name": "main",
    "enforcement": "active",
    "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
    "rules": [
        {
            "type": "pull_request",
            "parameters": {
                "required_approving_review_count": 1,
                "dismiss_stale_reviews_on_push": True,
                "require_code_owner_review": False,
                "require_last_push_approval": False,
                "required_review_thread_resolution": False,
            },
        }
    ],
}


def submitted(ask: Asker, event: str, by: User) -> int:
    body = {"event": event, "body": "I have read it."}
    return ask("pulls/1/reviews", method="POST", json=body, by=by).status_code


def test_reviews_come_oldest_first_over_pages(
    hub: FakeGitHub, ask: Asker, story: Story, reviewer: User
) -> None:
    for state in ("COMMENTED", "CHANGES_REQUESTED", "APPROVED"):
        hub.review(hub.pulls[1], reviewer, state)
    rows = ask.rows("pulls/1/reviews?per_page=100")
    assert [row["state"] for row in rows] == ["COMMENTED", "CHANGES_REQUESTED", "APPROVED"]
    assert {row["commit_id"] for row in rows} == {story.head}


def test_the_opener_cannot_approve(ask: Asker, story: Story, opener: User, reviewer: User) -> None:
    assert submitted(ask, "APPROVE", opener) == 422
    assert submitted(ask, "COMMENT", opener) == 200
    assert submitted(ask, "APPROVE", reviewer) == 200


def test_whoever_can_read_can_approve(hub: FakeGitHub, ask: Asker, story: Story) -> None:
    assert submitted(ask, "APPROVE", hub.user("reader", "read")) == 200


def test_a_dismissal_changes_the_state_and_nothing_else(
    hub: FakeGitHub, ask: Asker, story: Story, reviewer: User, opener: User
) -> None:
    review = hub.approve(hub.pulls[1], reviewer)
    before = ask.rows("pulls/1/reviews")[0]
    hub.dismiss(review, by=opener)
    assert ask.rows("pulls/1/reviews")[0] == {**before, "state": "DISMISSED"}
    event = ask.rows("issues/1/events")[-1]
    assert event["event"] == "review_dismissed"
    assert event["dismissed_review"]["review_id"] == review.id


def test_a_pending_review_has_no_time_and_only_its_author_sees_it(
    hub: FakeGitHub, ask: Asker, story: Story, reviewer: User
) -> None:
    hub.review(hub.pulls[1], reviewer, "PENDING")
    assert ask.rows("pulls/1/reviews") == []
    row = ask.rows("pulls/1/reviews", by=reviewer)[0]
    assert row["state"] == "PENDING"
    assert "submitted_at" not in row


def test_a_clean_base_merge_moves_reviews_of_the_old_head(
    hub: FakeGitHub, ask: Asker, story: Story, reviewer: User, opener: User, commit: Maker
) -> None:
    review = hub.approve(hub.pulls[1], reviewer)
    hub.push("main", commit(story.base, readme="two\n"), by=opener)
    updated = hub.update_branch(hub.pulls[1], by=opener)
    row = ask.rows("pulls/1/reviews")[0]
    assert row["commit_id"] == updated == ask("pulls/1").json()["head"]["sha"]
    assert row["submitted_at"] == review.submitted_at
    shas = [row["sha"] for row in ask.rows("pulls/1/commits")]
    assert shas == [story.head, updated]


def test_a_merge_with_other_content_moves_no_review(
    hub: FakeGitHub, ask: Asker, story: Story, reviewer: User, opener: User, commit: Maker
) -> None:
    hub.approve(hub.pulls[1], reviewer)
    base = commit(story.base, readme="two\n")
    hub.push("main", base, by=opener)
    hub.push("topic", commit(story.head, base, readme="two\n", case="evil\n"), by=opener)
    assert ask.rows("pulls/1/reviews")[0]["commit_id"] == story.head


def test_a_content_commit_moves_no_review(
    hub: FakeGitHub, ask: Asker, story: Story, reviewer: User, opener: User, commit: Maker
) -> None:
    hub.approve(hub.pulls[1], reviewer)
    hub.push("topic", commit(story.head, readme="one\n", case="second\n"), by=opener)
    row = ask.rows("pulls/1/reviews")[0]
    assert (row["commit_id"], row["state"]) == (story.head, "APPROVED")


def test_the_ruleset_may_dismiss_approvals_when_the_diff_changes(
    hub: FakeGitHub, ask: Asker, story: Story, reviewer: User, opener: User, commit: Maker
) -> None:
    hub.add_ruleset(STALE, by=opener)
    hub.approve(hub.pulls[1], reviewer)
    hub.push("main", commit(story.base, readme="two\n"), by=opener)
    updated = hub.update_branch(hub.pulls[1], by=opener)
    assert ask.rows("pulls/1/reviews")[0]["state"] == "APPROVED"
    hub.push("topic", commit(updated, readme="two\n", case="second\n"), by=opener)
    assert ask.rows("pulls/1/reviews")[0]["state"] == "DISMISSED"


def test_the_timeline_writes_states_in_lower_case(
    hub: FakeGitHub, ask: Asker, story: Story, reviewer: User
) -> None:
    hub.approve(hub.pulls[1], reviewer)
    assert [row["state"] for row in ask.rows("issues/1/timeline")] == ["approved"]
