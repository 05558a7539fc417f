"""The golden files and the records that show them, as several tests read them."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from goldengit.models import layout
from goldengit.models.case import Case, Tombstone
from goldengit.models.dataset import DatasetSpec
from goldengit.models.label import LabelDraft
from goldengit.models.policy import Policy

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests" / "golden"
ADR = ROOT / "docs" / "adr"

DATASET = "research-assistant"
CASE = "2026-05-23-analyst-answers-2d071e"

PLACES = {
    "candidate.yaml": layout.candidate_path(DATASET, CASE),
    "case.yaml": layout.golden_path(DATASET, CASE),
    "dataset.yaml": layout.dataset_path(DATASET),
    "labels-reviewer-1.yaml": f"{layout.labels_folder(DATASET, CASE)}/reviewer-1.yaml",
    "labels-reviewer-2.yaml": f"{layout.labels_folder(DATASET, CASE)}/reviewer-2.yaml",
    "superseded.yaml": layout.golden_path(DATASET, CASE),
    "tombstone.yaml": layout.golden_path(DATASET, CASE),
    "withdrawn.yaml": layout.golden_path(DATASET, CASE),
}
MODELS: dict[str, type[BaseModel]] = {
    "goldengit/case/v1": Case,
    "goldengit/tombstone/v1": Tombstone,
    "goldengit/dataset/v1": DatasetSpec,
    "goldengit/labels/v1": LabelDraft,
}


def parsed(name: str) -> dict[str, Any]:
    """Return the value of a golden file, read by PyYAML and not by the program."""
    value = yaml.safe_load((GOLDEN / name).read_bytes())
    assert isinstance(value, dict)
    return value


def modelled(name: str) -> BaseModel:
    value = parsed(name)
    return MODELS[value["schema"]].model_validate(value)


def examples(record: str) -> dict[str, str]:
    """Return the titled code blocks of a record, by title."""
    text = (ADR / record).read_text(encoding="utf-8")
    blocks = re.findall(r'```[a-z]+ title="([^"]+)"\n(.*?)```', text, re.DOTALL)
    assert blocks
    return dict(blocks)


@cache
def policy_text() -> str:
    return examples("0002-policy-model.md")["goldengit.yaml"]


def policy() -> Policy:
    return Policy.model_validate(yaml.safe_load(policy_text()))
