"""Whoever may push can write to the ref of the evidence, so what stands there is not believed."""

import json
from pathlib import Path
from typing import Any

import pytest

from goldengit import checking
from goldengit.errors import UnverifiedCommitError
from goldengit.gating.door import Door
from goldengit.gating.ground import ground
from goldengit.gating.merge.decision import Decision, State
from goldengit.gating.origin import origin_of
from goldengit.models.claims import fresh_claims
from goldengit.models.evidence import EvidenceRecord
from goldengit.models.layout import Kind
from goldengit.repository import evidence
from goldengit.repository.store import opened
from tests.cli.running import Ran
from tests.hub_world import NOW, World
from tests.merging.asking import README, ready, said

KEPT = evidence.REF


@pytest.fixture
def recorded(hubbed: World) -> World:
    """Return a world whose last merge is recorded."""
    pull = ready(hubbed)
    assert hubbed.word(pull).state is State.SUCCESS
    merged = hubbed.hub.merge(pull, by=hubbed.people["writer"])
    hubbed.known[merged] = hubbed.known[pull.head_sha]
    assert hubbed.run("gate", "push", "--commit", hubbed.fetch(), "--record").code == 0
    return hubbed


OTHER = [{"promote": {"row": "candidate-2"}}]


def forged(hubbed: World, step: str, parent: str, **lies: Any) -> str:
    """Add a record, made as the gate makes them, that confirms all claims of a step."""
    hubbed.clone.git("fetch", "--quiet", "origin", f"+{KEPT}:{KEPT}", "+refs/heads/*:refs/heads/*")
    with opened(hubbed.clone.folder) as store:
        chain = evidence.read_chain(store, store.repository.commit(KEPT))
        change = checking.transition(store, parent, step, now=NOW)
        rows = [_confirmed(one.claim) for one in fresh_claims(change, Kind.GOLDEN)]
        last = chain.records[-1]
        told = last.model_dump(mode="json", by_alias=True) | {
            "commit": step,
            "tree": store.repository.tree_of(step),
            "confirmations": rows,
            "previous": last.digest,
        }
        record = EvidenceRecord.model_validate_json(json.dumps(told | lies))
        chain = evidence.append(store.repository, chain, record)
    assert chain.tip
    hubbed.clone.git("push", "--quiet", "origin", f"{chain.tip}:{KEPT}")
    return chain.tip


def _confirmed(claim: Any) -> dict[str, Any]:
    names = ("dataset", "case", "transition", "digest", "appendix", "person", "role", "at")
    return {name: getattr(claim, name) for name in names} | {"by": "status"}


def pushed(hubbed: World, before: str, after: str, folder: Path) -> Ran:
    """Verify what a push event names."""
    file = folder / "event.json"
    file.write_text(json.dumps({"ref": "refs/heads/main", "before": before, "after": after}))
    words = ("gate", "push", "--event", str(file), "--record", "--format", "json")
    return hubbed.run(*words, GITHUB_EVENT_NAME="push")


def pinning(hubbed: World, tip: str) -> Decision:
    """Return the gate's word about a maintainer-approved request that pins a tip."""
    values = {"version": 2, "history": {"evidence_tip": tip}}
    pin = [{"set": {"path": "goldengit.yaml", "values": values}}]
    return hubbed.word(ready(hubbed, pin, branch="pin", approved=("reviewer-4",)))


def test_a_push_is_verified_although_a_record_of_it_was_there_before(
    recorded: World, tmp_path: Path
) -> None:
    """A writer records the commit as gated, then an administrator pushes it past the gate."""
    tip = recorded.hub.branches["main"]
    bad = recorded.made(OTHER, tip)
    recorded.hub.push("evil", bad, by=recorded.people["writer"])
    forged(recorded, bad, tip)
    recorded.hub.push("main", bad, by=recorded.people["admin"])
    recorded.fetch()
    for _ in range(2):  # starting the run again makes it no greener
        ran = pushed(recorded, tip, bad, tmp_path)
        (step,) = json.loads(ran.out)["steps"]
        assert (ran.code, step["commit"]) == (1, bad)
        assert "GG814" in {one["rule"] for one in step["findings"]}


def test_true_evidence_can_be_pinned(recorded: World) -> None:
    """The chain that the gate wrote says nothing but what the forge says."""
    tip = recorded.hub.box.git("rev-parse", KEPT)
    assert pinning(recorded, tip).state is State.SUCCESS


def test_a_forged_record_cannot_be_pinned(recorded: World) -> None:
    """It says that the administrator's commit came through the gate."""
    tip = recorded.hub.branches["main"]
    bad = recorded.commit("main", OTHER, by="admin")
    word = pinning(recorded, forged(recorded, bad, tip))
    assert word.state is State.FAILURE
    assert f"The evidence says that {bad[:12]} came through the gate" in said(word)


def test_a_record_that_confirms_what_its_step_did_not_bring_cannot_be_pinned(
    recorded: World,
) -> None:
    """An honest step, and the signoffs of a case on somebody's branch."""
    tip = recorded.hub.branches["main"]
    good = recorded.commit("main", README, by="admin")
    evil = recorded.commit("evil", OTHER, by="writer", base="main")
    word = pinning(recorded, forged(recorded, evil, tip, commit=good))
    assert word.state is State.FAILURE
    assert f"confirms signoffs that {good[:12]} did not bring" in said(word)


def test_a_chain_that_leaves_out_a_step_cannot_be_pinned(recorded: World) -> None:
    """Every record is true, and the one of the commit between is missing."""
    bad = recorded.commit("main", OTHER, by="admin")
    good = recorded.commit("main", README, by="admin")
    word = pinning(recorded, forged(recorded, good, bad))
    assert word.state is State.FAILURE
    assert "does not speak of each step of `main`" in said(word)


@pytest.mark.parametrize(
    ("lies", "problem"),
    [
        ({"branch": "side"}, "which the policy does not protect"),
        ({"repository": "56cc54ba-6d10-474a-a548-677de5f19ae4"}, "confirms signoffs that"),
    ],
)
def test_a_record_of_elsewhere_cannot_be_pinned(
    recorded: World, lies: dict[str, Any], problem: str
) -> None:
    """Neither that of an unprotected branch nor that of another repository."""
    tip = recorded.hub.branches["main"]
    good = recorded.commit("main", README, by="admin")
    word = pinning(recorded, forged(recorded, good, tip, **lies))
    assert (word.state, problem in said(word)) == (State.FAILURE, True)


def test_who_approves_a_pin_behind_a_fault_is_told_of_it(recorded: World) -> None:
    """Pinning it is the maintainers' word that it is dealt with, so they must see it."""
    bad = recorded.commit("main", OTHER, by="admin")
    assert recorded.run("gate", "push", "--commit", recorded.fetch(), "--record").code == 1
    word = pinning(recorded, recorded.hub.box.git("rev-parse", KEPT))
    assert word.state is State.SUCCESS
    assert f"the fault of {bad[:12]} is dealt with (GG814)" in said(word)


def test_what_is_not_on_the_forges_branch_is_not_verified(recorded: World) -> None:
    """A commit that only this clone has would break the chain for everybody."""
    side = recorded.commit("side", README, by="writer")
    recorded.fetch()
    ran = recorded.run("gate", "push", "--commit", side, "--record")
    assert (ran.code, "is no step of `main`" in ran.err) == (3, True)


def test_a_fault_is_told_until_a_pin_deals_with_it(recorded: World) -> None:
    """The next push is no failure any more, but what is attested of it still names the fault."""
    bad = recorded.commit("main", OTHER, by="admin")
    recorded.run("gate", "push", "--commit", recorded.fetch(), "--record")
    recorded.commit("main", README, by="admin")
    words = ("gate", "push", "--commit", recorded.fetch(), "--record")
    told = recorded.run(*words)
    assert (told.code, f"No pin deals with the fault of {bad[:12]} yet" in told.out) == (0, True)
    assert json.loads(recorded.run(*words, "--format", "json").out)["faults"] == [bad]


def test_a_commit_from_before_the_pin_that_deals_with_a_fault_is_not_deployed(
    recorded: World,
) -> None:
    """The laxer judge was put back since, but at that commit it would still judge."""
    honest = recorded.hub.branches["main"]
    path = "datasets/support/dataset.yaml"
    laxer = {"set": {"path": path, "values": {"description": "Laxer."}}}
    fault = recorded.commit("main", [laxer], by="admin")
    repair = recorded.hub.box.commit(recorded.known[honest], [fault], author="admin@example.org")
    recorded.known[repair] = recorded.known[honest]
    recorded.hub.push("main", repair, by=recorded.people["admin"])
    recorded.run("gate", "push", "--commit", recorded.fetch(), "--record")
    tip = recorded.hub.box.git("rev-parse", KEPT)
    assert pinning(recorded, tip).state is State.SUCCESS
    (pull,) = [one for one in recorded.hub.pulls.values() if one.state == "open"]
    pinned = recorded.hub.merge(pull, by=recorded.people["writer"])
    recorded.fetch()
    assert [deployable(recorded, one) for one in (honest, fault, repair, pinned)] == [
        True,
        False,
        False,
        True,
    ]


def deployable(hubbed: World, commit: str) -> bool:
    """Tell whether the way of a commit passes at the deploy gate."""
    with opened(hubbed.clone.folder) as store:
        place = ground(store, "support", commit, NOW)
        try:
            return not origin_of(Door(store, hubbed.client, "origin", {}), place).failed
        except UnverifiedCommitError as error:
            assert "deals with the fault" in error.problem  # noqa: PT017
            return False
