"""The reusable deploy gate, its steps run in order over a repository with a pinned baseline."""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.gating.place import Deployed, another, deployed, failing
from tests.workflows.harness import ROOT, Run, Runner, commands, substituted
from tests.workflows.scripts import equipped

WORKFLOW = ROOT / ".github" / "workflows" / "goldengit-deploy-gate.yml"
# Stands where GitHub's program would: the artifact of the run is a folder beside it.
GH = '#!/bin/sh\ntest "$1 $2" = "run download" && cp -r "$(dirname "$0")/$7" "$9"\n'

DIGEST = "${{ !cancelled() && steps.gate.outputs.report-path != '' }}"  # also for a block


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed")
    return deployed(tmp_path_factory.mktemp("deployed"))


def card(known: Deployed, lost: int) -> dict[str, Any]:
    """Return the scorecard of a release that lost some cases."""
    found = known.card() | {"release": "second"}
    failing(found, lost)
    return found


def called(runner: Runner, tip: str, **inputs: str) -> tuple[dict[str, str], Run]:
    """Run the job's steps as far as they go; return the outputs of the job and the last run."""
    (job,) = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"].values()
    given = {"dataset": "support", "suite-ref": tip, "scorecard-artifact": "scorecard", **inputs}
    context = {
        "secrets.evals-token || github.token": "a-token",
        "github.token": "a-token",
        "runner.temp": str(runner.temp),
        "job.workflow_repository": given.pop("repository", "example/evals"),
        **{f"inputs.{name}": value for name, value in given.items()},
    }
    path = {"PATH": f"{runner.temp}{os.pathsep}{os.environ['PATH']}"}
    path |= {"GITHUB_RUN_ID": "1", "GITHUB_REPOSITORY": "example/service"}
    said: dict[str, dict[str, str]] = {}
    whole = Run()
    for step in job["steps"]:
        wanted = step.get("if", "success()")
        assert wanted in {"success()", "inputs.attest", DIGEST}
        unjudged = wanted == DIGEST and not said.get("gate", {}).get("report-path")
        if unjudged or (whole.code and wanted != DIGEST):
            continue
        found: dict[str, str] = {}
        if "run" in step:
            own = {name: substituted(v, context, said) for name, v in step["env"].items()}
            found, ran = runner.script(step["run"], {**path, **own})
        elif step["uses"].startswith("./"):
            words = {
                name: substituted(value, context, said) for name, value in step["with"].items()
            }
            # Whether each step came through the gate is asked of GitHub: the gate's own tests do.
            assert " --verify-origin " in words["args"]
            words["args"] = words["args"].replace(" --verify-origin ", " ")
            ran = runner.run(words)
            found = ran.outputs
        else:
            whole.uses.append(step["uses"].partition("@")[0])
            continue
        said[step.get("id", "")] = found
        whole.log, whole.summary = whole.log + ran.log, whole.summary + ran.summary
        whole.code = whole.code or ran.code
    outputs = {name: substituted(value, context, said) for name, value in job["outputs"].items()}
    return outputs, whole


def runner_with(known: Deployed, temp: Path, scorecard: dict[str, Any]) -> Runner:
    """Return a runner in the repository, for whose job a release left this scorecard."""
    runner = equipped(temp, known.top)
    (temp / "scorecard").mkdir()
    (temp / "scorecard" / "scorecard.json").write_text(json.dumps(scorecard))
    (temp / "gh").write_text(GH)
    (temp / "gh").chmod(0o755)
    return runner


@pytest.mark.parametrize(("lost", "code", "word"), [(0, 0, "PASS"), (4, 1, "BLOCK")])
def test_the_ruling_and_its_digest_come_out_and_a_block_is_red(
    known: Deployed, tmp_path: Path, lost: int, code: int, word: str
) -> None:
    runner = runner_with(known, tmp_path / "temp", card(known, lost))
    outputs, ran = called(runner, known.place.box.git("rev-parse", "HEAD"))
    assert (code, word) == (ran.code, outputs["verdict"])
    (report,) = runner.temp.glob("goldengit-*.json")
    assert hashlib.sha256(report.read_bytes()).hexdigest() == outputs["digest"]
    assert f"## Deploy gate: {word}" in ran.summary


@pytest.mark.parametrize(
    ("inputs", "problem"),
    [
        ({"suite-ref": "main"}, "no commit of 40 hex"),
        ({"suite-ref": "a" * 41}, "no commit of 40 hex"),
        ({"suite-ref": "a" * 40 + "\n--aa"}, "no commit of 40 hex"),
        ({"suite-ref": "$(touch ran)"}, "no commit of 40 hex"),
        ({"suite-ref": "a" * 40}, "no step of the default branch"),
        ({"dataset": "support --commit x"}, "no name of a dataset"),
        ({"dataset": "--help"}, "no name of a dataset"),
        ({"repository": ""}, "whose workflow"),
    ],
)
def test_what_does_not_fit_ends_before_anything_is_judged(
    known: Deployed, tmp_path: Path, inputs: dict[str, str], problem: str
) -> None:
    runner = runner_with(known, tmp_path / "temp", {})
    outputs, ran = called(runner, known.place.box.git("rev-parse", "HEAD"), **inputs)
    assert ran.code
    assert {"verdict": "", "digest": ""} == outputs
    ((name, message),) = commands(ran.log)
    assert "error" == name
    assert problem in message
    assert not (known.top / "ran").exists()


def test_a_commit_that_was_only_merged_is_no_step(known: Deployed, tmp_path: Path) -> None:
    """What a pull request's branch held is in the history, and was never the branch's state."""
    here = another(known, tmp_path / "copy")
    git = here.place.box.git
    tree, tip = git("rev-parse", "HEAD^{tree}", "HEAD").splitlines()
    side = git("commit-tree", tree, "-p", tip, "-m", "Side")
    merge = git("commit-tree", tree, "-p", tip, "-p", side, "-m", "Merge")
    git("reset", "--quiet", "--hard", merge)
    _, ran = called(runner_with(here, tmp_path / "temp", {}), side)
    assert 1 == ran.code
    assert "no step of the default branch" in ran.log
