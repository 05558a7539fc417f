"""Whose approval counts: a person of the base's roster who may write and is not behind the case."""

from typing import Any

import pytest

from goldengit.gating.merge.decision import State
from goldengit.models.layout import POLICY
from tests.fakehub.people import User
from tests.hub_world import World
from tests.merging.asking import (
    NEW,
    PROMOTION,
    README,
    Worlds,
    approvals,
    changed,
    confirmed,
    errors,
    ready,
    said,
)
from tests.standard import policy

ONE = "reviewer-1@example.org"


def person(number: int, *accounts: int, **more: object) -> dict[str, object]:
    """Return a person of the roster with these accounts besides their own."""
    entry: dict[str, Any] = policy()["roster"][f"reviewer-{number}"]
    return {**entry, "accounts": [*entry["accounts"], *({"id": id_} for id_ in accounts)], **more}


def roster(**people: object) -> dict[str, object]:
    """Return the standard roster with other entries (`reviewer_1`) in their places."""
    known: dict[str, object] = policy()["roster"]
    return known | {name.replace("_", "-"): entry for name, entry in people.items()}


# -- behind the case -----------------------------------------------------------------------------


def test_t16_who_opens_the_request_does_not_confirm_it(hubbed: World) -> None:
    """GitHub refuses such an approval; where a row says otherwise it counts for nothing."""
    hubbed.commit("topic", NEW)
    pull = hubbed.hub.open_pull("topic", by=hubbed.people["reviewer-1"])
    hubbed.stamp(pull)
    hubbed.approve(pull, "reviewer-1", "reviewer-2")
    word = hubbed.look(pull)
    assert (word.state, confirmed(word)) == (State.FAILURE, ["reviewer-2"])
    assert errors(word) == ["GG401", "GG409"]
    assert "but opened the pull request" in said(word)


@pytest.mark.parametrize("who", [{"author": ONE}, {"committer": ONE}, {"co_authors": [ONE]}])
def test_t16_who_is_behind_the_commit_does_not_confirm_it(
    who: dict[str, Any], hubbed: World
) -> None:
    """Author, committer and co-author alike, although somebody else pushed it."""
    commit = hubbed.made(NEW, **{"author": "opener@example.org", **who})
    hubbed.hub.push("topic", commit, by=hubbed.people["opener"])
    pull = hubbed.hub.open_pull("topic", by=hubbed.people["opener"])
    hubbed.stamp(pull)
    hubbed.approve(pull, "reviewer-1", "reviewer-2")
    word = hubbed.look(pull)
    assert (errors(word), confirmed(word)) == (["GG401", "GG409"], ["reviewer-2"])
    assert f"is behind commit {commit[:12]}, which wrote it" in said(word)


@pytest.mark.parametrize("part", ["author", "committer", "co_authors"])
def test_t16_an_address_that_only_the_forge_knows_excludes_its_person(
    part: str, hubbed: World
) -> None:
    """The roster does not have it; the account that GitHub matches it with is reviewer-1's."""
    mine = "private@example.net"
    hubbed.people["reviewer-1"].emails.add(mine)
    who: dict[str, Any] = {part: [mine] if part == "co_authors" else mine}
    commit = hubbed.made(NEW, **{"author": "opener@example.org", **who})
    hubbed.hub.push("topic", commit, by=hubbed.people["opener"])
    pull = hubbed.hub.open_pull("topic", by=hubbed.people["opener"])
    hubbed.stamp(pull)
    hubbed.approve(pull, "reviewer-1", "reviewer-2")
    assert confirmed(hubbed.look(pull)) == ["reviewer-2"]


def test_t16_who_pushes_the_case_does_not_confirm_it(hubbed: World) -> None:
    """The commit names somebody else; the activity of the branch knows better."""
    commit = hubbed.made(NEW, author="opener@example.org")
    hubbed.hub.push("topic", commit, by=hubbed.people["reviewer-1"])
    pull = hubbed.hub.open_pull("topic", by=hubbed.people["opener"])
    hubbed.stamp(pull)
    hubbed.approve(pull, "reviewer-1", "reviewer-2")
    word = hubbed.look(pull)
    assert (errors(word), confirmed(word)) == (["GG401", "GG409"], ["reviewer-2"])
    assert "reviewer-1 signs as labeler, but pushed it to the branch at 2026-06-01T" in said(word)


def test_t16_who_once_pushed_the_case_stays_behind_it_after_a_forced_push(hubbed: World) -> None:
    """The commit is rewritten in another name; the activity keeps the first push."""
    start = hubbed.hub.branches["main"]
    hubbed.hub.push("topic", hubbed.made(NEW, author=ONE), by=hubbed.people["reviewer-1"])
    pull = hubbed.hub.open_pull("topic", by=hubbed.people["opener"])
    hubbed.force("topic", start, NEW)
    hubbed.stamp(pull)
    hubbed.approve(pull, "reviewer-1", "reviewer-2")
    assert confirmed(hubbed.look(pull)) == ["reviewer-2"]


def test_who_pushes_something_else_to_the_branch_may_confirm_the_case(hubbed: World) -> None:
    """Exclusion is a matter's own: another file does not make anybody an author of the case."""
    pull = ready(hubbed)
    hubbed.commit("topic", README, by="reviewer-1")
    assert hubbed.look(pull).state is State.SUCCESS


def test_who_merges_the_base_into_the_branch_may_confirm_the_case(hubbed: World) -> None:
    """A merge that leaves the case as it was makes nobody its author."""
    pull = ready(hubbed)
    hubbed.commit("main", README, by="admin")
    hubbed.hub.update_branch(pull, by=hubbed.people["reviewer-1"])
    assert hubbed.look(pull).state is State.SUCCESS


def test_a_case_whose_push_github_does_not_know_is_refused(hubbed: World) -> None:
    """GG417: when nobody can say who pushed, nobody can say who may sign."""
    pull = ready(hubbed)
    hubbed.hub.activities.clear()
    word = hubbed.look(pull)
    assert (word.state, errors(word)) == (State.FAILURE, ["GG417"])
    assert f"GitHub has no record of who pushed {pull.head_sha[:12]}" in said(word)


def test_a_case_that_a_deleted_account_pushed_is_refused(hubbed: World) -> None:
    """GG417: it may have been anybody's."""
    pull = ready(hubbed, by="writer")
    hubbed.hub.delete(hubbed.people["writer"])
    word = hubbed.look(pull)
    assert (word.state, errors(word)) == (State.FAILURE, ["GG417"])
    assert "the account that pushed it was deleted" in said(word)


# -- commits and accounts ------------------------------------------------------------------------


def test_a_commit_made_on_the_web_has_nobody_as_committer(hubbed: World) -> None:
    """The account web-flow stands for the page; the author is a person all the same."""
    commit = hubbed.made(NEW, author="opener@example.org", committer="noreply@github.com")
    hubbed.hub.push("topic", commit, by=hubbed.people["opener"])
    pull = hubbed.hub.open_pull("topic", by=hubbed.people["opener"])
    hubbed.stamp(pull)
    hubbed.approve(pull, "reviewer-1", "reviewer-2")
    word = hubbed.look(pull)
    assert word.state is State.SUCCESS
    assert word.pull is not None
    assert [one.login for one in word.pull.commits[0].accounts] == ["opener", "opener"]


@pytest.mark.parametrize("part", ["author", "committer"])
def test_t19_a_commit_that_belongs_to_no_account_is_refused(part: str, hubbed: World) -> None:
    """GG417: an unknown address may hide a signer, so it is never ignored."""
    people = {"author": "writer@example.org", part: "nobody@example.net"}
    hubbed.hub.push("topic", hubbed.made(NEW, **people), by=hubbed.people["opener"])
    pull = hubbed.hub.open_pull("topic", by=hubbed.people["opener"])
    hubbed.stamp(pull)
    hubbed.approve(pull, "reviewer-1", "reviewer-2")
    word = hubbed.look(pull)
    assert (word.state, errors(word)) == (State.FAILURE, ["GG417"])
    assert "belongs to no account on the forge" in said(word)


def test_a_verified_signature_stands_in_for_an_unknown_committer(hubbed: World) -> None:
    """The forge knows whose key it is, though not the address."""
    commit = hubbed.made(NEW, author="writer@example.org", committer="build@example.net")
    hubbed.hub.verify(commit)
    hubbed.hub.push("topic", commit, by=hubbed.people["opener"])
    pull = hubbed.hub.open_pull("topic", by=hubbed.people["opener"])
    hubbed.stamp(pull)
    hubbed.approve(pull, "reviewer-1", "reviewer-2")
    assert hubbed.look(pull).state is State.SUCCESS


@pytest.mark.parametrize("address", [ONE, "Reviewer-1+evals@EXAMPLE.org"])
def test_t19_a_roster_address_in_a_trailer_excludes_and_never_grants(
    address: str, hubbed: World
) -> None:
    """It may be false: then it costs an approval, and it never gives one."""
    commit = hubbed.made(NEW, author="opener@example.org", co_authors=[address])
    hubbed.hub.push("topic", commit, by=hubbed.people["opener"])
    pull = hubbed.hub.open_pull("topic", by=hubbed.people["opener"])
    hubbed.stamp(pull)
    hubbed.approve(pull, "reviewer-2")
    word = hubbed.look(pull)
    assert confirmed(word) == ["reviewer-2"]
    hubbed.approve(pull, "reviewer-1")
    assert confirmed(hubbed.look(pull)) == ["reviewer-2"]


# -- who may approve -----------------------------------------------------------------------------


def test_t20_a_renamed_login_is_the_same_person(hubbed: World) -> None:
    """The roster holds the id; the login is only what is shown."""
    pull = ready(hubbed)
    hubbed.hub.rename(hubbed.people["reviewer-1"], "somebody-new")
    assert hubbed.look(pull).state is State.SUCCESS


def test_t20_a_login_that_was_taken_over_is_nobody(hubbed: World) -> None:
    """The name of a reviewer now belongs to another account, which approves."""
    hubbed.hub.rename(hubbed.people["reviewer-1"], "somebody-new")
    imitator = hubbed.hub.user("reviewer-1", "admin")
    pull = ready(hubbed, approved=("reviewer-2",))
    hubbed.hub.approve(pull, imitator)
    word = hubbed.look(pull)
    assert (word.state, confirmed(word)) == (State.PENDING, ["reviewer-2"])


def test_t20_the_permission_of_a_taken_login_is_not_the_reviewers(hubbed: World) -> None:
    """The answer names its account, and another one's permission is none."""
    pull = ready(hubbed)
    path = f"GET /repos/org/evals/collaborators/{hubbed.people['reviewer-1'].login}/permission"

    def taken() -> None:
        hubbed.hub.rename(hubbed.people["reviewer-1"], "somebody-new")
        hubbed.hub.user("reviewer-1", "admin")

    hubbed.hub.before(path, taken)
    word = hubbed.look(pull)
    assert confirmed(word) == ["reviewer-2"]
    assert approvals(word).refused["reviewer-1"].endswith("without write permission")


def test_t21_a_bot_with_an_id_of_the_roster_is_no_person(hubbed_with: Worlds) -> None:
    """GG405: an App may approve on GitHub; here it has no voice."""
    hubbed = hubbed_with(roster=roster(reviewer_1=person(1, 7001)))
    app = hubbed.hub.app("approver", bot_id=7001)
    hubbed.hub.grant(app.bot, "admin")
    pull = ready(hubbed, approved=("reviewer-2",))
    hubbed.hub.approve(pull, app.bot)
    word = hubbed.look(pull)
    assert (word.state, confirmed(word)) == (State.PENDING, ["reviewer-2"])
    assert approvals(word).refused == {"reviewer-1": "comes from an app or a bot"}


def test_t21_the_token_of_actions_approves_nothing(hubbed: World) -> None:
    """Whatever the settings of Actions allow."""
    pull = ready(hubbed, approved=("reviewer-2",))
    hubbed.hub.approve(pull, hubbed.hub.actions.bot)
    assert confirmed(hubbed.look(pull)) == ["reviewer-2"]


def test_the_approval_of_a_deleted_account_is_gone(hubbed: World) -> None:
    """GitHub lists it without an account, so it is nobody's."""
    pull = ready(hubbed)
    hubbed.hub.delete(hubbed.people["reviewer-1"])
    word = hubbed.look(pull)
    assert (word.state, confirmed(word)) == (State.PENDING, ["reviewer-2"])


def test_t26_who_may_not_write_does_not_count(hubbed: World) -> None:
    """GitHub maps maintain to write and triage to read."""
    pull = ready(hubbed, approved=("reviewer-1",))
    for role in ("read", "triage", "none", "write", "maintain", "admin"):
        hubbed.hub.grant(hubbed.people["reviewer-1"], role)
        counts = role in {"write", "maintain", "admin"}
        assert confirmed(hubbed.look(pull)) == ["reviewer-1"] * counts, role


def test_a_custom_role_counts_as_the_permission_it_gives(hubbed: World) -> None:
    """What is asked is the permission, never the name of a role."""
    pull = ready(hubbed, approved=("reviewer-1",))
    for base, counts in (("write", 1), ("triage", 0)):
        hubbed.hub.custom_roles["curator"] = base
        hubbed.hub.grant(hubbed.people["reviewer-1"], "curator")
        assert len(confirmed(hubbed.look(pull))) == counts, base


def test_t26_who_left_the_roster_does_not_count(hubbed_with: Worlds) -> None:
    """A role that had ended when the approval was given is none."""
    hubbed = hubbed_with(roster=roster(reviewer_2=person(2, valid_to="2026-05-31")))
    word = hubbed.look(ready(hubbed))
    assert confirmed(word) == ["reviewer-1"]
    assert approvals(word).refused["reviewer-2"].endswith("comes when reviewer-2 holds no role")


def test_t26_a_role_that_the_reviewer_does_not_hold_is_not_confirmed(hubbed_with: Worlds) -> None:
    """The approval counts; for this claim it does not."""
    hubbed = hubbed_with(roster=roster(reviewer_2=person(2, roles=["labeler"])))
    word = hubbed.look(ready(hubbed))
    assert (word.state, confirmed(word)) == (State.FAILURE, ["reviewer-1", "reviewer-2"])
    assert "comes when reviewer-2 is no confirmer" in said(word)


def test_who_is_not_in_the_roster_does_not_count(hubbed: World) -> None:
    """An administrator's approval is nobody's here."""
    pull = ready(hubbed, approved=("reviewer-1", "admin", "writer"))
    word = hubbed.look(pull)
    assert (word.state, confirmed(word)) == (State.PENDING, ["reviewer-1"])


def test_t02_a_roster_that_changes_in_the_same_request_has_no_effect(hubbed: World) -> None:
    """The base's roster is in force; what adds a signer comes alone."""
    entry = {"roles": ["confirmer"], "accounts": [{"id": hubbed.people["writer"].id}]}
    added = [{"set": {"path": POLICY, "values": {"roster.reviewer-6": entry, "version": 2}}}]
    signed = ["reviewer-1:labeler", "reviewer-6:confirmer"]
    new = [{"case": {"row": "new-1", "sign": signed}}]
    word = hubbed.look(ready(hubbed, [*added, *new], ("reviewer-1", "writer")))
    assert (word.state, confirmed(word)) == (State.FAILURE, ["reviewer-1"])
    assert {"GG405", "GG702"} <= set(errors(word))


def second(hubbed: World) -> User:
    """Return the second account of reviewer-1, which the roster knows."""
    return hubbed.hub.user("reviewer-1-at-home", "write", id=7001)


def test_t17_two_accounts_of_one_person_are_one_person(hubbed_with: Worlds) -> None:
    """Approvals are counted by person, whatever the number of logins."""
    hubbed = hubbed_with(roster=roster(reviewer_1=person(1, 7001)))
    pull = ready(hubbed, approved=("reviewer-1",))
    hubbed.hub.approve(pull, second(hubbed))
    word = hubbed.look(pull)
    assert (word.state, confirmed(word)) == (State.PENDING, ["reviewer-1"])


def test_t17_a_second_account_of_the_opener_is_the_opener(hubbed_with: Worlds) -> None:
    """One account excludes all accounts of its person."""
    hubbed = hubbed_with(roster=roster(reviewer_1=person(1, 7001)))
    home = second(hubbed)
    hubbed.commit("topic", NEW)
    pull = hubbed.hub.open_pull("topic", by=home)
    hubbed.stamp(pull)
    hubbed.approve(pull, "reviewer-1", "reviewer-2")
    word = hubbed.look(pull)
    assert confirmed(word) == ["reviewer-2"]
    assert "but opened the pull request" in said(word)


def test_t17_an_account_that_nobody_knows_never_counts(hubbed: World) -> None:
    """A second account outside the roster is a stranger, whoever's it is."""
    pull = ready(hubbed, approved=("reviewer-1",))
    hubbed.hub.approve(pull, second(hubbed))
    assert confirmed(hubbed.look(pull)) == ["reviewer-1"]


def test_a_no_from_any_account_of_a_person_blocks(hubbed_with: Worlds) -> None:
    """Approving with one account and objecting with another is no approval."""
    hubbed = hubbed_with(roster=roster(reviewer_1=person(1, 7001)))
    pull = ready(hubbed)
    hubbed.hub.review(pull, second(hubbed), "CHANGES_REQUESTED")
    assert errors(hubbed.look(pull)) == ["GG409", "GG414"]


def test_t24_a_dismissal_ends_what_the_person_approved_with_any_account(
    hubbed_with: Worlds,
) -> None:
    """The last word is a person's, and it was taken back."""
    hubbed = hubbed_with(roster=roster(reviewer_1=person(1, 7001)))
    pull = ready(hubbed)
    assert hubbed.look(pull).state is State.SUCCESS
    again = hubbed.hub.approve(pull, second(hubbed))
    hubbed.hub.dismiss(again, by=hubbed.people["writer"])
    assert errors(hubbed.look(pull)) == ["GG409"]


# -- a small team --------------------------------------------------------------------------------

SMALL = {"threshold": 2, "author_counts_as_labeler": True}
OWN = ("reviewer-5:labeler", "reviewer-2:confirmer")
MINE = [{"case": {"row": "new-1", "sign": list(OWN)}}]


def test_in_a_small_team_the_opener_is_the_labeler(hubbed_with: Worlds) -> None:
    """One opens the request, a second confirms; reviewer-5 is the opener's person."""
    hubbed = hubbed_with(signoffs=SMALL)
    pull = ready(hubbed, MINE, approved=())
    assert errors(hubbed.look(pull)) == ["GG409"]
    hubbed.approve(pull, "reviewer-2")
    assert hubbed.look(pull).state is State.SUCCESS


def test_in_a_small_team_the_opener_is_never_the_confirmer(hubbed_with: Worlds) -> None:
    """The second of the two is somebody else."""
    hubbed = hubbed_with(
        signoffs=SMALL, roster=roster(reviewer_5=person(5, roles=["labeler", "confirmer"]))
    )
    both = [{"case": {"row": "new-1", "sign": ["reviewer-2:labeler", "reviewer-5:confirmer"]}}]
    word = hubbed.look(ready(hubbed, both, ("reviewer-2", "opener")))
    assert (word.state, errors(word)) == (State.FAILURE, ["GG401", "GG409"])


def test_t29_in_a_small_team_nobody_labels_in_the_openers_name(hubbed_with: Worlds) -> None:
    """Another writer replaces the case on the opener's branch, claims and all; one approves that.

    What the opener did not bring to the branch, the opener does not confirm by having opened it.
    """
    hubbed = hubbed_with(signoffs=SMALL)
    pull = ready(hubbed, MINE, approved=())
    hubbed.commit("topic", changed("The writer's own answer.", *OWN), by="writer")
    hubbed.stamp(pull)
    hubbed.approve(pull, "reviewer-2")
    word = hubbed.look(pull)
    assert (word.state, errors(word)) == (State.PENDING, ["GG409"])
    assert confirmed(word, PROMOTION) == ["reviewer-2"]
    assert "is for what reviewer-5 pushed, and this is not" in said(word)


def test_in_a_large_team_the_opener_signs_nothing(hubbed: World) -> None:
    """The default is two others."""
    word = hubbed.look(ready(hubbed, MINE, ("reviewer-2",)))
    assert (word.state, errors(word)) == (State.FAILURE, ["GG401", "GG409"])
