"""Attacks T13, T14 and T95 to T112: on the CI platform, as far as a tree alone answers them."""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from goldengit import checking
from goldengit.repository.store import opened
from goldengit.rules import all_rules
from tests.edits import Edit, apply
from tests.gitbox import Blob, GitBox
from tests.golden_files import ROOT
from tests.scenarios import found, found_after, found_in
from tests.standard import NOW, standard

FLOWS = ".github/workflows"
GATE = f"{FLOWS}/goldengit-gate.yml"
SIGNAL = f"{FLOWS}/goldengit-signal.yml"
HOOKS = ".pre-commit-config.yaml"


def own() -> list[Path]:
    """Return the files of this repository that steer its own runs."""
    return [*sorted((ROOT / FLOWS).iterdir()), ROOT / "action.yml", ROOT / HOOKS]


def shipped() -> list[Edit]:
    """Return the edits that bring these files into the standard repository."""
    return [
        {"write": {"path": path.relative_to(ROOT).as_posix(), "text": path.read_text("utf-8")}}
        for path in own()
    ]


def change(path: str, old: str, new: str) -> Edit:
    return {"replace": {"path": path, "old": old, "new": new}}


def write(path: str, text: str) -> Edit:
    return {"write": {"path": path, "text": text}}


def naive(path: Path | str) -> Any:
    """Return what a reader of YAML 1.1 makes of a workflow."""
    return yaml.safe_load(path if isinstance(path, str) else path.read_text("utf-8"))


def after(box: GitBox, *edits: Edit) -> list[str]:
    """Return the findings of the platform's rules, when the shipped files are edited."""
    return [each for each in found_after(box, edits, shipped()) if not each.startswith("GG71")]


def test_this_repository_follows_its_own_rules(shared_box: GitBox) -> None:
    """So do workflows of this shape elsewhere: nothing here is a matter of taste."""
    codes = {rule.code for rule in all_rules()}
    assert {"GG802", "GG806", "GG808", "GG810", "GG811", "GG812", "GG813"} <= codes
    assert found_after(shared_box, shipped()) == []
    assert found_in(shared_box, shared_box.commit(apply(standard(), shipped()))) == []


def test_a_yaml_reader_of_11_does_not_even_see_what_starts_a_workflow() -> None:
    """`on` is true there; a check that looks it up finds nothing to complain about."""
    assert "on" not in naive(ROOT / GATE)
    assert True in naive(ROOT / GATE)


@pytest.mark.parametrize(
    "job",
    [
        "ok: {name: goldengit/gate}",
        "ok: {name: GoldenGit / Gate}",
        "ok: {name: '${{ matrix.x }}', strategy: {matrix: {x: [Goldengit/gate]}}}",
        "ok: {name: '${{ vars.NAME }}'}",
        "goldengit: {name: 'goldengit', uses: ./.github/workflows/part.yml}",
    ],
)
def test_t13_no_other_job_reports_as_the_gate(job: str, shared_box: GitBox) -> None:
    """Comparing the plain names finds the first of these only."""
    text = f"on: pull_request\npermissions: {{}}\njobs:\n  {job}\n"
    names = [one.get("name") for one in naive(text)["jobs"].values()]
    assert ("goldengit/gate" in names) is (job == "ok: {name: goldengit/gate}")
    part = "on: workflow_call\npermissions: {}\njobs: {gate: {runs-on: ubuntu-24.04}}\n"
    edits = [write(f"{FLOWS}/ok.yml", text), write(f"{FLOWS}/part.yml", part)]
    assert after(shared_box, *edits) == [f"GG802 {FLOWS}/ok.yml"]


def test_t13_a_job_of_that_name_is_found_in_a_tree_too(shared_box: GitBox) -> None:
    """Whoever slipped it past the gate is found by the check of everything."""
    edit = write(f"{FLOWS}/x.yaml", "on: push\npermissions: {}\njobs: {goldengit/gate: {}}\n")
    head = apply(standard(), [*shipped(), edit])
    assert found_in(shared_box, shared_box.commit(head)) == [f"GG802 {FLOWS}/x.yaml"]


SWALLOWED = [
    "goldengit gate merge || true",
    "goldengit gate merge | tee log",
    "goldengit gate merge & wait",
    "if goldengit gate merge; then :; fi",
    "set +e\ngoldengit gate merge\n:",
    "goldengit gate merge && :\n:",
    'echo "$(goldengit gate merge)"',
    "! goldengit gate merge",
]


@pytest.mark.parametrize("script", SWALLOWED)
def test_t14_an_exit_code_is_not_swallowed(script: str, tmp_path: Path, shared_box: GitBox) -> None:
    """The runner's own shell, `bash -e`, calls each of these a success."""
    tool = tmp_path / "goldengit"
    tool.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    tool.chmod(0o755)
    (tmp_path / "script").write_text(script, encoding="utf-8")
    command = ["bash", "--noprofile", "--norc", "-e", str(tmp_path / "script")]
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    ran = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert 0 == ran.returncode
    assert f"GG810 {FLOWS}/run.yml" in after(shared_box, write(f"{FLOWS}/run.yml", running(script)))


def running(script: str) -> str:
    """Return a workflow with one job that runs a script."""
    job = {"runs-on": "ubuntu-24.04", "steps": [{"run": script}]}
    return yaml.safe_dump({"on": "push", "permissions": {}, "jobs": {"run": job}})


@pytest.mark.parametrize(
    "script",
    [
        "goldengit gate merge",
        "set -o pipefail\ngoldengit gate merge | tee log",
        "goldengit gate merge || exit 1",
        "goldengit gate merge && :",
        "goldengit gate merge\n:",
    ],
)
def test_t14_an_exit_code_that_counts_is_accepted(script: str, shared_box: GitBox) -> None:
    findings = after(shared_box, write(f"{FLOWS}/run.yml", running(script)))
    assert f"GG810 {FLOWS}/run.yml" not in findings


@pytest.mark.parametrize("old", ["        uses: ./ #", "    timeout-minutes: 10"])
def test_t14_a_failure_is_not_gone_on_from(old: str, shared_box: GitBox) -> None:
    """In a step or a job; an expression may become true."""
    blanks = old[: -len(old.lstrip())]
    edit = change(GATE, old, f"{blanks}continue-on-error: ${{{{ vars.X }}}}\n{old}")
    assert after(shared_box, edit) == [f"GG810 {GATE}"]


def test_t95_a_verdict_that_the_pull_request_controls_is_no_verdict(shared_box: GitBox) -> None:
    """On `pull_request` the file comes from the pull request itself."""
    edit = change(GATE, "pull_request_target: # zizmor", "pull_request: # zizmor")
    assert after(shared_box, edit) == [f"GG806 {GATE}"]


def test_t95_a_gate_that_is_taken_away_is_missed(shared_box: GitBox) -> None:
    """Deleted, or emptied so that it says yes to everything."""
    assert after(shared_box, {"delete": GATE}) == [f"GG806 {GATE}"]
    empty = change(GATE, "command: gate merge", "command: check")
    assert after(shared_box, empty) == [f"GG806 {GATE}"]


HEADS = {
    "the head's commit": {"ref": "${{ github.event.pull_request.head.sha }}"},
    "the head's branch": {"ref": "${{ github.head_ref }}"},
    "the run's commit": {"ref": "${{ github.event.workflow_run.head_sha }}"},
    "the merge": {"ref": "refs/pull/${{ github.event.number }}/merge"},
    "in other letters": {"ref": "${{ GITHUB['event'].pull_request['head'].sha }}"},
    "by a variable": {"ref": "${{ env.SHA }}"},
    "the fork": {"repository": "${{ github.event.pull_request.head.repo.full_name }}"},
}


@pytest.mark.parametrize("chosen", HEADS.values(), ids=HEADS)
def test_t96_no_head_is_checked_out_with_privileges(
    chosen: Mapping[str, str], shared_box: GitBox
) -> None:
    ((key, value),) = chosen.items()
    old = "          fetch-depth: 0 # the merge"
    edit = change(GATE, old, f'          {key}: "{value}"\n{old}')
    assert after(shared_box, edit) == [f"GG808 {GATE}"]


def test_t96_the_option_that_lets_a_head_in_is_refused_anywhere(shared_box: GitBox) -> None:
    edit = change(
        f"{FLOWS}/ci.yml",
        "persist-credentials: false",
        "persist-credentials: false\n          allow-unsafe-pr-checkout: true",
    )
    assert after(shared_box, edit) == [f"GG808 {FLOWS}/ci.yml"]


STRANGERS = [
    "github.event.pull_request.title",
    "github.head_ref",
    "github.event.head_commit.author.email",
    "github.event.label.name",
    " GitHub . Event . issue . title ",
    "github['event']['issue']['title']",
    "toJSON(github)",
    "format('{0}', github.event.comment.body)",
    "github[vars.WHICH].title",
    "env.TITLE",
]


@pytest.mark.parametrize("expression", STRANGERS)
def test_t97_no_text_of_strangers_becomes_a_script(expression: str, shared_box: GitBox) -> None:
    """Looking for `github.event` alone finds half of them."""
    text = (
        "on: issues\npermissions: {}\nenv: {TITLE: '${{ github.event.issue.title }}'}\n"
        f"jobs:\n  a:\n    steps:\n      - run: echo ${{{{ {expression} }}}}\n"
    )
    path = f"{FLOWS}/talk.yml"
    assert after(shared_box, write(path, text)) == [f"GG808 {path}"]


@pytest.mark.parametrize("expression", ["github.event_name", "github.sha", "runner.os", "env.B"])
def test_t97_what_no_stranger_writes_may_stand_there(expression: str, shared_box: GitBox) -> None:
    text = (
        "on: push\npermissions: {}\nenv: {A: '${{ github.event.x }}', B: ok}\n"
        f"jobs:\n  a:\n    steps:\n      - run: echo ${{{{ {expression} }}}} github.event.x\n"
    )
    assert after(shared_box, write(f"{FLOWS}/talk.yml", text)) == []


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (GATE, ", edited]", "]"),
        (GATE, "reopened, ready_for_review", "reopened"),
        (GATE, "    types: [opened, synchronize, reopened, ready_for_review, edited]\n", ""),
        (GATE, '  schedule:\n    - cron: "17 * * * *"\n', ""),
        (GATE, "workflows: [goldengit-signal]", "workflows: [other]"),
        (SIGNAL, ", dismissed]", "]"),
        (SIGNAL, "name: goldengit-signal", "name: bell"),
        (SIGNAL, "pull_request_review:", "pull_request_review_comment:"),
    ],
)
def test_t98_every_event_that_changes_the_verdict_is_heard(
    path: str, old: str, new: str, shared_box: GitBox
) -> None:
    """`edited` is not among the usual types; without it a retarget keeps the old verdict."""
    findings = after(shared_box, change(path, old, new))
    assert findings in ([f"GG806 {GATE}"], [f"GG806 {SIGNAL}"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    runs-on: ubuntu-24.04\n", "    if: github.event_name != 'push'\n"),
        ("    runs-on: ubuntu-24.04\n", "    if: |\n      ${{ false }}\n"),
        ("    types: [opened,", "    paths: [datasets/**]\n    types: [opened,"),
        ("    types: [completed]\n", "    types: [completed]\n    branches: [main]\n"),
        ("        uses: ./ #", "        if: github.actor != 'some-bot'\n        uses: ./ #"),
    ],
)
def test_t101_the_gate_is_not_skipped(old: str, new: str, shared_box: GitBox) -> None:
    """A skipped job reads as one that passed; a filter lets the status never come."""
    text = new if old.split(maxsplit=1)[0] in new else new + old
    assert f"GG810 {GATE}" in after(shared_box, change(GATE, old, text))


def test_t101_the_gate_waits_for_no_other_job(shared_box: GitBox) -> None:
    jobs = "jobs:\n  first: {runs-on: ubuntu-24.04}\n  gate:\n    needs: [first]\n"
    assert after(shared_box, change(GATE, "jobs:\n  gate:\n", jobs)) == [f"GG810 {GATE}"]


@pytest.mark.parametrize(
    "pin", ["@v7", "@main", "@3d3c42e", "@3D3C42E5AAC5BA805825DA76410C181273BA90B1"]
)
def test_t107_an_action_is_pinned_by_its_commit(pin: str, shared_box: GitBox) -> None:
    """A tag can be moved, a short id can be met by another commit."""
    edit = change(GATE, "@3d3c42e5aac5ba805825da76410c181273ba90b1", pin)
    assert after(shared_box, edit) == [f"GG811 {GATE}"]


@pytest.mark.parametrize(
    "install",
    ["pip install goldengit", "python3 -m pip install -U goldengit==1.0", "uvx goldengit",
     "uv run goldengit check --all", "pipx install goldengit", "uv pip install goldengit"],
)  # fmt: skip
def test_t107_the_tool_is_installed_by_hash(install: str, shared_box: GitBox) -> None:
    text = running(f"{install}\ngoldengit gate push")
    assert after(shared_box, write(f"{FLOWS}/run.yml", text)) == [f"GG811 {FLOWS}/run.yml"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("          persist-credentials: false\n", ""),
        ("persist-credentials: false", "persist-credentials: true"),
        (
            "      - name: Become",
            "      - uses: actions/upload-artifact@{pin}\n      - name: Become",
        ),
        ("      - name: Become", "      - uses: actions/cache@{pin}\n      - name: Become"),
        ("      - name: Become", "      - uses: astral-sh/setup-uv@{pin}\n      - name: Become"),
        ("\npermissions: {}\n", "\npermissions: write-all\n"),
    ],
)
def test_t108_nothing_of_a_privileged_job_is_left_behind(
    old: str, new: str, shared_box: GitBox
) -> None:
    """Neither its token in the clone, nor an artifact, nor a cache (T15)."""
    edit = change(GATE, old, new.format(pin="a" * 40) if "{pin}" in new else new)
    assert after(shared_box, edit) == [f"GG808 {GATE}"]


@pytest.mark.parametrize("runner", ["self-hosted", "[linux, our-own]", "${{ vars.RUNNER }}"])
def test_t109_a_runner_that_keeps_state_is_reported(runner: str, shared_box: GitBox) -> None:
    edit = change(GATE, "runs-on: ubuntu-24.04", f"runs-on: {runner}")
    assert after(shared_box, edit) == [f"GG813 {GATE}"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("pass_filenames: false\n        always_run: true", "files: ^datasets/"),
        ("always_run: true", "always_run: false"),
        ("stages: [pre-commit, manual]", "stages: [manual]"),
        ("check --staged", "check --staged || true"),
        ("      - id: goldengit-check\n", "      - id: goldengit-check\n        exclude: queue\n"),
        ("[pre-commit, pre-push]", "[pre-commit]"),
    ],
)
def test_t112_a_hook_is_not_narrowed(old: str, new: str, shared_box: GitBox) -> None:
    """A commit that only deletes files passes no name, so a pattern skips it."""
    text = (ROOT / HOOKS).read_text("utf-8").replace(old, new, 1)
    findings = after(shared_box, write(HOOKS, text))
    assert set(findings) == {f"GG812 {HOOKS}"}


def test_t112_a_hook_is_not_taken_away(shared_box: GitBox) -> None:
    assert after(shared_box, {"delete": HOOKS}) == [f"GG812 {HOOKS}"] * 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("on: push\non: pull_request\njobs: {}\n", "GG101"),
        ("on: push\n<<: {jobs: {}}\n", "GG102"),
        ("on: push\njobs: [a]\n", "GG112"),
        ("on: push\njobs: {a: {steps: [text]}}\n", "GG112"),
        ("on: push\njobs: {a: {\n", "GG111"),
        ("on: push\njobs: {}\n---\non: push\n", "GG104"),
        ("- on: push\n", "GG111"),
        ("", "GG111"),
        ("on: push # harmless\x85jobs: {}\n", "GG107"),
        ("on: push\njobs: !!map {}\n", "GG103"),
        ("on: push\na: &a {x: *a}\n", "GG102"),
    ],
)
def test_a_workflow_that_cannot_be_read_is_not_passed_over(
    text: str, code: str, shared_box: GitBox
) -> None:
    """What no rule could look at would otherwise be found innocent."""
    path = f"{FLOWS}/odd.yml"
    assert after(shared_box, write(path, text)) == [f"{code} {path}"]


def test_a_few_aliases_do_not_grow(shared_box: GitBox) -> None:
    """A naive reader hands out 10^12 nodes, and whoever walks them does not come back."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    path = f"{FLOWS}/laughs.yml"
    text = "\n".join(["on: push", *lines, "jobs: {}"]) + "\n"
    assert after(shared_box, write(path, text)) == [f"GG109 {path}"]


def test_a_link_in_place_of_a_workflow_is_refused(shared_box: GitBox) -> None:
    """What stands behind it is not in what was judged."""
    base = apply(standard(), shipped())
    head = base | {GATE: Blob(b"../../elsewhere.yml", "120000")}
    before, now = (shared_box.commit(files) for files in (base, head))
    findings = found(shared_box, f"{before}^{{tree}}", f"{now}^{{tree}}")
    assert {f"GG111 {GATE}", f"GG806 {GATE}"} == set(findings)


def test_a_repository_without_workflows_hears_nothing_of_them(shared_box: GitBox) -> None:
    codes = {each.split()[0] for each in found_in(shared_box, shared_box.commit(standard()))}
    assert not {code for code in codes if code.startswith("GG8")}


def test_workflows_alone_are_nothing_to_judge(shared_box: GitBox) -> None:
    """Else a check that found no data at all would pass (T06)."""
    head = shared_box.commit(apply({}, shipped()))
    with opened(shared_box.folder) as store:
        tree = checking.whole(store, store.repository.tree_of(head), now=NOW)
        assert 0 == checking.judge(tree).judged
