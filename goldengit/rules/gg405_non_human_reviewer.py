"""GG405: signoffs and labels come from people of the roster."""

from collections.abc import Iterator

from goldengit.models.change import Change, File
from goldengit.models.claims import fresh_claims
from goldengit.models.finding import Finding
from goldengit.models.layout import Kind
from goldengit.rules.base import Rule

_REMEDY = (
    "Let a person of the roster do it, or add this one to `goldengit.yaml` in a change of its own."
)


class NonHumanReviewer(Rule):
    """Only people of the roster sign and label.

    ## What it does
    Reports a signoff or a label by somebody who is not in the roster of the policy in force: the
    base's, so a change cannot bring its own reviewers. A label with `source: model` names the
    person who entered it. On GitHub the gate also refuses reviews by apps and bots.

    ## Why it matters
    A name in a file is only a word until the roster says whose it is.

    ## Example
    A golden case is signed by `release-bot`, which the roster does not have.

    ## How to fix
    Let a person of the roster sign (`goldengit signoff ID`) or label; or add the person to
    `goldengit.yaml` first, in a change of its own.
    """

    code = "GG405"
    name = "non-human-reviewer"

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each signer and each labeller outside the roster."""
        roster = change.policy.roster if change.policy else {}
        for signed in fresh_claims(change):
            if signed.claim.person not in roster:
                yield self._stranger(signed.file, signed.claim.person, "signs", signed.line)
        for file in _labelled(change):
            for place, label in enumerate(file.value.get("labels", ())):
                who, line = label["reviewer"], file.line("labels", place)
                if who not in roster:
                    yield self._stranger(file, who, "labels", line)

    def _stranger(self, file: File, who: str, verb: str, line: int) -> Finding:
        message = f"{who} {verb} this case, but is not in the roster of the policy in force."
        return self.finding(file.path, message, _REMEDY, line=line)


def _labelled(change: Change) -> Iterator[File]:
    """Yield the files whose labels this change brings."""
    for each in change.of_kind(Kind.QUEUE, Kind.CANDIDATE, Kind.LABELS, Kind.GOLDEN):
        closes = each.spot.kind is Kind.GOLDEN and each.before is not None
        if each.after is not None and each.after.sound and not closes:
            yield each.after
