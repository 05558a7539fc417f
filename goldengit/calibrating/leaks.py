"""Leaks: what an evaluator was made from, against what it is to be measured on."""

from goldengit.calibrating.labelled import Labelled
from goldengit.evaluators import Evaluator
from goldengit.gauging.cases import gist_of
from goldengit.models.change import Snapshot
from goldengit.models.kinship import INPUT, Mark, marks
from goldengit.models.layout import golden_path
from goldengit.models.leakage import Prompt


def leak_of(evaluator: Evaluator, labels: Labelled, tree: Snapshot) -> str:
    """Return what an evaluator has seen of its held-out cases, "" for nothing.

    It is what the check would refuse afterwards (GG602, GG603), found before anything is paid.
    """
    made_from = _made_from(evaluator, tree)
    prompt = Prompt(evaluator.prompt)
    for case in labels.in_parts("heldout"):
        shared = (mark for mark in _marks(tree, evaluator, case.id) if mark in made_from)
        for mark in shared if made_from else ():
            seen = made_from[mark]
            kin = "it" if seen == case.id else f"{seen}, which shares its {mark[0]}"
            return f"{case.id} is held out, and the evaluator was made from {kin}"
        for leak in prompt.leaks(case.row):
            if leak.certain:
                return f"The prompt holds the {leak.what} of {case.id}"
    return ""


def _made_from(evaluator: Evaluator, tree: Snapshot) -> dict[Mark, str]:
    """Return the marks of the cases that an evaluator has seen, each with the case."""
    return {mark: seen for seen in sorted(evaluator.seen) for mark in _marks(tree, evaluator, seen)}


def _marks(tree: Snapshot, evaluator: Evaluator, case_id: str) -> list[Mark]:
    spec = evaluator.definition.spec
    file = tree.file(golden_path(spec.dataset, case_id))
    gist = gist_of(file, spec.failure_mode, "") if file is not None else None
    found = marks(tree.index(spec.dataset).closures, case_id, gist)
    # A prompt holds the question itself; a classifier that learned from one answer to it has not
    # seen the others.
    return [mark for mark in found if mark[0] != INPUT or evaluator.model is not None]
