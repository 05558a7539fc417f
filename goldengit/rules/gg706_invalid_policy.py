"""GG706: there is a policy, and it can be read."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.layout import POLICY
from goldengit.rules.base import Rule


class InvalidPolicy(Rule):
    """`goldengit.yaml` is there, is well formed and strict enough.

    ## What it does
    Reports a missing `goldengit.yaml`, one that cannot be read, keys that are unknown, values of
    another type, a threshold below two, an empty roster, a roster with fewer signers than the
    threshold or without a maintainer.

    ## Why it matters
    Without a policy nobody's signoff counts. A typing error in a key must not switch a rule off.

    ## Example
    `signoffs: {treshold: 2}`

    ## How to fix
    Repair the line; `goldengit schema policy` shows what is expected, and `goldengit init` writes
    a first policy.
    """

    code = "GG706"
    name = "invalid-policy"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each thing that is wrong with the head's policy."""
        file = change.head.file(POLICY)
        if change.is_transition and not change.adoption and not _touched(change):
            return  # what the base had is judged by GG701
        if file is None:
            message = "The policy is missing, so nothing can be judged."
            yield self.finding(POLICY, message, "Run `goldengit init`, or restore the file.")
            return
        refusals = file.reading.refusals if file.reading else ()
        for refusal in refusals:
            if refusal.code == self.code:
                yield self.finding(POLICY, refusal.message, refusal.remedy, line=refusal.line)
        if file.policy is None and not any(refusal.code == self.code for refusal in refusals):
            first = refusals[0].message if refusals else "It is not a regular file."
            remedy = "Repair it; `goldengit schema policy` shows what is expected."
            yield self.finding(POLICY, f"The policy cannot be read. {first}", remedy)


def _touched(change: Change) -> bool:
    return any(each.path == POLICY for each in change.files)
