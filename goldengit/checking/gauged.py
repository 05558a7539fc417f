"""The evaluators that a check judges: those that a change touches, or whose use it changes."""

from collections.abc import Iterable

from goldengit.gauging.definitions import evaluator_ids
from goldengit.models.change import FileChange, Gauge, Snapshot
from goldengit.models.evaluator import DEFINITION
from goldengit.models.layout import Kind, evaluator_path
from goldengit.models.policy import Policy


def touched(files: Iterable[FileChange], head: Snapshot) -> frozenset[str]:
    """Return the ids of the evaluators of the head that a change concerns.

    A change of a dataset's own file concerns every evaluator that it names, now or before, and
    every one that is calibrated on it.
    """
    found: set[str] = set()
    datasets: set[str] = set()
    for change in files:
        if change.spot.kind.is_of_evaluator:
            found.add(change.spot.evaluator)
        elif change.spot.kind is Kind.DATASET:
            datasets.add(change.spot.dataset)
            for file in (change.before, change.after):
                spec = file.dataset_spec if file else None
                found.update(use.id for use in (spec.evaluators if spec else ()))
    if datasets:
        every = evaluator_ids(head)
        found.update(one for one in every if _dataset_of(head, one) in datasets)
    return frozenset(found.intersection(evaluator_ids(head)))


def _dataset_of(head: Snapshot, evaluator: str) -> str | None:
    file = head.file(evaluator_path(evaluator, DEFINITION))
    spec = file.evaluator_spec if file else None
    return spec.dataset if spec else None


def gauged(
    evaluators: Iterable[str],
    head: Snapshot,
    policy: Policy | None,
    now: str,
    *,
    base: Snapshot | None = None,
    thorough: bool = False,
) -> tuple[Gauge, ...]:
    """Return these evaluators, read whole. A transition also asks which labels they leave out."""
    wanted = sorted(evaluators)
    if not wanted:
        return ()
    from goldengit.gauging.gauge import gauge  # most changes concern no evaluator

    return tuple(
        gauge(
            head,
            evaluator,
            policy=policy,
            now=now,
            base=base,
            thorough=thorough,
            census=base is not None,
        )
        for evaluator in wanted
    )
