"""`goldengit gate deploy` and `goldengit baseline`, as people and CI run them."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Ran, git, goldengit, on_terminal
from tests.gating.place import Deployed, another, deployed, failing

PIN = "datasets/support/baseline.yaml"
FORGE = {"GITHUB_SERVER_URL": "https://forge.example.org", "GITHUB_REPOSITORY": "shop/evals"}


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """Return a repository with a pinned baseline, for tests that only read."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed")
    return deployed(tmp_path_factory.mktemp("deployed"))


@pytest.fixture
def mine(known: Deployed, tmp_path: Path) -> Deployed:
    """Return the same repository, to be changed."""
    return another(known, tmp_path)


def gate(here: Deployed, card: dict[str, Any], folder: Path, *words: str, **more: str) -> Ran:
    """Run the gate on a scorecard that is written for it."""
    path = folder / "candidate.json"
    path.write_text(json.dumps(card))
    named = ["support", "--candidate", str(path), *words]
    return goldengit(here.top, "gate", "deploy", *named, **more)


def second(here: Deployed, lost: int = 0, reason: str = "") -> dict[str, Any]:
    """Return the scorecard of a second release that lost some cases."""
    card = here.card() | {"release": "second"}
    ids = failing(card, lost)
    for one in card["cases"]:
        if one["case"] in ids and reason:
            one["judged"][0]["reason"] = reason
    return card


def test_a_regression_is_blocked_and_the_repaired_release_passes(
    known: Deployed, tmp_path: Path
) -> None:
    ran = gate(known, second(known, lost=4), tmp_path)
    lines = ran.out.splitlines()
    assert (1, "") == (ran.code, ran.err)
    assert lines[0].startswith("BLOCK  support: second against first, by ")
    assert "  all cases       The drop is 0.167; 0.05 is allowed." in lines
    assert "Lost (4)" in lines
    assert "      no-invention: It would fail." in lines
    assert any(line.startswith("  datasets/support/golden/2026-06/2026-") for line in lines)
    assert "four of five releases on this set is 0.12;" in ran.out
    ran = gate(known, second(known), tmp_path)
    assert (0, "") == (ran.code, ran.err)
    assert ran.out.startswith("PASS  ")


def test_a_baseline_is_kept_in_somebodys_name(mine: Deployed, tmp_path: Path) -> None:
    for name in ("user.name", "user.email"):
        mine.place.box.git("config", "--unset", name)
    mine.place.box.git("config", "user.useConfigOnly", "true")
    nobody = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    other = tmp_path / "other.json"
    other.write_text(json.dumps(mine.card() | {"release": "other"}))
    ran = goldengit(mine.top, "baseline", str(other), **nobody)
    assert 3 == ran.code
    assert "Set `git config user.name` and `git config user.email`, and try again." in ran.err


def test_drop_is_asked_about_with_aa_alone(known: Deployed, tmp_path: Path) -> None:
    ran = gate(known, known.card(), tmp_path, "--drop", "0.2")
    assert (2, "goldengit: --drop says nothing without --aa. Give both, or neither.\n") == (
        ran.code,
        ran.err,
    )


def test_whoever_has_no_baseline_is_told_how_to_make_one(mine: Deployed, tmp_path: Path) -> None:
    """And the two commands that are printed make the gate judge."""
    (mine.top / PIN).unlink()
    mine.commit("No baseline")
    ran = gate(mine, second(mine), tmp_path)
    assert 3 == ran.code
    assert "The dataset support has no baseline, so nothing is compared." in ran.out
    assert "`goldengit baseline SCORECARD`" in ran.out
    ran = goldengit(mine.top, "baseline", str(mine.first))
    assert (0, "Pinned the baseline of support.") == (ran.code, ran.out.splitlines()[0])
    assert "  git push origin refs/goldengit/baselines/support" in ran.out.splitlines()
    assert 3 == gate(mine, second(mine), tmp_path).code  # only what is committed counts
    mine.commit("Baseline")
    assert 0 == gate(mine, second(mine), tmp_path).code


def test_a_fresh_clone_is_told_what_to_fetch(mine: Deployed, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    assert 0 == git(tmp_path, "clone", "--quiet", "--no-local", str(mine.top), str(clone)).code
    here = Deployed.__new__(Deployed)
    here.top, here.first = clone, mine.first
    ran = gate(here, second(mine), tmp_path)
    fetch = "git fetch origin 'refs/goldengit/baselines/*:refs/goldengit/baselines/*'"
    assert 3 == ran.code
    assert f"Run `{fetch}`." in ran.out
    assert 0 == git(clone, *(word.strip("'") for word in fetch.split()[1:])).code
    assert 0 == gate(here, second(mine), tmp_path).code


def test_a_tampered_scorecard_is_one_line_and_exit_code_3(known: Deployed, tmp_path: Path) -> None:
    card = second(known) | {"dataset_root": "sha256:" + "0" * 64}
    page = tmp_path / "page.md"
    ran = gate(known, card, tmp_path, "--summary", str(page))
    assert (3, "") == (ran.code, ran.out)
    assert ran.err.startswith("goldengit: The scorecard was made for another tree: its root ")
    assert 1 == ran.err.count("\n")
    assert page.read_text().startswith("## Deploy gate: INCONCLUSIVE\n")


def test_a_page_that_cannot_be_written_hides_no_verdict(known: Deployed, tmp_path: Path) -> None:
    ran = gate(known, known.card(), tmp_path, "--summary", "no/page.md")
    assert 3 == ran.code
    assert ran.out.startswith("PASS  support: ")
    assert ran.err.startswith("goldengit: --summary no/page.md: ")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["nothing", "--candidate", "card.json"], 2, "no dataset 'nothing'"),
        (["grading", "--candidate", "card.json"], 4, "no active golden case"),
        (["support", "--candidate", "card.json", "--commit", "nowhere"], 2, "names no commit"),
        (["support", "--candidate", "missing.json"], 2, "missing.json: No such file"),
        (["support", "--candidate", "card.json", "--links", "{path}"], 2, "no address"),
        (["support", "--candidate", "card.json", "--links", "https://example.org"], 2, "{path}"),
        (
            ["support", "--candidate", "card.json", "--aa", "--drop", "2"],
            2,
            "less than or equal to 1",
        ),
        (["support"], 2, "--candidate"),
    ],
)
def test_what_cannot_be_done_is_told(
    words: list[str], code: int, said: str, mine: Deployed
) -> None:
    (mine.top / "card.json").write_bytes(mine.first.read_bytes())
    ran = goldengit(mine.top, "gate", "deploy", *words)
    assert (code, "") == (ran.code, ran.out)
    assert said in ran.err


def test_gate_alone_prints_its_help_and_is_wrong_usage(known: Deployed) -> None:
    ran = goldengit(known.top, "gate")
    assert (2, "") == (ran.code, ran.out)
    assert "deploy" in ran.err


# -- pages -------------------------------------------------------------------------------------


def test_the_summary_is_appended_and_links_to_the_cases(known: Deployed, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n")
    card = second(known, lost=2)
    ran = gate(known, card, tmp_path, "--summary", str(page), **FORGE)
    assert 1 == ran.code
    text = page.read_text()
    assert text.startswith("before\n## Deploy gate: BLOCK\n")
    head = git(known.top, "rev-parse", "HEAD").out.strip()
    lost = failing(card, 1)[0]
    path = f"datasets/support/golden/2026-06/{lost}.yaml"
    address = f"https://forge.example.org/shop/evals/blob/{head}/{path}"
    assert f"| [{lost}]({address}) | no-invention | `It would fail.` |" in text
    words = ["--format", "markdown", "--links", "https://example.org/?c={commit}&p={path}"]
    ran = gate(known, card, tmp_path, *words, **FORGE)
    assert f"[{lost}](https://example.org/?c={head}&p={path})" in ran.out
    assert f"| `{path}` |" in gate(known, card, tmp_path, "--format", "markdown").out


EVIL = "<img src=x> @team #1 [a](https://example.org) `code` a|b **c**\n\n# Title\x1b[31m\u202e"


def test_what_a_model_wrote_is_never_obeyed(known: Deployed, tmp_path: Path) -> None:
    """No HTML, no mention, no link, no new row or line; no colour on the terminal."""
    card = second(known, lost=2, reason=EVIL) | {"release": "`r` | @team <b>"}
    text = gate(known, card, tmp_path, "--format", "markdown").out
    row = next(line for line in text.splitlines() if "no-invention" in line)
    code = row.split(" | ")[2]
    assert (code[0], code[-3:]) == ("`", "` |")
    assert 2 == row.count("`", row.index("no-invention"))
    assert 4 == row.count("|")
    assert "\\x0a" in code
    outside = "".join(text.split("`")[::2])  # what stands in no code span
    assert not any(mark in outside for mark in ("<img", "<b>", "@team", "](https", "**c"))
    assert not any(mark in text for mark in ("\x1b", "\u202e"))
    plain = gate(known, card, tmp_path).out
    assert not any(mark in plain for mark in ("\x1b", "\u202e"))


def test_programs_get_everything(known: Deployed, tmp_path: Path) -> None:
    ran = gate(known, second(known, lost=20), tmp_path, "--format", "json", **FORGE)
    told = json.loads(ran.out)
    assert (1, "goldengit/deploy/v1", "BLOCK") == (ran.code, told["schema"], told["ruling"])
    assert ("second", "first", 20) == (
        told["candidate"],
        told["baseline"],
        len(told["cases"]["lost"]),
    )
    whole = next(part for part in told["parts"] if part["kind"] == "whole")
    assert (24, 20, 0) == tuple(whole["worst"][key] for key in ("n", "lost", "gained"))
    assert told["cases"]["lost"][0]["link"].startswith("https://forge.example.org/")
    assert ["no-invention"] == [one["id"] for one in told["evaluators"]]


def test_a_long_list_is_cut_for_people(known: Deployed, tmp_path: Path) -> None:
    ran = gate(known, second(known, lost=20), tmp_path)
    assert "  … and 8 more; --format json lists all of them" in ran.out.splitlines()


def test_a_terminal_shows_the_verdict_in_colour(known: Deployed, tmp_path: Path) -> None:
    (tmp_path / "card.json").write_text(json.dumps(second(known, lost=4)))
    words = ["gate", "deploy", "support", "--candidate", str(tmp_path / "card.json")]
    assert on_terminal(known.top, *words).out.startswith("\x1b[31;1mBLOCK\x1b[0m  ")
    assert on_terminal(known.top, *words, NO_COLOR="1").out.startswith("BLOCK  ")


# -- the gate's own error rates ------------------------------------------------------------------


def test_the_error_rates_are_told(known: Deployed, tmp_path: Path) -> None:
    """24 steady cases miss a drop of 0.10 in 29.2 % of all releases."""
    ran = gate(known, second(known), tmp_path, "--aa")
    assert (0, "") == (ran.code, ran.err)
    assert "second against itself: 0.0% of the cases flip" in ran.out
    row = next(line for line in ran.out.splitlines() if line.startswith("all cases"))
    assert ["all", "cases", "point", "24", "0.0%", "29.2%", "0.12"] == row.split()
    ran = gate(known, second(known), tmp_path, "--aa", "--drop", "0.2", "--format", "json")
    told = json.loads(ran.out)
    assert "goldengit/operation/v1" == told["schema"]
    assert 0.2 == told["operation"]["drop"]
    page = tmp_path / "page.md"
    gate(known, second(known), tmp_path, "--aa", "--summary", str(page))
    assert "| all cases | point | 24 | 0.0% | 29.2% | 0.12 |" in page.read_text()


def test_error_rates_need_two_runs_of_somebody(mine: Deployed, tmp_path: Path) -> None:
    (mine.top / PIN).unlink()
    mine.commit("No baseline")
    ran = gate(mine, second(mine) | {"repeats": 1}, tmp_path, "--aa")
    assert (3, "") == (ran.code, ran.out)
    assert "ran once" in ran.err
