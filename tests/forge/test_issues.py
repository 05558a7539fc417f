"""The issues of stewardship, against the fake GitHub."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from goldengit.forge.client import GitHub
from goldengit.forge.issue_rows import IssueRow
from goldengit.forge.issues import Kept, Wish, assign, find_issues, keep
from goldengit.forge.place import place_of
from goldengit.models.pull import Actor
from tests.fakehub import FakeGitHub
from tests.forge.promises import unpromised
from tests.gitbox import Blob

WISH = Wish("<!-- goldengit-steward: support -->", "Stewardship", "One thing.", is_needed=True)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeGitHub]:
    """Return a GitHub on which Actions may write issues."""
    with FakeGitHub(tmp_path_factory.mktemp("hub")) as hub:
        hub.actions.permissions |= {"issues": "write"}
        writer = hub.user("writer", "write")
        hub.user("reviewer-4", "write", id=104)
        base = hub.box.commit({"a": Blob(b"1")})
        hub.push("main", base, by=writer)
        hub.push("topic", hub.box.commit({"a": Blob(b"2")}, [base]), by=writer)
        yield hub


@pytest.fixture
def hub(served: FakeGitHub) -> FakeGitHub:
    """Return it without an issue."""
    served.issues.clear()
    return served


@pytest.fixture
def github(hub: FakeGitHub) -> Iterator[GitHub]:
    """Return a client that speaks as a workflow."""
    environment = hub.environment(hub.actions)
    with GitHub(place_of(environment), environment["GITHUB_TOKEN"]) as github:
        yield github


def step(github: GitHub, wish: Wish = WISH, *authors: int) -> Kept | None:
    """Find and keep one issue, as every week."""
    return keep(github, wish, find_issues(github, [wish], authors).get(wish.marker))


def done(wish: Wish = WISH) -> Wish:
    return replace(wish, text="Nothing.", is_needed=False)


def test_one_issue_lives_through_the_weeks(hub: FakeGitHub, github: GitHub) -> None:
    """Opened, left alone, updated, closed, and opened again: always the same one."""
    weeks = [WISH, WISH, replace(WISH, text="Two things."), done(), done(), WISH]
    deeds = [kept.deed if (kept := step(github, wish)) else "" for wish in weeks]
    assert ["opened", "unchanged", "updated", "closed", "", "reopened"] == deeds
    [issue] = hub.issues.values()
    assert ("open", WISH.body) == (issue.state, issue.body)


def test_nothing_to_do_and_no_issue_is_nothing(hub: FakeGitHub, github: GitHub) -> None:
    assert step(github, done()) is None
    assert {} == hub.issues


def test_a_marker_of_somebody_else_is_not_obeyed(hub: FakeGitHub, github: GitHub) -> None:
    """Anybody can write a comment into a body; that issue is left alone."""
    stranger = hub.user("stranger")
    theirs = hub.open_issue("Mine", by=stranger, body=WISH.body)
    kept = step(github)
    assert kept
    assert ("opened", True) == (kept.deed, kept.number != theirs.number)
    assert "Mine" == theirs.title


def test_the_account_of_the_token_finds_its_own(hub: FakeGitHub, github: GitHub) -> None:
    """What a person's token opened is found again, and not by another account."""
    writer = hub.by_login("writer")
    assert writer
    theirs = hub.open_issue("Stewardship", by=writer, body=WISH.body)
    found = find_issues(github, [WISH], {writer.id})
    assert theirs.number == found[WISH.marker].number
    assert {} == find_issues(github, [WISH], ())


def test_a_marker_counts_on_the_first_line_alone(hub: FakeGitHub, github: GitHub) -> None:
    bot = hub.actions.bot
    hub.open_issue("A", by=bot, body=f"Quoting:\n{WISH.marker}")
    hub.open_issue("B", by=bot, body=WISH.marker.replace("support", "support-2"))
    hub.open_issue("C", by=bot)
    assert {} == find_issues(github, [WISH], ())


def test_line_ends_of_the_web_are_no_change(hub: FakeGitHub, github: GitHub) -> None:
    """GitHub's pages store CR LF."""
    hub.open_issue(WISH.title, by=hub.actions.bot, body=WISH.body.replace("\n", "\r\n"))
    kept = step(github)
    assert kept
    assert "unchanged" == kept.deed


def test_a_pull_request_is_no_issue(hub: FakeGitHub, github: GitHub) -> None:
    """GitHub lists both together."""
    pull = hub.open_pull("topic", by=hub.actions.bot, body=WISH.body)
    kept = step(github)
    assert kept
    assert ("opened", True) == (kept.deed, kept.number != pull.number)
    hub.close(pull, by=hub.actions.bot)


def test_an_open_one_wins_over_older_pages(hub: FakeGitHub, github: GitHub) -> None:
    """Every page is read, two rows each."""
    ours = hub.open_issue(WISH.title, by=hub.actions.bot, body=WISH.body)
    for number in range(5):
        hub.open_issue(f"Other {number}", by=hub.actions.bot)
    assert ours.number == find_issues(github, [WISH], ())[WISH.marker].number


def test_the_owner_is_assigned_once(hub: FakeGitHub, github: GitHub) -> None:
    kept = step(github)
    assert kept
    owner = Actor(104, "reviewer-4", is_person=True)
    assert ["", ""] == [assign(github, kept.number, owner) for _ in range(2)]
    assert [104] == [user.id for user in hub.issues[kept.number].assignees]
    patches = [one for one in hub.requests if one.method == "PATCH" and one.body]
    assert 1 == sum("assignees" in one.body for one in patches)


def test_an_owner_who_is_no_collaborator_is_told(hub: FakeGitHub, github: GitHub) -> None:
    kept = step(github)
    assert kept
    outsider = hub.by_login("outsider") or hub.user("outsider")
    problem = assign(github, kept.number, Actor(outsider.id, "outsider", is_person=True))
    assert "outsider cannot be assigned" in problem


@pytest.mark.real_data
@pytest.mark.usefixtures("real_data")
@pytest.mark.parametrize(
    "operation",
    [
        "GET /repos/{owner}/{repo}/issues",
        "POST /repos/{owner}/{repo}/issues",
        "GET /repos/{owner}/{repo}/issues/{issue_number}",
        "PATCH /repos/{owner}/{repo}/issues/{issue_number}",
    ],
)
def test_github_promises_what_is_read(operation: str) -> None:
    assert set() == unpromised(IssueRow, operation)
