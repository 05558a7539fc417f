"""Every step of a protected branch came through a pull request that the gate passed."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from goldengit.cli import push_pages
from goldengit.errors import CannotJudgeError, UnverifiedCommitError
from goldengit.gating.door import Door, policy_at
from goldengit.gating.merge.decision import State
from goldengit.gating.origin import Origin, record, verified
from goldengit.repository.evidence import REF
from goldengit.repository.fetching import push_ref
from goldengit.repository.store import opened
from tests.cli.running import Ran, goldengit
from tests.fakehub.pulls import Pull
from tests.hub_world import NOW, World
from tests.merging.asking import CASE, NEW, OTHER, README, TWO, Edits, Worlds, changed, ready

GATED = "was merged without success of the gate on its head"


def passed(hubbed: World, edits: Edits = NEW, approved: tuple[str, ...] = TWO, **how: Any) -> Pull:
    """Return a pull request that these people approved, and that carries the gate's success."""
    pull = ready(hubbed, edits, approved, **how)
    succeed(hubbed, pull)
    return pull


def succeed(hubbed: World, pull: Pull) -> None:
    """Post success as the gate does."""
    told = f"PR #{pull.number}: 1 file judged, 1 approved by people"
    hubbed.hub.status(pull.head_sha, "success", description=told)


def merged(hubbed: World, pull: Pull, method: str = "squash", **how: Any) -> str:
    """Merge a pull request; return the commit on main."""
    commit = hubbed.hub.merge(pull, by=hubbed.people["writer"], method=method, **how)
    hubbed.known[commit] = hubbed.known[pull.head_sha]
    return commit


@contextmanager
def door(hubbed: World) -> Iterator[Door]:
    """Open what the gate works with."""
    with opened(hubbed.clone.folder) as store:
        yield Door(store, hubbed.client, "origin", {})


def origin(hubbed: World, commit: str = "", *, keep: bool = False) -> Origin:
    """Verify main, up to a commit or its tip, and perhaps record it."""
    tip = hubbed.fetch()
    with door(hubbed) as forge:
        policy, _ = policy_at(forge, commit or tip)
        found = verified(forge, "main", commit or tip, policy, now=NOW, pinned=False)
        if keep:
            record(forge, found, policy, now=NOW)
    return found


def faults(found: Origin) -> list[str]:
    """Return what is said about the steps that are not as they must be."""
    return [one.message for step in found.steps for one in step.report.errors]


def chain(hubbed: World) -> list[dict[str, Any]]:
    """Return the records of the chain on the hub, newest first."""
    box = hubbed.hub.box
    commits = box.git("rev-list", "--first-parent", REF).split()
    return [json.loads(box.git("show", f"{commit}:record.json")) for commit in commits]


# -- what is recorded ----------------------------------------------------------------------------


def test_a_merged_and_gated_pull_request_is_recorded_with_who_confirmed_it(hubbed: World) -> None:
    """The record names the reviews, continues the chain, and is pushed to its ref."""
    start = hubbed.hub.branches["main"]
    pull = ready(hubbed)
    assert hubbed.word(pull).state is State.SUCCESS
    commit = merged(hubbed, pull)
    found = origin(hubbed, keep=True)
    (step,) = found.steps
    assert (found.start, step.commit, step.report.findings) == (start, commit, ())
    assert [(one.person, one.by) for one in step.confirmations] == [
        ("reviewer-1", "review"),
        ("reviewer-2", "review"),
    ]
    (kept,) = chain(hubbed)
    assert (kept["commit"], kept["pull"], kept["head"]) == (commit, 1, pull.head_sha)
    again = origin(hubbed, keep=True)
    assert (again.start, again.steps, len(chain(hubbed))) == (commit, (), 1)


def test_each_record_continues_the_one_before(hubbed: World) -> None:
    """Two merges, two runs, one chain."""
    for edits, branch in ((NEW, "topic"), (OTHER, "other")):
        merged(hubbed, passed(hubbed, edits, branch=branch))
        origin(hubbed, keep=True)
    newest, oldest = chain(hubbed)
    assert (oldest["previous"], oldest["pull"], newest["pull"]) == (None, 1, 2)
    assert newest["previous"].startswith("sha256:")
    assert newest["commit"] == hubbed.hub.branches["main"]


def test_reviews_that_are_dismissed_after_the_merge_are_vouched_for_by_the_status(
    hubbed: World,
) -> None:
    """The gate had let it pass; what it saw then is gone, and the record says by what it knows."""
    pull = passed(hubbed)
    merged(hubbed, pull)
    hubbed.hub.dismiss(hubbed.hub.reviews[0], by=hubbed.people["admin"])
    (step,) = origin(hubbed).steps
    assert [(one.person, one.by, one.review is None) for one in step.confirmations] == [
        ("reviewer-1", "status", True),
        ("reviewer-2", "review", False),
    ]


def test_a_branch_that_was_deleted_after_the_merge_is_no_fault(hubbed: World) -> None:
    """Most are."""
    pull = passed(hubbed)
    merged(hubbed, pull)
    hubbed.hub.delete_branch("topic", by=hubbed.people["writer"])
    assert faults(origin(hubbed)) == []


@pytest.mark.parametrize("method", ["squash", "merge", "rebase"])
def test_a_case_may_come_by_any_method_of_merging(method: str, hubbed: World) -> None:
    """One commit of the request, one step of the branch."""
    merged(hubbed, passed(hubbed), method)
    found = origin(hubbed)
    assert (faults(found), len(found.steps)) == ([], 1)
    assert len(found.steps[0].confirmations) == 2


def test_a_merge_commit_brings_several_commits_as_one_step(hubbed: World) -> None:
    """Only the first-parent line is walked."""
    pull = hubbed.pull(README)
    hubbed.commit("topic", NEW)
    hubbed.stamp(pull)
    hubbed.approve(pull, *TWO)
    succeed(hubbed, pull)
    merged(hubbed, pull, "merge")
    found = origin(hubbed)
    assert (faults(found), len(found.steps)) == ([], 1)


def test_rebased_commits_are_steps_of_one_request(hubbed: World) -> None:
    """Each belongs to it; the one without a case needs nothing."""
    pull = hubbed.pull(README)
    hubbed.commit("topic", NEW)
    hubbed.stamp(pull)
    hubbed.approve(pull, *TWO)
    succeed(hubbed, pull)
    merged(hubbed, pull, "rebase")
    found = origin(hubbed)
    assert faults(found) == []
    assert [(step.pull.number if step.pull else 0) for step in found.steps] == [1, 1]


def test_a_rebased_commit_that_nobody_approved_is_found(hubbed: World) -> None:
    """Its content was edited by the next one: on the branch stood, for a step, something else."""
    pull = hubbed.pull([*NEW, *changed("A first try.")])
    hubbed.commit("topic", changed("A second try."))
    hubbed.stamp(pull)
    hubbed.approve(pull, *TWO)
    succeed(hubbed, pull)
    merged(hubbed, pull, "rebase")
    assert "On the branch this is not what pull request 1 had at its head." in faults(
        origin(hubbed)
    )


# -- what went past the gate -----------------------------------------------------------------------


def test_what_an_administrator_pushes_past_the_gate_is_found(hubbed: World) -> None:
    """T104: the rules were off for a minute; nobody approved, and afterwards it shows."""
    hubbed.commit("main", NEW, by="admin")
    (message,) = faults(origin(hubbed, keep=True))
    assert "came to `main` without a pull request" in message
    (found,) = chain(hubbed)
    assert (found["faults"], found["confirmations"]) == (["GG814"], [])
    assert origin(hubbed).steps == ()


def test_a_push_without_golden_cases_is_a_warning(hubbed: World) -> None:
    """It went past the gate, and brought nothing that people must approve."""
    hubbed.commit("main", README, by="admin")
    (step,) = origin(hubbed).steps
    assert not step.report.failed
    assert [one.severity.label for one in step.report.findings] == ["warning"]


def test_t104_a_merge_without_the_gates_success_is_found(hubbed: World) -> None:
    """Approved by everybody, and merged by an administrator while the gate said pending."""
    merged(hubbed, ready(hubbed, approved=("reviewer-1",)), bypass=True)
    (message,) = faults(origin(hubbed))
    assert GATED in message


def test_t12_a_success_that_a_writer_posted_opens_no_way(hubbed: World) -> None:
    """Nor one of another App, nor one in the gate's words."""
    pull = ready(hubbed, approved=())
    for by in (hubbed.people["writer"], hubbed.hub.app("imitator")):
        hubbed.hub.status(pull.head_sha, "success", description="PR #1: 1 file judged", by=by)
    merged(hubbed, pull)
    assert GATED in "".join(faults(origin(hubbed)))


def test_a_success_about_another_request_does_not_count(hubbed: World) -> None:
    """The status names request 2, and request 1 was merged."""
    pull = ready(hubbed, approved=())
    hubbed.hub.status(pull.head_sha, "success", description="PR #2: 1 file judged")
    merged(hubbed, pull)
    assert GATED in "".join(faults(origin(hubbed)))


def test_a_success_that_came_after_the_merge_does_not_count(hubbed: World) -> None:
    """What is posted afterwards cannot have opened the door."""
    pull = ready(hubbed, approved=())
    merged(hubbed, pull)
    hubbed.hub.status(pull.head_sha, "success", description="PR #1: 1 file judged")
    assert GATED in "".join(faults(origin(hubbed)))


def test_a_success_that_was_taken_back_before_the_merge_does_not_count(hubbed: World) -> None:
    """The newest word before the merge decides."""
    pull = passed(hubbed)
    hubbed.hub.status(pull.head_sha, "pending", description="PR #1: being judged")
    merged(hubbed, pull)
    assert GATED in "".join(faults(origin(hubbed)))


def test_t98_a_success_before_a_change_of_base_does_not_count(hubbed_with: Worlds) -> None:
    """It was about another branch, with the same head."""
    hubbed = hubbed_with(protected_branches=["main", "release"])
    hubbed.hub.push("release", hubbed.hub.branches["main"], by=hubbed.people["admin"])
    pull = passed(hubbed, base="release")
    hubbed.hub.retarget(pull, "main", by=hubbed.people["opener"])
    merged(hubbed, pull)
    assert GATED in "".join(faults(origin(hubbed)))


def test_a_word_after_the_merge_takes_nothing_back(hubbed: World) -> None:
    """A late run found the request closed, or a review was dismissed."""
    pull = passed(hubbed)
    merged(hubbed, pull)
    hubbed.hub.status(pull.head_sha, "pending", description="PR #1: being judged")
    assert faults(origin(hubbed)) == []


def test_t104_other_content_than_was_approved_is_found(hubbed: World) -> None:
    """The commit that lands says it is the request's, and holds another answer."""
    pull = passed(hubbed)
    smuggled = hubbed.made([*NEW, *changed("Nobody has seen this.")], author="admin@example.org")
    hubbed.hub.push("main", smuggled, by=hubbed.people["admin"])
    hubbed.hub.mark_merged(pull, smuggled, hubbed.people["admin"])
    found = origin(hubbed)
    assert faults(found) == ["On the branch this is not what pull request 1 had at its head."]
    assert [one.place.path for step in found.steps for one in step.report.errors] == [CASE]


def test_a_request_that_was_merged_into_another_branch_brings_nothing_here(hubbed: World) -> None:
    """It was never meant for this one."""
    hubbed.hub.push("side", hubbed.hub.branches["main"], by=hubbed.people["writer"])
    pull = ready(hubbed, base="side")
    commit = merged(hubbed, pull, "merge")
    hubbed.hub.push("main", commit, by=hubbed.people["admin"])
    assert "came to `main` without a pull request" in "".join(faults(origin(hubbed)))


def test_a_head_that_is_gone_cannot_be_compared(hubbed: World) -> None:
    """Exit 3, and never a pass."""
    pull = passed(hubbed)
    merged(hubbed, pull)
    hubbed.hub.box.git("update-ref", "-d", "refs/pull/1/head")
    with pytest.raises(CannotJudgeError, match="refs/pull/1/head"):
        origin(hubbed)


def test_a_head_that_is_another_one_now_is_found(hubbed: World) -> None:
    """The ref leads elsewhere than the request says."""
    pull = passed(hubbed)
    merged(hubbed, pull)
    hubbed.hub.set_ref("refs/pull/1/head", hubbed.made(OTHER))
    assert faults(origin(hubbed)) == ["The head of pull request 1 is gone."]


def test_a_path_in_a_verdict_is_no_command_of_the_log(hubbed: World) -> None:
    """Line breaks and colons of a name are told as such."""
    path = "datasets/support/golden/2026-07/a.yaml\n::error::x\n##[error]y"
    hubbed.commit("main", [{"write": {"path": path, "text": "x\n"}}], by="admin")
    found = origin(hubbed)
    assert "GG204" in {one.rule for step in found.steps for one in step.report.errors}
    for told in (push_pages.as_text(found, 0), push_pages.as_markdown(found)):
        assert not [line for line in told.splitlines() if re.match(r"\s*(::|##\[)", line)]


def test_an_api_that_does_not_answer_is_no_pass(hubbed: World) -> None:
    """Neither for the requests of a commit nor for the statuses."""
    merged(hubbed, passed(hubbed))
    for path in ("GET */commits/*/pulls", "GET */commits/*/statuses"):
        hubbed.hub.trouble(path, 500)
        with pytest.raises(CannotJudgeError, match="is answered with 500"):
            origin(hubbed)


# -- the chain -------------------------------------------------------------------------------------


def test_a_step_of_a_run_that_was_lost_is_verified_by_the_next(hubbed: World) -> None:
    """From the last recorded commit on, whatever the event names as `before`."""
    hubbed.commit("main", NEW, by="admin")
    merged(hubbed, passed(hubbed, OTHER, branch="other"))
    found = origin(hubbed)
    assert len(found.steps) == 2
    assert "without a pull request" in "".join(faults(found))


def test_t105_an_older_run_that_is_started_again_has_nothing_to_verify(hubbed: World) -> None:
    """A newer one has verified and recorded its commit long ago."""
    first = merged(hubbed, passed(hubbed))
    merged(hubbed, passed(hubbed, OTHER, branch="other"))
    origin(hubbed, keep=True)
    found = origin(hubbed, first, keep=True)
    assert (found.commit, found.steps, len(chain(hubbed))) == (first, (), 2)


def test_two_runs_that_record_at_once_make_one_chain(hubbed: World) -> None:
    """Both have verified the same step; who comes second adds nothing."""
    merged(hubbed, passed(hubbed))
    tip = hubbed.fetch()
    with door(hubbed) as forge:
        policy, _ = policy_at(forge, tip)
        runs = [verified(forge, "main", tip, policy, now=NOW, pinned=False) for _ in range(2)]
        kept = [record(forge, one, policy, now=NOW) for one in runs]
    assert (kept, len(chain(hubbed))) == ([1, 0], 1)


def test_a_chain_that_moves_while_a_record_is_pushed_is_read_again(
    hubbed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git refuses what does not continue it; the second try does."""
    first = merged(hubbed, passed(hubbed))
    merged(hubbed, passed(hubbed, OTHER, branch="other"))
    tip = hubbed.fetch()
    raced: list[bool] = []

    def late(*words: Any) -> bool:  # as `push_ref` does, after another run has been quicker
        if not raced:
            raced.append(True)
            older = replace(found, steps=found.steps[:1])
            assert record(forge, older, policy, now="2026-08-20T12:00:01Z") == 1
        return push_ref(*words)

    with door(hubbed) as forge:
        policy, _ = policy_at(forge, tip)
        found = verified(forge, "main", tip, policy, now=NOW, pinned=False)
        monkeypatch.setattr("goldengit.gating.origin.push_ref", late)
        assert record(forge, found, policy, now=NOW) == 1
    assert [one["commit"] for one in chain(hubbed)] == [tip, first]


def test_t54_a_branch_that_was_rewritten_is_found(hubbed: World) -> None:
    """The recorded commit is no ancestor of the tip any more."""
    start = hubbed.hub.branches["main"]
    merged(hubbed, passed(hubbed))
    origin(hubbed, keep=True)
    hubbed.force("main", start, OTHER, by="admin")
    with pytest.raises(UnverifiedCommitError, match="does not continue from"):
        origin(hubbed)


def test_a_start_that_is_not_on_the_branch_is_refused(hubbed_with: Worlds) -> None:
    """The policy names a commit that nobody knows, or one of another line."""
    hubbed = hubbed_with(history={"continuity_start": "1" * 40})
    with pytest.raises(UnverifiedCommitError, match="does not continue from 111111111111"):
        origin(hubbed)


def pin(hubbed: World, tip: str) -> None:
    """Pin a tip of the evidence, in a change of its own that a maintainer approves."""
    values = {"version": 2, "history": {"evidence_tip": tip}}
    edit = [{"set": {"path": "goldengit.yaml", "values": values}}]
    merged(hubbed, passed(hubbed, edit, ("reviewer-4",), branch="pin"))


def test_a_chain_that_does_not_continue_the_pinned_tip_is_refused(hubbed: World) -> None:
    """A shorter chain would let everything in between be said anew, or never be said."""
    merged(hubbed, passed(hubbed))
    origin(hubbed, keep=True)
    box = hubbed.hub.box
    pin(hubbed, box.git("rev-parse", REF))
    forged = box.git("commit-tree", box.git("mktree"), "-m", "Forged.")
    for order in (("-d", REF), (REF, forged)):
        box.git("update-ref", *order)
        with pytest.raises(CannotJudgeError, match=r"does not continue .* which the policy pins"):
            origin(hubbed)


ALTERED = (('"reviewer-1"', '"reviewer-3"'), ('"pull":1', '"pull":7'), ("{", "["))


def test_a_record_that_was_altered_breaks_the_chain(hubbed: World) -> None:
    """The next one names the digest of what stood there."""
    for edits, branch in ((NEW, "topic"), (OTHER, "other")):
        merged(hubbed, passed(hubbed, edits, branch=branch))
        origin(hubbed, keep=True)
    box = hubbed.hub.box
    newest, oldest = box.git("rev-list", REF).split()
    texts = [box.git("show", f"{commit}:record.json") for commit in (oldest, newest)]
    for old, new in ALTERED:
        parent: list[str] = []
        assert old in texts[0]
        for text in (texts[0].replace(old, new), texts[1]):
            tree = box.tree([("100644", "record.json", box.blob(text.encode()))])
            parent = ["-p", box.git("commit-tree", tree, *parent, "-m", "Evidence")]
        box.git("update-ref", REF, parent[1])
        with pytest.raises(CannotJudgeError, match="evidence at"):
            origin(hubbed)


def test_pinned_evidence_confirms_offline_what_the_gate_saw(hubbed: World) -> None:
    """`check --all --require-confirmed` is green in a clone, without asking the forge."""
    files = hubbed.known[hubbed.hub.branches["main"]]
    bare = {path: blob for path, blob in files.items() if "/golden/" not in path}
    root = hubbed.hub.box.commit(bare, author="admin@example.org")
    hubbed.known[root] = bare
    hubbed.hub.push("main", root, by=hubbed.people["admin"])
    merged(hubbed, passed(hubbed))
    origin(hubbed, keep=True)
    before = offline(hubbed)
    assert (before.code, "GG409" in before.out) == (1, True)
    pin(hubbed, hubbed.hub.box.git("rev-parse", REF))
    after = offline(hubbed)
    assert (after.code, after.err) == (0, ""), after.out


def offline(hubbed: World) -> Ran:
    """Check the whole tree of main in a clone that has the evidence and knows no forge."""
    hubbed.fetch()
    hubbed.clone.git("fetch", "--quiet", "origin", f"{REF}:{REF}")
    return goldengit(hubbed.clone.folder, "check", "--all", "--require-confirmed")
