"""The suite: everything of one tree that an evaluation rests on, read before anybody is asked."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from goldengit.errors import CannotJudgeError, NothingToJudgeError
from goldengit.evaluating.listing import Listed, read_listing
from goldengit.evaluating.progress import Progress, silent
from goldengit.evaluators import Doors, Evaluator, build
from goldengit.gauging.cases import Ended
from goldengit.gauging.declared import dataset_of, policy_of
from goldengit.gauging.definitions import definition_of
from goldengit.gauging.entitled import entitled
from goldengit.models.case import Case
from goldengit.models.dataset import DatasetSpec
from goldengit.models.facts import merkle_root
from goldengit.models.layout import DATASETS, EVALUATORS, POLICY, dataset_path, golden_path
from goldengit.models.policy import Policy
from goldengit.models.scorecard import EvaluatorRun
from goldengit.repository.snapshot import TreeSnapshot
from goldengit.repository.sources import work_tree
from goldengit.repository.store import Store


@dataclass(frozen=True)
class Suite:
    """A dataset of one tree with its active cases, and its evaluators ready to judge.

    `commit` is the commit whose data was read; for a work tree that holds more, its tree's name.
    `root` is the Merkle root over the golden cases, the ended ones included. `runs` says of each
    evaluator which one it is and what it may do.
    """

    dataset: str
    commit: str
    root: str
    now: str
    tree: TreeSnapshot = field(repr=False)
    policy: Policy = field(repr=False)
    spec: DatasetSpec = field(repr=False)
    evaluators: tuple[Evaluator, ...]
    runs: tuple[EvaluatorRun, ...]
    cases: tuple[Listed, ...] = field(repr=False)
    left_out: Mapping[Ended, int]

    def case(self, listed: Listed) -> Case:
        """Return a case with its content, read anew: all of them at once may not fit in memory."""
        file = self.tree.file(golden_path(self.dataset, listed.id))
        if file is None or not isinstance(file.case, Case):  # it was there, and trees never change
            raise CannotJudgeError(f"The case {listed.id} could not be read again.")
        return file.case


def prepare(
    store: Store,
    dataset: str,
    doors: Doors,
    now: str,
    commit: str = "",
    progress: Progress = silent,
) -> Suite:
    """Read a dataset, its policy and its evaluators from a commit, or else from the work tree.

    `now` is RFC 3339 text in UTC: the time for which cases count as active. Raises UsageError for a
    dataset or commit that is not there, CannotJudgeError for whatever cannot be read or built, and
    NothingToJudgeError when no case is active or none would be judged.
    """
    tree, named = _tree(store, commit)
    policy = policy_of(tree)
    tree = store.snapshot(tree.name, tree.tree, policy.limits)
    spec = _spec(tree, dataset)
    evaluators = tuple(build(definition_of(tree, use.id), doors) for use in spec.evaluators)
    listing = read_listing(tree, dataset, spec, evaluators, now, progress)
    suite = Suite(
        dataset=dataset,
        commit=named,
        root=_root(tree, dataset),
        now=now,
        tree=tree,
        policy=policy,
        spec=spec,
        evaluators=evaluators,
        runs=tuple(
            entitled(tree, dataset, use, policy, now, listing.labelled)[0]
            for use in spec.evaluators
        ),
        cases=listing.cases,
        left_out=listing.left_out,
    )
    _refuse_empty(suite)
    return suite


def _tree(store: Store, commit: str) -> tuple[TreeSnapshot, str]:
    """Return the tree that is asked for, and the name by which a scorecard calls it."""
    repository = store.repository
    if commit:
        oid = repository.commit(commit)
        return store.snapshot(commit, repository.tree_of(oid)), oid
    tree = store.snapshot("the work tree", work_tree(repository))
    head = repository.find_commit("HEAD")
    if head is not None:
        there = store.snapshot("HEAD", repository.tree_of(head))
        if all(tree.entry(root) == there.entry(root) for root in (POLICY, DATASETS, EVALUATORS)):
            return tree, head
    return tree, f"the work tree ({tree.tree})"


def _root(tree: TreeSnapshot, dataset: str) -> str:
    months = tree.index(dataset).months
    return merkle_root({month: facts.leaf for month, facts in months.items()})


def _spec(tree: TreeSnapshot, dataset: str) -> DatasetSpec:
    spec, file = dataset_of(tree, dataset)
    if not spec.evaluators:
        raise CannotJudgeError(
            "The dataset names no evaluator, so nothing could be said of an answer.",
            remedy="Add `evaluators:` with an id and a role; `goldengit schema dataset` shows how.",
            place=file.path,
        )
    twice = [
        name for name, times in Counter(use.id for use in spec.evaluators).items() if times > 1
    ]
    if twice:
        raise CannotJudgeError(
            f"The evaluator {twice[0]} is named twice.", remedy="Name it once.", place=file.path
        )
    return spec


def _refuse_empty(suite: Suite) -> None:
    if not suite.cases:
        ended = ", ".join(f"{count} {word}" for word, count in suite.left_out.items() if count)
        raise NothingToJudgeError(
            f"The dataset {suite.dataset} has no active golden case"
            + (f" ({ended})." if ended else "."),
            remedy="Promote a case first.",
        )
    if not any(case.judges for case in suite.cases):
        raise NothingToJudgeError(
            f"No evaluator of {suite.dataset} judges any of its {len(suite.cases)} active cases.",
            remedy="Label cases with its failure mode, or say `applies_to: all`.",
            place=dataset_path(suite.dataset),
        )
