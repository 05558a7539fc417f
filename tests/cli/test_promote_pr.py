"""`goldengit promote --pr`: real processes, a bare repository as origin, a GitHub that answers."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import standard
from tests.cli.running import Ran, goldengit
from tests.fakehub import FakeGitHub
from tests.gitbox import GitBox
from tests.promoting.bench import Bench

CASE = standard.id_of("candidate-1")
BRANCH = f"golden/{CASE}"
SIGNERS = ("--labeler", "reviewer-1", "--confirmer", "reviewer-2")
NOBODY = {"GITHUB_TOKEN": "", "GH_TOKEN": "", "PATH": "/usr/bin:/bin"}  # and no program `gh`


@pytest.fixture(scope="module")
def promoted(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Return a clone whose HEAD is a branch on which a candidate became golden."""
    bench = Bench(tmp_path_factory.mktemp("promoted") / "clone", standard.standard())
    ran = goldengit(bench.top, "promote", CASE, *SIGNERS, "--commit")
    assert ran.code == 0, ran.err
    return bench


class Stage:
    """A clone of one's own, its origin, and the GitHub that serves it."""

    def __init__(self, folder: Path, bench: Bench, hub: FakeGitHub) -> None:
        self.hub = hub
        self.top = folder / "clone"
        shutil.copytree(bench.top, self.top)
        self.box = object.__new__(GitBox)
        self.box.folder = self.top
        self.box.git("remote", "add", "origin", hub.remote)
        self.box.git("push", "--quiet", "origin", "main")
        self.opener = hub.user("opener", "write", emails=["opener@example.org"])
        for number in (1, 2):
            hub.user(f"reviewer-{number}", "write", id=100 + number)
        hub.receive(by=self.opener)

    def run(self, *words: str, case: str = CASE, **more: str) -> Ran:
        """Promote with a pull request, as the opener."""
        told = self.hub.environment(self.opener) | more
        return goldengit(self.top, "promote", case, "--pr", *words, **told)

    def on_origin(self) -> str:
        """Return the commit of the branch at origin, "" without one."""
        return self.box.git("ls-remote", "origin", f"refs/heads/{BRANCH}").partition("\t")[0]

    @property
    def tip(self) -> str:
        return self.box.git("rev-parse", "HEAD")


@pytest.fixture
def stage(tmp_path: Path, promoted: Bench) -> Iterator[Stage]:
    with FakeGitHub(tmp_path) as hub:
        yield Stage(tmp_path, promoted, hub)


def test_a_candidate_becomes_a_pull_request_once(stage: Stage) -> None:
    """From main: commit, branch, push, pull request, reviewers. The second call finds all that."""
    stage.box.git("switch", "--quiet", "main")
    stage.box.git("branch", "--quiet", "-D", BRANCH)
    ran = stage.run(*SIGNERS)
    assert (0, "") == (ran.code, ran.err)
    [pull] = stage.hub.pulls.values()
    assert (BRANCH, "main", f"Promote {CASE}") == (pull.head_ref, pull.base_ref, pull.title)
    assert stage.tip == stage.on_origin() == pull.head_sha
    assert {"reviewer-1", "reviewer-2"} == {user.login for user in pull.reviewers}
    assert f"| `{CASE}` | `support` |" in (pull.body or "")
    link = f"https://github.com/org/evals/pull/{pull.number}"
    for told in (f"Promoted {CASE}.", f"Pushed {BRANCH} to origin.", link, "Asked reviewer-1"):
        assert told in ran.out
    pull.body = "Somebody wrote more."
    tip, again = stage.tip, stage.run()
    assert (0, "") == (again.code, again.err)
    assert f"was left as it is: {link}" in again.out
    assert "Promoted" not in again.out
    assert ([pull], "Somebody wrote more.") == ([*stage.hub.pulls.values()], pull.body)
    assert (tip, 2) == (stage.tip, len(pull.reviewers))


def test_who_cannot_be_asked_is_a_warning(stage: Stage) -> None:
    """A renamed login is no request to the stranger who took it; an opener cannot sign."""
    renamed = stage.hub.by_login("reviewer-1")
    assert renamed
    stage.hub.rename(renamed, "somebody-new")
    stage.hub.user("reviewer-1", "write", id=999)
    ran = stage.run(**stage.hub.environment(stage.hub.by_login("reviewer-2")))
    assert 0 == ran.code
    assert "The login reviewer-1 belongs to account 999, and reviewer-1's is 101" in ran.err
    assert "reviewer-2 opened the pull request" in ran.err
    [pull] = stage.hub.pulls.values()
    assert [] == pull.reviewers


def test_without_a_token_the_page_and_the_text_are_told(stage: Stage) -> None:
    """The branch is pushed, and GitHub is not asked."""
    ran = stage.run(**NOBODY)
    assert (0, "") == (ran.code, ran.err)
    assert stage.tip == stage.on_origin()
    assert f"https://github.com/org/evals/compare/main...{BRANCH}?expand=1" in ran.out
    assert f"\nPromote {CASE}\n" in ran.out
    assert "### What turns `goldengit/gate` green" in ran.out
    assert ([], {}) == (stage.hub.requests, stage.hub.pulls)


def test_what_github_refuses_can_be_done_by_hand(stage: Stage) -> None:
    stage.hub.trouble("POST */pulls", 403, times=9)
    ran = stage.run()
    assert 3 == ran.code
    assert "403" in ran.err
    assert f"compare/main...{BRANCH}?expand=1" in ran.out
    assert stage.tip == stage.on_origin()


def test_a_refused_push_leaves_the_commit(stage: Stage) -> None:
    """The server's own words are told, and they steer no terminal."""
    tip, hook = stage.tip, Path(stage.hub.remote) / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'No branches on \033[31mFridays.' >&2\nexit 1\n")
    hook.chmod(0o755)
    ran = stage.run()
    assert (1, tip, "") == (ran.code, stage.tip, stage.on_origin())
    assert "No branches on" in ran.out
    assert "\033" not in ran.out + ran.err
    assert f"`origin` did not take {BRANCH}: [remote rejected]" in ran.err
    assert f"The commit stays on {BRANCH}." in ran.err


def test_a_branch_that_moved_on_at_origin_is_not_overwritten(stage: Stage) -> None:
    """Nothing is forced."""
    stage.box.git("push", "--quiet", "origin", f"HEAD:refs/heads/{BRANCH}")
    stage.box.git("commit", "--quiet", "--amend", "--message", "Another")
    before = stage.on_origin()
    ran = stage.run()
    assert (1, before) == (ran.code, stage.on_origin())
    assert "non-fast-forward" in ran.err


def test_an_origin_that_is_no_github_leaves_the_commit(stage: Stage) -> None:
    """And the token is shown to nobody."""
    tip = stage.tip
    unset = dict.fromkeys(("GITHUB_API_URL", "GITHUB_SERVER_URL", "GITHUB_REPOSITORY"), "")
    stage.box.git("remote", "set-url", "origin", "https://git.example.org/org/evals.git")
    ran = stage.run(**unset)
    assert (2, tip) == (ran.code, stage.tip)
    assert "`origin` is at git.example.org" in ran.err
    assert f"The commit stays on {BRANCH}." in ran.err
    stage.box.git("remote", "set-url", "origin", "/nowhere/evals.git")
    ran = stage.run()
    assert (1, tip) == (ran.code, stage.tip)
    assert "`origin` was not reached" in ran.err
    assert [] == stage.hub.requests
