"""What a review says: the latest decisive word of each account, and nothing else."""

import json

import pytest

from goldengit.errors import CannotJudgeError
from goldengit.gating.merge.decision import State
from goldengit.gating.merge.events import asked_by
from tests.hub_world import World
from tests.merging.asking import NEW, confirmed, errors, ready, said


def test_t24_a_dismissed_latest_review_does_not_revive_an_older_approval(hubbed: World) -> None:
    """The person has not reviewed, as far as anybody can tell."""
    pull = ready(hubbed)
    latest = hubbed.hub.approve(pull, hubbed.people["reviewer-2"])
    hubbed.hub.dismiss(latest, by=hubbed.people["writer"])
    word = hubbed.look(pull)
    assert (word.state, confirmed(word)) == (State.PENDING, ["reviewer-1"])


def test_t24_a_dismissed_request_for_changes_does_not_revive_one_either(hubbed: World) -> None:
    """Approve, request changes, dismissed: the block is lifted, the approval stays gone."""
    pull = ready(hubbed)
    no = hubbed.hub.review(pull, hubbed.people["reviewer-2"], "CHANGES_REQUESTED")
    assert hubbed.look(pull).state is State.FAILURE
    hubbed.hub.dismiss(no, by=hubbed.people["writer"])
    word = hubbed.look(pull)
    assert (word.state, confirmed(word)) == (State.PENDING, ["reviewer-1"])


def test_who_requests_changes_and_then_approves_counts_as_approving(hubbed: World) -> None:
    """The latest decisive word is the one that counts."""
    pull = ready(hubbed, approved=())
    hubbed.hub.review(pull, hubbed.people["reviewer-1"], "CHANGES_REQUESTED")
    hubbed.approve(pull, "reviewer-1", "reviewer-2")
    assert hubbed.look(pull).state is State.SUCCESS


@pytest.mark.parametrize("name", ["reviewer-3", "writer"])
def test_changes_that_somebody_else_requests_block(name: str, hubbed: World) -> None:
    """A person of the roster, or anybody who may write: GG414, and no mere wait."""
    pull = ready(hubbed)
    hubbed.hub.review(pull, hubbed.people[name], "CHANGES_REQUESTED")
    word = hubbed.look(pull)
    assert (word.state, errors(word)) == (State.FAILURE, ["GG414"])
    assert said(word).startswith(f"{name} requests changes since 2026-06-01T")


def test_changes_that_a_stranger_requests_do_not_block(hubbed: World) -> None:
    """Whoever may only read has no say; otherwise anybody could stop anything."""
    pull = ready(hubbed)
    hubbed.hub.review(pull, hubbed.people["stranger"], "CHANGES_REQUESTED")
    assert hubbed.look(pull).state is State.SUCCESS


def test_a_person_of_the_roster_without_write_permission_still_blocks(hubbed: World) -> None:
    """A no is heard where a yes would not count."""
    hubbed.hub.grant(hubbed.people["reviewer-3"], "read")
    pull = ready(hubbed)
    hubbed.hub.review(pull, hubbed.people["reviewer-3"], "CHANGES_REQUESTED")
    assert errors(hubbed.look(pull)) == ["GG414"]


def test_t24_a_comment_after_the_approval_changes_nothing(hubbed: World) -> None:
    """Nor does a review that is still pending, which has no time yet."""
    pull = ready(hubbed)
    hubbed.hub.review(pull, hubbed.people["reviewer-2"], "COMMENTED")
    pending = hubbed.hub.review(pull, hubbed.hub.gate.bot, "PENDING")
    assert pending.submitted_at is None
    assert hubbed.look(pull).state is State.SUCCESS


def test_the_state_in_an_events_payload_is_never_read(hubbed: World) -> None:
    """It is in lower case there; what counts is what the API says about every review."""
    pull = ready(hubbed, approved=("reviewer-1",))
    said_there = {"state": "approved", "user": {"id": 102}, "commit_id": pull.head_sha}
    run = {"event": "pull_request_review", "head_sha": pull.head_sha, "review": said_there}
    payload = json.dumps({"workflow_run": run, "review": said_there}).encode()
    asked = asked_by("workflow_run", payload, hubbed.client)
    assert asked.pulls == (pull.number,)
    assert hubbed.look(pull).state is State.PENDING


@pytest.mark.parametrize("state", ["approved", "RESOLVED"])
def test_an_unknown_state_is_an_error_and_no_default(state: str, hubbed: World) -> None:
    """In lower case the API never answers; a new word may mean anything."""
    pull = ready(hubbed)
    hubbed.hub.reviews[0].state = state
    hubbed.relaxed()
    with pytest.raises(CannotJudgeError, match="about a review is not as documented: state"):
        hubbed.word(pull)
    assert hubbed.status(pull.head_sha) == (
        "error",
        "PR #1: GitHub's answer about a review is not as documented: state (GG807).",
    )


def test_a_decisive_review_without_a_time_is_an_error(hubbed: World) -> None:
    """Without it nobody can tell whether it is the latest."""
    pull = ready(hubbed, NEW)
    hubbed.hub.reviews[0].submitted_at = None
    with pytest.raises(CannotJudgeError, match="submitted_at"):
        hubbed.word(pull)
