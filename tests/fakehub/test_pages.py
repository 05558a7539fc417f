"""Pages: two rows each, so that nobody forgets to follow the links."""

from tests.fakehub import FakeGitHub
from tests.fakehub.conftest import Asker, Story
from tests.fakehub.people import User


def test_a_page_holds_two_rows_whatever_is_asked_for(
    hub: FakeGitHub, ask: Asker, story: Story, reviewer: User
) -> None:
    for _ in range(5):
        hub.approve(hub.pulls[1], reviewer)
    answer = ask("pulls/1/reviews?per_page=100")
    assert len(answer.json()) == 2
    assert set(answer.links) == {"next", "last"}
    assert "page=3" in answer.links["last"]["url"]
    assert "per_page=100" in answer.links["next"]["url"]
    assert set(ask("pulls/1/reviews?page=3").links) == {"first", "prev"}
    hub.page_rows = 100
    assert len(ask("pulls/1/reviews?per_page=3").json()) == 3


def test_activity_has_cursors_and_no_last_page(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User
) -> None:
    for name in ("a", "b", "c"):
        hub.push(name, story.base, by=opener)
    first = ask("activity")
    assert set(first.links) == {"next"}
    assert "after=" in first.links["next"]["url"]
    assert len(ask.rows("activity")) == 5
    second = ask.client.get(first.links["next"]["url"], headers=first.request.headers)
    assert "before=" in second.links["prev"]["url"]
    back = ask.client.get(second.links["prev"]["url"], headers=first.request.headers)
    assert back.json() == first.json()


def test_wrapped_lists_say_how_many_there_are(hub: FakeGitHub, ask: Asker) -> None:
    for name in ("a", "b", "c"):
        hub.environment_for(name)
    hub.gate.permissions["actions"] = "read"
    assert ask("environments").json()["total_count"] == 3
    assert len(ask.rows("environments", key="environments")) == 3
