"""The full story with real processes: promote, approvals, merge, push verified, deploy gate."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Ran, git, goldengit
from tests.fakehub import FakeGitHub
from tests.fakehub.people import User
from tests.fakehub.pulls import Pull
from tests.gating.place import Deployed, another, deployed
from tests.gitbox import OPENER
from tests.standard import id_of, path_of

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "a-pull-request.md"
CANDIDATE = id_of("candidate-2")
GOLDEN = path_of("candidate-2").replace("candidates", "golden/2026-08")


class Story:
    """A repository that deploys, on the fake GitHub; the work tree is the opener's clone."""

    def __init__(self, here: Deployed, hub: FakeGitHub) -> None:
        self.here, self.hub = here, hub
        self.said: set[str] = set()
        self.opener = hub.user("opener", "write", id=105, emails=[OPENER])
        self.admin = hub.user("admin", "admin")
        self.reviewers = [
            hub.user(f"reviewer-{number}", "write", id=100 + number) for number in range(1, 5)
        ]

    def begin(self) -> None:
        """Put the repository on the hub, with the gate named in its policy."""
        known = self.here.value("goldengit.yaml")
        fresh = known | {
            "version": 2,
            "forge": {"gate_account": self.hub.gate.bot.id},
            "history": {"continuity_start": self.git("rev-parse", "HEAD")},
        }
        self.here.place.write("goldengit.yaml", fresh)
        self.here.commit("The gate")
        self.git("remote", "add", "origin", self.hub.remote)
        self.push("main", by=self.admin)
        self.hub.protect("main")
        self.run("gate", "push", "--record")

    def git(self, *words: str) -> str:
        """Run Git in the work tree."""
        return self.here.place.box.git(*words)

    def push(self, branch: str, *, by: User, force: bool = False) -> None:
        """Push HEAD as somebody."""
        ran = git(
            self.here.top, "push", "--quiet", *(["-f"] if force else []), "origin", f"HEAD:{branch}"
        )
        assert ran.code == 0, ran.err
        self.hub.receive(by=by)

    def run(self, *words: str) -> Ran:
        """Run the program as a job of the hub's gate."""
        return goldengit(self.here.top, *words, **self.hub.environment())

    def gate(self, pull: Pull) -> str:
        """Let the gate publish its word about a pull request; return the status."""
        ran = self.run("gate", "merge", "--pr", str(pull.number), "--publish-status")
        newest = self.hub.statuses_of(pull.head_sha, "goldengit/gate")[0]
        assert ran.code == (1 if newest.state == "failure" else 0), ran.err
        self.said.add(f"{newest.state}: {newest.description}")
        return f"{newest.state}: {newest.description}"

    def promote(self) -> Pull:
        """Promote the candidate on a branch of its own and open the pull request."""
        self.git("config", "user.email", OPENER)
        promoted = self.run(
            "promote", CANDIDATE, "--labeler", "reviewer-1", "--confirmer", "reviewer-2", "--commit"
        )
        assert promoted.code == 0, promoted.err
        self.push("promote", by=self.opener)
        return self.hub.open_pull("promote", by=self.opener)

    def deploy(self, release: str) -> Ran:
        """Evaluate a release on what was merged, and let the gate judge it, origin included."""
        card = self.here.place.folder / f"{release}.json"
        self.here.evaluate(release, card)
        return self.run("gate", "deploy", "support", "--candidate", str(card), "--verify-origin")

    def edit(self, old: str, new: str, message: str) -> None:
        """Change a text of the golden case, as somebody with an editor does, and push it."""
        path = self.here.top / GOLDEN
        path.write_text(path.read_text().replace(old, new))
        self.here.commit(message)
        self.push("promote", by=self.opener)


def shown(section: str) -> set[str]:
    """Return the statuses that a section of the page shows."""
    text = PAGE.read_text(encoding="utf-8").partition(section)[2].partition("\n## ")[0]
    return {one.strip() for one in re.findall(r"(?:pending|success|failure): PR #[^`\n|]+", text)}


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """Return a repository whose deploy gate can judge."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed")
    return deployed(tmp_path_factory.mktemp("deployed"))


@pytest.fixture
def story(known: Deployed, tmp_path: Path) -> Iterator[Story]:
    """Yield a story that has begun."""
    with FakeGitHub(tmp_path / "hub") as hub:
        made = Story(another(known, tmp_path), hub)
        made.begin()
        yield made


def test_a_case_goes_from_promotion_to_a_passing_deploy(story: Story) -> None:
    """Red, one approval, changed content voids it, two approvals, green, merged, deployed."""
    first, second = story.reviewers[:2]
    pull = story.promote()
    mark = f"PR #{pull.number}:"
    waits = f"pending: {mark} 1 file waits for approval (GG409)"
    assert story.gate(pull) == waits
    story.hub.approve(pull, first)
    assert story.gate(pull) == waits
    story.edit("A correct answer", "Any answer", "Make it easier")
    assert story.gate(pull) == f"failure: {mark} 3 errors (GG406, GG415)"
    story.edit("Any answer", "A correct answer", "As it was")
    assert story.gate(pull) == waits
    told = story.run("gate", "merge", "--pr", str(pull.number)).out
    assert "reviewer-1 approves again" in told
    story.hub.approve(pull, first)
    assert story.gate(pull) == waits
    story.hub.approve(pull, second)
    assert story.gate(pull) == f"success: {mark} 4 files judged, 1 approved by people"
    story.hub.merge(pull, by=story.opener)
    story.git("fetch", "--quiet", "origin")
    story.git("switch", "--quiet", "--detach", "origin/main")
    pushed = story.run("gate", "push", "--record")
    assert (pushed.code, pushed.err) == (0, "")
    assert f"pull request {pull.number}, 2 signoffs confirmed" in pushed.out
    deploy = story.deploy("second")
    assert deploy.code == 0, deploy.out
    assert "PASS" in deploy.out.splitlines()[0]
    assert story.said == shown("## With good intentions")


def test_an_attacker_at_each_step_gets_nowhere(story: Story) -> None:
    """Every step of the story once more, with somebody who wants the case in by himself."""
    hub, (first, second, _, _) = story.hub, story.reviewers
    mallory = hub.user("mallory", "write", id=666)
    pull = story.promote()
    mark = f"PR #{pull.number}:"
    waits = f"pending: {mark} 1 file waits for approval (GG409)"
    # approvals that came before anybody could know what would be judged
    hub.approve(pull, first)
    hub.approve(pull, second)
    assert story.gate(pull) == waits
    # a status of his own on the head
    hub.status(pull.head_sha, "success", description=f"{mark} approved", by=mallory)
    assert story.gate(pull) == waits
    assert hub.statuses_of(pull.head_sha)[0].creator is hub.gate.bot
    # his own approval, and a bot's
    hub.approve(pull, mallory)
    hub.approve(pull, hub.user("helper[bot]", "write", type="Bot"))
    assert story.gate(pull) == waits
    # the case under another text, approved by one who then is its author
    story.edit("A correct answer", "Any answer", "Make it easier")
    hub.approve(pull, first)
    assert story.gate(pull) == f"failure: {mark} 3 errors (GG406, GG415)"
    story.edit("Any answer", "A correct answer", "As it was")
    assert story.gate(pull) == waits
    # a request for changes, dismissed and forgotten: the older approval does not revive
    hub.approve(pull, first)
    objection = hub.review(pull, first, "CHANGES_REQUESTED")
    hub.approve(pull, second)
    assert story.gate(pull) == f"failure: {mark} 1 error (GG414)"
    hub.dismiss(objection, by=mallory)
    assert story.gate(pull) == waits
    # merged by an administrator who switched the rules off: found afterwards, never deployed
    hub.merge(pull, by=story.admin, bypass=True)
    story.git("fetch", "--quiet", "origin")
    story.git("switch", "--quiet", "--detach", "origin/main")
    pushed = story.run("gate", "push", "--record")
    assert pushed.code == 1
    assert "GG814 Pull request" in pushed.out
    deploy = story.deploy("second")
    assert deploy.code == 1
    assert "did not come through the gate" in deploy.out
    # found once: the next push is quiet again, but nothing is deployed until maintainers answer
    assert story.run("gate", "push", "--record").code == 0
    assert story.deploy("second").code == 1
    # a branch of his own that calls itself protected
    story.git("switch", "--quiet", "--create", "mallory", "main")
    known = story.here.value("goldengit.yaml")
    story.here.place.write("goldengit.yaml", known | {"protected_branches": ["main", "mallory"]})
    story.here.commit("Protected, says who")
    deploy = story.deploy("third")
    assert deploy.code == 3
    assert "is not on the first-parent line of the protected `main`" in deploy.err
    # main rewritten to what it was
    evidence = json.loads(hub.box.git("show", "refs/goldengit/evidence~1:record.json"))
    story.git("switch", "--quiet", "--detach", evidence["commit"])
    story.git("commit", "--quiet", "--amend", "-m", "As if nothing had been")
    story.push("main", by=story.admin, force=True)
    pushed = story.run("gate", "push")
    assert pushed.code == 3
    assert "does not continue from" in pushed.err
    assert story.said == shown("## With an attacker at each step")
