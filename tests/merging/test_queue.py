"""The merge queue: a group passes as what it is about to make of the branch."""

from dataclasses import replace
from typing import Any

from goldengit.gating.merge.decision import Decision, State
from tests.fakehub.merging import Entry
from tests.fakehub.pulls import Pull
from tests.hub_world import World
from tests.merging.asking import NEW, OTHER, README, TWO, changed, errors, ready
from tests.standard import id_of


def queued(hubbed: World, *pulls: Pull) -> list[Entry]:
    """Put requests into the queue, first one first."""
    return [hubbed.hub.enqueue(pull, by=hubbed.people["writer"]) for pull in pulls]


def judged(hubbed: World, **how: Any) -> list[Decision]:
    """Let the signal of a merge group ring."""
    return hubbed.gate(queue=True, **how)


def test_a_group_of_approved_requests_passes(hubbed: World) -> None:
    """Each group has a status of its own: what stands before it in the queue is part of it."""
    first = ready(hubbed)
    second = ready(hubbed, OTHER, branch="other")
    one, two = queued(hubbed, first, second)
    assert [word.state for word in judged(hubbed)] == [State.SUCCESS, State.SUCCESS]
    assert hubbed.status(one.head_sha) == ("success", "queue of #1: judged together")
    assert hubbed.status(two.head_sha) == ("success", "queue of #1, #2: judged together")


def test_t102_two_requests_that_add_one_id_break_the_group(hubbed: World) -> None:
    """Each passes alone: one adds a golden case, the other a candidate of that id."""
    first = ready(hubbed)
    candidate = [{"case": {"row": "new-1", "place": "candidates"}}]
    second = ready(hubbed, candidate, branch="other")
    assert hubbed.look(second).state is State.SUCCESS
    _, two = queued(hubbed, first, second)
    words = judged(hubbed)
    assert [word.state for word in words] == [State.SUCCESS, State.FAILURE]
    assert "GG310" in errors(words[1])
    status = hubbed.status(two.head_sha)
    assert status is not None
    assert status[1].startswith("queue of #1, #2: together they break ")
    assert id_of("new-1") in {one.place.path.rpartition("/")[2][:-5] for one in _found(words[1])}


def _found(word: Decision) -> Any:
    return word.report.findings if word.report else ()


def test_a_member_that_is_not_approved_fails_its_groups(hubbed: World) -> None:
    """Its own, and those behind it; the one before it passes."""
    pulls = [ready(hubbed), ready(hubbed, OTHER, (), branch="other")]
    pulls.append(ready(hubbed, [{"write": {"path": "a.md", "text": "a\n"}}], branch="third"))
    _, two, three = queued(hubbed, *pulls)
    assert [word.state for word in judged(hubbed)] == [
        State.SUCCESS,
        State.FAILURE,
        State.FAILURE,
    ]
    assert hubbed.status(two.head_sha) == (
        "failure",
        "queue of #1, #2: #2 1 file waits for approval (GG409)",
    )
    status = hubbed.status(three.head_sha)
    assert status is not None
    assert status[1].startswith("queue of #1, #2, #3: #2 ")


def test_a_member_whose_approval_went_away_in_the_queue_fails(hubbed: World) -> None:
    """Approvals are verified again, whatever the status on the head says."""
    pull = ready(hubbed)
    assert hubbed.word(pull).state is State.SUCCESS
    (entry,) = queued(hubbed, pull)
    hubbed.hub.dismiss(hubbed.hub.reviews[0], by=hubbed.people["writer"])
    judged(hubbed)
    assert hubbed.history(entry.head_sha) == ["failure"]


def test_a_member_whose_head_moved_since_it_was_queued_fails(hubbed: World) -> None:
    """It passes by itself, still; what is in the group is its former head."""
    pull = ready(hubbed)
    (entry,) = queued(hubbed, pull)
    hubbed.hub.before("GET */pulls/1", lambda: hubbed.commit("topic", README))
    (word,) = judged(hubbed)
    assert (word.state, word.sentence) == (
        State.FAILURE,
        "queue of #1: #1 has another head than when it was queued",
    )
    assert hubbed.history(entry.head_sha) == ["failure"]


def test_t102_a_group_whose_tree_is_not_what_was_approved_fails(hubbed: World) -> None:
    """The group commit holds another answer than the head that two people approved."""
    pull = ready(hubbed)
    (entry,) = queued(hubbed, pull)
    other = hubbed.made([*NEW, *changed("Nobody has seen this answer.")])
    hubbed.hub.queues["main"] = [replace(entry, head_sha=other)]
    hubbed.hub.set_ref(f"refs/heads/{entry.branch}", other)
    (word,) = judged(hubbed)
    assert (word.state, hubbed.history(other)) == (State.FAILURE, ["failure"])
    assert word.sentence.endswith(".yaml is not what was approved")


def test_a_member_that_cannot_be_judged_spoils_its_groups_alone(hubbed: World) -> None:
    """The group before it passes; its own says error, which is no success."""
    first = ready(hubbed)
    second = ready(hubbed, OTHER, branch="other")
    one, two = queued(hubbed, first, second)
    hubbed.hub.trouble("GET */pulls/2/reviews", 500, times=9)
    words = judged(hubbed)
    assert [word.state for word in words] == [State.SUCCESS, State.ERROR]
    assert (hubbed.history(one.head_sha), hubbed.history(two.head_sha)) == (["success"], ["error"])


def test_who_committed_something_else_to_the_branch_does_not_break_the_group(
    hubbed: World,
) -> None:
    """In a squashed commit everybody is an author of everything; the request was judged before."""
    pull = ready(hubbed)
    (entry,) = queued(hubbed, pull)
    squashed = hubbed.made(NEW, author="opener@example.org", co_authors=["reviewer-1@example.org"])
    hubbed.hub.queues["main"] = [replace(entry, head_sha=squashed)]
    hubbed.hub.set_ref(f"refs/heads/{entry.branch}", squashed)
    assert [word.state for word in judged(hubbed)] == [State.SUCCESS]


def test_a_branch_without_a_queue_has_no_groups(hubbed: World) -> None:
    """GraphQL answers null."""
    ready(hubbed)
    assert judged(hubbed) == []


def test_a_sweep_judges_open_requests_and_the_queue(hubbed: World) -> None:
    """Every hour, whatever no event told; requests to other branches are left alone."""
    hubbed.hub.push("playground", hubbed.hub.branches["main"], by=hubbed.people["writer"])
    first = ready(hubbed)
    second = ready(hubbed, OTHER, (), branch="other")
    hubbed.pull([{"write": {"path": "a.md", "text": "a\n"}}], branch="third", base="playground")
    (entry,) = queued(hubbed, first)
    words = hubbed.gate(sweep=True, queue=True)
    assert {(word.commit, word.state) for word in words} == {
        (first.head_sha, State.SUCCESS),
        (second.head_sha, State.PENDING),
        (entry.head_sha, State.SUCCESS),
    }


def test_a_request_that_cannot_be_judged_keeps_no_other_waiting(hubbed: World) -> None:
    """In a sweep its word is an error, posted as one."""
    first = ready(hubbed)
    second = ready(hubbed, OTHER, TWO, branch="other")
    hubbed.hub.trouble("GET */pulls/1/reviews", 500, times=9)
    words = hubbed.gate(sweep=True)
    assert sorted(word.state for word in words) == [State.ERROR, State.SUCCESS]
    assert hubbed.history(first.head_sha) == ["pending", "error"]
    assert hubbed.history(second.head_sha) == ["pending", "success"]
