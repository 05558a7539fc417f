"""GG825: what a push does to approvals; told, never judged."""

from collections.abc import Iterator

from goldengit.guarantees.base import Guarantee
from goldengit.models.finding import Severity
from goldengit.models.policy import Policy
from goldengit.models.settings import Diagnosis, Known, Settings, State


class ReviewDismissal(Guarantee):
    """Approvals are dismissed by every push, or kept until the content changes: which of the two.

    ## What it does
    `goldengit doctor` tells whether a protected branch dismisses stale approvals. Both ways are
    sound. Kept: the gate itself voids an approval when the content that it was given for changes.
    Dismissed: the platform voids all of them whenever the diff changes, so also when another case
    or a claim is added, and the gate takes a dismissed approval for a withdrawn one.

    ## Why it matters
    People who wonder why they are asked to approve again should be able to find out.

    ## Example
    A push that adds a second case, after which the approval of the first one is gone.

    ## How to fix
    Nothing needs to be changed. "Dismiss stale pull request approvals when new commits are pushed"
    is the setting; off asks people less often.
    """

    code = "GG825"
    name = "review-dismissal"
    severity = Severity.NOTE

    def diagnose(self, settings: Settings, policy: Policy | None) -> Iterator[Diagnosis]:  # noqa: ARG002
        """Yield which way each branch goes; without reviews (GG801) there is nothing to tell."""
        for branch in settings.branches:
            guarantee = f"{branch.name}: stale approvals do not count"
            if not isinstance(branch.rules, Known):
                yield self.unseen(guarantee, branch.rules)
            elif branch.rules.value.review is not None:
                dismisses = branch.rules.value.review.dismisses
                found = "any push voids them" if dismisses else "the gate voids them"
                yield self.told(guarantee, State.OK, found)
