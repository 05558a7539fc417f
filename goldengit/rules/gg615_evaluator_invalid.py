"""GG615: an evaluator can be built from its files."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.evaluator import EvaluatorSpec
from goldengit.models.finding import Finding
from goldengit.models.layout import dataset_path
from goldengit.rules.base import Rule


class EvaluatorInvalid(Rule):
    """The evaluator cannot be built.

    ## What it does
    Builds each evaluator from its folder without running it: its kind is known, its options fit the
    kind, the files that they name are there, and patterns and schemas compile. Every file of the
    folder is small enough to be read, or its digest would say nothing. No model is loaded
    or asked, and no code of a pull request is imported.

    ## Why it matters
    An evaluator that cannot be built says `unknown` to everything, or stops the deploy job with an
    error on the day it is needed.

    ## Example
    `options: {pattern: "(unclosed"}`

    ## How to fix
    Repair what the message names; `goldengit schema evaluator-KIND` shows the options of a kind.
    """

    code = "GG615"
    name = "evaluator-invalid"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each evaluator that cannot be built."""
        for gauge in change.gauges:
            file = change.head.file(gauge.path)
            spec = file.evaluator_spec if file else None
            if file is None or spec is None or not gauge.defect:
                continue  # GG616 or GG1xx says so
            if gauge.definition is None and not _is_declared(change, spec):
                continue  # GG616 says so
            yield self.finding(
                gauge.path,
                gauge.defect,
                gauge.repair,
                line=file.line("options"),
            )


def _is_declared(change: Change, spec: EvaluatorSpec) -> bool:
    """Tell whether the evaluator's dataset declares its failure mode."""
    file = change.head.file(dataset_path(spec.dataset))
    dataset = file.dataset_spec if file else None
    return dataset is not None and spec.failure_mode in dataset.failure_modes
