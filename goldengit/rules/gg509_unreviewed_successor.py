"""GG509: a case replaced by one that nobody reviewed."""

from collections.abc import Iterator

from goldengit.models.case import Case
from goldengit.models.change import Change, File
from goldengit.models.facts import signers_fit
from goldengit.models.finding import Finding
from goldengit.models.layout import golden_path
from goldengit.models.lifecycle import closings
from goldengit.models.policy import Policy
from goldengit.rules.base import TRANSITION, Rule


class UnreviewedSuccessor(Rule):
    """The successor does not have its own two signoffs.

    ## What it does
    The case that a new `superseded_by` names must satisfy the signoff rule by itself, over its own
    content. The signoffs of the supersession do not count for it.

    ## Why it matters
    Otherwise a reviewed case could be replaced by an unreviewed one, with two signatures under the
    exchange and none under the content.

    ## Example
    A successor is added in the same request, with one signoff.

    ## How to fix
    Let the reviewers sign the successor: `goldengit signoff NEW --key FILE`.
    """

    code = "GG509"
    name = "unreviewed-successor"
    judges = TRANSITION

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each new link to a case that too few people signed."""
        if change.policy is None:
            return
        for closing in closings(change):
            path = golden_path(closing.file.spot.dataset, closing.successor)
            successor = change.head.file(path) if closing.successor else None
            if successor is not None and not _is_reviewed(successor, change.policy):
                message = (
                    f"The successor {closing.successor} does not satisfy the signoff rule itself."
                )
                remedy = (
                    f"Let its reviewers run `goldengit signoff {closing.successor} --key FILE`."
                )
                line = closing.file.line(closing.key, "case")
                yield self.finding(closing.file.path, message, remedy, line=line)


def _is_reviewed(file: File, policy: Policy) -> bool:
    if not isinstance(file.case, Case):
        return False
    bound = [signoff for signoff in file.case.signoffs if signoff.digest == file.digest]
    times = [signoff.at for signoff in bound]
    signers = tuple(sorted((signoff.reviewer, signoff.role) for signoff in bound))
    return bool(times) and signers_fit(signers, min(times), max(times), policy)
