"""GG716: what frozen labels name stays what it was."""

from collections.abc import Iterator

from goldengit.models.change import Change, FileChange
from goldengit.models.dataset import FailureMode
from goldengit.models.finding import Finding
from goldengit.models.layout import Kind
from goldengit.rules.base import TRANSITION, Rule


class FailureModeChanged(Rule):
    """A failure mode that golden labels name keeps its name, its scale and its passing grade.

    ## What it does
    Reports a `dataset.yaml` that drops a failure mode which a golden case is labelled for, or that
    changes its `scale` or `pass_at`. Its title may change, its rubric number may rise.

    ## Why it matters
    Labels are frozen with their cases. With another scale the same grade would mean something else,
    and without the failure mode it would mean nothing.

    ## Example
    `course-fit` is graded from 1 to 5; somebody makes the scale 1 to 10.

    ## How to fix
    Put the failure mode back as it was. Give it a `retired` day when it is no longer looked for,
    and add another failure mode for the new scale.
    """

    code = "GG716"
    name = "failure-mode-changed"
    judges = TRANSITION
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each labelled failure mode that is gone or graded otherwise."""
        for each in change.of_kind(Kind.DATASET):
            before = each.before.dataset_spec if each.before else None
            after = each.after.dataset_spec if each.after else None
            if before is None or after is None or before.failure_modes == after.failure_modes:
                continue
            labelled = _labelled(change, each)
            for name, mode in before.failure_modes.items():
                said = _change(mode, after.failure_modes.get(name))
                if name in labelled and said:
                    yield self.finding(
                        each.path,
                        f"Golden cases are labelled for the failure mode {name}, which {said}.",
                        "Put it back; give it a `retired` day and add another failure mode.",
                        line=each.after.line("failure_modes", name) if each.after else 0,
                    )


def _labelled(change: Change, each: FileChange) -> set[str]:
    """Return the failure modes that golden cases are labelled for, those of this change too."""
    index = change.head.index(each.spot.dataset)
    return {kind[0] for facts in index.months.values() for kind in facts.label_kinds}


def _change(before: FailureMode, after: FailureMode | None) -> str:
    if after is None:
        return "is gone"
    if (before.scale, before.pass_at) != (after.scale, after.pass_at):
        return "is graded otherwise now"
    return "names an older rubric now" if after.rubric < before.rubric else ""
