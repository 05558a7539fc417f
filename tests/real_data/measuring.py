"""Rows that people judged, as golden cases, and the program run on them from outside.

What comes out is read with PyYAML and `json`, and where a case falls in the split is hashed here:
nothing that is compared was computed by the program.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from goldengit.cli import run
from goldengit.models.identity import id_for_trace
from goldengit.models.layout import dataset_path, evaluator_path, golden_path
from goldengit.repository.interpret import house_bytes
from tests.gitbox import Blob, Files
from tests.promoting.bench import Bench
from tests.standard import standard

Value = dict[str, Any]
DAY = "2026-06-10"


def rows_of(file: Path) -> list[Value]:
    """Return the rows of a JSON-lines file."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def id_of(dataset: str, row: Value) -> str:
    """Return the id of the case that a row becomes."""
    return id_for_trace(DAY, "rows", dataset, row["id"])


def golden(
    dataset: str, row: Value, said: Mapping[str, Any], labels: Iterable[Value], **values: Any
) -> Files:
    """Return the golden file of a row; evaluators find what was said of it in `metadata.extra`."""
    case = id_of(dataset, row)
    path = golden_path(dataset, case)
    value = {
        "schema": "goldengit/case/v1",
        "id": case,
        "input": row["input"],
        "expected_output": "What people prefer.",
        "actual_output": row.get("output"),
        "metadata": {"extra": dict(said)},
        "trace": {"trace_id": row["id"], "spans": []},
        "labels": list(labels),
        "provenance": {"origin": "imported"},
        "signoffs": [],
    }
    return {path: Blob(house_bytes(path, value | values))}


def label(mode: str, passes: bool, **values: Any) -> Value:
    """Return what a person says of a row."""
    said = {"verdict": "pass" if passes else "fail", "reviewer": "reviewer-1"}
    return {"failure_mode": mode, **said, "at": f"{DAY}T09:00:00Z", **values}


def evaluator(
    name: str, dataset: str, mode: str, kind: str, options: Value, **values: Any
) -> Files:
    """Return the definition of an evaluator."""
    path = evaluator_path(name, "evaluator.yaml")
    value = {
        "schema": "goldengit/evaluator/v1",
        "id": name,
        "version": 1,
        "kind": kind,
        "title": f"The evaluator {name}",
        "authors": ["reviewer-5"],
        "dataset": dataset,
        "failure_mode": mode,
        "options": options,
    }
    return {path: Blob(house_bytes(path, value | values))}


def slug(name: str) -> str:
    """Return a name as ids are written."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower())


class Measured:
    """A repository in whose work tree evaluators are calibrated."""

    def __init__(
        self, folder: Path, dataset: str, modes: Mapping[str, Value], files: Files
    ) -> None:
        path = dataset_path(dataset)
        spec = {
            "schema": "goldengit/dataset/v1",
            "name": dataset,
            "owner": "reviewer-1",
            "failure_modes": {mode: {"title": mode, **more} for mode, more in modes.items()},
        }
        self.bench = Bench(folder, standard() | files | {path: Blob(house_bytes(path, spec))})

    def calibrate(self, *names: str) -> int:
        """Run the command and return its exit code."""
        return run(["-C", str(self.bench.top), "calibrate", *names])

    def manifest(self, name: str) -> Value:
        """Return the manifest of an evaluator."""
        return self.bench.value(evaluator_path(name, "calibration.yaml"))

    def lines(self, name: str) -> dict[str, Value]:
        """Return the raw verdicts of an evaluator, by case."""
        file = self.bench.top / evaluator_path(name, "calibration.jsonl")
        return {row["case"]: row for row in rows_of(file)}

    def written(self, name: str) -> bool:
        """Tell whether there is a manifest or a file of raw verdicts."""
        folder = (self.bench.top / evaluator_path(name, "evaluator.yaml")).parent
        return any(folder.glob("calibration.*"))


def part(salt: str, identity: str) -> str:
    """Return the part of the three-way split into which an identity is hashed."""
    digest = hashlib.sha256(f"{salt}\0{identity}".encode()).digest()
    position = int.from_bytes(digest[:7], "big") / 2**56
    return "train" if position < 0.15 else "dev" if position < 0.15 + 0.42 else "heldout"


def posterior(
    tp: float, fp: float, fn: float, tn: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what a table lets one believe of MCC and of kappa: equally likely values of each.

    Three Betas at 96 quantiles each, and the statistics from the four cells.
    """
    u = (np.arange(96) + 0.5) / 96
    s = beta.ppf(u, tp + 0.5, fn + 0.5)[:, None, None]
    c = beta.ppf(u, tn + 0.5, fp + 0.5)[None, :, None]
    p = beta.ppf(u, tp + fn + 1, fp + tn + 1)[None, None, :]
    a, b, d, e = p * s, (1 - p) * (1 - c), p * (1 - s), (1 - p) * c
    mcc = (a * e - b * d) / np.sqrt((a + b) * (a + d) * (e + b) * (e + d))
    chance = (a + d) * (a + b) + (b + e) * (d + e)
    return mcc.ravel(), ((a + e - chance) / (1 - chance)).ravel()
