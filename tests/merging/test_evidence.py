"""Evidence: what a fault means for deploys, and how maintainers deal with it."""

from goldengit.forge.client import GitHub
from goldengit.forge.place import place_of
from goldengit.gating.door import Door, policy_at
from goldengit.gating.origin import Origin, verified
from goldengit.repository.store import opened
from tests.hub_world import NOW, World

LAXER = [{"set": {"path": "datasets/support/dataset.yaml", "values": {"description": "Laxer."}}}]


def origin(hubbed: World) -> Origin:
    """Verify main as a deploy does: nothing is trusted but what the policy pins."""
    tip = hubbed.fetch()
    place = place_of(hubbed.environment())
    with opened(hubbed.clone.folder) as store, GitHub(place, hubbed.hub.token()) as client:
        door = Door(store, client, "origin", {})
        policy, _ = policy_at(door, tip)
        return verified(door, "main", tip, policy, now=NOW, pinned=True)


def record(hubbed: World) -> str:
    """Let the push be verified and recorded; return the tip of the evidence."""
    hubbed.run("gate", "push", "--commit", hubbed.fetch(), "--record")
    return hubbed.hub.box.git("rev-parse", "refs/goldengit/evidence")


def pin(hubbed: World, tip: str, version: int) -> None:
    """Pin a tip in a pull request of its own that a maintainer approves."""
    values = {"version": version, "history": {"evidence_tip": tip}}
    edit = {"set": {"path": "goldengit.yaml", "values": values}}
    pull = hubbed.pull([edit], branch=f"pin-{version}")
    hubbed.gate(pull, announce=True)
    hubbed.approve(pull, "reviewer-4")
    assert hubbed.word(pull).state == "success"
    merged = hubbed.hub.merge(pull, by=hubbed.people["writer"])
    hubbed.known[merged] = hubbed.known[pull.head_sha]


def test_a_fault_blocks_deploys_until_maintainers_pin_a_tip_behind_it(hubbed: World) -> None:
    """Recording it makes the next push quiet; only people can say that it is dealt with."""
    hubbed.commit("main", LAXER, by="admin")
    assert origin(hubbed).failed
    tip = record(hubbed)
    assert origin(hubbed).failed
    pin(hubbed, tip, 2)
    assert not origin(hubbed).failed


def test_what_lies_behind_the_pinned_tip_is_asked_of_the_forge_again(hubbed: World) -> None:
    """Whoever may push could have written those records; a deploy does not read them."""
    hubbed.commit("main", [{"write": {"path": "NOTES.md", "text": "Notes.\n"}}], by="admin")
    tip = record(hubbed)
    pin(hubbed, tip, 2)
    hubbed.commit("main", LAXER, by="admin")
    record(hubbed)
    found = origin(hubbed)
    assert found.failed
    assert [step.commit for step in found.steps if step.report.failed] == [found.commit]
