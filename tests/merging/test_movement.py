"""What moves while a pull request is open, and while it is judged: no word outlives its state."""

from collections.abc import Callable

import pytest

from goldengit.errors import OutOfDateError
from goldengit.gating.merge.decision import State
from tests.fakehub.pulls import Pull
from tests.hub_world import World
from tests.merging.asking import (
    CASE,
    NEW,
    README,
    TWO,
    Worlds,
    approvals,
    changed,
    confirmed,
    errors,
    ready,
    said,
)

BOTH = ["main", "release"]
MOVED = ("pending", "PR #1: changed while it was judged; the next run decides")
AT_FIRST, WHILE_READ, BEFORE_POSTING, AFTER_POSTING = range(4)  # each asks for the request again


def released(hubbed: World) -> None:
    """Make a second protected branch where main is."""
    hubbed.hub.push("release", hubbed.hub.branches["main"], by=hubbed.people["admin"])
    hubbed.hub.protect("release")


def meanwhile(hubbed: World, moment: int, act: Callable[[], object]) -> None:
    """Let something happen just before the gate asks for the request for the n-th time."""
    hubbed.hub.before("GET */pulls/1", act, skip=moment)


# -- between the runs ----------------------------------------------------------------------------


def test_t98_approvals_before_a_change_of_base_do_not_count(hubbed_with: Worlds) -> None:
    """The head is the same and the diff is not."""
    hubbed = hubbed_with(protected_branches=BOTH)
    released(hubbed)
    pull = ready(hubbed)
    hubbed.hub.retarget(pull, "release", by=hubbed.people["opener"])
    word = hubbed.look(pull)
    assert (word.state, confirmed(word)) == (State.PENDING, [])
    assert "is older than the change of base at 2026-06-01T" in approvals(word).refused[TWO[0]]
    hubbed.approve(pull, *TWO)
    assert hubbed.look(pull).state is State.SUCCESS


def test_t98_a_change_of_base_there_and_back_voids_approvals_too(hubbed_with: Worlds) -> None:
    """The base is the same again; that it was another one is recorded."""
    hubbed = hubbed_with(protected_branches=BOTH)
    released(hubbed)
    pull = ready(hubbed)
    for base in ("release", "main"):
        hubbed.hub.retarget(pull, base, by=hubbed.people["opener"])
    assert confirmed(hubbed.look(pull)) == []


def test_t98_a_new_base_takes_the_success_away_at_once(hubbed_with: Worlds) -> None:
    """The event `edited` announces; pending is posted before anything slow."""
    hubbed = hubbed_with(protected_branches=BOTH)
    released(hubbed)
    pull = ready(hubbed)
    assert hubbed.word(pull).state is State.SUCCESS
    hubbed.hub.retarget(pull, "release", by=hubbed.people["opener"])
    assert hubbed.word(pull, announce=True).state is State.PENDING
    assert hubbed.history(pull.head_sha) == ["pending", "success", "pending", "pending"]


def test_t98_a_reopened_request_is_judged_by_what_it_is_now(hubbed: World) -> None:
    """Closed, pushed, reopened: the old approvals are about other content."""
    pull = ready(hubbed)
    hubbed.hub.close(pull, by=hubbed.people["opener"])
    assert hubbed.gate(pull) == []
    hubbed.commit("topic", changed("Another answer."))
    hubbed.hub.reopen(pull, by=hubbed.people["opener"])
    assert hubbed.word(pull, announce=True).state is State.PENDING
    assert confirmed(hubbed.look(pull)) == []


def test_a_forced_push_back_to_what_was_approved_keeps_the_approvals(hubbed: World) -> None:
    """It is the very commit that they saw, and the status stood on it then."""
    pull = ready(hubbed)
    seen = pull.head_sha
    hubbed.commit("topic", changed("Another answer."))
    hubbed.hub.push("topic", seen, by=hubbed.people["opener"])
    assert hubbed.look(pull).state is State.SUCCESS


def test_a_forced_push_of_new_commits_is_approved_again(hubbed: World) -> None:
    """The content is the same; when it could first be seen on these commits is later."""
    pull = ready(hubbed)
    hubbed.force("topic", hubbed.made(README, author="opener@example.org"), NEW)
    hubbed.stamp(pull)
    word = hubbed.look(pull)
    assert (word.state, confirmed(word)) == (State.PENDING, [])
    assert "is not later than the first appearance" in approvals(word).refused["reviewer-1"]


def test_t99_success_is_withheld_while_a_sibling_is_open(hubbed_with: Worlds) -> None:
    """A status belongs to a commit: it would speak for both."""
    hubbed = hubbed_with(protected_branches=BOTH)
    released(hubbed)
    pull = ready(hubbed)
    sibling = hubbed.hub.open_pull("topic", by=hubbed.people["opener"], base="release")
    word = hubbed.word(pull)
    assert (word.state, word.sentence) == (
        State.PENDING,
        "has the same head as #2; close one of them",
    )
    hubbed.hub.close(sibling, by=hubbed.people["opener"])
    assert hubbed.look(pull).state is State.SUCCESS


def test_t99_a_sibling_from_another_branch_withholds_success_as_well(hubbed: World) -> None:
    """It is found by the commit, whatever its branch is called."""
    pull = ready(hubbed)
    hubbed.hub.push("copy", pull.head_sha, by=hubbed.people["opener"])
    hubbed.hub.open_pull("copy", by=hubbed.people["opener"])
    assert hubbed.look(pull).holds == ("has the same head as #2; close one of them",)


def test_a_sibling_to_an_unprotected_branch_does_not_matter(hubbed: World) -> None:
    """There the status guards nothing."""
    hubbed.hub.push("playground", hubbed.hub.branches["main"], by=hubbed.people["writer"])
    pull = ready(hubbed)
    hubbed.hub.open_pull("topic", by=hubbed.people["opener"], base="playground")
    assert hubbed.look(pull).state is State.SUCCESS


def test_a_draft_waits(hubbed: World) -> None:
    """Everything is approved; it is not meant to be merged yet."""
    pull = ready(hubbed, draft=True)
    word = hubbed.look(pull)
    assert (word.state, word.sentence) == (State.PENDING, "is a draft")
    hubbed.hub.set_draft(pull, by=hubbed.people["opener"], draft=False)
    assert hubbed.look(pull).state is State.SUCCESS


def test_a_base_that_github_does_not_protect_gets_no_success(hubbed: World) -> None:
    """Anybody could push past the status there."""
    hubbed.hub.protected.clear()
    word = hubbed.look(ready(hubbed))
    assert word.state is State.PENDING
    assert word.sentence == "GitHub does not protect `main`; run goldengit doctor"


def test_a_base_that_the_default_branchs_policy_does_not_name_gets_no_success(
    hubbed: World,
) -> None:
    """An attacker's own branch brings its own list; that list is not asked."""
    own = [{"set": {"path": "goldengit.yaml", "values": {"protected_branches": ["mine"]}}}]
    hubbed.commit("mine", own, by="writer")
    hubbed.hub.protect("mine")
    pull = ready(hubbed, base="mine")
    hubbed.hub.push("topic", hubbed.made(NEW, hubbed.hub.branches["mine"]), by=pull.user)
    hubbed.stamp(pull)
    hubbed.approve(pull, *TWO)
    word = hubbed.look(pull)
    assert (word.state, errors(word)) == (State.PENDING, [])
    assert word.sentence == "not judged for `mine`, which the policy does not protect"


def test_a_name_that_only_begins_like_a_protected_branch_is_another_branch(hubbed: World) -> None:
    """`main#2` in an address without care would ask about `main`."""
    hubbed.hub.push("main#2", hubbed.hub.branches["main"], by=hubbed.people["admin"])
    word = hubbed.look(ready(hubbed, base="main#2"))
    assert word.pull is not None
    assert not word.pull.base_protected


def test_a_conflict_with_the_base_is_a_failure(hubbed: World) -> None:
    """GG313: without a merge result there is nothing to approve."""
    pull = ready(hubbed, [*NEW, *README])
    hubbed.commit("main", [{"write": {"path": "README.md", "text": "# Other\n"}}], by="admin")
    word = hubbed.look(pull)
    assert (word.state, errors(word)) == (State.FAILURE, ["GG313"])


def test_a_case_that_the_base_changes_meanwhile_is_a_failure(hubbed: World) -> None:
    """The base adds the same case otherwise: GG311, and the approvals are for another one."""
    pull = ready(hubbed)
    other = [{"case": {"row": "new-1", "values": {"severity": "critical"}}}]
    hubbed.commit("main", other, by="admin")
    word = hubbed.look(pull)
    assert word.state is State.FAILURE
    assert "GG311" in errors(word)


# -- forks ---------------------------------------------------------------------------------------


def forked(hubbed: World) -> Pull:
    """Return an approved request from the opener's fork."""
    fork = hubbed.hub.fork(hubbed.people["opener"])
    commit = hubbed.made(NEW, author="opener@example.org")
    hubbed.hub.push("topic", commit, by=hubbed.people["opener"], fork=fork)
    pull = hubbed.hub.open_pull("topic", by=hubbed.people["opener"], fork=fork)
    hubbed.stamp(pull)
    hubbed.approve(pull, *TWO)
    return pull


def test_t16_a_case_from_a_fork_is_refused(hubbed: World) -> None:
    """GG417: only the fork knows who pushed to it."""
    word = hubbed.look(forked(hubbed))
    assert (word.state, errors(word)) == (State.FAILURE, ["GG417"])
    assert f"{CASE}" in {one.place.path for one in word.report.findings} if word.report else False
    assert "its branch is in a fork, which shows nobody who pushed to it" in said(word)


def test_a_policy_may_allow_forks(hubbed_with: Worlds) -> None:
    """It says so in the base; author, committer and opener are still excluded."""
    hubbed = hubbed_with(forge={"allow_forks": True})
    pull = forked(hubbed)
    assert hubbed.look(pull).state is State.SUCCESS
    pull.fork.deleted = True  # type: ignore[union-attr]
    assert hubbed.look(pull).state is State.SUCCESS


def test_a_fork_that_was_deleted_is_a_fork(hubbed: World) -> None:
    """Its pull requests have no repository any more."""
    pull = forked(hubbed)
    pull.fork.deleted = True  # type: ignore[union-attr]
    assert errors(hubbed.look(pull)) == ["GG417"]


def test_a_fork_without_golden_cases_needs_no_pushers(hubbed: World) -> None:
    """Nothing in it is approved by people, so nobody can be behind it."""
    fork = hubbed.hub.fork(hubbed.people["stranger"])
    commit = hubbed.made(README, author="stranger@example.org")
    hubbed.hub.push("topic", commit, by=hubbed.people["stranger"], fork=fork)
    pull = hubbed.hub.open_pull("topic", by=hubbed.people["stranger"], fork=fork)
    word = hubbed.word(pull)
    assert (word.state, word.sentence) == (State.SUCCESS, "nothing here is judged")


# -- during a run --------------------------------------------------------------------------------


def test_t103_a_head_that_moves_while_it_is_read_gets_no_word(hubbed: World) -> None:
    """Head of the API and head of the fetched ref are held against each other."""
    pull = ready(hubbed)
    first = pull.head_sha
    hubbed.hub.before(
        "GET */pulls/1/reviews", lambda: hubbed.commit("topic", changed("Another answer."))
    )
    with pytest.raises(OutOfDateError, match="Pull request 1 moved while it was read"):
        hubbed.word(pull)
    assert hubbed.history(first) == ["pending"]
    assert hubbed.history(pull.head_sha) == []


def test_t103_a_head_that_moves_before_the_posting_gets_no_success(hubbed: World) -> None:
    """It is read again just before; the old head says that it moved."""
    pull = ready(hubbed)
    first = pull.head_sha
    meanwhile(hubbed, BEFORE_POSTING, lambda: hubbed.commit("topic", changed("Another answer.")))
    with pytest.raises(OutOfDateError, match="changed while it was judged"):
        hubbed.word(pull)
    assert (hubbed.history(first), hubbed.status(first)) == (["pending", "pending"], MOVED)
    assert hubbed.history(pull.head_sha) == []


def test_t103_a_head_that_moves_between_the_first_two_looks_is_judged_itself(
    hubbed: World,
) -> None:
    """What is evaluated is what gets the status: never the other commit."""
    pull = ready(hubbed)
    first = pull.head_sha
    meanwhile(hubbed, WHILE_READ, lambda: hubbed.commit("topic", changed("Another answer.")))
    word = hubbed.word(pull)
    assert (word.commit, word.state) == (pull.head_sha, State.PENDING)
    assert "success" not in hubbed.history(first) + hubbed.history(pull.head_sha)


def test_a_review_that_is_dismissed_during_the_run_stops_success(hubbed: World) -> None:
    """Reviews are read again, too."""
    pull = ready(hubbed)
    review = hubbed.hub.reviews[0]
    meanwhile(
        hubbed, BEFORE_POSTING, lambda: hubbed.hub.dismiss(review, by=hubbed.people["writer"])
    )
    with pytest.raises(OutOfDateError):
        hubbed.word(pull)
    assert hubbed.status(pull.head_sha) == MOVED


def test_a_no_that_comes_right_after_the_success_takes_it_back(hubbed: World) -> None:
    """Everything is read once more after the posting."""
    pull = ready(hubbed)
    meanwhile(
        hubbed,
        AFTER_POSTING,
        lambda: hubbed.hub.review(pull, hubbed.people["reviewer-3"], "CHANGES_REQUESTED"),
    )
    assert hubbed.word(pull).state is State.PENDING
    assert hubbed.history(pull.head_sha) == ["pending", "success", "pending"]
    assert hubbed.status(pull.head_sha) == MOVED


def test_t99_a_sibling_that_is_opened_during_the_run_stops_success(hubbed: World) -> None:
    """The status would speak for it, too."""
    pull = ready(hubbed)
    hubbed.hub.push("copy", pull.head_sha, by=hubbed.people["opener"])
    by = hubbed.people["opener"]
    meanwhile(hubbed, BEFORE_POSTING, lambda: hubbed.hub.open_pull("copy", by=by))
    with pytest.raises(OutOfDateError):
        hubbed.word(pull)
    assert "success" not in hubbed.history(pull.head_sha)


@pytest.mark.parametrize("moment", [WHILE_READ, BEFORE_POSTING])
def test_a_request_that_is_closed_during_the_run_gets_no_success(
    moment: int, hubbed: World
) -> None:
    """Closed before it was read, or between reading and posting."""
    pull = ready(hubbed)
    meanwhile(hubbed, moment, lambda: hubbed.hub.close(pull, by=hubbed.people["opener"]))
    if moment == BEFORE_POSTING:
        with pytest.raises(OutOfDateError):
            hubbed.word(pull)
    else:
        assert hubbed.word(pull).sentence == "is closed"
    assert "success" not in hubbed.history(pull.head_sha)


def test_a_request_that_becomes_a_draft_or_changes_its_base_gets_no_success(
    hubbed: World,
) -> None:
    """Both are read again before the posting."""
    pull = ready(hubbed)
    by = hubbed.people["opener"]
    meanwhile(hubbed, BEFORE_POSTING, lambda: hubbed.hub.set_draft(pull, by=by, draft=True))
    with pytest.raises(OutOfDateError):
        hubbed.word(pull)
    hubbed.hub.set_draft(pull, by=by, draft=False)
    hubbed.hub.push("side", hubbed.hub.branches["main"], by=by)
    meanwhile(hubbed, BEFORE_POSTING, lambda: hubbed.hub.retarget(pull, "side", by=by))
    with pytest.raises(OutOfDateError):
        hubbed.word(pull)
    assert "success" not in hubbed.history(pull.head_sha)


def test_the_same_word_is_not_posted_twice(hubbed: World) -> None:
    """Hourly sweeps would fill the thousand statuses of a commit in six weeks."""
    pull = ready(hubbed)
    for _ in range(3):
        assert hubbed.word(pull).state is State.SUCCESS
    assert hubbed.history(pull.head_sha) == ["pending", "success"]


def test_a_closed_request_is_not_judged(hubbed: World) -> None:
    """No status on it, and none changed; by hand the answer is that it is closed."""
    pull = ready(hubbed)
    hubbed.hub.close(pull, by=hubbed.people["opener"])
    assert hubbed.gate(pull) == []
    assert hubbed.history(pull.head_sha) == ["pending"]
    word = hubbed.look(pull)
    assert (word.state, word.sentence) == (State.PENDING, "is closed")
