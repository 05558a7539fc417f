"""The hooks of the manual for Git alone, which hears of everything that is pushed."""

from pathlib import Path

import pytest

from tests.hooks.manual import install
from tests.hooks.site import PRE_COMMIT, Site, made, remote_of

MESSAGE = ("--message", "A change.")


@pytest.fixture
def plain(tmp_path: Path) -> Site:
    """Return a repository with both scripts in its hooks folder, and a remote."""
    site = made(tmp_path / "clone", PRE_COMMIT.variables(tmp_path / "home"))
    for name in ("pre-commit", "pre-push"):
        install(site.top / ".git" / "hooks", "hooks.md", f".git/hooks/{name}")
    remote_of(site)
    return site


def bad_topic(site: Site) -> None:
    """Commit an edit of a golden case on a branch that is not checked out."""
    site.quietly("switch", "--quiet", "--create", "topic")
    site.edit()
    site.quietly("commit", "--quiet", "--all", *MESSAGE)
    site.quietly("switch", "--quiet", "main")


def there(site: Site) -> str:
    """Return what the remote has."""
    return site.quietly("ls-remote", "origin")


def test_an_edit_is_refused_and_a_promotion_passes(plain: Site) -> None:
    """The two scripts do what a hook manager would."""
    plain.edit()
    ran = plain.git("commit", "--all", *MESSAGE)
    assert (1, True) == (ran.code, "GG303" in ran.out + ran.err)
    plain.quietly("checkout", "--", ".")
    plain.promote()
    for ran in (plain.git("commit", *MESSAGE), plain.git("push")):
        assert ran.code == 0, ran.out + ran.err


def test_every_ref_of_a_push_is_judged(plain: Site) -> None:
    """One bad ref among good ones stops them all."""
    before = there(plain)
    bad_topic(plain)
    plain.note()
    plain.quietly("commit", "--quiet", "--all", *MESSAGE)
    ran = plain.git("push", "origin", "main", "topic")
    assert (1, before) == (ran.code, there(plain))
    assert "GG303" in ran.out + ran.err


def test_the_deletion_of_main_is_refused(plain: Site) -> None:
    """Git tells a deletion as zeros."""
    before = there(plain)
    ran = plain.git("push", "origin", ":main")
    assert (1, before) == (ran.code, there(plain))
    assert "GG309" in ran.out + ran.err


def test_a_push_over_unknown_commits_cannot_be_judged(plain: Site, tmp_path: Path) -> None:
    """Somebody else was faster; a forced push would throw away what this clone never saw."""
    plain.quietly("clone", "--quiet", f"{plain.top}.git", str(tmp_path / "other"))
    other = Site(tmp_path / "other", plain.variables)
    other.note()
    author = ("-c", "user.name=Opener", "-c", "user.email=opener@example.org")
    other.quietly(*author, "commit", "--quiet", "--all", *MESSAGE)
    other.quietly("push", "--quiet")
    before = there(plain)
    ran = plain.git("push", "--force", "origin", "main")
    assert (1, before) == (ran.code, there(plain))
    assert "git fetch" in ran.out + ran.err


def test_a_revision_with_a_space_is_pushed(plain: Site) -> None:
    """Git repeats the local side of a push as it was typed."""
    ran = plain.git("push", "origin", "HEAD^{/change}:refs/heads/found")
    assert ran.code == 0, ran.out + ran.err
    plain.note()
    plain.quietly("commit", "--quiet", "--all", "--message", "Two words.")
    ran = plain.git("push", "origin", "HEAD^{/Two words}:refs/heads/main")
    assert (0, plain.tip()) == (ran.code, plain.tip("origin/main")), ran.out + ran.err


def test_a_first_push_without_a_protected_branch_is_judged_whole(plain: Site) -> None:
    """Where nothing was left, everything is new."""
    plain.quietly("branch", "--move", "main", "develop")
    plain.quietly("remote", "remove", "origin")
    (plain.top / "datasets/support/queue/notes.txt").write_text("x\n")
    plain.quietly("add", "--all")
    plain.quietly("commit", "--quiet", *MESSAGE)
    plain.quietly("init", "--quiet", "--bare", "../empty.git")
    ran = plain.git("push", "../empty.git", "develop")
    assert (1, True) == (ran.code, "GG208" in ran.out + ran.err), ran.out + ran.err
