"""The staged hook, in real commits, under the real pre-commit and the real prek."""

import pytest

from tests.cli.running import Ran
from tests.hooks.site import CASE, OTHER, Site

MESSAGE = ("--message", "A change.")


def refused(site: Site, ran: Ran, rule: str, before: str, name: str = "HEAD") -> None:
    """Assert that a commit was refused because of this rule, and that nothing was committed."""
    assert ran.code == 1, ran.out + ran.err
    assert rule in ran.out + ran.err
    assert before == site.tip(name)


@pytest.mark.parametrize(
    "words",
    [["--all"], [CASE], ["--all", "--amend"]],
    ids=["all", "path", "amend"],
)
def test_every_form_of_commit_is_refused_that_edits_a_case(site: Site, words: list[str]) -> None:
    """Git hands some of them an index of their own, which the hook must look at."""
    before = site.tip()
    site.edit()
    refused(site, site.git("commit", *words, *MESSAGE), "GG303", before)


def test_a_commit_that_only_deletes_is_refused(site: Site) -> None:
    """No file name is left that a hook manager could pass on."""
    before = site.tip()
    site.quietly("rm", "--quiet", CASE)
    refused(site, site.git("commit", *MESSAGE), "GG306", before)


def test_a_commit_that_renames_a_case_is_refused(site: Site) -> None:
    """To Git it is a deletion and an addition, however alike the two are."""
    before = site.tip()
    site.quietly("mv", CASE, CASE.replace("refunds", "returns"))
    refused(site, site.git("commit", *MESSAGE), "GG304", before)


def test_a_promotion_is_committed_and_pushed(site: Site) -> None:
    """What the rules allow passes both hooks."""
    site.promote()
    for ran in (site.git("commit", *MESSAGE), site.git("push")):
        assert ran.code == 0, ran.out + ran.err
    assert site.tip() == site.tip("origin/main")


def test_a_linked_work_tree_is_guarded_like_the_first(site: Site) -> None:
    """Git tells the hook GIT_DIR and GIT_INDEX_FILE there, and both name other places."""
    before = site.tip()
    site.quietly("worktree", "add", "--quiet", "-b", "topic", "../linked")
    linked = Site(site.top.parent / "linked", site.variables)
    linked.edit()
    refused(site, linked.git("commit", CASE, *MESSAGE), "GG303", before, "topic")
    linked.quietly("checkout", "--", ".")
    linked.note()
    assert linked.git("commit", "--all", *MESSAGE).code == 0


def test_a_commit_from_a_folder_inside_is_refused(site: Site) -> None:
    """Git sets GIT_PREFIX there and starts the hook at the top."""
    before = site.tip()
    site.edit()
    folder, _, name = CASE.rpartition("/")
    refused(site, site.git("commit", name, *MESSAGE, folder=folder), "GG303", before)


def test_a_commit_from_outside_is_refused(site: Site) -> None:
    """With both folders named by options, the hook inherits them as variables."""
    before = site.tip()
    site.edit()
    places = (f"--git-dir={site.top / '.git'}", f"--work-tree={site.top}")
    outside = Site(site.top.parent, site.variables)
    refused(site, outside.git(*places, "commit", "--all", *MESSAGE), "GG303", before)


def test_a_staged_edit_is_refused_though_the_work_tree_has_it_undone(site: Site) -> None:
    """What counts is what would be committed; the work tree comes back as it was."""
    before, text = site.tip(), (site.top / CASE).read_bytes()
    site.edit()
    site.quietly("add", CASE)
    (site.top / CASE).write_bytes(text)
    refused(site, site.git("commit", *MESSAGE), "GG303", before)
    assert text == (site.top / CASE).read_bytes()


def test_an_edit_that_is_not_staged_blames_no_commit(site: Site) -> None:
    """The commit of another file passes, and the edit is still there."""
    site.edit()
    site.note()
    site.quietly("add", "README.md")
    ran = site.git("commit", *MESSAGE)
    assert ran.code == 0, ran.out + ran.err
    assert f"M {CASE}" == site.quietly("status", "--short")


def test_a_merge_that_brings_an_edit_is_refused(site: Site) -> None:
    """Whoever resolves a conflict in another file commits everything that was merged."""
    site.quietly("switch", "--quiet", "--create", "topic")
    site.edit()
    site.note("Topic.")
    site.quietly("commit", "--quiet", "--all", *MESSAGE)
    _conflict(site)
    before = site.tip()
    assert site.git("merge", "topic").code == 1
    _resolve(site)
    refused(site, site.git("commit", *MESSAGE), "GG303", before)


def test_what_main_gained_does_not_count_as_the_topics_own(site: Site) -> None:
    """A topic with new data merges a main whose policy changed: only its own part is judged."""
    site.quietly("switch", "--quiet", "--create", "topic")
    site.promote()
    site.note("Topic.")
    site.quietly("commit", "--quiet", "--all", *MESSAGE)
    policy = site.top / "goldengit.yaml"
    site.quietly("switch", "--quiet", "main")
    policy.write_text(policy.read_text() + "# Reviewed.\n")
    _conflict(site)
    site.quietly("switch", "--quiet", "topic")
    assert site.git("merge", "main").code == 1
    _resolve(site)
    ran = site.git("commit", *MESSAGE)
    assert ran.code == 0, ran.out + ran.err


def test_a_rebase_is_guarded_while_it_goes_on(site: Site) -> None:
    """HEAD is on no branch then; an edit is refused, anything else goes on."""
    site.quietly("switch", "--quiet", "--create", "topic")
    site.note("Topic.")
    site.quietly("commit", "--quiet", "--all", *MESSAGE)
    todo = {"GIT_SEQUENCE_EDITOR": "sed -i.bak s/^pick/edit/"}
    assert site.git("rebase", "--interactive", "main", **todo).code == 0
    before = site.tip()
    site.edit()
    refused(site, site.git("commit", "--all", "--amend", *MESSAGE), "GG303", before)
    site.quietly("checkout", "HEAD", "--", CASE)
    site.note("Better.")
    assert site.git("commit", "--all", "--amend", *MESSAGE).code == 0
    assert site.git("rebase", "--continue").code == 0
    assert "refs/heads/topic" == site.quietly("symbolic-ref", "HEAD")


def test_before_the_first_commit_everything_is_judged(site: Site) -> None:
    """An adoption that holds a case with one reviewer is refused."""
    site.quietly("update-ref", "-d", "HEAD")
    text = (site.top / OTHER).read_text()
    (site.top / OTHER).write_text(text.replace("reviewer-2", "reviewer-1"))
    ran = site.git("commit", "--all", *MESSAGE)
    assert (1, True) == (ran.code, "GG403" in ran.out + ran.err)
    (site.top / OTHER).write_text(text)
    assert site.git("commit", "--all", *MESSAGE).code == 0


def _conflict(site: Site) -> None:
    """Commit on main what conflicts with the topic's README."""
    site.quietly("switch", "--quiet", "main")
    site.note("Main.")
    site.quietly("commit", "--quiet", "--all", *MESSAGE)


def _resolve(site: Site) -> None:
    (site.top / "README.md").write_text("# Both\n")
    site.quietly("add", "README.md")
