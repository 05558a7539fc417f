"""Fitting: a classifier is trained on the labels that are not held out."""

from collections.abc import Iterable
from typing import Literal

from goldengit.calibrating.desk import own_definition
from goldengit.calibrating.labelled import LabelledCase, labelled
from goldengit.calibrating.writing import present, write
from goldengit.errors import UsageError
from goldengit.gauging.declared import policy_of
from goldengit.models.layout import evaluator_path
from goldengit.models.row import EvalRow
from goldengit.models.split import Part
from goldengit.repository.sources import work_tree
from goldengit.repository.store import Store

_TRAINED_ON: dict[str, tuple[Part, ...]] = {"three-way": ("train",), "two-way": ("dev",)}


def fit(store: Store, evaluator: str, now: str) -> tuple[tuple[str, ...], int]:
    """Train a classifier of the work tree; return the files written and the number of its cases.

    It is trained on the train part, or where there is none on the dev part. Raises UsageError for
    another kind of evaluator and in blind mode, which leaves nothing to train on.
    """
    tree = store.snapshot("the work tree", work_tree(store.repository))
    definition = own_definition(tree, evaluator)
    place = evaluator_path(evaluator, "evaluator.yaml")
    if definition.spec.kind != "classifier":
        raise UsageError(
            f"A {definition.spec.kind} evaluator is not trained.",
            remedy="Calibrate it without `--fit`.",
            place=place,
        )
    labels = labelled(tree, definition, policy_of(tree).heldout, now)
    cases = labels.in_parts(*_TRAINED_ON.get(labels.protocol, ()))
    if not cases:
        raise UsageError(
            f"{len(labels.cases)} labels are too few to hold some out and train on the others.",
            remedy="Label more cases; from 30 settled labels on, a part is left for training.",
            place=place,
        )
    from goldengit.evaluators.classifier import fit as trained

    files = trained(definition, _examples(cases))
    paths = {evaluator_path(evaluator, name): data for name, data in files.items()}
    write(store, paths, present(store, paths))
    return tuple(sorted(paths)), len(cases)


def _examples(
    cases: Iterable[LabelledCase],
) -> list[tuple[str, EvalRow, Literal["pass", "fail"]]]:
    return [
        (case.id, case.row, case.people.outcome)
        for case in cases
        if case.people.outcome != "unknown"
    ]
