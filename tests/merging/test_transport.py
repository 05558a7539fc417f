"""Volume and trouble on the way: whatever is missing, cut short or refused is never a success."""

from typing import Any

import pytest

from goldengit.errors import CannotJudgeError
from goldengit.forge.client import ForbiddenError, ForgeError
from goldengit.gating.merge.decision import State
from tests.fakehub.statuses import Status
from tests.gitbox import EPOCH
from tests.hub_world import World
from tests.merging.asking import NEW, README, Worlds, errors, ready

SOURCES = (
    "GET /repos/org/evals",
    "GET */pulls/1",
    "GET */pulls/1/reviews",
    "GET */pulls/1/commits",
    "GET */commits/*/pulls",
    "GET */commits/*/statuses",
    "GET */activity",
    "GET */issues/1/events",
    "GET */collaborators/reviewer-2/permission",
    "GET */branches/main",
    "POST /graphql",
)
TROUBLES: tuple[dict[str, Any], ...] = (
    {"status": 500},
    {"status": 302},
    {"status": 401},
    {"status": 403},
    {"status": 403, "retry_after": 600},
    {"status": 403, "limit_reset_in": 600},
    {"status": 429, "retry_after": 60},
    {"status": 404},
    {"truncated": True},
    {"cut": True},
)


def refused(hubbed: World, pattern: str, **trouble: Any) -> str:
    """Judge an approved request in this trouble; return the problem, "" when there was a word."""
    pull = ready(hubbed)
    hubbed.hub.trouble(pattern, times=99, **trouble)
    try:
        assert hubbed.word(pull).state is not State.SUCCESS
    except CannotJudgeError as error:
        return error.problem
    finally:
        assert "success" not in hubbed.history(pull.head_sha)
    return ""


@pytest.mark.parametrize("source", SOURCES)
def test_t110_an_answer_that_does_not_come_is_never_a_success(source: str, hubbed: World) -> None:
    """Every one of the things that the gate asks for is needed."""
    assert "is answered with 500" in refused(hubbed, source, status=500)


@pytest.mark.parametrize("trouble", TROUBLES, ids=str)
def test_t110_reviews_that_cannot_be_read_are_never_none(
    trouble: dict[str, Any], hubbed: World
) -> None:
    """A refusal, a limit, half an answer, another place: each is an error, and posted as one."""
    assert "(GG807)" in refused(hubbed, "GET */pulls/1/reviews", **trouble)
    assert (hubbed.status(hubbed.hub.branches["topic"]) or ("",))[0] == "error"


def test_an_account_that_github_does_not_know_here_may_do_nothing(hubbed: World) -> None:
    """Not found means no permission, which is an answer."""
    assert refused(hubbed, "GET */collaborators/*/permission", status=404) == ""


@pytest.mark.parametrize("source", ["GET */commits/*/pulls", "GET */activity", "POST /graphql"])
def test_t110_what_must_be_there_and_is_not_found_is_an_error(source: str, hubbed: World) -> None:
    """No sibling, no pusher and no co-author are answers; a 404 is none."""
    assert "is answered with 404" in refused(hubbed, source, status=404)


def test_a_status_that_cannot_be_posted_ends_the_run(hubbed: World) -> None:
    """The first problem is told, not the one of telling it."""
    pull = ready(hubbed)
    hubbed.hub.trouble("POST */statuses/*", 403, times=9)
    with pytest.raises(ForbiddenError, match=r"POST repos/org/evals/statuses/\w+ is answered with"):
        hubbed.word(pull)
    assert hubbed.history(pull.head_sha) == ["pending"]


def test_a_token_of_another_account_ends_the_run(hubbed_with: Worlds) -> None:
    """Its status is no anchor and opens no way; the policy names who posts for the gate."""
    hubbed = hubbed_with(forge={"gate_account": 7})
    pull = ready(hubbed)
    with pytest.raises(CannotJudgeError, match="the policy names"):
        hubbed.word(pull)


def test_t111_a_no_on_the_last_page_is_read(hubbed: World) -> None:
    """Thirty-three reviews, two on a page: the last one objects."""
    pull = ready(hubbed)
    for _ in range(30):
        hubbed.hub.review(pull, hubbed.people["writer"], "COMMENTED")
    assert hubbed.look(pull).state is State.SUCCESS
    hubbed.hub.review(pull, hubbed.people["reviewer-3"], "CHANGES_REQUESTED")
    word = hubbed.look(pull)
    assert (word.state, errors(word)) == (State.FAILURE, ["GG414"])
    assert word.pull is not None
    assert len(word.pull.reviews) == 33


def test_t111_a_list_that_breaks_off_is_no_list(hubbed: World) -> None:
    """The first page comes, the second does not."""
    pull = ready(hubbed)
    hubbed.hub.review(pull, hubbed.people["reviewer-3"], "CHANGES_REQUESTED")
    hubbed.hub.trouble("GET */pulls/1/reviews", 502, skip=1, times=9)
    with pytest.raises(ForgeError, match="reviews is answered with 502"):
        hubbed.word(pull)


def test_t111_a_list_that_goes_on_elsewhere_is_no_list(hubbed: World) -> None:
    """The token never follows a link to another origin."""
    pull = ready(hubbed, approved=("reviewer-1", "reviewer-2", "reviewer-3"))
    assert hubbed.client.place.api == hubbed.hub.api
    hubbed.hub.api = "https://elsewhere.example"
    hubbed.relaxed()
    with pytest.raises(ForgeError, match="is said to be somewhere else"):
        hubbed.word(pull)


def long_branch(hubbed: World, commits: int) -> str:
    """Return the last of many commits on top of main, of which only the first adds a case."""
    first = hubbed.made(NEW, author="opener@example.org")
    more = "".join(
        f"commit refs/heads/box\nmark :{number}\n"
        f"author A <opener@example.org> {EPOCH + number} +0000\n"
        f"committer C <opener@example.org> {EPOCH + number} +0000\n"
        f"data 2\n.\nfrom {first if number == 2 else f':{number - 1}'}\n"
        for number in range(2, commits + 1)
    )
    stream = f"{more}get-mark :{commits}\n".encode()
    return hubbed.hub.box.git("fast-import", "--quiet", "--force", stdin=stream)


@pytest.mark.parametrize(("commits", "judged"), [(249, True), (250, False)])
def test_more_commits_than_github_lists_are_not_judged(
    commits: int, judged: bool, hubbed: World
) -> None:
    """At 250 nobody can tell whether the list is whole."""
    hubbed.many_rows()
    hubbed.hub.push("topic", long_branch(hubbed, commits), by=hubbed.people["opener"])
    pull = hubbed.hub.open_pull("topic", by=hubbed.people["opener"])
    hubbed.stamp(pull)
    hubbed.approve(pull, "reviewer-1", "reviewer-2")
    if judged:
        assert hubbed.look(pull).state is State.SUCCESS
        return
    with pytest.raises(CannotJudgeError) as caught:
        hubbed.word(pull)
    assert caught.value.remedy == "Squash its commits, or split it."
    assert hubbed.status(pull.head_sha) == (
        "error",
        "PR #1: Pull request 1 has 250 commits or more, and GitHub lists no more of them (GG807).",
    )


def fill(hubbed: World, commit: str, count: int) -> None:
    """Let a writer post statuses of the gate's context on a commit."""
    rows = hubbed.hub.statuses.setdefault(commit, [])
    writer, now = hubbed.people["writer"], str(hubbed.hub.clock)
    about = (commit, "pending", "goldengit/gate", "noise", None, writer, now)
    rows += [Status(hubbed.hub.next_id(), *about) for _ in range(count)]


def test_the_first_of_a_thousand_statuses_is_found(hubbed: World) -> None:
    """Newest come first, so the anchor is on the last page."""
    pull = hubbed.pull(NEW)
    hubbed.many_rows()
    hubbed.stamp(pull)
    fill(hubbed, pull.head_sha, 980)
    hubbed.approve(pull, "reviewer-1", "reviewer-2")
    assert hubbed.word(pull).state is State.SUCCESS


def test_a_commit_that_is_nearly_full_of_statuses_gets_no_success(hubbed: World) -> None:
    """What follows could not be taken back; error is posted and a new commit is asked for."""
    pull = hubbed.pull(NEW)
    hubbed.many_rows()
    hubbed.stamp(pull)
    fill(hubbed, pull.head_sha, 989)
    hubbed.approve(pull, "reviewer-1", "reviewer-2")
    with pytest.raises(CannotJudgeError) as caught:
        hubbed.word(pull)
    assert caught.value.remedy == "Push a new commit to the pull request."
    assert (hubbed.status(pull.head_sha) or ("", ""))[0] == "error"


def test_a_commit_that_is_full_of_statuses_gets_none(hubbed: World) -> None:
    """GitHub refuses the 1,001st; the run ends without a success."""
    pull = hubbed.pull(NEW)
    hubbed.many_rows()
    fill(hubbed, pull.head_sha, 1_000)
    with pytest.raises(ForgeError, match="is answered with 422"):
        hubbed.word(pull)


def test_more_than_three_thousand_files_are_counted_from_git(hubbed: World) -> None:
    """GG206: the API's list of files ends there, so it is never asked."""
    empty = hubbed.hub.box.blob(b"")
    files = [("100644", f"{number:04}.txt", empty) for number in range(3_001)]
    folder = hubbed.hub.box.tree(files)
    start = hubbed.hub.branches["main"]
    rows = hubbed.hub.box.git("ls-tree", start).replace("\t", " ").splitlines()
    kept = [(mode, name, oid) for mode, _, oid, name in (row.split(" ", 3) for row in rows)]
    tree = hubbed.hub.box.tree(sorted([*kept, ("40000", "notes", folder)], key=lambda row: row[1]))
    commit = hubbed.hub.box.git("commit-tree", tree, "-p", start, "-m", "Many.")
    hubbed.hub.push("topic", commit, by=hubbed.people["opener"])
    pull = hubbed.hub.open_pull("topic", by=hubbed.people["opener"])
    word = hubbed.look(pull)
    assert (word.state, errors(word)) == (State.FAILURE, ["GG206"])
    assert not [one.path for one in hubbed.hub.requests if one.path.endswith("/files")]


def test_a_fault_of_the_gate_itself_leaves_no_success_standing(
    hubbed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Green before, then a crash: the status says error, and the run ends."""
    pull = ready(hubbed)
    assert hubbed.word(pull).state is State.SUCCESS

    def crash(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("goldengit.gating.merge.reviewing.matters_of", crash)
    with pytest.raises(RuntimeError):
        hubbed.word(pull)
    assert hubbed.status(pull.head_sha) == ("error", "PR #1: the gate itself failed")


def test_a_request_without_anything_to_judge_gets_a_success_that_says_so(hubbed: World) -> None:
    """A required status that never comes would block for ever."""
    pull = hubbed.pull(README)
    assert hubbed.word(pull).state is State.SUCCESS
    assert hubbed.status(pull.head_sha) == ("success", "PR #1: nothing here is judged")
