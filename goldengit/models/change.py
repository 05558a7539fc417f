"""Change: everything a rule may look at.

A change leads from a base tree to a head tree. A check of a whole tree is the change from the
empty tree, so there is one engine. Rules are pure functions of a change.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from goldengit.models.approval import Reviewed
from goldengit.models.baseline import Baseline
from goldengit.models.calibration import (
    Manifest,
    Measured,
    People,
    RecordedVerdict,
    RecordedVerdicts,
)
from goldengit.models.case import Case, Tombstone
from goldengit.models.dataset import DatasetSpec
from goldengit.models.evaluator import DEFINITION, Definition, EvaluatorSpec
from goldengit.models.facts import Closure, MonthFacts
from goldengit.models.gist import Gist
from goldengit.models.label import LabelDraft, Settlement
from goldengit.models.layout import Kind, Spot, evaluator_path, locate
from goldengit.models.policy import Policy
from goldengit.models.reading import Reading
from goldengit.models.signoff import Claim, Proof
from goldengit.models.verdict import Verdict

if TYPE_CHECKING:  # most changes touch none of these
    from goldengit.models.hooks import Hooks
    from goldengit.models.platform import Platform
    from goldengit.models.workflow import Action, Workflow

Record = (
    Case
    | Tombstone
    | DatasetSpec
    | LabelDraft
    | Policy
    | EvaluatorSpec
    | Manifest
    | RecordedVerdicts
    | Baseline
)
REGULAR = "100644"
LEAST_SIGNERS = 2


class ChangeKind(StrEnum):
    """A transition has a before; a snapshot is one tree judged by itself."""

    TRANSITION = "transition"
    SNAPSHOT = "snapshot"


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One line of a tree listing. `name` is the last component, `path` the whole."""

    path: str
    mode: str
    oid: str

    @property
    def name(self) -> str:
        """Return the last component of the path."""
        return self.path.rpartition("/")[2]

    @property
    def is_tree(self) -> bool:
        """Tell whether the entry is a folder."""
        return self.mode == "040000"


@dataclass(frozen=True)
class File:
    """One file of one tree, with what the reader and the models made of it.

    `data` is empty when the blob is larger than the limit (the reading then says so) or when the
    entry is no blob. `record` is what the file says, by its kind; None when it holds no record or
    did not fit its schema, which the reading's refusals say. `digest` is that of a row.
    """

    entry: Entry
    size: int = 0
    data: bytes = field(default=b"", repr=False)
    reading: Reading | None = field(default=None, repr=False)
    record: "Record | Workflow | Action | Hooks | None" = field(default=None, repr=False)
    digest: str = ""

    @property
    def path(self) -> str:
        """Return the path from the root of the tree."""
        return self.entry.path

    @cached_property
    def spot(self) -> Spot:
        """Return what the file is, by its place."""
        return locate(self.entry.path)

    @property
    def case(self) -> Case | Tombstone | None:
        """Return the row in the file."""
        return self.record if isinstance(self.record, Case | Tombstone) else None

    @property
    def dataset_spec(self) -> DatasetSpec | None:
        """Return the dataset's own file."""
        return self.record if isinstance(self.record, DatasetSpec) else None

    @property
    def policy(self) -> Policy | None:
        """Return the policy."""
        return self.record if isinstance(self.record, Policy) else None

    @property
    def evaluator_spec(self) -> EvaluatorSpec | None:
        """Return the definition of an evaluator."""
        return self.record if isinstance(self.record, EvaluatorSpec) else None

    @property
    def manifest(self) -> Manifest | None:
        """Return the calibration manifest."""
        return self.record if isinstance(self.record, Manifest) else None

    @property
    def verdicts(self) -> tuple[RecordedVerdict, ...]:
        """Return the raw verdicts of a calibration."""
        return self.record.lines if isinstance(self.record, RecordedVerdicts) else ()

    @property
    def baseline(self) -> Baseline | None:
        """Return the pin of a dataset's baseline."""
        return self.record if isinstance(self.record, Baseline) else None

    @property
    def workflow(self) -> "Workflow | None":
        """Return the workflow."""
        from goldengit.models.workflow import Workflow

        return self.record if isinstance(self.record, Workflow) else None

    @property
    def action(self) -> "Action | None":
        """Return the action."""
        from goldengit.models.workflow import Action

        return self.record if isinstance(self.record, Action) else None

    @property
    def hooks(self) -> "Hooks | None":
        """Return the configuration of the hooks."""
        from goldengit.models.hooks import Hooks

        return self.record if isinstance(self.record, Hooks) else None

    @property
    def value(self) -> dict[str, Any]:
        """Return the parsed mapping, empty when nothing was read."""
        return (self.reading.value if self.reading else None) or {}

    @property
    def sound(self) -> bool:
        """Tell whether the file was read without any refusal."""
        return self.reading is not None and self.reading.sound

    def line(self, *way: str | int) -> int:
        """Return the line of a node of the parsed value, 0 when unknown."""
        return self.reading.line(*way) if self.reading else 0


@dataclass(frozen=True, slots=True)
class FileChange:
    """What happened to one path: added (no before), deleted (no after) or modified."""

    path: str
    before: File | None
    after: File | None

    @property
    def spot(self) -> Spot:
        """Return what the file is, by its place."""
        return locate(self.path)

    @property
    def status(self) -> str:
        """Return A, D or M, as Git would with rename detection off (T counts as M)."""
        if self.before is None:
            return "A"
        return "D" if self.after is None else "M"


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A secret or personal datum found in a leaf of a case; never its text."""

    kind: str
    line: int
    shown: str  # a form that may be printed, such as `em***@***`


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit between base and head: who is behind it, and what it did to each parent.

    `people` are e-mail addresses of author, committer and co-authors as they stand in the commit;
    they exclude, they never grant. `files` holds, for each parent, the changes to data paths,
    `sensitive` what was found in files that the whole change does not bring. What is about to be
    committed has no `oid` yet.
    """

    oid: str
    parents: tuple[str, ...]
    people: tuple[str, ...]
    files: tuple[FileChange, ...] = ()
    sensitive: Mapping[str, tuple[Sensitive, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Merge:
    """How base and head come together. Empty lists are the good news.

    `bases` are all merge bases (one is right); `conflicts` the paths that do not merge cleanly;
    `two_sided` the data paths that both sides changed; `octopus` the commits with more than two
    parents; `rewritten` tells that a pushed branch does not continue from its former tip.
    """

    bases: tuple[str, ...]
    conflicts: tuple[str, ...] = ()
    two_sided: tuple[str, ...] = ()
    octopus: tuple[str, ...] = ()
    rewritten: bool = False


class DatasetIndex(Protocol):
    """What is known of all golden cases of one dataset in one tree, from facts alone."""

    @property
    def months(self) -> Mapping[str, MonthFacts]:
        """Return the facts of each month, by its name `YYYY-MM`."""
        ...

    @property
    def closures(self) -> Mapping[str, Closure]:
        """Return how each case that ended did, by case id."""
        ...

    @property
    def count(self) -> int:
        """Return the number of golden cases."""
        ...

    def holds(self, case: str) -> bool:
        """Tell whether the id is golden in this tree."""
        ...

    def predecessors(self, case: str) -> tuple[str, ...]:
        """Return the ids of the cases that name this one as their successor."""
        ...

    def with_trace(self, trace_id: str) -> tuple[str, ...]:
        """Return the ids of cases that may have this trace id (to be compared by the caller)."""
        ...

    def with_pair(self, case: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the ids of cases that may have this case's input and actual output."""
        ...

    def similar(self, case: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the ids of cases whose input may resemble this case's input."""
        ...


class Snapshot(Protocol):
    """One tree, read on demand."""

    @property
    def name(self) -> str:
        """Return how people call the tree (`HEAD`, `the index`, a commit)."""
        ...

    @property
    def tree(self) -> str:
        """Return the Git id of the tree."""
        ...

    @property
    def datasets(self) -> tuple[str, ...]:
        """Return the names of the folders under `datasets/`, sorted."""
        ...

    def entries(self, folder: str) -> tuple[Entry, ...]:
        """Return the direct children of a folder, in tree order; empty when there is none."""
        ...

    def entry(self, path: str) -> Entry | None:
        """Return the entry at a path."""
        ...

    def file(self, path: str) -> File | None:
        """Return the file at a path, read."""
        ...

    def index(self, dataset: str) -> DatasetIndex:
        """Return what is known of a dataset's golden cases."""
        ...


@dataclass(frozen=True)
class Gauge:
    """One evaluator of the head, with everything that its rules ask.

    `definition` is None where it could not be read. `defect` says why the evaluator cannot be
    built, "" when it can, and `repair` what to do about it. `asks` is the model that it asks,
    `prompt` every text that reaches this model besides the row, `seen` the ids of the cases that
    made the evaluator what it is. `cases` holds what is asked of the recorded cases and of those in
    `seen`, by id, as far as they are there. `reruns` maps the ids of the recorded cases to the
    verdict that the evaluator gives now; None where it is not re-run here (DECISIONS 29).
    `ignores_answer` tells that its verdicts are the same whatever was answered, where that can be
    told here. `recomputed` is the held-out agreement that follows from the raw verdicts, with
    intervals where the extra `stats` is installed; None where they cannot be measured. `people` is
    who labelled the recorded cases, ended ones included; None where one cannot be read. `labels`
    holds what people say of each recorded case, as far as it is active in the head; `labelled` the
    active cases that people labelled with the failure mode, each with the time at which it became
    golden, None in a snapshot, which does not read them all.
    """

    id: str
    definition: Definition | None
    manifest: File | None = None
    verdicts: File | None = None
    defect: str = ""
    repair: str = ""
    asks: str | None = None
    prompt: str = field(default="", repr=False)
    seen: frozenset[str] = frozenset()
    cases: Mapping[str, Gist] = field(default_factory=dict, repr=False)
    reruns: Mapping[str, Verdict] | None = field(default=None, repr=False)
    ignores_answer: bool = False
    recomputed: Measured | None = None
    people: People | None = None
    labels: Mapping[str, Settlement] = field(default_factory=dict, repr=False)
    labelled: Mapping[str, str] | None = field(default=None, repr=False)
    base_digest: str = ""  # of the evaluator's folder in the base, "" where it is new
    base_version: int = 0

    @property
    def path(self) -> str:
        """Return where the definition stands."""
        return evaluator_path(self.id, DEFINITION)


@dataclass(frozen=True)
class Change:
    """A base tree, a head tree, what differs, and everything else that a rule may ask.

    `policy` is the one in force: the base's, except for an adoption or a snapshot, which the head's
    own policy judges; None when it cannot be read (GG706 says why). `former` holds the golden paths
    that the base's first-parent history had and the base no longer has, as far as this change adds
    them. `proofs` says what is known about each claim, `gauges` are the evaluators that this change
    touches, or whose use it changes; in a snapshot all of them. `waivable` names every rule and
    tells whether a policy may waive it. `reviewed` is what the forge knows, where it was asked.
    `now` is RFC 3339 text in UTC; a replay gives the commit's time. `deep` asks for the dear scans
    on everything in view.
    """

    kind: ChangeKind
    base: Snapshot
    head: Snapshot
    policy: Policy | None
    files: tuple[FileChange, ...]
    now: str
    tool_version: str
    commits: tuple[Commit, ...] = ()
    merge: Merge | None = None
    former: frozenset[str] = frozenset()
    proofs: Mapping[Claim, Proof] = field(default_factory=dict)
    sensitive: Mapping[str, tuple[Sensitive, ...]] = field(default_factory=dict)
    gauges: tuple[Gauge, ...] = ()
    waivable: Mapping[str, bool] = field(default_factory=dict)
    reviewed: Reviewed | None = None
    adoption: bool = False
    deep: bool = False
    require_confirmed: bool = False

    @property
    def is_transition(self) -> bool:
        """Tell whether there is a before."""
        return self.kind is ChangeKind.TRANSITION

    @property
    def threshold(self) -> int:
        """Return how many persons must sign what this change brings.

        A snapshot asks for the least that any policy could have asked for: what was golden under
        an earlier policy stays golden when the policy is tightened.
        """
        if self.policy is None or not self.is_transition:
            return LEAST_SIGNERS
        return self.policy.signoffs.threshold

    @cached_property
    def platform(self) -> "Platform":
        """Return all workflows and actions of the head, read when a rule asks for them."""
        from goldengit.models.platform import platform_of

        return platform_of(self.head)

    def of_kind(self, *kinds: Kind) -> Iterator[FileChange]:
        """Yield the changed files of these kinds."""
        return (change for change in self.files if change.spot.kind in kinds)

    def workflows(self) -> "Iterator[tuple[str, Workflow]]":
        """Yield the workflows that this change brings and that could be read, with their paths."""
        for change in self.of_kind(Kind.WORKFLOW):
            if change.after is not None and change.after.workflow is not None:
                yield change.path, change.after.workflow

    def actions(self) -> "Iterator[tuple[str, Action]]":
        """Yield the actions that this change brings and that could be read, with their paths."""
        for change in self.of_kind(Kind.ACTION):
            if change.after is not None and change.after.action is not None:
                yield change.path, change.after.action

    def added_golden(self) -> Iterator[FileChange]:
        """Yield the golden cases that this change adds and that could be read."""
        for change in self.of_kind(Kind.GOLDEN):
            if change.before is None and change.after is not None and change.after.case is not None:
                yield change

    def readable(self, *kinds: Kind) -> Iterator[File]:
        """Yield the rows of these kinds in the head that could be read, changed ones only."""
        for change in self.of_kind(*kinds):
            if change.after is not None and change.after.case is not None:
                yield change.after
