"""The hook of the manual for plain servers: SSH signatures are the gate."""

import shutil
import subprocess
from pathlib import Path

import pytest

from goldengit.models.layout import POLICY
from goldengit.repository.interpret import house_bytes
from tests import standard
from tests.hooks.manual import install, snippet
from tests.hooks.site import CASE, PRE_COMMIT, Site, made, remote_of

MESSAGE = ("--message", "A change.")
SIGNERS = ("reviewer-1", "reviewer-2")
needs_keys = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs ssh-keygen")


@pytest.fixture
def served(tmp_path: Path) -> Site:
    """Return a repository with two keys in its roster; its remote runs the update hook."""
    policy = standard.policy()
    for name in SIGNERS if shutil.which("ssh-keygen") else ():
        words = ("-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(tmp_path / name))
        subprocess.run(["ssh-keygen", *words], check=True)
        public = (tmp_path / f"{name}.pub").read_text().split()
        policy["roster"][name]["keys"] = [{"key": " ".join(public[:2])}]
    variables = PRE_COMMIT.variables(tmp_path / "home")
    site = made(tmp_path / "clone", variables, policy=house_bytes(POLICY, policy))
    remote_of(site)
    install(tmp_path / "clone.git" / "hooks", "other-git-hosts.md", "hooks/update")
    return site


def commit(site: Site) -> None:
    """Commit the whole work tree."""
    site.quietly("add", "--all")
    site.quietly("commit", "--quiet", *MESSAGE)


def there(site: Site) -> str:
    """Return what the remote has."""
    return site.quietly("ls-remote", "origin")


def refused(site: Site, rule: str, *words: str) -> None:
    """Assert that a push is refused because of this rule, and that the remote is as it was."""
    before = there(site)
    ran = site.git("push", *words)
    assert (1, before) == (ran.code, there(site)), ran.out + ran.err
    assert rule in ran.out + ran.err


@needs_keys
def test_a_promotion_reaches_main_once_two_persons_signed_it(served: Site) -> None:
    """A topic may carry bare claims, so that people can sign there; main gets it in one step."""
    served.quietly("switch", "--quiet", "--create", "topic")
    served.promote()
    commit(served)
    assert served.git("push", "origin", "topic").code == 0
    refused(served, "GG409", "origin", "topic:main")
    for name in SIGNERS:
        key = str(served.top.parent / name)
        ran = served.run("goldengit", "signoff", standard.id_of("candidate-1"), "--key", key)
        assert ran.code == 0, ran.err
    commit(served)
    refused(served, "is a step of its own", "origin", "topic:main")
    served.quietly("switch", "--quiet", "main")
    served.quietly("merge", "--quiet", "--no-ff", *MESSAGE, "topic")
    ran = served.git("push", "origin", "main")
    assert (0, served.tip()) == (ran.code, served.tip("origin/main")), ran.out + ran.err


def test_an_edit_a_forced_push_and_a_deletion_are_refused(served: Site) -> None:
    """Whatever the person's own hooks are."""
    served.edit()
    commit(served)
    refused(served, "GG303", "origin", "main")
    served.quietly("reset", "--quiet", "--hard", "HEAD~1")
    served.quietly("commit", "--quiet", "--amend", "--message", "Other.")
    refused(served, "GG309", "--force", "origin", "main")
    setting = ("receive.denyDeleteCurrent", "ignore")
    served.quietly("config", "--file", f"{served.top}.git/config", *setting)
    refused(served, "GG309", "origin", ":main")


def test_of_several_refs_the_bad_one_is_refused(served: Site) -> None:
    """Unless the push is atomic: then none is accepted."""
    served.quietly("branch", "fine")
    served.edit()
    commit(served)
    words = ("push", "origin", "main", "fine")
    assert served.git(*words, "--atomic").code == 1
    assert "fine" not in there(served)
    ran = served.git(*words)
    assert (1, True) == (ran.code, "fine" in there(served)), ran.out + ran.err


def test_as_pre_receive_the_same_command_accepts_nothing(served: Site) -> None:
    """The commits are in quarantine then; what cannot be found cannot be judged."""
    hooks = Path(f"{served.top}.git") / "hooks"
    (hooks / "update").unlink()
    loop = 'while read -r old new ref; do echo "$ref $new $ref $old"; done | goldengit check --push'
    (hooks / "pre-receive").write_text(f"#!/bin/sh\n{loop}\n")
    (hooks / "pre-receive").chmod(0o755)
    served.note()
    commit(served)
    refused(served, "no commit here", "origin", "main")


def test_a_first_push_to_the_server_is_judged_whole(served: Site, tmp_path: Path) -> None:
    """An empty repository on the server protects what the pushed policy protects."""
    served.quietly("init", "--quiet", "--bare", "--initial-branch=main", "../empty.git")
    install(tmp_path / "empty.git" / "hooks", "other-git-hosts.md", "hooks/update")
    (served.top / CASE).write_text((served.top / CASE).read_text() + "more: 1\n")
    commit(served)
    ran = served.git("push", "../empty.git", "main:topic")
    assert ran.code == 1, ran.out + ran.err


def test_the_ci_snippet_is_a_verdict(served: Site) -> None:
    """It fails for an edit and passes for words."""
    served.quietly("switch", "--quiet", "--create", "topic")
    ends = {"BASE": "main", "HEAD_SHA": "topic"}
    script = snippet("other-git-hosts.md", "ci")
    served.note()
    commit(served)
    assert served.run("sh", "-ec", script, **ends).code == 0
    served.edit()
    served.quietly("commit", "--quiet", "--all", *MESSAGE)
    assert served.run("sh", "-ec", script, **ends).code == 1
