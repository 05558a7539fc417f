"""`goldengit gate merge` and `gate push` as jobs and people run them: real processes."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.running import on_terminal
from tests.hub_world import PAGE, World
from tests.merging.asking import CASE, NEW, changed, ready
from tests.standard import id_of

ONE = ("reviewer-1",)
JOB = {"GITHUB_RUN_ID": "1"}
WAITS = "1 file waits for approval (GG409)"


def merge(hubbed: World, *words: str, **more: str) -> tuple[int, str, str]:
    """Run the gate; return exit code, output and complaints."""
    ran = hubbed.run("gate", "merge", *words, **more)
    return ran.code, ran.out, ran.err


def event(folder: Path, text: str) -> list[str]:
    """Write the payload of an event and return the words that name it."""
    path = folder / "event.json"
    path.write_text(text)
    return ["--event", str(path)]


def test_people_read_who_confirmed_what_is_missing_and_what_to_do_next(hubbed: World) -> None:
    """In 80 columns: the word, a block for each case, and the next step."""
    ready(hubbed, approved=ONE)
    words = ("gate", "merge", "--pr", "1")
    ran = on_terminal(hubbed.clone.folder, *words, columns=80, **hubbed.environment())
    plain = re.sub(r"\x1b\[[0-9;]*m", "", ran.out)
    assert (ran.code, plain.splitlines()[:9]) == (
        1,
        [
            "PENDING  pull request 1",
            f"  {WAITS}",
            "",
            f"  {id_of('new-1')} becomes golden",
            "    reviewer-1  labeler    approved",
            "    reviewer-2  confirmer  waits",
            "    missing: reviewer-2 reviews and approves",
            "",
            "  Next: reviewer-2 approves, which confirms 1 signoff.",
        ],
    )
    assert max(len(line) for line in plain.splitlines()[:9]) <= 80


def test_nothing_is_posted_without_being_asked_to(hubbed: World) -> None:
    """A look from a laptop changes nothing; the exit code is the word's."""
    pull = ready(hubbed)
    code, out, err = merge(hubbed, "--pr", "1")
    assert (code, out.splitlines()[0], err) == (0, "SUCCESS  pull request 1", "")
    assert hubbed.history(pull.head_sha) == ["pending"]


def test_programs_read_the_same_as_json(hubbed: World) -> None:
    """Every matter with its voices, and why an approval does not count."""
    pull = ready(hubbed, approved=ONE)
    hubbed.commit("topic", changed("Another answer."))
    code, out, _ = merge(hubbed, "--pr", "1", "--format", "json")
    (record,) = json.loads(out)
    (matter,) = record["matters"]
    assert (code, record["state"], record["pull"]) == (1, "pending", 1)
    assert (record["commit"], record["base"]) == (pull.head_sha, hubbed.hub.branches["main"])
    assert (matter["path"], matter["what"]) == (CASE, "becomes golden")
    first, second = matter["voices"]
    assert (first["person"], first["role"], first["by"]) == ("reviewer-1", "labeler", "")
    assert "where this was different: approve again" in first["why"]
    assert second["why"] == ""
    assert matter["next"] == "reviewer-1 approves again; reviewer-2 reviews and approves"
    assert {one["rule"] for one in record["findings"]} == {"GG409"}


def test_a_job_waits_without_turning_red(hubbed: World, tmp_path: Path) -> None:
    """Pending is posted, the job is green; the log has annotations, its page a table."""
    pull = hubbed.pull(NEW)
    page = tmp_path / "summary.md"
    words = [*event(tmp_path, '{"action": "opened", "pull_request": {"number": 1}}')]
    words += ["--publish-status", "--format", "github", "--summary", str(page)]
    code, out, err = merge(hubbed, *words, GITHUB_EVENT_NAME="pull_request_target", **JOB)
    assert (code, err) == (0, "")
    assert hubbed.history(pull.head_sha) == ["pending", "pending"]
    status = hubbed.hub.statuses_of(pull.head_sha)[0]
    assert (status.description, status.target_url) == (f"PR #1: {WAITS}", PAGE)
    assert out.splitlines()[:2] == ["PENDING  pull request 1", f"  {WAITS}"]
    assert f"::error file={CASE},line=" in out
    text = page.read_text()
    assert text.startswith("## goldengit gate: pending\n")
    row = next(line for line in text.splitlines() if id_of("new-1") in line)
    assert [cell.strip() for cell in row.strip("|").split("|")] == [
        f"`{id_of('new-1')}`",
        "becomes golden",
        "`reviewer-1` as labeler: ⏳ waits<br>`reviewer-2` as confirmer: ⏳ waits",
        "reviewer-1 reviews and approves; reviewer-2 reviews and approves",
    ]


@pytest.mark.parametrize(
    ("what", "expected", "states"),
    [("success", 0, ["pending", "success"]), ("failure", 1, ["pending", "failure"])],
)
def test_the_exit_code_of_a_job_follows_its_word(
    what: str, expected: int, states: list[str], hubbed: World
) -> None:
    """A broken rule is red; what passes is green."""
    edits = NEW if what == "success" else [*NEW, *changed("x", "reviewer-1:labeler")]
    pull = ready(hubbed, edits)
    code, out, _ = merge(hubbed, "--pr", "1", "--publish-status")
    assert (code, out.split()[0]) == (expected, what.upper())
    assert hubbed.history(pull.head_sha) == states


def test_what_could_not_be_judged_ends_with_3_and_the_status_error(hubbed: World) -> None:
    """One line says what is wrong and what to do; no traceback, no token."""
    pull = ready(hubbed)
    hubbed.hub.trouble("GET */pulls/1/reviews", 403, times=9)
    code, out, err = merge(hubbed, "--pr", "1", "--publish-status")
    assert (code, out) == (3, "")
    (line,) = err.splitlines()
    assert line.startswith("goldengit: GET repos/org/evals/pulls/1/reviews is answered with 403:")
    assert line.endswith("Give the token the permission that it lacks.")
    assert hubbed.hub.token() not in err
    assert hubbed.history(pull.head_sha) == ["pending", "error"]


def test_a_sweep_with_one_that_cannot_be_judged_ends_with_3(hubbed: World) -> None:
    """The others have their word all the same, and a wait is none of its errors."""
    ready(hubbed, approved=())
    ready(hubbed, [{"case": {"row": "new-2"}}], branch="other")
    hubbed.hub.trouble("GET */pulls/1/reviews", 403, times=9)
    code, out, _ = merge(hubbed, "--sweep", "--publish-status")
    assert code == 3
    assert "SUCCESS  pull request 2" in out
    assert "ERROR  not judged" in out
    assert "#1: GET repos/org/evals/pulls/1/reviews is answered with 403" in out


def test_without_what_it_needs_the_gate_says_what_to_do(hubbed: World, tmp_path: Path) -> None:
    """No token, no such request, an event that must not decide, an event that is not there."""
    ready(hubbed)
    empty = {"GITHUB_TOKEN": "", "GH_TOKEN": "", "PATH": _path_without_gh(tmp_path)}
    code, _, err = merge(hubbed, "--pr", "1", **empty)
    assert (code, "Set GITHUB_TOKEN, or run `gh auth login`." in err) == (3, True)
    code, _, err = merge(hubbed, "--pr", "7")
    assert (code, "pulls/7 is answered with 404" in err) == (3, True)
    told = event(tmp_path, '{"pull_request": {"number": 1}}')
    code, _, err = merge(hubbed, *told, GITHUB_EVENT_NAME="pull_request")
    assert (code, "(GG806)" in err) == (3, True)


def _path_without_gh(folder: Path) -> str:
    """Return a search path with Git and the shell's own programs alone."""
    import shutil

    programs = folder / "bin"
    programs.mkdir()
    for name in ("git", "ssh-keygen"):
        found = shutil.which(name)
        if found:
            (programs / name).symlink_to(found)
    return str(programs)


def test_what_is_asked_must_be_one_thing(hubbed: World) -> None:
    """Exit 2: neither nothing nor two things; and the repository must be known."""
    code, _, err = merge(hubbed)
    assert (code, "Give one of --pr, --event and --sweep." in err) == (2, True)
    assert merge(hubbed, "--pr", "1", "--sweep")[0] == 2
    code, _, err = merge(hubbed, "--pr", "1", GITHUB_REPOSITORY="")
    assert (code, "Set GITHUB_REPOSITORY to OWNER/NAME" in err) == (2, True)


def test_a_policy_without_a_forge_is_no_gate(hubbed: World) -> None:
    """Exit 3: it is not known whose status is the gate's."""
    hubbed.commit("main", [{"set": {"path": "goldengit.yaml", "unset": ["forge"]}}], by="admin")
    ready(hubbed)
    code, _, err = merge(hubbed, "--pr", "1", "--publish-status")
    assert (code, "does not say whose status is the gate's" in err) == (3, True)


def test_a_push_is_verified_from_its_event(hubbed: World, tmp_path: Path) -> None:
    """The files for the attestation are written, the page has a table of the steps."""
    pull = ready(hubbed)
    hubbed.word(pull)
    commit = hubbed.hub.merge(pull, by=hubbed.people["writer"])
    hubbed.fetch()
    out, cases, page = (tmp_path / name for name in ("verdict.json", "manifest.json", "page.md"))
    told = event(tmp_path, json.dumps({"ref": "refs/heads/main", "after": commit}))
    words = [*told, "--record", "--manifest", str(cases), "--out", str(out), "--summary", str(page)]
    ran = hubbed.run("gate", "push", *words, GITHUB_EVENT_NAME="push")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[0].startswith("SUCCESS  `main` at ")
    assert f"  {commit[:12]}  pull request 1, 2 signoffs confirmed" in ran.out.splitlines()
    assert "1 record added to refs/goldengit/evidence." in ran.out
    verdict = json.loads(out.read_text())
    assert (verdict["verdict"], verdict["commit"]) == ("success", commit)
    known = json.loads(cases.read_text())["datasets"]["support"]["cases"]
    assert id_of("new-1") in known
    assert "| `" + commit[:12] + "` | pull request 1, 2 signoffs confirmed | nothing |" in (
        page.read_text()
    )


def test_a_push_past_the_gate_is_told_with_the_way_back(hubbed: World) -> None:
    """Red, with the commit, the rule and the remedy."""
    hubbed.commit("main", NEW, by="admin")
    commit = hubbed.fetch()
    ran = hubbed.run("gate", "push", "--commit", commit)
    assert (ran.code, ran.out.split()[0]) == (1, "FAILURE")
    assert f"error GG814 {commit[:12]} came to `main` without a pull request." in ran.out
    assert "Revert it, and bring the change through a pull request" in ran.out
    ran = hubbed.run("gate", "push", "--branch", "side", "--commit", commit)
    assert (ran.code, "Name one of main." in ran.err) == (2, True)
