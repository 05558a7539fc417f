"""GG709: a waiver is narrow, permitted and in force."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.layout import POLICY
from goldengit.models.policy import Waiver
from goldengit.rules.base import Rule

_WILD = frozenset("*?[]")


class BadWaiver(Rule):
    """A waiver names a waivable rule, one path, and a day that has not passed.

    ## What it does
    Looks at the waivers of a policy that is new, or of a whole tree, and reports one for a rule
    that does not exist or that nobody may waive, one whose path holds a wildcard, and one that has
    expired. Rules of integrity (GG1 to GG5 and GG7) cannot be waived.

    ## Why it matters
    Trust in a gate dies by silent exceptions.

    ## Example
    `{rule: GG303, path: "datasets/**", reason: urgent, expires: "2099-01-01"}`

    ## How to fix
    Take the waiver out of `goldengit.yaml`, or make it narrow; `goldengit explain CODE` says
    whether a rule can be waived.
    """

    code = "GG709"
    name = "bad-waiver"

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each waiver of the head's policy that does not count."""
        file = change.head.file(POLICY)
        if file is None or file.policy is None:
            return
        if change.is_transition and not any(each.path == POLICY for each in change.files):
            return
        for place, waiver in enumerate(file.policy.waivers):
            problem = _problem(waiver, change)
            if problem:
                yield self.finding(
                    POLICY,
                    f"The waiver of {waiver.rule} for {waiver.path} {problem}.",
                    f"Take it out of {POLICY}, or correct it.",
                    line=file.line("waivers", place),
                )


def _problem(waiver: Waiver, change: Change) -> str:
    if waiver.rule not in change.waivable:
        return "is about a rule that does not exist"
    if not change.waivable[waiver.rule]:
        return "is about a rule that cannot be waived"
    if _WILD & set(waiver.path) or waiver.path.endswith("/"):
        return "is not about one file"
    return f"has expired on {waiver.expires}" if waiver.expires < change.now[:10] else ""
