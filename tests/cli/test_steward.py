"""`goldengit steward`: the report, its exit codes, and the issues that it keeps."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import standard
from tests.cli.running import Ran, goldengit
from tests.fakehub import FakeGitHub
from tests.gitbox import GitBox
from tests.promoting.bench import Bench

DATASET = "datasets/support/dataset.yaml"
NOBODY = {"GITHUB_TOKEN": "", "GH_TOKEN": "", "PATH": "/usr/bin:/bin"}  # and no program `gh`


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[FakeGitHub]:
    """Return a GitHub on which Actions may write issues, and the owner is a collaborator."""
    with FakeGitHub(tmp_path / "hub") as hub:
        hub.actions.permissions |= {"issues": "write"}
        hub.user("reviewer-4", "write", id=104)
        yield hub


def published(bench: Bench, hub: FakeGitHub, *words: str) -> Ran:
    """Publish as a workflow does."""
    return goldengit(bench.top, "steward", "--publish", *words, **hub.environment(hub.actions))


def tend(bench: Bench, days: int = 100_000) -> None:
    """Let the limits be so wide that nothing is late."""
    policy = bench.value("goldengit.yaml")
    bench.write("goldengit.yaml", policy | {"stewardship": {"stale_dataset_days": days}})
    spec = bench.value(DATASET)
    bench.write(DATASET, spec | {"queue": {"max_age_days": days, "max_size": 20}})


def test_what_is_overdue_is_told_and_fails(untouched: Bench) -> None:
    """Owner, kind, place and remedy; the candidates are only told."""
    ran = goldengit(untouched.top, "steward")
    assert (1, "") == (ran.code, ran.err)
    lines = ran.out.splitlines()
    assert "support: 2 overdue, 1 to see to; owner reviewer-4" in lines
    start = lines.index("support: 2 overdue, 1 to see to; owner reviewer-4")
    assert lines[start + 1].startswith("  overdue  queue       1 of 1 rows wait longer than 14 ")
    assert f"{'':<23}{standard.path_of('queue-1')}" == lines[start + 2]
    assert any(line.startswith("  soon     candidates  2 of 2") for line in lines)


def test_one_issue_a_dataset_lives_through_the_weeks(bench: Bench, hub: FakeGitHub) -> None:
    """Opened and assigned; left alone; closed when all is done, with exit code 0; reopened."""
    ran = published(bench, hub)
    assert (1, "") == (ran.code, ran.err)
    first, second = hub.issues.values()
    assert ["Stewardship of grading", "Stewardship of support"] == [first.title, second.title]
    assert (second.body or "").startswith("<!-- goldengit-steward: support -->\nOwner: ")
    assert [104] == [user.id for user in second.assignees]
    assert f"support: opened https://github.com/org/evals/issues/{second.number}" in ran.out
    assert "support: unchanged" in published(bench, hub).out
    tend(bench)
    ran = published(bench, hub)
    assert (0, ["closed", "closed"]) == (ran.code, [first.state, second.state])
    tend(bench, days=1)
    _rename_the_owner(hub)
    second.assignees.clear()
    ran = published(bench, hub, "--format", "json")
    assert (1, "open", 2) == (ran.code, second.state, len(hub.issues))
    assert ("goldengit/steward/v1", 2) == _counted(ran.out)
    assert "The login reviewer-4 belongs to account 999" in ran.err
    assert [] == second.assignees


def _counted(out: str) -> tuple[str, int]:
    """Return the schema of a report for programs, and how many datasets it has."""
    told = json.loads(out)
    return told["schema"], len(told["datasets"])


def _rename_the_owner(hub: FakeGitHub) -> None:
    """Let a stranger take the owner's login."""
    owner = hub.by_login("reviewer-4")
    assert owner
    hub.rename(owner, "somebody-new")
    hub.user("reviewer-4", "write", id=999)


def test_without_a_token_nothing_is_published(bench: Bench, hub: FakeGitHub) -> None:
    """The report is told, here as a page, and that is no pass."""
    words = ("--publish", "--format", "markdown")
    ran = goldengit(bench.top, "steward", *words, **(hub.environment() | NOBODY))
    assert (3, []) == (ran.code, hub.requests)
    assert "There is no token" in ran.err
    assert "## Stewardship of support\n\nOwner: `reviewer-4`. 2 overdue, 1 to see to." in ran.out
    assert f"(`{standard.path_of('queue-1')}`)" in ran.out


def test_without_a_dataset_there_is_nothing_to_judge(tmp_path: Path) -> None:
    box = GitBox(tmp_path / "empty", bare=False)
    (box.folder / "README.md").write_text("Nothing.\n")
    box.git("add", "--all")
    box.git("commit", "--quiet", "--message", "Start")
    ran = goldengit(box.folder, "steward")
    assert 4 == ran.code
    assert "There is no dataset here." in ran.err
