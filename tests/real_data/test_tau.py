"""Real trajectories of an agent become candidates, golden cases and superseded cases."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from goldengit import checking
from goldengit.auditing.replay import audit
from goldengit.auditing.status import status
from goldengit.models.digest import canonical
from goldengit.models.finding import Report, Severity
from goldengit.models.layout import (
    ATTRIBUTES,
    ATTRIBUTES_LINES,
    POLICY,
    candidate_path,
    dataset_path,
    golden_folder,
    golden_path,
    rubric_path,
)
from goldengit.promoting.promote import promote
from goldengit.promoting.sign import sign
from goldengit.promoting.successor import draft_successor
from goldengit.promoting.supersede import supersede
from goldengit.repository import sources
from goldengit.repository.interpret import house_bytes
from goldengit.repository.store import Store, opened
from goldengit.repository.yaml_reader import read
from tests.gitbox import Blob, Files
from tests.promoting.bench import Bench
from tests.real_data.trajectories import (
    DATASET,
    FAILURE_MODE,
    case_of,
    messages_of,
    redacted,
)

pytestmark = pytest.mark.real_data

PEOPLE = ("reviewer-1", "reviewer-2")
PROMOTED, AT_ONCE, SUPERSEDED = 20, 5, 3
Keys = dict[str, Path]
Value = dict[str, Any]


@pytest.fixture(scope="module")
def rows(real_data: Path) -> list[Value]:
    """Return one trajectory for each of forty tasks, as recorded."""
    lines = (real_data / "tau" / "tau_airline_gpt4o.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines[:40]]


@pytest.fixture(scope="module")
def cases(rows: list[Value]) -> list[Value]:
    """Return the candidates, mailboxes redacted."""
    return [case_of(*redacted(row)) for row in rows]


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed")
    for name in PEOPLE:
        words = ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(tmp_path / name)]
        subprocess.run(["ssh-keygen", *words], check=True)
    return {name: tmp_path / name for name in PEOPLE}


def test_the_trajectories_have_the_awkward_shapes(rows: list[Value], cases: list[Value]) -> None:
    """Null and empty contents, no tool call at all, failed tools, an answer that never came."""
    contents = [message["content"] for row in rows for message in row["messages"]]
    spans = [[span["kind"] for span in case["trace"]["spans"]] for case in cases]
    statuses = [span["status"] for case in cases for span in _tools(case)]
    assert contents.count(None) == 234
    assert contents.count("") == 22
    assert sum("tool" not in kinds for kinds in spans) == 5
    assert statuses.count("error") == sum(row["derived"]["n_tool_errors"] for row in rows) > 0
    assert len(statuses) == sum(row["derived"]["n_tool_calls"] for row in rows)
    assert sum(case["actual_output"] is None for case in cases) == 5


def test_what_was_taken_in_is_what_the_reader_gives_back(
    rows: list[Value], cases: list[Value]
) -> None:
    """Writer, strict reader, PyYAML: one value; and the case still tells the conversation."""
    for row, case in zip(rows, cases, strict=True):
        data = house_bytes(candidate_path(DATASET, case["id"]), case)
        value = read(data).value
        assert value is not None
        assert canonical(value) == canonical(case)
        assert canonical(yaml.load(data, yaml.CSafeLoader)) == canonical(case)
        assert messages_of(value) == redacted(row)[0]["messages"]


def test_a_mailbox_in_a_trajectory_is_refused_until_it_is_redacted(
    rows: list[Value], cases: list[Value], tmp_path: Path
) -> None:
    """One user of the forty gives an address that could receive mail."""
    holding = [number for number, row in enumerate(rows) if redacted(row)[1]]
    bench = Bench(tmp_path / "clone", _set_up({}))
    for number in holding:
        _write(bench, case_of(rows[number]))
    assert ["GG901"] * len(holding) == [finding.rule for finding in _uncommitted(bench).findings]
    shutil.rmtree(bench.top / "datasets" / DATASET / "candidates")
    for number in holding:
        _write(bench, cases[number])
    assert len(holding) == 1
    assert () == _uncommitted(bench).findings


def test_forty_trajectories_live_through_promotion_and_supersession(
    cases: list[Value], keys: Keys, tmp_path: Path
) -> None:
    """Each step is lawful, the audit agrees, and the numbers add up."""
    bench = Bench(tmp_path / "clone", _set_up(keys))
    for case in cases:
        _write(bench, case)
    _step(bench)
    ids = [case["id"] for case in cases]
    for first in range(0, PROMOTED, AT_ONCE):
        _promote(bench, keys, ids[first : first + AT_ONCE])
        _step(bench)
    successors = [_supersede(bench, keys, case) for case in ids[:SUPERSEDED]]
    tip = bench.box.git("rev-parse", "HEAD")
    with bench.store() as store:
        replayed = audit(store)
        now = status(store.snapshot("HEAD", store.repository.tree_of(tip)), DATASET, "2026-08-01")
        whole = checking.judge(checking.whole(store, store.repository.tree_of(tip), deep=True))
    assert [] == [finding for _, finding in replayed.findings if _is_error(finding.severity)]
    assert not whole.failed
    steps = 1 + PROMOTED // AT_ONCE + 2 * SUPERSEDED
    assert (steps + 1, steps + 1) == (replayed.walked, len(replayed.steps))
    assert {*ids[:PROMOTED], *successors} == {c for step in replayed.steps for c in step.promoted}
    assert set(ids[:SUPERSEDED]) == {case for step in replayed.steps for case in step.closed}
    assert (40 - PROMOTED, PROMOTED + SUPERSEDED) == (now.candidates, now.golden)
    assert (PROMOTED, SUPERSEDED) == (now.active, now.superseded)
    assert bench.box.git("rev-parse", f"HEAD:{golden_folder(DATASET)}") == now.version
    for case in cases[:PROMOTED]:
        golden = bench.value(golden_path(DATASET, case["id"]))
        assert canonical(case) == canonical({key: golden[key] for key in case})
        assert {"signature"} <= golden["signoffs"][0].keys() & golden["signoffs"][1].keys()


# -- steps ---------------------------------------------------------------------------------


def _promote(bench: Bench, keys: Keys, ids: list[str]) -> None:
    with bench.store() as store:
        promote(store, ids, judge=_judge, labeler=PEOPLE[0], confirmer=PEOPLE[1])
    _sign(bench, keys, ids)


def _supersede(bench: Bench, keys: Keys, old: str) -> str:
    """Replace a case by one that expects more, in two steps; return the id of the successor."""
    with bench.store() as store:
        (new,) = draft_successor(store, old, judge=_judge).cases
    draft = bench.value(candidate_path(DATASET, new))
    _write(bench, draft | {"expected_output": f"{draft['expected_output']}\nIt is polite."})
    _step(bench)
    with bench.store() as store:
        supersede(store, old, new, reason="It says more.", signers=PEOPLE, judge=_judge)
    _sign(bench, keys, [old, new])
    _step(bench)
    return new


def _sign(bench: Bench, keys: Keys, ids: list[str]) -> None:
    for name in PEOPLE:
        with bench.store() as store:
            sign(store, ids, key=keys[name], judge=_judge)


def _step(bench: Bench) -> None:
    """Commit what is there, and check that transition with every claim proved."""
    bench.commit_all()
    with bench.store() as store:
        change = checking.transition(store, "HEAD^", "HEAD", require_confirmed=True)
        report = checking.judge(change)
    errors = [finding for finding in report.findings if _is_error(finding.severity)]
    assert ([], 0) == (errors, report.unconfirmed)


# -- the repository ------------------------------------------------------------------------


def _set_up(keys: Keys) -> Files:
    roster: Value = {name: {"roles": ["labeler", "confirmer"]} for name in PEOPLE}
    for name, key in keys.items():
        algorithm, body, _ = key.with_suffix(".pub").read_text("ascii").split()
        roster[name]["keys"] = [{"key": f"{algorithm} {body}"}]
    roster["reviewer-3"] = {"roles": ["maintainer"]}
    values: dict[str, Value] = {
        POLICY: {
            "schema": "goldengit/policy/v1",
            "version": 1,
            "repository": "0e6f2d94-71c8-4c35-b0a2-6d5b8f3e1a47",
            "roster": roster,
        },
        dataset_path(DATASET): {
            "schema": "goldengit/dataset/v1",
            "name": DATASET,
            "owner": PEOPLE[0],
            "failure_modes": {FAILURE_MODE: {"title": "The booking is not what was wanted."}},
        },
    }
    files = {path: Blob(house_bytes(path, value)) for path, value in values.items()}
    files[ATTRIBUTES] = Blob("".join(f"{line}\n" for line in ATTRIBUTES_LINES).encode())
    files[rubric_path(DATASET, FAILURE_MODE, 1)] = Blob(b"# Wrong outcome\n")
    return files


def _write(bench: Bench, case: Value) -> None:
    bench.write(candidate_path(DATASET, case["id"]), case)


def _judge(store: Store, base: str | None, tree: str) -> Report:
    return checking.judge(checking.transition(store, base, tree))


def _uncommitted(bench: Bench) -> Report:
    with opened(bench.top) as store:
        return _judge(store, bench.tip, sources.work_tree(store.repository))


def _is_error(severity: Severity) -> bool:
    return severity is Severity.ERROR


def _tools(case: Value) -> list[Value]:
    return [span for span in case["trace"]["spans"] if span["kind"] == "tool"]
