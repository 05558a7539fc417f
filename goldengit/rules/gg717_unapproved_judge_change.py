"""GG717: two people approve what decides how cases are judged."""

from collections.abc import Iterator

from goldengit.models.approval import FILE, Approvals, Reviewed
from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.protection import is_protected
from goldengit.rules.base import TRANSITION, Rule


class UnapprovedJudgeChange(Rule):
    """Enough people approve a change of what judges: evaluators, rubrics, datasets, baselines.

    ## What it does
    In the gate on GitHub, reports a change of a dataset's `dataset.yaml`, of a rubric, of a
    `baseline.yaml` or of an evaluator's folder that fewer persons of the roster approve than
    `signoffs.threshold` asks for. Such files carry no signoffs, so reviews alone can confirm them.
    An approval counts for exactly the content that it was given on (for an evaluator, its whole
    folder), and not from whoever opened the pull request, wrote the change or pushed it. Protected
    paths are GG703. Offline nothing is said: no file can prove an approval.

    ## Why it matters
    Who may loosen the evaluator, or move the baseline, needs no access to the cases.

    ## Example
    A pull request raises an evaluator from signal to gate, and one reviewer approves.

    ## How to fix
    Ask another person of the roster to approve the change.
    """

    code = "GG717"
    name = "unapproved-judge-change"
    judges = TRANSITION

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each file that still needs approvals."""
        if change.policy is None or change.reviewed is None:
            return
        threshold = change.policy.signoffs.threshold
        for path, approvals in _approvals(change, change.reviewed):
            given = sorted(approvals.confirmed)
            if len(given) < threshold:
                refused = "".join(
                    f"; the approval of {name} {why}" for name, why in approvals.refused.items()
                )
                by = ", ".join(given) or "nobody"
                yield self.finding(
                    path,
                    f"This decides how cases are judged; {len(given)} of {threshold} persons "
                    f"approve it ({by}){refused}.",
                    "Ask another person of the roster to approve the change.",
                )


def _approvals(change: Change, reviewed: Reviewed) -> Iterator[tuple[str, Approvals]]:
    for (path, what), approvals in reviewed.approvals.items():
        if what == FILE and not is_protected(path, change.policy):
            yield path, approvals
