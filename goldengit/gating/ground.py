"""The ground: what a commit says, read from its tree and never from the work tree.

Policy, dataset, evaluators with what their calibration entitles them to, the active cases: nothing
of it is taken from a scorecard.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from goldengit.errors import NothingToJudgeError
from goldengit.evaluating.listing import Listed, read_listing
from goldengit.evaluators import build
from goldengit.gauging.declared import dataset_of, policy_of
from goldengit.gauging.definitions import definition_of
from goldengit.gauging.entitled import entitled
from goldengit.models.change import Gauge
from goldengit.models.dataset import DatasetSpec
from goldengit.models.facts import merkle_root
from goldengit.models.layout import golden_folder
from goldengit.models.policy import Policy
from goldengit.models.scorecard import EvaluatorRun
from goldengit.repository.snapshot import TreeSnapshot
from goldengit.repository.store import Store


@dataclass(frozen=True)
class Ground:
    """A dataset at a commit. `version`, `root` and `blob` are what a scorecard names it by.

    `judges` maps each active case to the ids of the evaluators that judge it. `youden` is TPR + TNR
    - 1 of the one evaluator that gates, None where there are more or its manifest has none.
    """

    commit: str
    dataset: str
    now: str
    tree: TreeSnapshot = field(repr=False)
    policy: Policy = field(repr=False)
    spec: DatasetSpec = field(repr=False)
    version: str
    root: str
    blob: str
    runs: tuple[EvaluatorRun, ...]
    cases: Mapping[str, Listed] = field(repr=False)
    youden: float | None

    def judges(self, case: str) -> tuple[str, ...]:
        """Return the ids of the evaluators that judge an active case, in the dataset's order."""
        return tuple(self.runs[place].id for place in self.cases[case].judges)


def ground(store: Store, dataset: str, commit: str, now: str) -> Ground:
    """Read a dataset at a commit. `now` is RFC 3339 text in UTC.

    Raises UsageError for a commit or dataset that is not there, CannotJudgeError for what cannot be
    read, NothingToJudgeError when no case is active.
    """
    oid = store.repository.commit(commit)
    name = "HEAD" if commit == "HEAD" else oid[:12]
    bare = store.snapshot(name, store.repository.tree_of(oid))
    policy = policy_of(bare)
    tree = store.snapshot(name, bare.tree, policy.limits)
    spec, file = dataset_of(tree, dataset)
    evaluators = [build(definition_of(tree, use.id), for_judging=False) for use in spec.evaluators]
    listing = read_listing(tree, dataset, spec, evaluators, now)
    if not listing.cases:
        raise NothingToJudgeError(
            f"The dataset {dataset} has no active golden case at {name}.",
            remedy="Promote a case first.",
        )
    found = [entitled(tree, dataset, use, policy, now, listing.labelled) for use in spec.evaluators]
    golden = tree.entry(golden_folder(dataset))
    months = tree.index(dataset).months
    return Ground(
        commit=oid,
        dataset=dataset,
        now=now,
        tree=tree,
        policy=policy,
        spec=spec,
        version=golden.oid if golden else "",
        root=merkle_root({month: facts.leaf for month, facts in months.items()}),
        blob=file.entry.oid,
        runs=tuple(run for run, _ in found),
        cases={case.id: case for case in listing.cases},
        youden=_youden(found),
    )


def _youden(found: Sequence[tuple[EvaluatorRun, Gauge]]) -> float | None:
    gating = [*_calibrated(found)]
    return gating[0] if len(gating) == 1 else None


def _calibrated(found: Sequence[tuple[EvaluatorRun, Gauge]]) -> Iterator[float | None]:
    """Yield J of each evaluator that gates: its calibration is current, or it would not gate."""
    for run, one in found:
        manifest = one.manifest.manifest if one.manifest else None
        if run.gates and manifest is not None:
            tpr, tnr = manifest.heldout.tpr, manifest.heldout.tnr
            yield None if tpr is None or tnr is None else tpr + tnr - 1
