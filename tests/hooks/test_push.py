"""The push hook, in real pushes to a bare remote, under the real pre-commit and the real prek."""

from tests.cli.running import Ran
from tests.hooks.site import PRE_COMMIT, Site, Tool, bare

MAIN = "refs/heads/main"


def bypass(site: Site, branch: str = "") -> str:
    """Commit an edit of a golden case with `--no-verify`, on a new branch if one is named."""
    if branch:
        site.quietly("switch", "--quiet", "--create", branch)
    site.edit()
    ran = site.git("commit", "--no-verify", "--all", "--message", "Edit.")
    assert ran.code == 0, ran.err
    return site.tip()


def there(site: Site, ref: str = MAIN) -> str:
    """Return the commit that the remote has under a ref, "" for none."""
    return site.quietly("ls-remote", "origin", ref).split("\t")[0]


def refused(site: Site, ran: Ran, rule: str, before: str, ref: str = MAIN) -> None:
    """Assert that a push was refused because of this rule, and that the remote is as it was."""
    assert ran.code == 1, ran.out + ran.err
    assert rule in ran.out + ran.err
    assert before == there(site, ref)


def test_t112_what_slipped_past_the_staged_hook_stops_at_the_push(site: Site) -> None:
    """`--no-verify` makes the commit; the push hook looks at it again."""
    before = there(site)
    bypass(site)
    refused(site, site.git("push"), "GG303", before)


def test_t112_no_verify_gets_past_both_hooks(site: Site) -> None:
    """A hook is advice: whoever does not want it is not stopped here, but at the gate."""
    tip = bypass(site)
    assert site.git("push", "--no-verify").code == 0
    assert tip == there(site)


def test_an_edit_that_was_taken_back_is_still_in_the_history(site: Site) -> None:
    """The net change is none, and the push is refused for the commit between."""
    before = there(site)
    bypass(site)
    site.quietly("revert", "--no-edit", "HEAD")
    refused(site, site.git("push"), "GG308", before)


def test_a_clean_merge_of_a_bad_branch_stops_at_the_push(site: Site) -> None:
    """Git runs no pre-commit hook for a merge without conflict."""
    before = there(site)
    bypass(site, "topic")
    site.quietly("switch", "--quiet", "main")
    assert site.git("merge", "--no-ff", "--no-edit", "topic").code == 0
    refused(site, site.git("push"), "GG303", before)


def test_a_forced_push_of_main_is_refused(site: Site) -> None:
    """The files are the same; what is missing is the commit that the remote has.

    prek names where the two part as the start of the push, so what was fetched last must be looked
    at.
    """
    _more(site)
    before = there(site)
    site.quietly("commit", "--quiet", "--amend", "--message", "Other.")
    refused(site, site.git("push", "--force"), "GG309", before)


def test_a_forced_push_of_another_root_is_refused(site: Site) -> None:
    """Then both tools leave out where the push starts, as for a first push."""
    before = there(site)
    site.quietly("commit", "--quiet", "--amend", "--message", "Other.")
    refused(site, site.git("push", "--force"), "GG309", before)


def test_only_pre_commit_sees_a_push_back_to_an_old_commit(site: Site, tool: Tool) -> None:
    """Prek finds nothing new in what the branch had before, and runs no hook."""
    _more(site)
    before = there(site)
    ran = site.git("push", "--force", "origin", "HEAD~1:main")
    if tool is PRE_COMMIT:
        refused(site, ran, "GG309", before)
    else:
        assert (0, site.tip("HEAD~1")) == (ran.code, there(site)), ran.out + ran.err


def test_a_new_branch_with_an_edit_is_refused(site: Site) -> None:
    """The remote has nothing under that name; the branch is judged from where it left main."""
    bypass(site, "topic")
    site.note()
    site.quietly("commit", "--quiet", "--all", "--message", "More.")
    ran = site.git("push", "--set-upstream", "origin", "topic")
    refused(site, ran, "GG303", "", "refs/heads/topic")


def test_a_push_from_a_linked_work_tree_is_judged(site: Site) -> None:
    """What is pushed counts, not what the first work tree has checked out."""
    site.quietly("worktree", "add", "--quiet", "-b", "topic", "../linked")
    linked = Site(site.top.parent / "linked", site.variables)
    bypass(linked)
    refused(site, linked.git("push", "origin", "topic"), "GG303", "", "refs/heads/topic")


def test_a_whole_history_is_judged_when_it_is_pushed(site: Site) -> None:
    """With the root commit among what is pushed, the tools name no range."""
    _elsewhere(site)
    (site.top / "datasets/support/queue/notes.txt").write_text("x\n")
    _commit(site)
    refused(site, site.git("push", "origin", "main"), "GG208", "")
    site.quietly("rm", "--quiet", "datasets/support/queue/notes.txt")
    _commit(site)
    ran = site.git("push", "origin", "main")
    assert (0, site.tip()) == (ran.code, there(site)), ran.out + ran.err


def test_a_whole_history_is_judged_that_is_not_checked_out(site: Site) -> None:
    """The first push of a branch is judged by that branch, and not by HEAD."""
    _elsewhere(site)
    site.quietly("switch", "--quiet", "--create", "other")
    (site.top / "datasets/support/queue/notes.txt").write_text("x\n")
    _commit(site)
    site.quietly("switch", "--quiet", "main")
    refused(site, site.git("push", "origin", "other:main"), "GG208", "")
    assert site.git("push", "origin", "main").code == 0


def test_the_tools_judge_one_ref_of_a_push(site: Site) -> None:
    """A second, bad one passes: the plain hook and the gate see all, and the manual says so."""
    tip = bypass(site, "topic")
    site.quietly("switch", "--quiet", "main")
    site.note()
    _commit(site)
    ran = site.git("push", "origin", "main", "topic")
    assert (0, tip) == (ran.code, there(site, "refs/heads/topic")), ran.out + ran.err


def test_the_tools_do_not_see_a_deletion(site: Site) -> None:
    """No hook runs when a ref is deleted: the plain hook and the gate refuse it."""
    site.quietly("config", "--file", f"{site.top}.git/config", "receive.denyDeleteCurrent", "warn")
    ran = site.git("push", "origin", ":main")
    assert (0, "") == (ran.code, there(site)), ran.out + ran.err


def test_an_annotated_tag_of_a_good_commit_is_pushed(site: Site) -> None:
    """A tag is no commit, and what it names is judged."""
    site.note()
    _commit(site)
    site.quietly("tag", "--annotate", "--message", "One.", "v1")
    ran = site.git("push", "--follow-tags", "origin", "main")
    assert (0, site.tip()) == (ran.code, there(site, "refs/tags/v1^{}")), ran.out + ran.err


def _more(site: Site) -> None:
    """Put another commit onto main, here and on the remote."""
    site.note()
    _commit(site)
    site.quietly("push", "--quiet")


def _elsewhere(site: Site) -> None:
    """Take the remote away and give the repository an empty one."""
    site.quietly("remote", "remove", "origin")
    bare(site, "empty.git")


def _commit(site: Site) -> None:
    site.quietly("add", "--all")
    site.quietly("commit", "--quiet", "--message", "A change.")
