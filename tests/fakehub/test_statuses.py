"""Commit statuses (github.md section 3)."""

from typing import Any

from tests.fakehub import FakeGitHub
from tests.fakehub.conftest import Asker, Story
from tests.fakehub.people import App, User


def posted(ask: Asker, sha: str, by: User | App | None = None, **changes: Any) -> int:
    body = {"state": "success", "context": "goldengit/gate", **changes}
    return ask(f"statuses/{sha}", method="POST", json=body, by=by).status_code


def test_statuses_come_newest_first_and_name_their_creator(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User
) -> None:
    other = hub.app("other", permissions={"statuses": "write"})
    posted(ask, story.head, state="pending")
    posted(ask, story.head, by=opener)
    posted(ask, story.head, by=other)
    rows = ask.rows(f"commits/{story.head}/statuses")
    assert [row["creator"]["id"] for row in rows] == [other.bot.id, opener.id, hub.gate.bot.id]
    assert [row["creator"]["type"] for row in rows] == ["Bot", "User", "Bot"]
    assert "app" not in rows[0]


def test_who_cannot_push_cannot_post(hub: FakeGitHub, ask: Asker, story: Story) -> None:
    assert posted(ask, story.head, by=hub.user("reader", "read")) == 403


def test_a_description_is_140_characters_at_most(ask: Asker, story: Story) -> None:
    assert posted(ask, story.head, description="x" * 140) == 201
    assert posted(ask, story.head, description="x" * 141) == 422


def test_a_commit_takes_a_thousand_of_one_context_whatever_its_case(
    hub: FakeGitHub, ask: Asker, story: Story
) -> None:
    for _ in range(1000):
        hub.status(story.head, "pending")
    assert posted(ask, story.head, context="GoldenGit/Gate") == 422
    assert posted(ask, story.head, context="other") == 201


def test_a_status_needs_a_commit(ask: Asker, story: Story) -> None:
    assert posted(ask, "1" * 40) == 422


def test_the_combined_status_takes_the_newest_of_each_context(
    hub: FakeGitHub, ask: Asker, story: Story
) -> None:
    hub.status(story.head, "success")
    hub.status(story.head, "failure", context="GOLDENGIT/gate")
    row = ask("commits/topic/status").json()
    assert (row["state"], row["total_count"]) == ("failure", 1)
