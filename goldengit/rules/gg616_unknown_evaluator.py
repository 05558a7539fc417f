"""GG616: datasets and evaluators name each other rightly."""

from collections.abc import Iterator

from goldengit.models.change import Change, Gauge
from goldengit.models.evaluator import DEFINITION
from goldengit.models.finding import Finding
from goldengit.models.layout import Kind, dataset_path, evaluator_path
from goldengit.models.recorded import uses
from goldengit.rules.base import Rule


class UnknownEvaluator(Rule):
    """A dataset names an evaluator that is not there, or the other way round.

    ## What it does
    Each evaluator that a `dataset.yaml` lists has an `evaluators/<id>/evaluator.yaml`, and stands
    there once. Each folder under `evaluators/` has this file, which repeats the folder's name as
    its `id`, and names a dataset of this repository and one of its failure modes.

    ## Why it matters
    A gate whose evaluator was renamed away asks nobody.

    ## Example
    `evaluators/citations` is renamed to `evaluators/citation-check`; `dataset.yaml` still says
    `id: citations`.

    ## How to fix
    Repair the name in the file that the message points to, or bring the folder back with
    `git restore`.
    """

    code = "GG616"
    name = "unknown-evaluator"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each name that leads nowhere."""
        for gauge in change.gauges:
            yield from self._definition(change, gauge)
        if any(_matters(each.spot.kind) for each in change.files):
            yield from self._uses(change)

    def _definition(self, change: Change, gauge: Gauge) -> Iterator[Finding]:
        file = change.head.file(gauge.path)
        if file is None:
            what = f"There is no {DEFINITION} in this folder."
            yield self.finding(gauge.path, what, "Write it, or remove the rest of the folder.")
            return
        spec = file.evaluator_spec
        if spec is None:
            return  # GG1xx says why
        if spec.id != gauge.id:
            message = f"The id is {spec.id}, but the folder is named {gauge.id}."
            remedy = f"Write `id: {gauge.id}`, or rename the folder with `git mv`."
            yield self.finding(file.path, message, remedy, line=file.line("id"))
        dataset = change.head.file(dataset_path(spec.dataset))
        modes = dataset.dataset_spec.failure_modes if dataset and dataset.dataset_spec else {}
        if dataset is None:
            message = f"There is no dataset {spec.dataset}."
            remedy = "Name a dataset of this repository."
            yield self.finding(file.path, message, remedy, line=file.line("dataset"))
        elif spec.failure_mode not in modes and dataset.sound:
            message = f"The dataset {spec.dataset} declares no failure mode {spec.failure_mode}."
            remedy = f"Declare it in {dataset.path}, or name one of: {', '.join(modes) or 'none'}."
            yield self.finding(file.path, message, remedy, line=file.line("failure_mode"))

    def _uses(self, change: Change) -> Iterator[Finding]:
        seen: set[tuple[str, str]] = set()
        for use in uses(change):
            name, path = use.use.id, use.file.path
            line = use.file.line("evaluators", use.place, "id")
            if change.head.entry(evaluator_path(name, DEFINITION)) is None:
                message = (
                    f"The dataset uses {name}, but there is no evaluators/{name}/{DEFINITION}."
                )
                remedy = "Repair the name, bring the folder back, or remove it from `evaluators`."
                yield self.finding(path, message, remedy, line=line)
            elif (path, name) in seen:
                message = f"The evaluator {name} is listed twice."
                yield self.finding(path, message, "Keep one of the two.", line=line)
            seen.add((path, name))


def _matters(kind: Kind) -> bool:
    return kind.is_of_evaluator or kind is Kind.DATASET
