"""The composite action, run step by step: what it says, and that no input can say more."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.promoting.bench import Bench
from tests.standard import standard
from tests.workflows.harness import Runner, commands, parsed, substituted
from tests.workflows.scripts import script

MAIN = script("main")
SAFE = MAIN.safe
ANNOTATIONS = {"error", "warning", "notice"}


def test_a_check_that_passes_says_so(runner: Runner) -> None:
    ran = runner.run({})
    assert (0, "passed", "") == (ran.code, ran.outputs["verdict"], ran.outputs["confirmed"])
    report = json.loads(Path(ran.outputs["report-path"]).read_text("utf-8"))
    assert ("goldengit/report/v1", "passed") == (report["schema"], report["verdict"])
    assert [] == [one for one in commands(ran.log) if one[0] == "error"]


def test_a_check_that_fails_annotates_lines_and_keeps_the_exit_code(
    runner: Runner, tmp_path: Path
) -> None:
    bench = Bench(tmp_path / "broken", standard())
    bad = bench.top / "datasets" / "support" / "dataset.yaml"
    bad.write_text("name: [::add-mask::oops\n::add-mask::oops\n")
    runner.workspace = bench.top
    ran = runner.run({"command": "check", "args": "--all"})
    assert (1, "failed") == (ran.code, ran.outputs["verdict"])
    report = json.loads(Path(ran.outputs["report-path"]).read_text("utf-8"))
    assert "failed" == report["verdict"]
    told = commands(ran.log)
    assert "error" in {name for name, _ in told}
    assert ANNOTATIONS >= {name for name, _ in told}


def test_words_are_split_with_quotes_and_reach_the_command(runner: Runner) -> None:
    ran = runner.run({"args": "--all 'datasets/support'"})
    assert (0, "passed") == (ran.code, ran.outputs["verdict"])
    ran = runner.run({"args": "--all 'no such folder'"})
    assert (2, "unknown", "") == (ran.code, ran.outputs["verdict"], ran.outputs["report-path"])
    assert "'no such folder' is neither" in ran.log


def test_a_release_that_cannot_be_judged_is_no_pass(runner: Runner) -> None:
    ran = runner.run({"command": "gate deploy", "args": "support --candidate missing.json"})
    assert ran.code not in {0, 1}
    assert "unknown" == ran.outputs["verdict"]


def test_a_gate_judges_the_event_of_the_run_unless_it_is_told_otherwise(runner: Runner) -> None:
    place = {
        "GITHUB_REPOSITORY": "example/evals",
        "GITHUB_API_URL": "http://127.0.0.1:9",
    }
    ran = runner.run({"command": "gate merge", "args": "--publish-status"}, **place)
    assert (3, "unknown", "") == (ran.code, ran.outputs["verdict"], ran.outputs["report-path"])
    assert f"--event {runner.temp / 'event.json'}: No such file" in ran.log
    ran = runner.run({"command": "gate  merge", "args": "--event=other.json"}, **place)
    assert "--event other.json: No such file" in ran.log


@pytest.mark.parametrize(
    ("code", "report", "word"),
    [
        (0, [{"state": "success"}], "success"),
        (0, [{"state": "pending"}], "pending"),
        (1, [{"state": "success"}, {"state": "failure"}, {"state": "pending"}], "failure"),
        (3, [{"state": "success"}], "unknown"),
        (3, [{"state": "error"}], "error"),
        (0, [], "nothing"),
        (0, {"ruling": "WARN"}, "WARN"),
        (3, {"ruling": "INCONCLUSIVE"}, "INCONCLUSIVE"),
        (1, {"ruling": "PASS"}, "unknown"),
        (0, None, "passed"),
        (1, None, "failed"),
        (4, None, "nothing"),
        (2, None, "unknown"),
        (3, {"verdict": 1}, "unknown"),
        (130, None, "unknown"),
    ],
)
def test_the_verdict_is_the_report_s_and_never_a_pass_by_mistake(
    code: int, report: Any, word: str
) -> None:
    assert word == MAIN.verdict(code, report)


@pytest.mark.parametrize("command", ["", "init", "check --all", "check; touch ran", "$(touch ran)"])
def test_only_the_commands_of_the_list_run(runner: Runner, command: str) -> None:
    ran = runner.run({"command": command})
    assert (2, "") == (ran.code, ran.outputs["verdict"])
    assert "command is none of: check, gate merge" in ran.log
    assert [] == commands(ran.log)


@pytest.mark.parametrize(
    "args",
    [
        "; touch ran",
        "$(touch ran)",
        "x\n::add-mask::y\ntouch ran",
        "'x\r::add-mask::y'",
        "'an open quote",
        "--format text",
        "--output=ran",
        "--all --help",
    ],
)
def test_hostile_words_neither_run_nor_command(runner: Runner, workspace: Path, args: str) -> None:
    ran = runner.run({"args": args})
    assert 2 == ran.code
    assert not (workspace / "ran").exists()
    assert [] == commands(ran.log)
    assert {"verdict", "confirmed", "report-path"} == set(ran.outputs)
    assert ran.outputs["verdict"] in {"", "unknown"}


def test_a_module_of_the_repository_is_not_taken_for_a_library(
    runner: Runner, tmp_path: Path
) -> None:
    """`-I` keeps the folder that is checked off the search path."""
    bench = Bench(tmp_path / "trap", standard())
    for name in ("json.py", "goldengit.py", "pip.py", "sitecustomize.py"):
        (bench.top / name).write_text("raise SystemExit('trapped')\n")
    runner.workspace = bench.top
    ran = runner.run({}, PYTHONPATH=str(bench.top))
    assert (0, "passed") == (ran.code, ran.outputs["verdict"])


def test_the_only_other_action_is_pinned(runner: Runner) -> None:
    (used,) = runner.run({"command": ""}).uses
    assert used.startswith("actions/setup-python@")


PIECES = st.sampled_from(
    [
        "::error::x",
        "::error file=a::x",
        " ::warning::x",
        "::add-mask::x",
        "::set-env name=a::b",
        "::stop-commands::t",
        "::t::",
        "##[add-mask]x",
        "::notice::##[add-mask]x",
        "text",
        "",
    ]
)


@given(st.lists(st.tuples(PIECES, st.sampled_from(["\n", "\r", "\r\n", " "])), max_size=12))
def test_whatever_a_command_prints_only_annotations_are_commands(
    pieces: list[tuple[str, str]],
) -> None:
    text = "".join(piece + end for piece, end in pieces)
    told = "\n".join(SAFE(text))
    assert ANNOTATIONS >= {name for name, _ in commands(told)}


@given(st.lists(st.sampled_from(["::error::x", "::add-mask::x", "text"]), max_size=6))
def test_text_that_a_command_set_aside_stays_set_aside(lines: list[str]) -> None:
    text = "\n".join(["::error::mine", "::stop-commands::t", *lines, "::t::", "::notice::mine"])
    assert [("error", "mine"), ("notice", "mine")] == commands("\n".join(SAFE(text)))


def test_outputs_cannot_begin_another_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "output"
    monkeypatch.setenv("GITHUB_OUTPUT", str(file))
    value = "a\nverdict=passed\nverdict<<x\nb\nx"
    MAIN._write({"report-path": value})
    assert [("report-path", value)] == list(parsed(file.read_text("utf-8")))


def test_the_harness_refuses_what_it_does_not_know() -> None:
    with pytest.raises(KeyError):
        substituted("${{ github.event.pull_request.title }}", {}, {})
    with pytest.raises(ValueError, match="open"):
        list(parsed("a<<open\nb"))
