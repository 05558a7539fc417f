"""When an approval counts: for exactly this content, seen after the gate's status stood on it."""

import pytest

from goldengit.gating.merge.decision import State
from tests.hub_world import World
from tests.merging.asking import (
    CASE,
    NEW,
    OTHER,
    OTHER_PROMOTION,
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
from tests.standard import path_of

DATASET = ("datasets/support/dataset.yaml", "file")
WITHDRAWAL = (path_of("golden-1"), "withdraw")


def described(text: str) -> list[dict[str, object]]:
    """Return an edit of a line of the dataset's file."""
    return [{"set": {"path": DATASET[0], "values": {"description": text}}}]


def owned(reviewer: str) -> list[dict[str, object]]:
    """Return an edit of another line of it."""
    return [{"set": {"path": DATASET[0], "values": {"queue.max_size": 30}}}]


def test_an_approval_survives_a_push_of_another_case(hubbed: World) -> None:
    """T22: what did not change needs no second look; what is new does."""
    pull = ready(hubbed)
    hubbed.commit("topic", OTHER)
    hubbed.stamp(pull)
    word = hubbed.look(pull)
    assert (word.state, errors(word)) == (State.PENDING, ["GG409"])
    assert (confirmed(word), confirmed(word, OTHER_PROMOTION)) == ([*TWO], [])
    assert "was different: approve again" in approvals(word, OTHER_PROMOTION).refused["reviewer-1"]


def test_an_approval_survives_an_added_claim(hubbed: World) -> None:
    """Claims are outside the digest; the new one waits for its own person alone."""
    pull = ready(hubbed)
    three = ["reviewer-1:labeler", "reviewer-2:confirmer", "reviewer-3:confirmer"]
    hubbed.commit("topic", [{"set": {"path": CASE, "sign": three}}])
    word = hubbed.look(pull)
    assert (word.state, confirmed(word)) == (State.PENDING, [*TWO])
    assert said(word).count("Nothing that the policy accepts confirms") == 1
    hubbed.approve(pull, "reviewer-3")
    assert hubbed.look(pull).state is State.SUCCESS


def test_t22_a_change_of_content_revokes(hubbed: World) -> None:
    """Approve, then push other content: nobody has approved that."""
    pull = ready(hubbed)
    hubbed.commit("topic", changed("Another answer."))
    hubbed.stamp(pull)
    word = hubbed.look(pull)
    assert (word.state, errors(word), confirmed(word)) == (State.PENDING, ["GG409"], [])
    hubbed.approve(pull, *TWO)
    assert hubbed.look(pull).state is State.SUCCESS


def test_t22_an_approval_of_the_candidate_does_not_confirm_its_promotion(hubbed: World) -> None:
    """The digest is the same, but it was not a golden case yet."""
    pull = ready(hubbed, README)
    hubbed.commit("topic", OTHER)
    hubbed.stamp(pull)
    assert confirmed(hubbed.look(pull), OTHER_PROMOTION) == []


def test_a_clean_merge_of_the_base_keeps_approvals(hubbed: World) -> None:
    """GitHub re-stamps the reviews with the new head; the case is the same there."""
    pull = ready(hubbed)
    hubbed.commit("main", README, by="admin")
    head = hubbed.hub.update_branch(pull, by=hubbed.people["opener"])
    assert {review.commit_id for review in hubbed.hub.reviews} == {head}
    assert hubbed.look(pull).state is State.SUCCESS


def test_t23_a_merge_of_the_base_that_changes_what_was_approved_voids_it(hubbed: World) -> None:
    """Re-stamped, the reviews name the merge: but they came before anybody could see it."""
    pull = ready(hubbed, described("What people ask."))
    assert hubbed.look(pull).state is State.SUCCESS
    hubbed.commit("main", owned("reviewer-1"), by="admin")
    head = hubbed.hub.update_branch(pull, by=hubbed.people["writer"])
    hubbed.stamp(pull)
    assert {review.commit_id for review in hubbed.hub.reviews} == {head}
    word = hubbed.look(pull)
    assert (word.state, errors(word)) == (State.PENDING, ["GG717"])
    assert "is not later than the first appearance" in approvals(word, DATASET).refused[TWO[0]]


def test_t23_what_the_base_changes_is_approved_on_an_updated_branch(hubbed: World) -> None:
    """The merge result is judged, and nobody has seen that."""
    pull = ready(hubbed, described("What people ask."))
    hubbed.commit("main", owned("reviewer-1"), by="admin")
    word = hubbed.look(pull)
    assert (word.state, errors(word)) == (State.FAILURE, ["GG311", "GG717"])
    assert confirmed(word, DATASET) == []
    assert "update the branch" in approvals(word, DATASET).refused["reviewer-1"]


def test_an_approval_before_the_first_status_does_not_count(hubbed: World) -> None:
    """Neither while there is none, nor when it comes afterwards."""
    pull = hubbed.pull(NEW)
    hubbed.approve(pull, *TWO)
    word = hubbed.look(pull)
    assert confirmed(word) == []
    assert "came before the status goldengit/gate" in approvals(word).refused["reviewer-1"]
    hubbed.stamp(pull)
    word = hubbed.look(pull)
    assert confirmed(word) == []
    assert "2026-06-01T09:00:04Z is not later than" in approvals(word).refused["reviewer-1"]


def test_an_approval_in_the_second_of_the_first_status_does_not_count(hubbed: World) -> None:
    """GitHub's times have whole seconds, and equal is not later."""
    pull = hubbed.pull(NEW)
    hubbed.hub.clock.step = 0
    hubbed.stamp(pull)
    hubbed.approve(pull, *TWO)
    assert confirmed(hubbed.look(pull)) == []


@pytest.mark.parametrize("commit", [None, "1" * 40])
def test_an_approval_of_a_commit_that_is_gone_does_not_count(
    commit: str | None, hubbed: World
) -> None:
    """Null after garbage collection, or an object that nobody has any more."""
    pull = ready(hubbed)
    hubbed.hub.reviews[0].commit_id = commit
    word = hubbed.look(pull)
    assert (word.state, confirmed(word)) == (State.PENDING, ["reviewer-2"])
    assert approvals(word).refused["reviewer-1"] == "is about a commit that is gone: approve again"


def test_content_that_left_and_came_back_is_looked_at_again(hubbed: World) -> None:
    """X, Y, X: the stamp of the first X is no proof that anybody saw the second."""
    pull = ready(hubbed)
    hubbed.commit("topic", changed("Another answer."))
    hubbed.commit("topic", changed("A correct answer about vouchers, with a source that exists."))
    word = hubbed.look(pull)
    assert confirmed(word) == []
    assert "came before the status" in approvals(word).refused["reviewer-1"]
    hubbed.stamp(pull)
    word = hubbed.look(pull)
    assert confirmed(word) == []
    assert "is not later than" in approvals(word).refused["reviewer-1"]


def test_t30_content_that_was_stamped_in_another_request_is_stamped_anew(hubbed: World) -> None:
    """A status names its pull request; the one of another request is no anchor."""
    first = ready(hubbed)
    hubbed.hub.close(first, by=hubbed.people["opener"])
    second = hubbed.hub.open_pull("topic", by=hubbed.people["opener"])
    hubbed.approve(second, *TWO)
    assert confirmed(hubbed.look(second)) == []
    hubbed.stamp(second)
    hubbed.approve(second, *TWO)
    assert hubbed.look(second).state is State.SUCCESS


def test_t30_reviews_of_another_request_confirm_nothing(hubbed: World) -> None:
    """Closed without merging, opened again under another number: the approvals stay behind."""
    first = ready(hubbed)
    hubbed.hub.close(first, by=hubbed.people["opener"])
    second = hubbed.hub.open_pull("topic", by=hubbed.people["opener"])
    hubbed.stamp(second)
    word = hubbed.look(second)
    assert (word.state, confirmed(word)) == (State.PENDING, [])


def test_a_withdrawal_that_is_added_after_the_approval_needs_its_own(hubbed: World) -> None:
    """The digest of the case leaves the appendix out; the pair of both is what is approved."""
    pull = ready(hubbed)
    hubbed.commit("topic", [{"withdraw": {"row": "golden-1"}}])
    hubbed.stamp(pull)
    word = hubbed.look(pull)
    assert (word.state, confirmed(word), confirmed(word, WITHDRAWAL)) == (
        State.PENDING,
        [*TWO],
        [],
    )


def test_an_edited_reason_of_a_withdrawal_voids_its_approval(hubbed: World) -> None:
    """The case is the same on every commit; the appendix is not."""
    pull = ready(hubbed, [{"withdraw": {"row": "golden-1"}}])
    assert hubbed.look(pull).state is State.SUCCESS
    start = hubbed.hub.branches["main"]
    hubbed.force("topic", start, [{"withdraw": {"row": "golden-1", "reason": "No reason."}}])
    hubbed.stamp(pull)
    word = hubbed.look(pull)
    assert (word.state, confirmed(word, WITHDRAWAL)) == (State.PENDING, [])


def test_a_supersession_is_approved_with_its_successor(hubbed: World) -> None:
    """Both are topics of their own, and one approval of a person confirms both."""
    edits = [
        {"case": {"row": "new-1", "like": "golden-1"}},
        {"supersede": {"row": "golden-1", "by": "new-1"}},
    ]
    word = hubbed.look(ready(hubbed, edits))
    old = (path_of("golden-1"), "supersede")
    assert (word.state, confirmed(word), confirmed(word, old)) == (State.SUCCESS, [*TWO], [*TWO])


def test_a_claim_with_an_old_digest_is_no_claim(hubbed: World) -> None:
    """GG406: both approve what stands there, and the file says that they signed something else."""
    pull = hubbed.pull(NEW)
    hubbed.commit("topic", [{"set": {"path": CASE, "values": {"severity": "critical"}}}])
    hubbed.stamp(pull)
    hubbed.approve(pull, *TWO)
    word = hubbed.look(pull)
    assert (word.state, confirmed(word)) == (State.FAILURE, [*TWO])
    assert "GG406" in errors(word)


def test_t29_a_claim_without_a_review_proves_nothing(hubbed: World) -> None:
    """Anybody can write anybody's name into a file."""
    word = hubbed.look(ready(hubbed, approved=()))
    assert (word.state, errors(word)) == (State.PENDING, ["GG409"])


def test_t29_a_review_without_a_claim_confirms_no_claim(hubbed: World) -> None:
    """Two approve, and the file names one of them and somebody else."""
    word = hubbed.look(ready(hubbed, approved=("reviewer-1", "reviewer-3")))
    assert (word.state, errors(word)) == (State.PENDING, ["GG409"])
    assert "the signoff of reviewer-2 as confirmer" in said(word)


def test_t29_nobody_confirms_a_claim_in_another_persons_name(hubbed: World) -> None:
    """Two other people approve; the claims of the first two wait."""
    word = hubbed.look(ready(hubbed, approved=("reviewer-3", "reviewer-4")))
    assert (word.state, errors(word)) == (State.PENDING, ["GG409"])
    assert said(word).count("Nothing that the policy accepts confirms") == 2


def test_one_claim_alone_is_too_few_however_many_approve(hubbed: World) -> None:
    """GG413 is no wait: no approval can repair it."""
    new = [{"case": {"row": "new-1", "sign": ["reviewer-1:labeler"]}}]
    word = hubbed.look(ready(hubbed, new, ("reviewer-1", "reviewer-2", "reviewer-3")))
    assert (word.state, errors(word)) == (State.FAILURE, ["GG413"])


def test_an_approval_counts_only_where_the_policy_accepts_reviews(hubbed_with: Worlds) -> None:
    """A policy may want signatures alone."""
    hubbed = hubbed_with(signoffs={"threshold": 2, "accept": ["ssh-signature"]})
    word = hubbed.look(ready(hubbed))
    assert (word.state, errors(word)) == (State.PENDING, ["GG409"])


def test_t25_comments_never_count(hubbed: World) -> None:
    """No request for comments is ever made; a COMMENTED review with the right words is none."""
    pull = ready(hubbed, approved=("reviewer-1",))
    hubbed.hub.review(pull, hubbed.people["reviewer-2"], "COMMENTED", body="APPROVED, /lgtm")
    assert hubbed.look(pull).state is State.PENDING
    assert not [one.path for one in hubbed.hub.requests if "comments" in one.path]
