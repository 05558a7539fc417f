"""GG414: an objection is resolved before a case becomes golden."""

from collections.abc import Container, Iterator

from goldengit.models.case import Case
from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.layout import Kind
from goldengit.models.pull import ReviewState
from goldengit.models.signoff import Objection
from goldengit.rules.base import Rule


class OpenObjection(Rule):
    """No golden case carries an open objection.

    ## What it does
    Reports a golden case with an objection that nobody has resolved, or that somebody outside the
    roster resolved; that it was somebody else than the objector, the schema demands. The gate on
    GitHub also reports requested changes: the latest decisive review of an account that may write,
    or of a person of the roster.

    ## Why it matters
    A reviewer's no must be answered, by another person and in words.

    ## Example
    `reviewer-3` objects that the expected answer is out of date; the case is promoted all the same.

    ## How to fix
    Fill in `resolved_by`, `resolved_at` and `resolution` of the objection in the candidate, as
    another person than the objector; then `goldengit promote CANDIDATE`. Requested changes
    end when the same person approves, or when the review is dismissed.
    """

    code = "GG414"
    name = "open-objection"

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each objection in a golden case that does not count as resolved."""
        yield from self._requested(change)
        roster = change.policy.roster if change.policy else {}
        for file in change.readable(Kind.GOLDEN):
            objections = file.case.objections if isinstance(file.case, Case) else ()
            for place, objection in enumerate(objections):
                why = _why_open(objection, roster)
                if why:
                    yield self.finding(
                        file.path,
                        f"The objection of {objection.reviewer} {why}.",
                        "Fill in `resolved_by`, `resolved_at` and `resolution` in the candidate, "
                        f"then run `goldengit promote {file.spot.case}`.",
                        line=file.line("objections", place),
                    )

    def _requested(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each account whose last word on the pull request is no."""
        if change.reviewed is None or change.policy is None:
            return
        pull = change.reviewed.pull
        for account, review in pull.decisive().items():
            person = change.policy.person_of_account(account)
            counts = pull.may_write(account) or person is not None
            if review.state is ReviewState.CHANGES_REQUESTED and counts:
                login = review.by.login if review.by else ""
                yield self.finding(
                    ".",
                    f"{person or login} requests changes since {review.at}.",
                    "Answer the review, then ask for another one; whoever requested changes "
                    "approves, or the review is dismissed.",
                )


def _why_open(objection: Objection, roster: Container[str]) -> str:
    """Return why an objection is open, "" when it is resolved."""
    who = objection.resolved_by
    if who is None:
        return "is not resolved"
    return "" if who in roster else f"was resolved by {who}, who is not in the roster"
