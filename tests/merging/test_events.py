"""What each event of GitHub Actions asks for; its payload is a hint and may be anything."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldengit.errors import CannotJudgeError
from goldengit.forge.client import GitHub
from goldengit.forge.place import Place
from goldengit.gating.merge.decision import State
from goldengit.gating.merge.events import Asked, asked_by
from tests.hub_world import World
from tests.merging.asking import OTHER, changed, ready

NOWHERE = "http://127.0.0.1:9"
UNASKED = GitHub(Place(NOWHERE, NOWHERE, NOWHERE, "org/evals"), "t", patience=0)


def asked(name: str, event: Any, github: GitHub = UNASKED) -> Asked:
    """Return what an event asks for; the forge is asked only by what needs it."""
    return asked_by(name, json.dumps(event).encode(), github)


def target(action: str) -> Asked:
    """Return what `pull_request_target` asks for."""
    return asked("pull_request_target", {"action": action, "pull_request": {"number": 7}})


@pytest.mark.parametrize("action", ["opened", "synchronize", "reopened", "edited"])
def test_t98_new_content_or_another_base_is_announced(action: str) -> None:
    """Whatever was said before no longer holds, and that is said first."""
    assert target(action) == Asked((7,), announce=True)


@pytest.mark.parametrize("action", ["ready_for_review", "labeled", "something-new"])
def test_other_activity_is_judged_and_takes_nothing_back(action: str) -> None:
    """The content is what it was."""
    assert target(action) == Asked((7,), announce=False)


def test_a_schedule_asks_for_everything() -> None:
    """Open requests and the merge queue."""
    assert asked("schedule", {"schedule": "17 * * * *"}) == Asked(sweep=True, queue=True)


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("2147483647", 2_147_483_647)])
def test_a_request_may_be_judged_by_hand(text: str, number: int) -> None:
    """`workflow_dispatch` has one input, which is text."""
    assert asked("workflow_dispatch", {"inputs": {"pr": text}}) == Asked((number,))


@pytest.mark.parametrize("event", [{}, {"inputs": None}, {"inputs": {}}, {"inputs": {"pr": " "}}])
def test_by_hand_without_a_number_everything_is_judged(event: dict[str, Any]) -> None:
    """Nothing was entered."""
    assert asked("workflow_dispatch", event) == Asked(sweep=True, queue=True)


@pytest.mark.parametrize(
    "text", ["0", "-1", "07", "1.0", "１２", "²", "1; ls", "x", "9" * 11, "9" * 5_000]
)
def test_by_hand_only_a_number_is_a_number(text: str) -> None:
    """Neither other digits nor a number that no request has."""
    with pytest.raises(CannotJudgeError, match="`pr` is no number"):
        asked("workflow_dispatch", {"inputs": {"pr": text}})


@pytest.mark.parametrize(
    "name",
    [
        "pull_request",
        "pull_request_review",
        "merge_group",
        "push",
        "issue_comment",
        "workflow_call",
        "repository_dispatch",
        "check_suite",
        "",
    ],
)
def test_t101_an_event_whose_workflow_may_be_the_requests_own_must_not_decide(name: str) -> None:
    """T95: of these the YAML comes from the head, or nobody expects them: GG806."""
    with pytest.raises(CannotJudgeError, match="GG806"):
        asked(name, {"action": "opened", "pull_request": {"number": 7}})


def rung(hubbed: World, cause: str, head: Any) -> Asked:
    """Return what the signal asks for when it was rung by an event, for a head."""
    run = {"event": cause, "head_sha": head, "pull_requests": []}
    return asked("workflow_run", {"workflow_run": run}, hubbed.client)


def test_a_review_asks_for_the_open_requests_with_its_head(hubbed: World) -> None:
    """The payload lists none for a fork's, so they are looked up."""
    first = ready(hubbed)
    ready(hubbed, OTHER, branch="other")
    hubbed.hub.push("copy", first.head_sha, by=hubbed.people["opener"])
    hubbed.hub.open_pull("copy", by=hubbed.people["opener"])
    assert rung(hubbed, "pull_request_review", first.head_sha) == Asked((3, 1))


def test_a_review_of_a_head_that_is_gone_asks_for_nothing(hubbed: World) -> None:
    """The push that replaced it has rung by itself."""
    pull = ready(hubbed)
    old = pull.head_sha
    hubbed.commit("topic", changed("Another answer."))
    assert rung(hubbed, "pull_request_review", old) == Asked()
    assert rung(hubbed, "pull_request_review", "main") == Asked()


def test_a_merge_group_asks_for_the_queue(hubbed: World) -> None:
    """Which group it was is read from the queue."""
    assert rung(hubbed, "merge_group", "f" * 40) == Asked(queue=True)


@pytest.mark.parametrize("cause", ["pull_request_target", "push", "workflow_dispatch", "", None, 3])
def test_a_signal_that_nobody_expects_is_refused(cause: Any) -> None:
    """Of `pull_request_target` the head in the payload is the base's."""
    run = {"event": cause, "head_sha": "f" * 40}
    with pytest.raises(CannotJudgeError, match="nobody expects"):
        asked("workflow_run", {"workflow_run": run})


@pytest.mark.parametrize(
    "run", [None, [], "x", {}, {"event": "pull_request_review"}, {"head_sha": 1}]
)
def test_a_signal_without_its_run_is_refused(run: Any) -> None:
    """Half a payload is none."""
    with pytest.raises(CannotJudgeError):
        asked("workflow_run", {"workflow_run": run})


@pytest.mark.parametrize("number", [None, "7", True, 7.0, 0, -1, [7], {"number": 7}])
def test_a_request_is_named_by_a_whole_number(number: Any) -> None:
    """Everything else names none."""
    with pytest.raises(CannotJudgeError, match="names no pull request"):
        asked("pull_request_target", {"action": "opened", "pull_request": {"number": number}})


@pytest.mark.parametrize(
    "payload",
    [b"", b"null", b"[]", b'"x"', b'{"action": "opened", "pull_req', b"\xff\xfe", b"[" * 200_000],
)
def test_a_payload_that_is_no_json_object_is_refused(payload: bytes) -> None:
    """Empty, half-written, in another encoding, or too deep."""
    with pytest.raises(CannotJudgeError, match="The event's payload is no JSON object"):
        asked_by("pull_request_target", payload, UNASKED)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["action", "pull_request", "number", "inputs", "pr", "workflow_run"])
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.sampled_from(["pull_request_target", "workflow_run", "workflow_dispatch"]), json_values)
def test_whatever_the_payload_holds_it_asks_for_numbers_or_is_refused(
    name: str, event: Any
) -> None:
    """No other error than ours, and no number that is none."""
    try:
        found = asked(name, event)
    except CannotJudgeError:
        return
    assert all(type(number) is int and number > 0 for number in found.pulls)


def test_t105_an_old_run_that_is_started_again_judges_what_is_there_now(hubbed: World) -> None:
    """GitHub replays the payload of then; of it only the number is used."""
    pull = ready(hubbed)
    old = {"number": 1, "head": {"sha": pull.head_sha}, "state": "open", "draft": False}
    hubbed.commit("topic", changed("Another answer."))
    found = asked("pull_request_target", {"action": "edited", "pull_request": old}, hubbed.client)
    (word,) = hubbed.gate(pull, announce=found.announce)
    assert found.pulls == (pull.number,)
    assert (word.commit, word.state) == (pull.head_sha, State.PENDING)


def test_t100_a_message_that_skips_workflows_skips_no_judgement(hubbed: World) -> None:
    """`[skip ci]` is GitHub's business; the sweep judges the request all the same."""
    start = hubbed.hub.branches["main"]
    tree = hubbed.hub.box.git("rev-parse", f"{hubbed.made(OTHER)}^{{tree}}")
    commit = hubbed.hub.box.git("commit-tree", tree, "-p", start, "-m", "x [skip ci]")
    hubbed.hub.push("topic", commit, by=hubbed.people["opener"])
    pull = hubbed.hub.open_pull("topic", by=hubbed.people["opener"], title="x [skip ci]")
    (word,) = hubbed.gate(sweep=True)
    assert (word.commit, word.state) == (pull.head_sha, State.PENDING)
