"""Facts about this repository's workflows, which are also what `init --github` writes elsewhere."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from goldengit.models.policy import Policy
from goldengit.scaffolding.github import HERE, Platform, files
from tests.fakehub.openapi import Contract
from tests.workflows.harness import ROOT

PINNED = Platform(
    action=f"example/goldengit@{'0123456789' * 4}",
    owners=("@example/reviewers",),
    maintainers=("@example/maintainers", "@somebody"),
    app_id=12345,
    gate_account=67890,
)
POLICY = Policy.model_validate(yaml.safe_load((ROOT / "goldengit.yaml").read_bytes()))
TEXTS = {
    **{
        path: data.decode()
        for path, data in files(PINNED, POLICY)
        if path.startswith(".github/workflows/")
    },
    **{
        f"here/{path.name}": path.read_text("utf-8")
        for path in (*sorted((ROOT / ".github" / "workflows").glob("*.yml")), ROOT / "action.yml")
    },
}
# YAML 1.1 takes the key `on` for a truth.
FLOWS: dict[str, dict[Any, Any]] = {name: yaml.safe_load(text) for name, text in TEXTS.items()}
TRUSTED = [f".github/workflows/goldengit-{name}.yml" for name in ("gate", "main", "deploy-gate")]


def jobs(flow: dict[Any, Any]) -> Iterator[dict[str, Any]]:
    yield from flow.get("jobs", {}).values()


def steps(flow: dict[Any, Any]) -> Iterator[dict[str, Any]]:
    yield from flow.get("runs", {}).get("steps", ())
    for job in jobs(flow):
        yield from job["steps"]


def flow(name: str) -> dict[Any, Any]:
    return FLOWS[f".github/workflows/goldengit-{name}.yml"]


def step(name: str, uses: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for one in steps(flow(name)) if one.get("uses", "").startswith(uses)
    )
    return found


everywhere = pytest.mark.parametrize("name", sorted(FLOWS))


def test_the_files_here_are_what_init_writes() -> None:
    owned = Platform(action=HERE)
    assert {path: data.decode() for path, data in files(owned, POLICY)} == {
        path: (ROOT / path).read_text("utf-8") for path, _ in files(owned, POLICY)
    }


def test_there_are_the_files_that_were_looked_for() -> None:
    names = {Path(name).name for name in FLOWS}
    assert {"action.yml", "ci.yml", *(Path(name).name for name in TRUSTED)} < names
    assert 12 == len(FLOWS)


@everywhere
def test_every_job_has_a_limit_and_names_its_permissions(name: str) -> None:
    for job in jobs(FLOWS[name]):
        assert 1 <= job["timeout-minutes"] <= 30
        assert isinstance(job["permissions"], dict)
        assert "ubuntu-24.04" == job["runs-on"]
    if "jobs" in FLOWS[name]:
        assert {} == FLOWS[name]["permissions"]


@everywhere
def test_every_permission_has_its_reason(name: str) -> None:
    given = re.findall(r"^ +([a-z-]+): (?:read|write)( +# \S.*)?$", TEXTS[name], re.MULTILINE)
    reasons = [scope for scope, reason in given if not scope.startswith("permission-")]
    assert reasons == [scope for scope, reason in given if reason]


def test_only_these_may_write() -> None:
    writes = {
        (path, scope)
        for path, flow in FLOWS.items()
        if path.startswith(".github")
        for job in jobs(flow)
        for scope, level in job["permissions"].items()
        if level != "read"
    }
    signing = ("id-token", "attestations", "artifact-metadata")
    gate, main, deploy = TRUSTED
    assert writes == {
        (gate, "statuses"),
        (main, "contents"),
        (".github/workflows/goldengit-stewardship.yml", "issues"),
        *((main, scope) for scope in signing),
        *((deploy, scope) for scope in signing),
    }


@everywhere
def test_no_expression_stands_in_a_script(name: str) -> None:
    scripts = [one["run"] for one in steps(FLOWS[name]) if "run" in one]
    assert [] == [text for text in scripts if "${{" in text]


@everywhere
def test_no_exit_code_is_swallowed(name: str) -> None:
    assert not re.search(r"continue-on-error|\|\| *(true|:)|set \+e|exit 0", TEXTS[name])


@everywhere
def test_nothing_of_a_head_is_checked_out(name: str) -> None:
    assert "allow-unsafe-pr-checkout" not in TEXTS[name]
    assert "head.sha" not in TEXTS[name]
    for one in steps(FLOWS[name]):
        if "checkout" in one.get("uses", ""):
            assert one["with"]["persist-credentials"] is False
            assert one["with"].get("ref", "main") == "main"
        assert not re.search(r"git (checkout|switch|worktree|reset|pull)", one.get("run", ""))


@everywhere
def test_no_cache_is_read_or_written(name: str) -> None:
    assert "cache" not in TEXTS[name].lower()


@everywhere
def test_no_filter_lets_a_required_status_wait_for_ever(name: str) -> None:
    assert not re.search(r"^ +(paths|paths-ignore|branches-ignore):", TEXTS[name], re.MULTILINE)


@everywhere
def test_every_action_is_pinned_by_commit_with_its_version(name: str) -> None:
    for line in re.findall(r"^ +(?:- )?uses: (.*)$", TEXTS[name], re.MULTILINE):
        ours = line.startswith(("./ # zizmor: ignore[self-repository]", PINNED.action))
        assert ours or re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


def test_one_action_has_one_pin_everywhere() -> None:
    pins = {
        one["uses"] for flow in FLOWS.values() for one in steps(flow) if "@" in one.get("uses", "")
    }
    assert len(pins) == len({pin.split("@")[0] for pin in pins})


@everywhere
def test_no_job_takes_the_name_of_the_status(name: str) -> None:
    for key, job in FLOWS[name].get("jobs", {}).items():
        assert "goldengit/gate" not in {key.lower(), job["name"].lower()}


@pytest.mark.parametrize("word", ["pypi", "npm", "index-url", "extra-index"])
@everywhere
def test_no_registry_is_named(name: str, word: str) -> None:
    assert word not in TEXTS[name].lower()


def test_the_gate_hears_all_that_changes_a_verdict() -> None:
    on = flow("gate")[True]
    assert {"pull_request_target", "workflow_run", "schedule", "workflow_dispatch"} == set(on)
    assert {"types": ["opened", "synchronize", "reopened", "ready_for_review", "edited"]} == on[
        "pull_request_target"
    ]
    assert {"workflows": [flow("signal")["name"]], "types": ["completed"]} == on["workflow_run"]
    assert re.fullmatch(r"\d+ \* \* \* \*", on["schedule"][0]["cron"])
    assert ["pr"] == list(on["workflow_dispatch"]["inputs"])


def test_the_signal_has_nothing_that_is_worth_taking() -> None:
    assert {
        "pull_request_review": {"types": ["submitted", "edited", "dismissed"]},
        "merge_group": {"types": ["checks_requested"]},
    } == flow("signal")[True]
    (job,) = jobs(flow("signal"))
    assert ({}, [{"name": "Ring", "run": "true"}]) == (job["permissions"], job["steps"])
    assert "secrets" not in TEXTS[".github/workflows/goldengit-signal.yml"]


def test_no_run_of_a_gate_is_cancelled_by_the_next() -> None:
    for name in ("signal", "gate", "main", "deploy-gate", "stewardship"):
        assert flow(name)["concurrency"]["cancel-in-progress"] is False
    assert "github.sha" in flow("main")["concurrency"]["group"]


def test_the_app_s_key_is_a_secret_of_the_environment() -> None:
    (job,) = jobs(flow("gate"))
    assert "goldengit" == job["environment"]["name"]
    app = step("gate", "actions/create-github-app-token@")
    asked = {key: level for key, level in app["with"].items() if key.startswith("permission-")}
    reads = {"contents": "read", "issues": "read", "pull-requests": "read"}
    assert reads | {"statuses": "write"} == {
        key.removeprefix("permission-"): level for key, level in asked.items()
    }
    secret = {name for name, text in TEXTS.items() if "GOLDENGIT_APP_KEY" in text}
    assert {"goldengit-gate.yml"} == {Path(name).name for name in secret}


@pytest.mark.parametrize(
    ("name", "command", "args"),
    [
        ("gate", "gate merge", "--publish-status"),
        ("main", "gate push", "--record --manifest manifest.json"),
        ("stewardship", "steward", "--publish"),
    ],
)
def test_each_workflow_runs_its_command(name: str, command: str, args: str) -> None:
    given = step(name, PINNED.action)["with"]
    assert (command, args) == (given["command"], given["args"])


def test_the_deploy_gate_reads_its_suite_from_the_history_alone() -> None:
    text = TEXTS[TRUSTED[2]]
    scripts = "\n".join(one.get("run", "") for one in steps(flow("deploy-gate")))
    assert '[[ "$SUITE_REF" =~ ^[0-9a-f]{40}$ ]]' in scripts
    assert "git rev-list --first-parent HEAD" in scripts
    clone = step("deploy-gate", "actions/checkout@")["with"]
    assert "${{ job.workflow_repository }}" == clone["repository"]
    assert "suite-ref" not in json.dumps(clone)
    assert {"verdict", "digest"} == set(flow("deploy-gate")[True]["workflow_call"]["outputs"])
    assert "upload-artifact" not in text


def test_an_attestation_is_made_only_where_it_is_wanted() -> None:
    assert "vars.GOLDENGIT_ATTEST == 'true'" == step("main", "actions/attest@")["if"]
    assert "inputs.attest" == step("deploy-gate", "actions/attest@")["if"]
    types = {
        step(name, "actions/attest@")["with"]["predicate-type"] for name in ("main", "deploy-gate")
    }
    assert 2 == len(types)


@pytest.mark.real_data
@pytest.mark.parametrize("platform", [Platform(action=HERE), PINNED], ids=["actions", "app"])
def test_the_ruleset_is_what_github_takes(platform: Platform, real_data: Path) -> None:
    description = json.loads((real_data / "github" / "openapi-subset.json").read_text("utf-8"))
    body = json.loads(dict(files(platform, POLICY))[".github/rulesets/goldengit-main.json"])
    where = "/repos/{owner}/{repo}/rulesets"
    assert [] == Contract(description).faults_of_request("POST", where, {}, body)
    body["rules"][3]["parameters"]["required_approving_review_count"] = 11
    assert [] != Contract(description).faults_of_request("POST", where, {}, body)
