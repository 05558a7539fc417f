"""`goldengit doctor`, run as people run it, against the fake GitHub."""

import json
from collections.abc import Iterator

import pytest

from tests.cli.running import Ran, goldengit, on_terminal
from tests.fakehub.people import App, User
from tests.forge.doctored import OWNERS, Clinic, clinic


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """Serve one repository for all tests."""
    with clinic(tmp_path_factory.mktemp("clinic")) as made:
        yield made


@pytest.fixture
def served(opened: Clinic) -> Clinic:
    """Return the repository with nothing to be changed."""
    opened.heal()
    return opened


def doctor(served: Clinic, *words: str, holder: User | App | None = None, **more: str) -> Ran:
    """Run the doctor in the clone."""
    environment = served.environment(holder) | more
    return goldengit(served.clone.folder, "doctor", *words, **environment)


def rows(ran: Ran, state: str) -> list[str]:
    """Return the codes of the rows in a state."""
    lines = [line.split() for line in ran.out.splitlines() if not line.startswith(" ")]
    return [words[1] for words in lines if words[:1] == [state]]


def test_a_repository_that_is_set_up_is_healthy(served: Clinic) -> None:
    """Exit 0, every row ok, one line a row; and nothing is asked for but to read."""
    ran = doctor(served)
    assert {"GET"} == {request.method for request in served.hub.requests}
    assert (0, "") == (ran.code, ran.err)
    lines = ran.out.splitlines()
    assert "org/evals on github.com: public, default branch main" == lines[0]
    table = lines[3 : lines.index("", 3)]
    assert {"ok"} == {line.split()[0] for line in table}
    assert lines[-1].startswith("Everything that was looked at holds: ")
    column = lines[2].index("found")
    assert {"  "} == {line[column - 2 : column] for line in table}
    assert " " not in {line[column] for line in table}


def test_what_is_to_be_changed_is_said_under_its_row(served: Clinic) -> None:
    """Exit 1; each spoilt setting is named with its remedy."""
    served.parameters("pull_request")["required_approving_review_count"] = 1
    served.parameters("required_status_checks")["required_status_checks"][0].pop("integration_id")
    served.hub.environment_for("goldengit", ["main", "gh-readonly-queue/*"])
    served.hub.workflow_permissions["can_approve_pull_request_reviews"] = True
    served.hub.grant(served.reviewers[2], "triage")
    served.publish(served.files(f"{OWNERS}/datasets/support/\n"))
    ran = doctor(served)
    assert 1 == ran.code
    assert ["GG404", "GG801", "GG804", "GG818", "GG820", "GG824"] == rows(ran, "fail")
    assert [] == rows(ran, "unknown")
    lines = ran.out.splitlines()
    at = next(number for number, line in enumerate(lines) if "main: 2 approvals" in line)
    assert lines[at + 1].strip().startswith("→ Require 2 approvals in the branch ruleset")
    assert "Something is left to do: 6 to change, 18 ok." in lines
    assert "`goldengit explain GG404` says why that matters." == lines[-1]


def test_what_the_token_cannot_see_is_unknown(served: Clinic) -> None:
    """A writer's token, with nothing to change: exit 3, and no `ok` for what is hidden."""
    ran = doctor(served, holder=served.reviewers[0])
    assert 3 == ran.code
    assert ["GG820", "GG821", "GG822", "GG823"] == rows(ran, "unknown")
    assert [] == [code for code in rows(ran, "ok") if code in rows(ran, "unknown")]
    assert "Not everything could be seen: 4 unknown, 20 ok." in ran.out


def test_a_free_plan_and_a_policy_without_forge_are_told(served: Clinic) -> None:
    """A failure weighs more than all that is unknown, and says what to buy or to add."""
    served.hub.private = True
    served.hub.plan_has_rules = False
    served.publish(served.files(forge=None))
    ran = doctor(served)
    assert (1, ["GG817", "GG819"]) == (ran.code, rows(ran, "fail"))
    assert "GG801" in rows(ran, "unknown")
    assert ran.out.startswith("org/evals on github.com: private")
    assert "Add `forge: {kind: github, host: github.com, gate_account: NUMBER}`" in ran.out


def test_programs_get_a_record(served: Clinic) -> None:
    """JSON holds every diagnosis and the exit code; warnings alone leave it at 0."""
    actor = {"actor_type": "RepositoryRole", "actor_id": 5, "bypass_mode": "exempt"}
    served.ruleset.body["bypass_actors"] = [actor]
    served.hub.rename(served.reviewers[1], "new-name")
    ran = doctor(served, "--format", "json")
    told = json.loads(ran.out)
    assert ("goldengit/doctor/v1", "org/evals") == (told["schema"], told["repository"])
    assert (0, 0) == (ran.code, told["exit_code"])
    assert [
        ("GG404", "warning", "reviewer-2 is called new-name now"),
        ("GG823", "warning", "role 5 (exempt, which leaves no trace)"),
    ] == [
        (one["code"], one["state"], one["found"])
        for one in told["diagnoses"]
        if one["state"] != "ok"
    ]


def test_a_page_gets_a_table(served: Clinic) -> None:
    """Markdown has one row a diagnosis; what the platform said stands in code spans."""
    served.hub.rename(served.reviewers[1], "new-name")
    ran = doctor(served, "--format", "markdown")
    assert ran.out.startswith("## goldengit doctor: `org/evals`\n")
    assert "| **warning** | GG404 | `reviewer-2 exists and may write` |" in ran.out


def test_a_terminal_gets_colour_and_whole_lines(served: Clinic) -> None:
    """Nothing is wider than the terminal."""
    served.hub.rename(served.reviewers[1], "a-very-long-new-name-of-a-person")
    served.parameters("pull_request")["require_last_push_approval"] = False
    folder, environment = served.clone.folder, served.environment()
    ran = on_terminal(folder, "doctor", columns=80, **environment)
    assert "\x1b[31;1mfail" in ran.out
    plain = ran.out
    for style in ("0", "1", "2", "31;1", "32;1", "33;1"):
        plain = plain.replace(f"\x1b[{style}m", "")
    assert max(len(line) for line in plain.splitlines()) <= 80


def test_without_a_token_nothing_is_asked(served: Clinic) -> None:
    """One sentence with the remedy, exit 3."""
    ran = doctor(served, GITHUB_TOKEN="", GH_TOKEN="", PATH="/usr/bin:/bin")
    assert (3, "") == (ran.code, ran.out)
    assert "Set GITHUB_TOKEN, or run `gh auth login`." in ran.err
    assert [] == served.hub.requests


def test_a_token_that_is_refused_is_never_shown(served: Clinic) -> None:
    ran = doctor(served, GITHUB_TOKEN="ghp_secretsecretsecret")
    assert (3, "") == (ran.code, ran.out)
    assert "Check the token, which was refused." in ran.err
    assert "secret" not in ran.err


def test_a_clone_that_is_behind_is_told_to_fetch(served: Clinic) -> None:
    """The policy in force is the one on GitHub, so it must be here."""
    commit = served.hub.box.commit(served.files(version=2))
    served.hub.push("main", commit, by=served.admin)
    ran = doctor(served)
    assert (3, "") == (ran.code, ran.out)
    assert "Run `git fetch origin`." in ran.err
