"""The legal edits at the terminal: what is told, what is refused, and what comes next."""

import json
from pathlib import Path

from tests import standard
from tests.cli.edits import promote
from tests.cli.running import goldengit, on_terminal
from tests.gitbox import GitBox
from tests.promoting.bench import Bench

SIGNERS = ("--signer", "reviewer-1", "--signer", "reviewer-2")
GOLDEN = standard.id_of("golden-1")
CANDIDATE = standard.id_of("candidate-1")


def test_a_promotion_tells_files_and_next_steps(bench: Bench) -> None:
    """The golden file is there, the candidate is gone, and both are told."""
    words = ["--labeler", "reviewer-1", "--confirmer", "reviewer-2"]
    ran = goldengit(bench.top, "promote", CANDIDATE, *words)
    golden = standard.path_in("golden", "support", CANDIDATE)
    assert (0, "") == (ran.code, ran.err)
    assert f"Promoted {CANDIDATE}." == ran.out.splitlines()[0]
    assert f"  wrote    {golden}" in ran.out
    assert f"  removed  {standard.path_of('candidate-1')}" in ran.out
    assert "Next:\n" in ran.out
    assert (bench.top / golden).is_file()


def test_what_the_rules_refuse_is_told_and_nothing_changes(bench: Bench) -> None:
    """One person twice is refused with its rule; the work tree is as it was."""
    before = bench.files()
    words = ["--labeler", "reviewer-1", "--confirmer", "reviewer-1"]
    ran = goldengit(bench.top, "promote", CANDIDATE, *words)
    assert 1 == ran.code
    assert "GG403 signoffs-not-distinct" in ran.out
    assert "goldengit: The rules refuse this edit. Nothing was written.\n" == ran.err
    assert before == bench.files()


def test_a_withdrawal_and_a_supersession_pass_the_check(bench: Bench) -> None:
    """Both append to golden files, and the staged check agrees."""
    words = ["--reason", "The document was retracted."]
    assert 0 == goldengit(bench.top, "withdraw", GOLDEN, *words, *SIGNERS).code
    ran = goldengit(bench.top, "supersede", standard.id_of("golden-2"), "--draft")
    assert 0 == ran.code, ran.err
    successor = ran.out.splitlines()[0].removeprefix("Drafted ").rstrip(".")
    named = ["--by", successor, "--reason", "The question was unclear."]
    ran = goldengit(bench.top, "supersede", standard.id_of("golden-2"), *named, *SIGNERS)
    assert 0 == ran.code, ran.out + ran.err
    bench.box.git("add", "--all")
    assert 0 == goldengit(bench.top, "check", "--staged").code
    assert "withdrawn" in goldengit(bench.top, "status").out


def test_a_text_that_is_no_utf8_is_wrong_usage(bench: Bench, tmp_path: Path) -> None:
    """Bytes of another encoding in a reason or a title are told, and nothing is written."""
    bad = "Zur\udcfcckgezogen."  # as Python shows the byte FC of a Latin-1 terminal
    ran = goldengit(bench.top, "withdraw", GOLDEN, "--reason", bad, *SIGNERS)
    assert (2, "") == (ran.code, bench.box.git("status", "--porcelain"))
    assert "is not UTF-8" in ran.err
    box = GitBox(tmp_path / "new", bare=False)
    people = ["--person", "reviewer-1", "--person", "reviewer-2"]
    mode = ["--failure-mode", "invented-citation", "--title", bad]
    ran = goldengit(box.folder, "init", "--dataset", "support", *people, *mode)
    assert 2 == ran.code
    assert "is not UTF-8" in ran.err


def test_an_erasure_leaves_a_tombstone(bench: Bench) -> None:
    """It takes a maintainer, and the check accepts it."""
    signers = ["--signer", "reviewer-1", "--signer", "reviewer-4:maintainer"]
    ran = goldengit(bench.top, "erase", GOLDEN, "--reason", "A person asked.", *signers)
    assert 0 == ran.code, ran.out + ran.err
    assert "goldengit/tombstone/v1" in (bench.top / standard.path_of("golden-1")).read_text()
    bench.box.git("add", "--all")
    assert 0 == goldengit(bench.top, "check", "--staged").code


def test_format_tells_what_it_would_change_and_changes_it(bench: Bench) -> None:
    """`--check` gives 1 and writes nothing; then it is written, and all is well."""
    path = bench.top / standard.path_of("candidate-1")
    path.write_text(path.read_text() + "# a remark\n")
    before = path.read_bytes()
    ran = goldengit(bench.top, "format", "--check")
    assert (1, before) == (ran.code, path.read_bytes())
    assert f"would change  {standard.path_of('candidate-1')}" in ran.out
    assert 0 == goldengit(bench.top, "format").code
    assert before != path.read_bytes()
    assert "Everything is in house style" in goldengit(bench.top, "format", "--check").out


def test_format_names_what_cannot_be_read(bench: Bench) -> None:
    """A file that is no YAML is told with its line and gives 1."""
    path = bench.top / standard.path_of("candidate-1")
    path.write_text("schema: [\n")
    ran = goldengit(bench.top, "format")
    assert 1 == ran.code
    assert ran.err.startswith(f"goldengit: {standard.path_of('candidate-1')}:")


def test_status_shows_each_dataset(untouched: Bench) -> None:
    """Owner, queue, counts and the version, which is the tree id of the golden folder."""
    out = goldengit(untouched.top, "status").out
    version = untouched.box.git("rev-parse", "HEAD:datasets/support/golden")
    assert f"  version     {version}\n" in out
    assert "  golden      4: 3 active, 1 superseded\n" in out
    assert "OVERDUE" in out


def test_an_audit_finds_the_step_that_broke_a_rule(edited: Bench) -> None:
    """An edit that was committed past the hook is found in the history, with its commit."""
    assert "GG303" not in goldengit(edited.top, "audit").out
    tip = edited.commit_all()
    ran = goldengit(edited.top, "audit")
    assert 1 == ran.code
    assert f"{tip[:12]} (" in ran.out
    assert "GG303" in ran.out


def test_the_life_of_a_case_is_told(bench: Bench) -> None:
    """From candidate to golden, with the persons who signed."""
    promote(bench)
    bench.commit_all()
    out = goldengit(bench.top, "audit", CANDIDATE).out
    assert f"{CANDIDATE} in support: golden, active" == out.splitlines()[0]
    assert "became a candidate" in out
    assert "became golden" in out
    assert "promote: reviewer-2 as confirmer" in out


def test_init_sets_up_a_repository_that_passes(tmp_path: Path) -> None:
    """What init writes is accepted by the check, and a second call writes nothing."""
    box = GitBox(tmp_path / "new", bare=False)
    words = ["init", "--dataset", "support", "--person", "reviewer-1", "--person", "reviewer-2"]
    mode = ["--failure-mode", "invented-citation", "--title", "It cites what does not exist."]
    ran = goldengit(box.folder, *words, *mode)
    assert (0, "") == (ran.code, ran.err)
    assert 0 == goldengit(box.folder, "check").code
    assert "nothing was written" in goldengit(box.folder, *words, *mode).out


def test_init_asks_only_people(tmp_path: Path) -> None:
    """In a pipe a missing answer is wrong usage, not a prompt that waits."""
    box = GitBox(tmp_path / "new", bare=False)
    ran = goldengit(box.folder, "init")
    assert (2, "") == (ran.code, ran.out)
    assert "--dataset is missing" in ran.err


def test_on_a_terminal_headings_are_bold(bench: Bench) -> None:
    """A person finds the next steps at a glance."""
    words = ["--labeler", "reviewer-1", "--confirmer", "reviewer-2"]
    assert "\x1b[1mNext:\x1b[0m" in on_terminal(bench.top, "promote", CANDIDATE, *words).out


def test_status_is_there_for_programs_too(untouched: Bench) -> None:
    told = json.loads(goldengit(untouched.top, "status", "--format", "json").out)
    assert "goldengit/status/v1" == told["schema"]
    support = next(one for one in told["datasets"] if one["name"] == "support")
    assert (4, 3, 1) == (support["golden"], support["active"], support["superseded"])


def test_a_life_is_there_for_programs_too(untouched: Bench) -> None:
    told = json.loads(
        goldengit(untouched.top, "audit", standard.id_of("golden-1"), "--format", "json").out
    )
    assert ("goldengit/life/v1", "golden, active") == (told["schema"], told["life"]["state"])
    assert {"reviewer-1", "reviewer-2"} == {one["person"] for one in told["life"]["signatures"]}
