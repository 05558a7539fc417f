"""GG610: people other than its author say what an evaluator should have said."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.recorded import Calibrated, calibrated, weight
from goldengit.rules.base import Rule


class LabelProvenance(Rule):
    """Human labels lack independent annotators.

    ## What it does
    Counts who labelled the recorded cases, as the cases themselves say: at least two persons, and
    not only the evaluator's `authors`. Labels of models never count. It is an error where a dataset
    lets the evaluator gate, else a warning. The manifest names the annotators and how well they
    agree with each other; GG601 holds it to the labels.

    ## Why it matters
    Whoever writes the prompt and the labels agrees with nobody else. And without a second
    person nobody knows how far people would agree at all, which is as far as a judge can get.

    ## Example
    An engineer writes a judge and labels forty cases on the same afternoon.

    ## How to fix
    Let another person label: promote cases with a second label, then run `goldengit calibrate
    EVALUATOR`; until then set its role to `signal` in `dataset.yaml`.
    """

    code = "GG610"
    name = "label-provenance"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each calibration on labels of too few people."""
        for one in calibrated(change):
            if one.gauge.verdicts is None:
                continue  # GG601 says so
            why = _flaw(_annotators(one), frozenset(one.definition.spec.authors))
            if why:
                yield self.finding(
                    one.file.path,
                    why,
                    "Let another person label, promote these cases, and run "
                    f"`{one.command}`; until then its role is `signal`.",
                    line=one.file.line("people"),
                    severity=weight(change, one.gauge.id),
                )


def _annotators(one: Calibrated) -> frozenset[str]:
    """Return who labelled the recorded cases, as far as they can be read."""
    if one.gauge.people is not None:
        return frozenset(one.gauge.people.annotators)
    return frozenset(person for said in one.gauge.labels.values() for person in said.votes)


def _flaw(annotators: frozenset[str], authors: frozenset[str]) -> str:
    if len(annotators) < 2:  # noqa: PLR2004 two people
        who = next(iter(annotators), "nobody")
        return f"All its labels are by {who}; two persons are needed."
    if annotators <= authors:
        return f"All its labels are by its authors ({', '.join(sorted(annotators))})."
    return ""
