"""Issues, comments and labels."""

from tests.fakehub import FakeGitHub
from tests.fakehub.conftest import Asker, Story
from tests.fakehub.people import User


def test_issues_are_found_by_label_and_creator_with_pull_requests_among_them(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User, reviewer: User
) -> None:
    hub.pulls[1].labels.append("evals")
    hub.open_issue("Stale", by=reviewer).labels += ["evals", "weekly"]
    hub.open_issue("Other", by=opener)
    numbers = {
        query: [row["number"] for row in ask.rows(f"issues?{query}", by=opener)]
        for query in ("labels=evals", "labels=evals,weekly", "creator=opener", "state=closed")
    }
    assert numbers == {
        "labels=evals": [2, 1],
        "labels=evals,weekly": [2],
        "creator=opener": [3, 1],
        "state=closed": [],
    }
    kinds = ["pull_request" in row for row in ask.rows("issues", by=opener)]
    assert kinds == [False, False, True]


def test_an_issue_is_opened_changed_and_closed(
    hub: FakeGitHub, ask: Asker, opener: User, reviewer: User
) -> None:
    body = {"title": "Queue", "body": "old", "labels": ["evals"], "assignees": ["reviewer-1"]}
    made = ask("issues", method="POST", json=body, by=opener).json()
    assert [row["login"] for row in made["assignees"]] == ["reviewer-1"]
    change = {"body": "new", "state": "closed"}
    row = ask(f"issues/{made['number']}", method="PATCH", json=change, by=opener).json()
    assert (row["title"], row["body"], row["state"]) == ("Queue", "new", "closed")
    wrong = {"title": "Queue", "assignees": ["nobody"]}
    assert ask("issues", method="POST", json=wrong, by=opener).status_code == 422


def test_an_issue_cannot_be_opened_without_a_token(ask: Asker) -> None:
    answer = ask("issues", method="POST", json={"title": "x"}, anonymous=True)
    assert answer.status_code == 401


def test_comments_can_be_changed_by_any_writer(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User, reviewer: User
) -> None:
    said = {"body": "I approve."}
    made = ask("issues/1/comments", method="POST", json=said, by=reviewer).json()
    changed = {"body": "I do not."}
    ask(f"issues/comments/{made['id']}", method="PATCH", json=changed, by=opener)
    row = ask(f"issues/comments/{made['id']}").json()
    assert (row["body"], row["user"]["login"]) == ("I do not.", "reviewer-1")
    assert [row["body"] for row in ask.rows("issues/1/comments")] == ["I do not."]


def test_labels_are_added_once(hub: FakeGitHub, ask: Asker, story: Story, opener: User) -> None:
    for given in ({"labels": ["a", "b"]}, {"labels": ["b"]}):
        answer = ask("issues/1/labels", method="POST", json=given, by=opener)
    assert [row["name"] for row in answer.json()] == ["a", "b"]
