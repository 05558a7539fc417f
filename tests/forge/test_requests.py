"""Opening pull requests and asking for reviews, against the fake GitHub."""

from collections.abc import Iterator

import pytest

from goldengit.errors import UsageError
from goldengit.forge.accounts import account_of, own_account
from goldengit.forge.client import ForgeError, GitHub
from goldengit.forge.known import known_place
from goldengit.forge.place import place_of
from goldengit.forge.request_rows import RequestedRow
from goldengit.forge.requests import ask_for_review, compare_link, open_request
from goldengit.forge.rows import PullRow, UserRow
from goldengit.models.policy import Account, Person
from goldengit.models.pull import Actor
from tests import golden_files
from tests.fakehub import FakeGitHub
from tests.forge.promises import unpromised
from tests.gitbox import Blob

WORDS = {"title": "Promote a case", "body": "Please look.", "branch": "golden/a", "base": "main"}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeGitHub]:
    """Return a GitHub with the branches main, golden/a and golden/b, and four people."""
    with FakeGitHub(tmp_path_factory.mktemp("hub")) as hub:
        opener = hub.user("opener", "write")
        hub.user("reviewer-1", "write", id=101)
        hub.user("reviewer-2", id=102)
        base = hub.box.commit({"a": Blob(b"1")})
        hub.push("main", base, by=opener)
        for name in ("a", "b", "c"):
            tip = hub.box.commit({"a": Blob(name.encode())}, [base])
            hub.push(f"golden/{name}", tip, by=opener)
        yield hub


@pytest.fixture
def github(hub: FakeGitHub) -> Iterator[GitHub]:
    """Return a client that speaks as the opener."""
    environment = hub.environment(hub.by_login("opener"))
    with GitHub(place_of(environment), environment["GITHUB_TOKEN"]) as github:
        yield github


def person(*accounts: Account) -> Person:
    return Person(roles=("labeler",), accounts=accounts)


def test_a_pull_request_is_opened_once(hub: FakeGitHub, github: GitHub) -> None:
    """The second call finds it and changes nothing, whatever it would have said."""
    first = open_request(github, **WORDS)
    again = open_request(github, **(WORDS | {"title": "Other", "body": "Other"}))
    assert (True, False) == (first.is_new, again.is_new)
    assert (first.number, first.url, first.opener) == (again.number, again.url, again.opener)
    pull = hub.pulls[first.number]
    assert ("Promote a case", "Please look.") == (pull.title, pull.body)
    assert ("golden/a", "main") == (pull.head_ref, pull.base_ref)


def test_another_refusal_is_an_error(github: GitHub) -> None:
    """A branch that is not there is no pull request that is open already."""
    with pytest.raises(ForgeError, match="422"):
        open_request(github, **(WORDS | {"branch": "golden/none"}))


def test_the_pull_request_of_a_forks_branch_is_another_one(hub: FakeGitHub, github: GitHub) -> None:
    """A fork may have a branch of the same name."""
    stranger = hub.user("stranger")
    fork = hub.fork(stranger)
    hub.push("golden/c", hub.branches["golden/c"], by=stranger, fork=fork)
    hub.open_pull("golden/c", by=stranger, fork=fork)
    assert open_request(github, **(WORDS | {"branch": "golden/c"})).is_new


def test_reviews_are_asked_for_one_by_one(hub: FakeGitHub, github: GitHub) -> None:
    """Who is no collaborator is told, and the other is asked all the same."""
    number = open_request(github, **(WORDS | {"branch": "golden/b"})).number
    outsider = Actor(102, "reviewer-2", is_person=True)
    assert "Reviews may only be requested from collaborators" in ask_for_review(
        github, number, outsider
    )
    assert "" == ask_for_review(github, number, Actor(101, "reviewer-1", is_person=True))
    assert [101] == [user.id for user in hub.pulls[number].reviewers]


def test_a_login_that_is_somebody_elses_is_no_account(github: GitHub) -> None:
    """Only the numeric id is compared; the next account of the person is tried."""
    renamed, own = Account(id=99, login="reviewer-1"), Account(id=102, login="reviewer-2")
    found = account_of(github, "reviewer-1", person(renamed))
    assert (None, True) == (found.account, "was renamed" in found.problem)
    assert Actor(102, "reviewer-2", is_person=True) == (
        account_of(github, "reviewer-1", person(renamed, own)).account
    )


@pytest.mark.parametrize(
    ("account", "problem"),
    [
        (Account(id=101), "names no login"),
        (Account(id=101, login="reviewer-1", host="github.example.org"), "names no login"),
        (Account(id=7, login="gone"), "does not exist"),
        (Account(id=7, login="../repos/org/evals"), "does not exist"),
        (Account(id=41898282, login="github-actions[bot]"), "no person's account"),
    ],
)
def test_who_cannot_be_asked_is_told_why(github: GitHub, account: Account, problem: str) -> None:
    found = account_of(github, "reviewer-1", person(account))
    assert (None, True) == (found.account, problem in found.problem)
    assert account_of(github, "reviewer-1", None).account is None


def test_the_token_of_an_app_is_nobodys(hub: FakeGitHub, github: GitHub) -> None:
    opener = hub.by_login("opener")
    assert opener
    assert opener.id == own_account(github)
    environment = hub.environment()
    with GitHub(place_of(environment), environment["GITHUB_TOKEN"]) as app:
        assert own_account(app) is None


def test_the_page_names_both_branches() -> None:
    place = place_of({"GITHUB_REPOSITORY": "org/evals"})
    link = compare_link(place, "golden/a", "main")
    assert "https://github.com/org/evals/compare/main...golden/a?expand=1" == link


def test_a_remote_alone_makes_no_github() -> None:
    """Else the token would be sent wherever a clone came from."""
    policy = golden_files.policy()
    assert "github.com" == known_place({}, "git@github.com:org/evals.git", policy).host
    elsewhere = "https://git.example.org/org/evals.git"
    with pytest.raises(UsageError, match=r"git\.example\.org"):
        known_place({}, elsewhere, policy)
    told = {"GITHUB_SERVER_URL": "https://git.example.org"}
    assert "git.example.org" == known_place(told, elsewhere, policy).host


@pytest.mark.real_data
@pytest.mark.usefixtures("real_data")
@pytest.mark.parametrize(
    ("model", "operation"),
    [
        (PullRow, "POST /repos/{owner}/{repo}/pulls"),
        (PullRow, "GET /repos/{owner}/{repo}/pulls"),
        (RequestedRow, "POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers"),
        (UserRow, "GET /users/{username}"),
        (UserRow, "GET /user"),
    ],
)
def test_github_promises_what_is_read(
    model: type[PullRow | RequestedRow | UserRow], operation: str
) -> None:
    assert set() == unpromised(model, operation)
