"""Merging, and what the rules say to it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.fakehub import FakeGitHub
from tests.fakehub.conftest import Asker, Story
from tests.fakehub.people import User
from tests.fakehub.test_reviews import STALE

Maker = Callable[..., str]


def merged(ask: Asker, by: User, **body: Any) -> int:
    return ask("pulls/1/merge", method="PUT", json=body, by=by).status_code


def gated(hub: FakeGitHub, by: User) -> None:
    check = {"context": "goldengit/gate", "integration_id": hub.gate.id}
    parameters = {"required_status_checks": [check], "strict_required_status_checks_policy": True}
    rule = {"type": "required_status_checks", "parameters": parameters}
    hub.add_ruleset({**STALE, "rules": [rule]}, by=by)


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_a_merge_lands_and_leaves_its_record(
    hub: FakeGitHub,
    ask: Asker,
    story: Story,
    opener: User,
    reviewer: User,
    commit: Maker,
    method: str,
) -> None:
    hub.push("topic", commit(story.head, readme="one\n", case="second\n"), by=opener)
    hub.push("main", commit(story.base, readme="two\n"), by=opener)
    assert merged(ask, reviewer, merge_method=method) == 200
    tip = hub.branches["main"]
    assert hub.box.git("show", f"{tip}:case", f"{tip}:readme") == "second\ntwo"
    row = ask("pulls/1").json()
    assert (row["merged"], row["state"], row["merge_commit_sha"]) == (True, "closed", tip)
    assert row["merged_by"]["login"] == "reviewer-1"
    last = ask.rows("activity?ref=main")[0]
    assert (last["activity_type"], last["after"]) == ("pr_merge", tip)
    assert [row["number"] for row in ask.rows(f"commits/{tip}/pulls")] == [1]
    assert ask("pulls/1/merge").status_code == 204
    assert [row["event"] for row in ask.rows("issues/1/events")] == ["merged", "closed"]


def test_every_commit_of_a_rebase_leads_to_its_pull_request(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User, reviewer: User, commit: Maker
) -> None:
    hub.push("topic", commit(story.head, readme="one\n", case="second\n"), by=opener)
    hub.push("main", commit(story.base, readme="two\n"), by=opener)
    hub.merge(hub.pulls[1], by=reviewer, method="rebase")
    first = hub.box.git("rev-parse", "main~1")
    assert [row["number"] for row in ask.rows(f"commits/{first}/pulls")] == [1]


def test_a_squash_is_made_by_the_opener_and_signed_by_github(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User, reviewer: User
) -> None:
    hub.merge(hub.pulls[1], by=reviewer)
    row = ask("commits/main").json()
    assert (row["author"]["login"], row["committer"]["login"]) == ("opener", "web-flow")
    assert row["commit"]["verification"]["verified"] is True
    assert [parent["sha"] for parent in row["parents"]] == [story.base]


def test_a_moved_head_is_not_merged(ask: Asker, story: Story, reviewer: User) -> None:
    assert merged(ask, reviewer, sha=story.base) == 409
    assert merged(ask, reviewer, sha=story.head) == 200


def test_a_conflict_or_a_draft_is_not_merged(
    hub: FakeGitHub, ask: Asker, story: Story, reviewer: User, opener: User, commit: Maker
) -> None:
    hub.set_draft(hub.pulls[1], by=opener, draft=True)
    assert merged(ask, reviewer) == 405
    hub.set_draft(hub.pulls[1], by=opener, draft=False)
    hub.push("main", commit(story.base, case="mine\n"), by=opener)
    assert merged(ask, reviewer) == 405
    assert merged(ask, hub.user("reader", "read")) == 403


def test_a_required_status_counts_only_from_its_app(
    hub: FakeGitHub, ask: Asker, story: Story, reviewer: User, opener: User
) -> None:
    gated(hub, opener)
    hub.status(story.head, "success", by=opener)
    hub.status(story.head, "success", by=hub.actions)
    assert merged(ask, reviewer) == 405
    hub.status(story.head, "success")
    assert merged(ask, reviewer) == 200


def test_required_approvals_count_writers_with_their_last_word(
    hub: FakeGitHub, ask: Asker, story: Story, reviewer: User, opener: User
) -> None:
    hub.add_ruleset(STALE, by=opener)
    hub.approve(hub.pulls[1], hub.user("reader", "read"))
    assert merged(ask, reviewer) == 405
    hub.approve(hub.pulls[1], reviewer)
    assert merged(ask, reviewer) == 200


def test_a_head_behind_its_base_is_not_merged_where_the_rules_are_strict(
    hub: FakeGitHub, ask: Asker, story: Story, reviewer: User, opener: User, commit: Maker
) -> None:
    gated(hub, opener)
    hub.push("main", commit(story.base, readme="two\n"), by=opener)
    hub.status(story.head, "success")
    assert merged(ask, reviewer) == 405
    hub.status(hub.update_branch(hub.pulls[1], by=opener), "success")
    assert merged(ask, reviewer) == 200


def test_requested_changes_and_other_methods_stop_a_merge(
    hub: FakeGitHub, ask: Asker, story: Story, reviewer: User, opener: User
) -> None:
    other = hub.user("reviewer-2", "write")
    hub.add_ruleset(STALE, by=opener)
    hub.approve(hub.pulls[1], reviewer)
    refusal = hub.review(hub.pulls[1], other, "CHANGES_REQUESTED")
    assert merged(ask, reviewer) == 405
    hub.dismiss(refusal, by=opener)
    hub.merge_settings["allow_rebase_merge"] = False
    assert merged(ask, reviewer, merge_method="rebase") == 405
    assert merged(ask, reviewer, merge_method="squash") == 200


def test_an_administrator_can_go_around_the_rules(
    hub: FakeGitHub, story: Story, reviewer: User, opener: User
) -> None:
    gated(hub, opener)
    hub.merge(hub.pulls[1], by=reviewer, bypass=True)
    assert hub.pulls[1].merged_at


def test_a_plain_push_of_the_head_marks_it_as_merged(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User
) -> None:
    hub.push("main", story.head, by=opener)
    assert ask("pulls/1").json()["merged"] is True
    assert ask.rows("activity?ref=main")[0]["activity_type"] == "push"


def test_a_queue_stacks_its_groups_and_lands_them(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User, commit: Maker
) -> None:
    hub.push("second", commit(story.base, readme="one\n", other="x\n"), by=opener)
    hub.open_pull("second", by=opener)
    one, two = (hub.enqueue(pull, by=opener) for pull in hub.pulls.values())
    assert (one.base_sha, two.base_sha) == (story.base, one.head_sha)
    assert one.branch.startswith("gh-readonly-queue/main/pr-1-")
    hub.land_queue()
    assert hub.branches == {"main": two.head_sha, "topic": story.head, "second": two.pull.head_sha}
    assert ask.rows("activity?ref=main")[0]["activity_type"] == "merge_queue_merge"
    assert ask("pulls/2").json()["merged"] is True
