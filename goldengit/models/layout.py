"""Where everything lives: a path follows from what a file is, and back."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from goldengit.models.identity import is_case_id

POLICY = "goldengit.yaml"
DATASETS = "datasets"
EVALUATORS = "evaluators"
SCHEMAS = "schemas"
ATTRIBUTES = ".gitattributes"
PLATFORM = ".github"
WORKFLOWS = f"{PLATFORM}/workflows"
ACTIONS = f"{PLATFORM}/actions"
HOOKS = ".pre-commit-config.yaml"
ACTION_NAMES = ("action.yml", "action.yaml")
NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,62}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_RUBRIC = re.compile(r"([a-z0-9][a-z0-9-]{1,62})\.([1-9][0-9]{0,3})\.md", re.ASCII)

# What `.gitattributes` at the root must say (DECISIONS 15): no conversion of line endings, no
# three-way content merge of a record.
ATTRIBUTES_LINES = ("datasets/** -text -merge", "evaluators/** -text")


class Kind(StrEnum):
    """What a file is, by its place alone."""

    POLICY = "policy"
    DATASET = "dataset"
    BASELINE = "baseline"
    RUBRIC = "rubric"
    QUEUE = "queue"
    CANDIDATE = "candidate"
    LABELS = "labels"
    GOLDEN = "golden"
    ATTACHMENT = "attachment"
    EVALUATOR = "evaluator"
    MANIFEST = "manifest"
    VERDICTS = "verdicts"
    EVALUATOR_FILE = "evaluator-file"  # a rubric, a schema, a model: covered by the digest
    SCHEMA = "schema"
    WORKFLOW = "workflow"
    ACTION = "action"  # of this repository, composite or not
    HOOKS = "hooks"  # the configuration of pre-commit
    MISPLACED = "misplaced"  # under datasets/ or evaluators/, where nothing of the kind belongs
    OTHER = "other"

    @property
    def is_row(self) -> bool:
        """Tell whether a file of this kind holds one row (a case or a tombstone)."""
        return self in {Kind.QUEUE, Kind.CANDIDATE, Kind.GOLDEN}

    @property
    def is_yaml(self) -> bool:
        """Tell whether the strict YAML reader reads files of this kind."""
        return self.is_row or self in {
            Kind.POLICY,
            Kind.DATASET,
            Kind.LABELS,
            Kind.BASELINE,
            Kind.EVALUATOR,
            Kind.MANIFEST,
        }

    @property
    def is_platform(self) -> bool:
        """Tell whether a file of this kind steers a run of the checks: workflow, action, hooks."""
        return self in {Kind.WORKFLOW, Kind.ACTION, Kind.HOOKS}

    @property
    def is_data(self) -> bool:
        """Tell whether a file of this kind belongs to what the rules guard, not to what runs them.

        The policy and the schemas count.
        """
        return self is not Kind.OTHER and not self.is_platform

    @property
    def is_of_evaluator(self) -> bool:
        """Tell whether a file of this kind stands in an evaluator's folder."""
        return self in {Kind.EVALUATOR, Kind.MANIFEST, Kind.VERDICTS, Kind.EVALUATOR_FILE}


@dataclass(frozen=True, slots=True)
class Spot:
    """A path, understood: what the file is and to whom it belongs ("" where it has none)."""

    kind: Kind
    dataset: str = ""
    case: str = ""
    person: str = ""
    month: str = ""
    evaluator: str = ""


_OTHER = Spot(Kind.OTHER)
_EVALUATOR_FILES = {
    "evaluator.yaml": Kind.EVALUATOR,
    "calibration.yaml": Kind.MANIFEST,
    "calibration.jsonl": Kind.VERDICTS,
}


@lru_cache(maxsize=1 << 14)  # every rule asks it of every file
def locate(path: str) -> Spot:
    """Return what the file at this path is. Never raises: what fits nowhere is `MISPLACED`."""
    parts = path.split("/")
    if path == POLICY:
        return Spot(Kind.POLICY)
    if parts[0] == EVALUATORS and parts[2:] and NAME.fullmatch(parts[1]):
        kind = _EVALUATOR_FILES.get("/".join(parts[2:]), Kind.EVALUATOR_FILE)
        return Spot(kind, evaluator=parts[1])
    if parts[0] == SCHEMAS:
        return Spot(Kind.SCHEMA)
    if parts[0] == DATASETS and parts[2:] and NAME.fullmatch(parts[1]):
        return _inside(parts[1], parts[2:])
    if parts[0] in {DATASETS, EVALUATORS}:
        return Spot(Kind.MISPLACED)
    return _platform(path, parts)


def _platform(path: str, parts: list[str]) -> Spot:
    if path == HOOKS:
        return Spot(Kind.HOOKS)
    if path in ACTION_NAMES or (path.startswith(f"{ACTIONS}/") and parts[-1] in ACTION_NAMES):
        return Spot(Kind.ACTION)
    folder, _, name = path.rpartition("/")
    if folder == WORKFLOWS and name.endswith((".yml", ".yaml")):
        return Spot(Kind.WORKFLOW)
    return _OTHER


def _inside(dataset: str, rest: list[str]) -> Spot:
    match rest:
        case ["dataset.yaml"]:
            return Spot(Kind.DATASET, dataset)
        case ["baseline.yaml"]:
            return Spot(Kind.BASELINE, dataset)
        case ["rubrics", name] if _RUBRIC.fullmatch(name):
            return Spot(Kind.RUBRIC, dataset)
        case ["attachments", name] if _SHA256.fullmatch(name):
            return Spot(Kind.ATTACHMENT, dataset)
        case ["queue", name] if is_case_id(_stem(name)):
            return Spot(Kind.QUEUE, dataset, _stem(name))
        case ["candidates", name] if is_case_id(_stem(name)):
            return Spot(Kind.CANDIDATE, dataset, _stem(name))
        case ["candidates", folder, name] if (
            folder.endswith(".labels")
            and is_case_id(folder.removesuffix(".labels"))
            and NAME.fullmatch(_stem(name))
        ):
            return Spot(Kind.LABELS, dataset, folder.removesuffix(".labels"), _stem(name))
        case ["golden", month, name] if is_case_id(_stem(name)) and month == _stem(name)[:7]:
            return Spot(Kind.GOLDEN, dataset, _stem(name), month=month)
        case _:
            return Spot(Kind.MISPLACED, dataset)


def _stem(name: str) -> str:
    return name.removesuffix(".yaml") if name.endswith(".yaml") else ""


def queue_path(dataset: str, case: str) -> str:
    """Return the path of a queued row."""
    return f"{DATASETS}/{dataset}/queue/{case}.yaml"


def candidate_path(dataset: str, case: str) -> str:
    """Return the path of a candidate."""
    return f"{DATASETS}/{dataset}/candidates/{case}.yaml"


def labels_folder(dataset: str, case: str) -> str:
    """Return the folder of the label drafts of a candidate."""
    return f"{DATASETS}/{dataset}/candidates/{case}.labels"


def golden_folder(dataset: str) -> str:
    """Return the folder whose Git tree id is the version of the dataset."""
    return f"{DATASETS}/{dataset}/golden"


def golden_path(dataset: str, case: str) -> str:
    """Return the one path a golden case can have."""
    return f"{golden_folder(dataset)}/{case[:7]}/{case}.yaml"


def dataset_path(dataset: str) -> str:
    """Return the path of a dataset's own file."""
    return f"{DATASETS}/{dataset}/dataset.yaml"


def rubric_path(dataset: str, failure_mode: str, number: int) -> str:
    """Return the path of one version of a rubric."""
    return f"{DATASETS}/{dataset}/rubrics/{failure_mode}.{number}.md"


def baseline_path(dataset: str) -> str:
    """Return the path of the pin of a dataset's baseline."""
    return f"{DATASETS}/{dataset}/baseline.yaml"


def evaluator_folder(evaluator: str) -> str:
    """Return the folder of an evaluator."""
    return f"{EVALUATORS}/{evaluator}"


def evaluator_path(evaluator: str, name: str) -> str:
    """Return the path of a file in an evaluator's folder."""
    return f"{evaluator_folder(evaluator)}/{name}"


def attachment_path(dataset: str, sha256: str) -> str:
    """Return the path of an attachment."""
    return f"{DATASETS}/{dataset}/attachments/{sha256}"


def schema_line(path: str, schema_id: object = None) -> str:
    """Return the first line of a written file: the schema for editors, relative to the file.

    The place names the schema, but for a tombstone, which takes the place of a case.
    """
    schema = {
        Kind.POLICY: "policy-v1.json",
        Kind.DATASET: "dataset-v1.json",
        Kind.LABELS: "labels-v1.json",
        Kind.BASELINE: "baseline-v1.json",
        Kind.EVALUATOR: "evaluator-v1.json",
        Kind.MANIFEST: "calibration-v1.json",
    }.get(locate(path).kind, "case-v1.json")
    if schema_id == "goldengit/tombstone/v1":
        schema = "tombstone-v1.json"
    up = "../" * path.count("/")
    return f"# yaml-language-server: $schema={up or './'}{SCHEMAS}/{schema}"
