"""The published JSON Schemas: what editors complete and check, generated from the models."""

import json
from functools import cache

from pydantic import BaseModel

from goldengit.errors import UsageError
from goldengit.models.baseline import Baseline
from goldengit.models.calibration import Manifest
from goldengit.models.case import Case, Tombstone
from goldengit.models.dataset import DatasetSpec
from goldengit.models.evaluator import EvaluatorSpec
from goldengit.models.label import LabelDraft
from goldengit.models.layout import SCHEMAS
from goldengit.models.policy import Policy

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_MODELS: dict[str, tuple[type[BaseModel], str]] = {
    "baseline": (Baseline, "The release that the deploy gate compares with"),
    "calibration": (Manifest, "What an evaluator's verdicts are worth, measured against people"),
    "case": (Case, "A row of a dataset: queued, candidate or golden"),
    "dataset": (DatasetSpec, "dataset.yaml: a dataset's owner, failure modes and slices"),
    "evaluator": (EvaluatorSpec, "evaluator.yaml: a versioned evaluator of one failure mode"),
    "labels": (LabelDraft, "One person's labels on one candidate"),
    "policy": (Policy, "goldengit.yaml: who reviews, and by which rules"),
    "tombstone": (Tombstone, "What an erasure leaves of a case"),
}
SCHEMA_NAMES = tuple(_MODELS)


def schema_path(name: str) -> str:
    """Return where a repository keeps the schema of this name."""
    return f"{SCHEMAS}/{name}-v1.json"


@cache
def schema_text(name: str) -> str:
    """Return the JSON Schema (2020-12) of this name as it is published, with a final newline.

    The text is the same on every machine. Raises `UsageError` for an unknown name.
    """
    if name not in _MODELS:
        known = ", ".join(SCHEMA_NAMES)
        raise UsageError(f"There is no schema `{name}`.", remedy=f"Name one of: {known}.")
    model, title = _MODELS[name]
    schema = model.model_json_schema(by_alias=True) | {
        "$schema": _DIALECT,
        "$id": f"urn:goldengit:schema:{name}:v1",
        "title": title,
    }
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
