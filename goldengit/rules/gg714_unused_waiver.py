"""GG714: a waiver that nothing needs any more."""

from collections.abc import Iterable, Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding, Severity, Waived
from goldengit.models.layout import POLICY
from goldengit.models.policy import Waiver
from goldengit.rules.base import Rule


class UnusedWaiver(Rule):
    """Each waiver tolerates something.

    ## What it does
    In a check of the whole tree, warns of a waiver of the policy that matched no finding. It looks
    at what all other rules found, so it speaks after them.

    ## Why it matters
    A forgotten exception waits for somebody who needs one.

    ## Example
    The secret was removed from the candidate; the waiver for it is still in the policy.

    ## How to fix
    Take the waiver out of `goldengit.yaml`, in a change of its own.
    """

    code = "GG714"
    name = "unused-waiver"
    severity = Severity.WARNING

    def check(self, change: Change) -> Iterator[Finding]:  # noqa: ARG002
        """Yield nothing: what the others found is needed first, see `apply_waivers`."""
        yield from ()

    def unused(self, change: Change, waiver: Waiver, place: int) -> Finding:
        """Return the finding for a waiver that tolerated nothing."""
        file = change.head.file(POLICY)
        return self.finding(
            POLICY,
            f"The waiver of {waiver.rule} for {waiver.path} matches no finding.",
            f"Take it out of {POLICY}, in a change of its own.",
            line=file.line("waivers", place) if file else 0,
        )


def apply_waivers(
    change: Change, findings: Iterable[Finding]
) -> tuple[tuple[Finding, ...], tuple[Waived, ...]]:
    """Return the findings that remain, sorted, and those that the policy in force waives.

    A waiver counts for exactly its rule and path, until the end of its day, and only for rules that
    may be waived. In a deep check of a whole tree, which sees everything, each waiver that nothing
    needed becomes a GG714.
    """
    waivers = change.policy.waivers if change.policy else ()
    kept: list[Finding] = []
    waived: list[Waived] = []
    used: set[int] = set()
    for finding in sorted(findings):
        match = [
            place
            for place, waiver in enumerate(waivers)
            if _waives(waiver, finding, change.now) and change.waivable.get(finding.rule)
        ]
        used.update(match)
        if match:
            waived.append(Waived(finding, waivers[match[0]].reason))
        else:
            kept.append(finding)
    if change.deep:
        unused = [place for place in range(len(waivers)) if place not in used]
        kept += [UnusedWaiver().unused(change, waivers[place], place) for place in unused]
    return tuple(sorted(kept)), tuple(waived)


def _waives(waiver: Waiver, finding: Finding, now: str) -> bool:
    return (waiver.rule, waiver.path) == (finding.rule, finding.place.path) and (
        now[:10] <= waiver.expires
    )
