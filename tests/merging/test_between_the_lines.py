"""What slips in between: siblings, retargets, modes, mirrors, and links in the place of folders."""

import pytest

from goldengit.errors import CannotJudgeError, OutOfDateError, UsageError
from goldengit.forge.client import GitHub
from goldengit.forge.known import known_place
from goldengit.forge.place import Place, place_of
from goldengit.gating.merge.decision import State
from goldengit.models.layout import POLICY
from goldengit.repository.interpret import house_bytes
from tests.fakehub.pulls import Pull
from tests.gitbox import Blob, Files
from tests.hub_world import World, with_forge
from tests.merging.asking import NEW, README, TWO, Worlds, errors, ready

SCRIPT = ".github/run.sh"


def test_a_sibling_that_is_opened_while_success_is_posted_takes_it_back(hubbed: World) -> None:
    """T99: the status belongs to the commit, so it would be the sibling's as well."""
    release(hubbed)
    pull = ready(hubbed)
    opener = hubbed.people["opener"]
    hubbed.hub.before(
        "POST */statuses/*", lambda: hubbed.hub.open_pull("topic", by=opener, base="release")
    )
    assert hubbed.word(pull).state is State.PENDING
    assert hubbed.history(pull.head_sha) == ["pending", "success", "pending"]


def test_an_objection_while_a_group_is_posted_takes_its_success_back(hubbed: World) -> None:
    """A group of five is judged for a while; nobody may be overheard meanwhile."""
    pull = ready(hubbed)
    assert hubbed.word(pull).state is State.SUCCESS
    entry = hubbed.hub.enqueue(pull, by=hubbed.people["writer"])
    objector = hubbed.people["reviewer-3"]
    hubbed.hub.before(
        "POST */statuses/*", lambda: hubbed.hub.review(pull, objector, "CHANGES_REQUESTED")
    )
    (word,) = hubbed.gate(queue=True)
    assert word.state is State.PENDING
    assert hubbed.history(entry.head_sha) == ["success", "pending"]


def test_a_group_that_cannot_be_read_again_has_no_success(hubbed: World) -> None:
    """What went wrong is told, and the queue does not merge."""
    pull = ready(hubbed)
    assert hubbed.word(pull).state is State.SUCCESS
    entry = hubbed.hub.enqueue(pull, by=hubbed.people["writer"])
    hubbed.hub.trouble("GET */pulls/1/reviews", 404, skip=2)
    (word,) = hubbed.gate(queue=True)
    assert word.state is State.ERROR
    assert hubbed.history(entry.head_sha) == ["success", "error"]


def test_success_for_another_base_is_none_after_the_merge(hubbed_with: Worlds) -> None:
    """T98: retargeted and merged before the gate could say pending."""
    hubbed = hubbed_with(protected_branches=["main", "release"])
    release(hubbed)
    pull = ready(hubbed, base="release")
    assert hubbed.word(pull).state is State.SUCCESS
    hubbed.hub.retarget(pull, "main", by=hubbed.people["writer"])
    merged = hubbed.hub.merge(pull, by=hubbed.people["writer"])
    hubbed.fetch()
    ran = hubbed.run("gate", "push", "--commit", merged)
    assert (ran.code, "merged without success of the gate" in ran.out) == (1, True)


def test_a_push_of_which_the_record_is_cut_off_leaves_the_case_unexplained(hubbed: World) -> None:
    """A reviewer pushed it in somebody else's name, and later rows alone are left."""
    made = hubbed.made(NEW, author="opener@example.org")
    hubbed.hub.push("topic", made, by=hubbed.people["reviewer-1"])
    hubbed.commit("topic", README)
    hubbed.hub.activities = [
        row for row in hubbed.hub.activities if row.actor != hubbed.people["reviewer-1"]
    ]
    pull = hubbed.hub.open_pull("topic", by=hubbed.people["opener"])
    hubbed.stamp(pull)
    hubbed.approve(pull, *TWO)
    assert errors(hubbed.look(pull)) == ["GG417"]


@pytest.mark.parametrize("mode", ["100755", "120000"])
def test_an_approval_of_a_file_is_one_of_its_mode(hubbed: World, mode: str) -> None:
    """The same bytes become a program, or the target of a link."""
    pull = control(hubbed, SCRIPT, Blob(b"#!/bin/sh\n"))
    assert hubbed.word(pull).state is State.SUCCESS
    files = hubbed.known[pull.head_sha]
    commit(hubbed, files | {SCRIPT: Blob(files[SCRIPT].data, mode)}, pull.head_sha)
    word = hubbed.word(pull, announce=True)
    assert (word.state, errors(word)) == (State.PENDING, ["GG703"])


@pytest.mark.parametrize(
    ("path", "mode"),
    [(".github", "120000"), ("CODEOWNERS", "100644"), ("docs/CODEOWNERS", "100644")],
)
def test_what_github_reads_instead_is_protected_too(hubbed: World, path: str, mode: str) -> None:
    """`.github` itself is no file below `.github/`, and owners may stand in three places."""
    commit(hubbed, hubbed.known[hubbed.hub.branches["main"]] | {path: Blob(b"x", mode)})
    word = hubbed.look(hubbed.hub.open_pull("topic", by=hubbed.people["opener"]))
    assert (word.state, errors(word)) == (State.PENDING, ["GG703"])


def test_a_policy_that_only_the_clones_origin_has_judges_nothing(hubbed: World) -> None:
    """A mirror with friends in its roster, in the place of the repository that is asked."""
    pull = ready(hubbed, approved=())
    tip, friends = hubbed.hub.branches["main"], ("writer", "admin")
    accounts = [{"id": hubbed.people[name].id, "login": name} for name in friends]
    policy = with_forge(hubbed.hub, {})
    for person, account in zip(("reviewer-1", "reviewer-2"), accounts, strict=True):
        policy["roster"][person]["accounts"] = [account]
    files = hubbed.known[tip] | {POLICY: Blob(house_bytes(POLICY, policy))}
    fake = hubbed.hub.box.commit(files, [tip])
    hubbed.approve(pull, *friends)
    hubbed.hub.set_ref("refs/heads/main", fake)  # the server's objects, not what its API says
    with pytest.raises(OutOfDateError, match="at the remote origin"):
        hubbed.word(pull)
    assert hubbed.history(pull.head_sha) == ["pending"]


def test_an_address_of_the_api_does_not_vouch_for_the_host_of_origin() -> None:
    """The token would go to whatever `origin` names."""
    named = {"GITHUB_API_URL": "https://api.github.com"}
    with pytest.raises(UsageError, match="nothing says that this is a GitHub"):
        known_place(named, "https://evil.example/org/evals", None)
    own = {"GITHUB_API_URL": "https://ghes.example/api/v3"}
    origin = "https://ghes.example/org/evals"
    assert known_place(own, origin, None).api == "https://ghes.example/api/v3"


def test_the_host_of_a_remote_is_read_without_its_case() -> None:
    """GitHub.com is no server of its own."""
    assert place_of({}, "https://GitHub.com/org/evals").api == "https://api.github.com"


@pytest.mark.parametrize(
    "address",
    [
        "https://api.github.com\n",
        "https://[::1",
        "https://who:secret@api.github.com",
        "https://a b",
    ],
)
def test_an_address_that_is_none_is_refused_and_not_shown(address: str) -> None:
    """What stands before an `@` may be a password."""
    with pytest.raises(CannotJudgeError, match="is not asked") as caught:
        place_of({"GITHUB_API_URL": address, "GITHUB_REPOSITORY": "org/evals"})
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("token", ["a\nb", "a b", "tökén"])
def test_a_token_with_a_character_that_none_has_is_refused_and_not_shown(token: str) -> None:
    """Two lines of a file, for instance."""
    place = Place("https://api.github.com", "https://api.github.com/graphql", "", "org/evals")
    with pytest.raises(CannotJudgeError, match="holds a character") as caught:
        GitHub(place, token)
    assert token not in str(caught.value)


def release(hubbed: World) -> None:
    """Make a second protected branch."""
    hubbed.hub.push("release", hubbed.hub.branches["main"], by=hubbed.people["admin"])
    hubbed.hub.protect("release")


def control(hubbed: World, path: str, blob: Blob) -> Pull:
    """Return a request with one protected file that a maintainer approved after its status."""
    commit(hubbed, hubbed.known[hubbed.hub.branches["main"]] | {path: blob})
    pull = hubbed.hub.open_pull("topic", by=hubbed.people["opener"])
    hubbed.stamp(pull)
    hubbed.approve(pull, "reviewer-4")
    return pull


def commit(hubbed: World, files: Files, onto: str = "") -> None:
    """Push a tree to the branch `topic`."""
    parent = onto or hubbed.hub.branches["main"]
    made = hubbed.hub.box.commit(files, [parent], author="opener@example.org")
    hubbed.known[made] = files
    hubbed.hub.push("topic", made, by=hubbed.people["opener"])
