"""Pull requests, pushes and their records."""

from collections.abc import Callable

from tests.fakehub import FakeGitHub
from tests.fakehub.conftest import Asker, Story
from tests.fakehub.people import User

Maker = Callable[..., str]


def test_a_push_moves_the_head_and_its_ref(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User, commit: Maker
) -> None:
    new = commit(story.head, readme="one\n", case="second\n")
    hub.push("topic", new, by=opener)
    assert ask("pulls/1").json()["head"]["sha"] == new
    assert hub.box.git("rev-parse", "refs/pull/1/head") == new


def test_a_push_leaves_who_did_it_newest_first(
    hub: FakeGitHub, ask: Asker, story: Story, reviewer: User, commit: Maker
) -> None:
    onward = commit(story.head, readme="one\n", case="second\n")
    hub.push("topic", onward, by=reviewer)
    hub.push("topic", commit(story.base, case="third\n"), by=reviewer)
    rows = ask.rows("activity?ref=refs/heads/topic")
    assert [(row["activity_type"], row["actor"]["login"]) for row in rows] == [
        ("force_push", "reviewer-1"),
        ("push", "reviewer-1"),
        ("branch_creation", "opener"),
    ]
    assert (rows[1]["before"], rows[1]["after"]) == (story.head, onward)


def test_a_force_push_is_an_event(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User, commit: Maker
) -> None:
    hub.push("topic", commit(story.base, case="other\n"), by=opener)
    assert [row["event"] for row in ask.rows("issues/1/events")] == ["head_ref_force_pushed"]


def test_git_push_is_noticed_as_a_push_of_somebody(
    hub: FakeGitHub, ask: Asker, story: Story, reviewer: User, commit: Maker
) -> None:
    new = commit(story.head, readme="one\n", case="second\n")
    hub.box.git("update-ref", "refs/heads/topic", new)
    hub.receive(by=reviewer)
    assert ask("pulls/1").json()["head"]["sha"] == new
    assert ask.rows("activity")[0]["actor"]["login"] == "reviewer-1"


def test_only_what_was_pushed_can_be_fetched(hub: FakeGitHub, story: Story, opener: User) -> None:
    refs = hub.box.git("for-each-ref", "--format=%(refname)").splitlines()
    assert refs == ["refs/heads/main", "refs/heads/topic", "refs/pull/1/head"]


def test_a_fork_leaves_no_activity_here(
    hub: FakeGitHub, ask: Asker, story: Story, commit: Maker
) -> None:
    stranger = hub.user("stranger")
    fork = hub.fork(stranger)
    hub.push("theirs", commit(story.base, case="x\n"), by=stranger, fork=fork)
    before = len(hub.activities)
    pull = hub.open_pull("theirs", by=stranger, fork=fork)
    hub.push("theirs", commit(story.base, case="y\n"), by=stranger, fork=fork)
    row = ask("pulls/2").json()
    assert row["head"]["label"] == "stranger:theirs"
    assert row["head"]["repo"]["full_name"] == "stranger/evals"
    assert row["head"]["repo"]["id"] != row["base"]["repo"]["id"]
    assert hub.box.git("rev-parse", "refs/pull/2/head") == pull.head_sha == row["head"]["sha"]
    assert len(hub.activities) == before


def test_a_retarget_is_an_event_and_leaves_the_head(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User
) -> None:
    hub.push("release", story.base, by=opener)
    hub.retarget(hub.pulls[1], "release", by=opener)
    row = ask("pulls/1").json()
    assert (row["base"]["ref"], row["head"]["sha"]) == ("release", story.head)
    event = ask.rows("issues/1/events")[0]
    assert (event["event"], event["created_at"]) == ("base_ref_changed", str(hub.clock))


def test_a_deleted_fork_is_null(hub: FakeGitHub, ask: Asker, story: Story) -> None:
    stranger = hub.user("stranger")
    fork = hub.fork(stranger)
    hub.push("theirs", story.head, by=stranger, fork=fork)
    hub.open_pull("theirs", by=stranger, fork=fork)
    fork.deleted = True
    assert ask("pulls/2").json()["head"]["repo"] is None


def test_a_retarget_over_the_api_is_an_event_too(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User
) -> None:
    hub.push("release", story.base, by=opener)
    row = ask("pulls/1", method="PATCH", json={"base": "release", "title": "New"}, by=opener)
    assert (row.json()["base"]["ref"], row.json()["title"]) == ("release", "New")
    assert [row["event"] for row in ask.rows("issues/1/events")] == ["base_ref_changed"]


def test_a_closed_pull_request_does_not_follow_its_branch_until_it_is_reopened(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User, commit: Maker
) -> None:
    pull = hub.pulls[1]
    hub.close(pull, by=opener)
    new = commit(story.head, case="second\n")
    hub.push("topic", new, by=opener)
    assert ask("pulls/1").json()["head"]["sha"] == story.head
    assert ask.rows("pulls") == []
    hub.reopen(pull, by=opener)
    assert ask("pulls/1").json()["head"]["sha"] == new


def test_a_deleted_branch_closes_its_pull_request(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User
) -> None:
    hub.delete_branch("topic", by=opener)
    assert ask("pulls/1").json()["state"] == "closed"


def test_a_draft_says_so(hub: FakeGitHub, ask: Asker, story: Story, opener: User) -> None:
    hub.set_draft(hub.pulls[1], by=opener, draft=True)
    assert ask("pulls/1").json()["draft"] is True


def test_mergeable_is_computed_and_may_be_unknown(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User, commit: Maker
) -> None:
    assert ask("pulls/1").json()["mergeable"] is True
    hub.push("main", commit(story.base, readme="one\n", case="mine\n"), by=opener)
    assert ask("pulls/1").json()["mergeable"] is False
    hub.pulls[1].computing = True
    assert ask("pulls/1").json()["mergeable"] is None


def test_the_base_of_a_pull_request_is_as_old_as_its_last_push(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User, commit: Maker
) -> None:
    hub.push("main", commit(story.base, readme="two\n"), by=opener)
    assert ask("pulls/1").json()["base"]["sha"] == story.base


def test_commits_are_mapped_to_accounts_by_their_address(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User, commit: Maker
) -> None:
    forged = commit(story.head, author="unknown@example.net", case="second\n")
    hub.push("topic", forged, by=opener)
    hub.verify(forged)
    first, second = ask.rows("pulls/1/commits")
    assert (first["author"]["id"], first["committer"]["id"]) == (opener.id, opener.id)
    assert (second["author"], second["committer"]) == (None, None)
    verified = [row["commit"]["verification"]["verified"] for row in (first, second)]
    assert verified == [False, True]


def test_no_more_than_250_commits_are_listed(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User
) -> None:
    stream = [f"reset refs/heads/long\nfrom {story.head}\n"]
    stream += [
        f"commit refs/heads/long\ncommitter A <opener@example.org> {at} +0000\ndata 1\nx\n"
        for at in range(260)
    ]
    hub.box.git("fast-import", "--quiet", stdin="".join(stream).encode())
    hub.push("topic", hub.box.git("rev-parse", "refs/heads/long"), by=opener)
    hub.page_rows = 100
    rows = ask.rows("pulls/1/commits?per_page=100")
    assert len(rows) == 250
    assert hub.pulls[1].head_sha not in {row["sha"] for row in rows}


def test_a_commit_that_is_not_on_the_default_branch_lists_every_pull_request_with_it(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User
) -> None:
    hub.push("sibling", story.head, by=opener)
    hub.open_pull("sibling", by=opener)
    assert [row["number"] for row in ask.rows(f"commits/{story.head}/pulls")] == [1, 2]
    assert ask.rows(f"commits/{story.base}/pulls") == []


def test_a_pull_request_can_be_opened_over_the_api_after_git_push(
    hub: FakeGitHub, ask: Asker, story: Story, reviewer: User, commit: Maker
) -> None:
    new = commit(story.base, case="other\n")
    hub.box.git("update-ref", "refs/heads/fresh", new)
    wanted = {"title": "Promote", "head": "fresh", "base": "main", "body": "What it is."}
    answer = ask("pulls", method="POST", json=wanted, by=reviewer)
    assert (answer.status_code, answer.json()["head"]["sha"]) == (201, new)
    assert ask.rows("activity")[0]["actor"]["login"] == "reviewer-1"
    assert ask("pulls", method="POST", json=wanted, by=reviewer).status_code == 422


def test_a_head_without_its_owner_filters_nothing(
    hub: FakeGitHub, ask: Asker, story: Story
) -> None:
    assert len(ask.rows("pulls?head=other")) == 1
    assert ask.rows("pulls?head=org:other") == []
    assert len(ask.rows("pulls?head=org:topic")) == 1


def test_reviews_are_requested_of_collaborators_but_not_of_the_opener(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User, reviewer: User
) -> None:
    where = "pulls/1/requested_reviewers"

    def requested(login: str) -> int:
        body = {"reviewers": [login]}
        return ask(where, method="POST", json=body, by=opener).status_code

    assert [requested(name) for name in ("reviewer-1", "opener", "nobody")] == [201, 422, 422]
    assert [row["login"] for row in ask(where).json()["users"]] == ["reviewer-1"]
    hub.approve(hub.pulls[1], reviewer)
    assert ask(where).json()["users"] == []


def test_a_branch_is_protected_by_the_old_way_or_by_a_ruleset(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User
) -> None:
    assert ask("branches/main").json()["protected"] is False
    hub.protect("main")
    assert ask("branches/main").json()["protected"] is True
    assert ask("branches/topic").json()["protected"] is False
    assert ask("branches/none").status_code == 404


def test_the_name_of_a_branch_may_hold_a_slash(
    hub: FakeGitHub, ask: Asker, story: Story, opener: User
) -> None:
    hub.push("release/2026", story.base, by=opener)
    assert ask("branches/release/2026").json()["name"] == "release/2026"
    assert ask("branches/release%2F2026").json()["name"] == "release/2026"


def test_events_are_a_second_apart_unless_the_clock_is_held(
    hub: FakeGitHub, ask: Asker, story: Story, reviewer: User
) -> None:
    pull = hub.pulls[1]
    hub.clock.set("2026-06-02T08:00:00Z")
    hub.approve(pull, reviewer)
    hub.clock.step = 0
    hub.approve(pull, reviewer)
    hub.clock.advance(60)
    hub.approve(pull, reviewer)
    times = [row["submitted_at"][11:] for row in ask.rows("pulls/1/reviews")]
    assert times == ["08:00:01Z", "08:00:01Z", "08:01:01Z"]
