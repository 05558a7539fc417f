"""Refusals: what would be refused afterwards is refused before anything is paid or looked at."""

from contextlib import suppress

from goldengit.calibrating.labelled import Labelled
from goldengit.errors import CannotJudgeError, UsageError
from goldengit.gauging.definitions import definition_of
from goldengit.models.evaluator import DEFINITION, Definition
from goldengit.models.layout import evaluator_path
from goldengit.repository.store import Store


def refuse_old_version(store: Store, definition: Definition) -> None:
    """Raise UsageError for an evaluator that differs from HEAD's under the same version.

    It could not be committed (GG612), and under another version it is another evaluator: measured
    twice, it would have looked twice at the held-out labels.
    """
    before = _committed(store, definition.spec.id)
    version = definition.spec.version
    if before is None or before.digest == definition.digest or version > before.spec.version:
        return
    raise UsageError(
        f"The evaluator changed, but its version is {version}; HEAD has {before.spec.version}. "
        "Measured now, its next version would be another look at the held-out labels.",
        remedy=f"Write `version: {before.spec.version + 1}`, then run the command again.",
        place=evaluator_path(definition.spec.id, DEFINITION),
    )


def _committed(store: Store, evaluator: str) -> Definition | None:
    """Return an evaluator as HEAD has it, None where it has none that can be read."""
    head = store.repository.find_commit("HEAD")
    if head is not None:
        with suppress(CannotJudgeError):
            tree = store.snapshot("HEAD", store.repository.tree_of(head))
            return definition_of(tree, evaluator)
    return None


def leaking(leak: str, labels: Labelled, evaluator: str) -> CannotJudgeError:
    """Return the error for an evaluator that has seen what it is to be measured on."""
    parts = f"`goldengit calibrate {evaluator} --dry-run` lists the parts"
    return CannotJudgeError(
        f"{leak}, so its agreement would prove nothing.",
        remedy="All labels are held out: invent the examples."
        if labels.protocol == "blind"
        else f"Take examples from another part; {parts}.",
        place=evaluator_path(evaluator, DEFINITION),
    )
