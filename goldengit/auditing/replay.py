"""Replay: every step of a branch, judged by the policy that was in force before it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from goldengit.checking import Question, change_of, judge, whole
from goldengit.errors import CannotJudgeError
from goldengit.models.change import REGULAR, Change
from goldengit.models.finding import Finding, Report
from goldengit.models.layout import Kind, locate
from goldengit.models.lifecycle import closings
from goldengit.models.policy import Policy
from goldengit.repository import history
from goldengit.repository.months import Progress, silent
from goldengit.repository.plumbing import RawChange
from goldengit.repository.store import Store
from goldengit.rules.base import Rule


@dataclass(frozen=True, slots=True)
class Step:
    """One first-parent step that touched data: what it did, and what the rules say about it."""

    commit: str
    at: str
    report: Report
    promoted: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    erased: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Audit:
    """A replayed branch. `walked` counts all its steps, those that touched no data included.

    `present` is the judgement of the tip's tree by itself and by its own policy, which knows of
    keys that were revoked or compromised since.
    """

    tip: str
    start: str
    walked: int
    steps: tuple[Step, ...]
    present: Report

    @property
    def findings(self) -> tuple[tuple[Step, Finding], ...]:
        """Return every finding with the step that caused it, oldest first."""
        return tuple((step, finding) for step in self.steps for finding in step.report.findings)

    @property
    def failed(self) -> bool:
        """Tell whether any step broke a rule, or the tip's tree does."""
        return self.present.failed or any(step.report.failed for step in self.steps)


def audit(
    store: Store,
    tip: str = "HEAD",
    *,
    rules: Sequence[Rule] | None = None,
    progress: Progress = silent,
) -> Audit:
    """Return the audit of a branch, from where its policy says that continuity begins.

    `rules` narrows the judgement. Raises UsageError when the tip is no commit and CannotJudgeError
    when continuity begins elsewhere than on its first-parent line.
    """
    commit = store.repository.commit(tip)
    start = _start(store, commit)
    walk = history.first_parents(store.repository, start, commit)
    before = store.repository.find_commit(f"{walk[0]}^1") if walk else commit
    if start is not None and start != before:
        raise CannotJudgeError(
            f"`history.continuity_start` of the policy is not on the first-parent line of {tip}.",
            remedy=f"Set it to a commit of `git log --first-parent {tip}`.",
        )
    steps = tuple(replay(store, start, walk, rules=rules, progress=progress))
    tip_tree = whole(store, store.repository.tree_of(commit), name=commit[:12])
    return Audit(commit, start or "", len(walk), steps, judge(tip_tree, rules))


def _start(store: Store, commit: str) -> str | None:
    """Return the last commit before the audited line; None audits from the first commit on."""
    file = store.snapshot("", store.repository.tree_of(commit)).file("goldengit.yaml")
    policy: Policy | None = file.policy if file else None
    return policy.history.continuity_start if policy else None


def replay(
    store: Store,
    start: str | None,
    walk: Sequence[str],
    *,
    rules: Sequence[Rule] | None = None,
    progress: Progress = silent,
) -> Iterator[Step]:
    """Yield the steps of a walk that touched data, each judged; `start` is the commit before it."""
    raws = {oid: store.objects.commit(oid) for oid in ([start] if start else []) + list(walk)}
    trees = {oid: history.tree_of_commit(raw) for oid, raw in raws.items()}
    line = [start, *walk]
    pairs = [
        (trees[old] if old else store.repository.empty_tree, trees[new])
        for old, new in zip(line, walk, strict=False)
        if new
    ]
    seen: dict[str, str] = {}  # the blob that each golden path held last
    for number, changes in enumerate(store.repository.diffs(pairs)):
        old, new = line[number], walk[number]
        if any(history.is_data(change.path) for change in changes):
            when = history.moment_of_commit(raws[new])
            former = frozenset(
                change.path
                for change in changes
                if seen.get(change.path, change.new) != change.new and change.status == "A"
            )
            yield _judged(store, (old, new), pairs[number], when, former, rules)
        seen.update(_golden(changes))
        progress(number + 1, len(walk))


def _judged(
    store: Store,
    commits: tuple[str | None, str],
    trees: tuple[str, str],
    when: str,
    former: frozenset[str],
    rules: Sequence[Rule] | None,
) -> Step:
    old, new = commits
    change = change_of(
        store,
        Question(
            base=trees[0],
            head=trees[1],
            base_name=(old or "the beginning")[:12],
            head_name=new[:12],
            base_commit=old,
            head_commit=new,
            now=when,
            former=former,
            scan=rules is None or any(rule.code == "GG901" for rule in rules),
        ),
    )
    return Step(
        commit=new,
        at=when,
        report=judge(change, rules),
        promoted=tuple(file.spot.case for file in change.added_golden()),
        closed=tuple(closing.case.id for closing in closings(change)),
        erased=tuple(_erased(change)),
    )


def _erased(change: Change) -> Iterator[str]:
    for file in change.of_kind(Kind.GOLDEN):
        if (
            file.after
            and "erased" in file.after.value
            and not (file.before and "erased" in file.before.value)
        ):
            yield file.spot.case


def _golden(changes: Iterable[RawChange]) -> Iterator[tuple[str, str]]:
    """Yield the golden paths of a step with the blob that each holds after it, or held before."""
    for change in changes:
        if locate(change.path).kind is Kind.GOLDEN:
            if change.new_mode == REGULAR:
                yield change.path, change.new
            elif change.old_mode == REGULAR:
                yield change.path, change.old
