"""GG715: a rubric that labels name stays as it is."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.layout import Kind
from goldengit.models.lifecycle import restore_command
from goldengit.rules.base import TRANSITION, Rule


class RubricRewritten(Rule):
    """Rubrics are only added.

    ## What it does
    Reports a rubric file `rubrics/<failure-mode>.<n>.md` of the base that was changed or deleted.

    ## Why it matters
    A label names the number of the rubric it was given by. Another text under the same number
    would change what the label means.

    ## Example
    A sentence in `rubrics/wrong-tool.1.md` is made stricter.

    ## How to fix
    Run `git restore --source=BASE --staged --worktree -- PATH`, write the next number, and set
    `rubric` of the failure mode in `dataset.yaml` to it.
    """

    code = "GG715"
    name = "rubric-rewritten"
    judges = TRANSITION
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each rubric of the base that is not what it was."""
        for each in change.of_kind(Kind.RUBRIC):
            if each.before is not None:
                what = "deleted" if each.after is None else "changed"
                yield self.finding(
                    each.path,
                    f"This rubric was {what}; labels name it by its number.",
                    f"Run `{restore_command(change, each.path)}`, and write the next number.",
                )
