"""Attacks on the gate of merges through statuses, control files, names, text and numbers."""

import re

import pytest

from goldengit.cli import merge_pages
from goldengit.errors import OutOfDateError
from goldengit.gating.merge.decision import State
from goldengit.models.layout import POLICY
from tests.fakehub.pulls import Pull
from tests.hub_world import World
from tests.merging.asking import (
    CASE,
    NEW,
    OTHER,
    TWO,
    Edits,
    Worlds,
    confirmed,
    errors,
    ready,
    said,
)
from tests.standard import path_of

STEERS = "PR #1: being judged"
WORKFLOW = ".github/workflows/own.yml"


# -- statuses ------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["writer", "admin", "another app"])
def test_t12_a_status_that_somebody_else_posts_is_no_anchor(who: str, hubbed: World) -> None:
    """Anyone with write permission can post the words of the gate; only its account counts."""
    pull = hubbed.pull(NEW)
    by = hubbed.hub.app("imitator") if who == "another app" else hubbed.people[who]
    for state in ("pending", "success"):
        hubbed.hub.status(pull.head_sha, state, description=STEERS, by=by)
    hubbed.approve(pull, *TWO)
    word = hubbed.look(pull)
    assert (word.state, confirmed(word)) == (State.PENDING, [])


def forge(hubbed: World, pull: Pull, context: str) -> None:
    """Let a writer post success in the words of the gate."""
    about = {"context": context, "description": "PR #1: 1 file judged"}
    hubbed.hub.status(pull.head_sha, "success", by=hubbed.people["writer"], **about)


def test_t12_a_forged_success_is_answered_with_what_is_true(hubbed: World) -> None:
    """The newest status is not the gate's, so the same word is posted again."""
    pull = ready(hubbed, approved=())
    hubbed.word(pull)
    forge(hubbed, pull, "goldengit/gate")
    hubbed.word(pull)
    assert hubbed.history(pull.head_sha) == ["pending", "pending", "success", "pending"]


def test_t12_a_forged_success_in_another_letter_case_is_the_same_context(hubbed: World) -> None:
    """GitHub does not tell `GoldenGit/Gate` from `goldengit/gate`."""
    pull = ready(hubbed, approved=())
    hubbed.word(pull)
    forge(hubbed, pull, "GoldenGit/GATE")
    hubbed.word(pull)
    assert (hubbed.status(pull.head_sha) or ("",))[0] == "pending"


def test_a_status_of_another_context_is_no_anchor(hubbed: World) -> None:
    """Even the gate's own account speaks only through its one context."""
    pull = hubbed.pull(NEW)
    hubbed.hub.status(pull.head_sha, "pending", context="goldengit/gates", description=STEERS)
    hubbed.approve(pull, *TWO)
    assert confirmed(hubbed.look(pull)) == []


def test_t99_the_status_of_request_11_is_no_anchor_for_request_1(hubbed: World) -> None:
    """The number is compared whole."""
    pull = hubbed.pull(NEW)
    for words in ("PR #11: being judged", "PR #1 being judged", "about PR #1: x"):
        hubbed.hub.status(pull.head_sha, "pending", description=words)
    hubbed.approve(pull, *TWO)
    assert confirmed(hubbed.look(pull)) == []


# -- what steers the gate ------------------------------------------------------------------------


def policy(**values: object) -> Edits:
    """Return an edit of the policy that raises its version."""
    return [{"set": {"path": POLICY, "values": {"version": 2, **values}}}]


def workflow(text: str = "on: pull_request\n") -> Edits:
    """Return an edit of a workflow."""
    return [{"write": {"path": WORKFLOW, "text": text}}]


def test_t01_a_policy_in_the_head_judges_nothing(hubbed: World) -> None:
    """It would let one signoff through; the base's wants two, and wants the policy alone."""
    new = [{"case": {"row": "new-1", "sign": ["reviewer-1:labeler"]}}]
    laxer = policy(**{"signoffs.accept": ["github-review"], "waivers": []})
    word = hubbed.look(ready(hubbed, [*laxer, *new]))
    assert word.state is State.FAILURE
    assert {"GG413", "GG702"} <= set(errors(word))


def test_t01_a_remote_that_is_another_repository_brings_no_policy(hubbed: World) -> None:
    """What is fetched as the base must be what the API calls so: a mirror may be anybody's."""
    pull = ready(hubbed)
    hubbed.hub.set_ref("refs/heads/main", hubbed.made(policy(**{"signoffs.threshold": 3})))
    with pytest.raises(OutOfDateError, match="at the remote origin"):
        hubbed.word(pull)
    assert "success" not in hubbed.history(pull.head_sha)


def test_t03_a_policy_comes_alone_and_a_maintainer_of_the_base_approves(hubbed: World) -> None:
    """Two reviewers are no maintainer; reviewer-4 is one."""
    pull = ready(hubbed, policy(**{"stewardship.stale_dataset_days": 60}))
    word = hubbed.look(pull)
    assert (word.state, errors(word)) == (State.PENDING, ["GG703"])
    assert "by maintainers of the base (reviewer-4). It has 0." in said(word)
    hubbed.approve(pull, "reviewer-4")
    assert hubbed.look(pull).state is State.SUCCESS


def test_t02_a_maintainer_who_writes_the_policy_does_not_approve_it(hubbed: World) -> None:
    """Whoever opens or pushes it is behind it, as with a case."""
    hubbed.commit("topic", policy(**{"stewardship.stale_dataset_days": 60}), by="reviewer-4")
    pull = hubbed.hub.open_pull("topic", by=hubbed.people["opener"])
    hubbed.stamp(pull)
    hubbed.approve(pull, "reviewer-4")
    word = hubbed.look(pull)
    assert (word.state, errors(word)) == (State.PENDING, ["GG703"])
    assert "reviewer-4 pushed it to the branch" in said(word)


def test_t08_a_workflow_comes_alone_and_a_maintainer_approves(hubbed: World) -> None:
    """Approved for exactly these bytes: the next push asks again."""
    pull = ready(hubbed, workflow(), ("reviewer-4",))
    codes = set(errors(hubbed.look(pull)))
    assert "GG703" not in codes
    hubbed.commit("topic", workflow("on: push\n"))
    hubbed.stamp(pull)
    assert "GG703" in errors(hubbed.look(pull))


def test_t08_a_workflow_beside_a_case_is_refused(hubbed: World) -> None:
    """GG710: whoever approves the case must not have to read YAML."""
    word = hubbed.look(ready(hubbed, [*NEW, *workflow()], (*TWO, "reviewer-4")))
    assert word.state is State.FAILURE
    assert "GG710" in errors(word)


def test_t37_a_rename_is_a_deletion_and_an_addition(hubbed: World) -> None:
    """A golden case that moves is gone from its place, whatever a diff would call it."""
    old = path_of("golden-1")
    way = {"from": old, "to": old.replace("2026-03/", "2026-04/")}
    word = hubbed.look(ready(hubbed, [{"move": way}]))
    assert word.state is State.FAILURE
    assert {"GG304", "GG208"} & set(errors(word))


def test_a_rubric_needs_two_people_of_the_roster(hubbed: World) -> None:
    """GG717: it may come with data, and carries no signoffs of its own."""
    rubric = {"path": "datasets/support/rubrics/wrong-tool.2.md", "text": "# Wrong tool\n\nFail.\n"}
    pull = ready(hubbed, [{"write": rubric}], ("reviewer-1",))
    word = hubbed.look(pull)
    assert (word.state, errors(word)) == (State.PENDING, ["GG717"])
    assert "1 of 2 persons approve it (reviewer-1)" in said(word)
    hubbed.approve(pull, "reviewer-3")
    assert hubbed.look(pull).state is State.SUCCESS


def test_a_deleted_control_file_needs_approval_as_well(hubbed: World) -> None:
    """What is not there any more has no bytes, and is a change all the same."""
    hubbed.commit("main", workflow(), by="admin")
    pull = ready(hubbed, [{"delete": WORKFLOW}], ())
    assert "GG703" in errors(hubbed.look(pull))
    hubbed.approve(pull, "reviewer-4")
    assert "GG703" not in errors(hubbed.look(pull))


# -- numbers -------------------------------------------------------------------------------------


def test_t31_two_of_one_team_are_not_independent_where_the_policy_asks(
    hubbed_with: Worlds,
) -> None:
    """GG411: reviewer-1 and reviewer-2 are both of the red team."""
    hubbed = hubbed_with(signoffs={"threshold": 2, "distinct_teams": True})
    assert errors(hubbed.look(ready(hubbed))) == ["GG411"]


def test_t32_a_rubber_stamp_covers_no_more_cases_than_the_policy_allows(
    hubbed_with: Worlds,
) -> None:
    """GG412: two approvals would confirm any number of cases."""
    hubbed = hubbed_with(signoffs={"threshold": 2, "max_promotions_per_change": 1})
    word = hubbed.look(ready(hubbed, [*NEW, *OTHER]))
    assert (word.state, errors(word)) == (State.FAILURE, ["GG412"])


# -- text of others ------------------------------------------------------------------------------

SHOUT = "datasets/support/golden/2026-07/::error title=x::y%0A::warning::z.yaml"
COMMAND = re.compile(r"^\s*(?:::|##\[)")


def hostile(hubbed: World) -> Edits:
    """Return edits whose paths and texts would be commands, marks and mentions."""
    text = "::error file=a.py::pwned%0A\n##[error]pwned\n<script>@admin #1 [x](http://e.example)\n"
    return [
        *NEW,
        {"write": {"path": SHOUT, "text": text}},
        {"write": {"path": "::stop-commands::x", "text": text}},
        {"write": {"path": f"{CASE}.\n::error::second line", "text": text}},
    ]


def test_a_path_in_the_log_of_a_job_is_no_command(hubbed: World) -> None:
    """Only the reporter's own annotations begin like one; percent signs in them are escaped."""
    pull = ready(hubbed, [])
    hubbed.commit("topic", hostile(hubbed))
    word = hubbed.look(pull)
    assert "GG204" in errors(word)
    text = merge_pages.as_text([word])
    assert not [line for line in text.splitlines() if COMMAND.match(line)]
    annotated = merge_pages.as_annotations([word])
    lines = [line for line in annotated.splitlines() if COMMAND.match(line)]
    ours = re.compile(r"::(?:error|warning|notice) (?:file|line|title)=|::[0-9a-f]{64}::$")
    assert [line for line in lines if not ours.match(line)] == [
        line for line in lines if line.startswith("::stop-commands::")
    ]
    assert "%0A" not in annotated.replace("%250A", "")


def test_a_path_on_the_page_of_a_job_is_only_read(hubbed: World) -> None:
    """Each stands in a code span: no HTML, no mention, no link, no second line."""
    pull = ready(hubbed, [])
    hubbed.commit("topic", hostile(hubbed))
    page = merge_pages.as_markdown([hubbed.look(pull)])
    assert "::warning" in page
    for line in page.splitlines():
        assert not COMMAND.match(line)
        outside = re.sub(r"`[^`]*`", "", line)
        assert "::warning" not in outside
        assert "<script" not in outside


def test_the_title_of_a_request_is_shown_nowhere(hubbed: World) -> None:
    """Neither in the status nor on the page nor in the log."""
    pull = ready(hubbed, title="::error::pwned <img src=x> @admin")
    word = hubbed.word(pull)
    shown = merge_pages.as_text([word]) + merge_pages.as_markdown([word])
    assert "pwned" not in shown + merge_pages.as_annotations([word]) + word.description
