"""The way of a pull request, from its opening to green."""

from goldengit.gating.merge.decision import State
from tests.hub_world import World

PROMOTE = [{"promote": {"row": "candidate-2"}}]


def test_two_approvals_after_the_gate_has_seen_the_case_turn_it_green(hubbed: World) -> None:
    """Promote, red, one approval, still waiting, second approval, green."""
    pull = hubbed.pull(PROMOTE)
    first = hubbed.word(pull, announce=True)
    assert (first.state, hubbed.status(pull.head_sha)) == (
        State.PENDING,
        ("pending", f"PR #{pull.number}: 1 file waits for approval (GG409)"),
    )
    hubbed.approve(pull, "reviewer-1")
    assert hubbed.word(pull).state is State.PENDING
    hubbed.approve(pull, "reviewer-2")
    assert hubbed.word(pull).state is State.SUCCESS
    assert hubbed.status(pull.head_sha) == (
        "success",
        f"PR #{pull.number}: 4 files judged, 1 approved by people",
    )
