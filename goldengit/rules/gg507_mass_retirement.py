"""GG507: so many cases retired that somebody in charge has to agree."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import floor

from goldengit.models.change import Change, DatasetIndex
from goldengit.models.digest import appendix_digest
from goldengit.models.finding import Finding
from goldengit.models.lifecycle import Closing, closings, has_maintainer
from goldengit.models.policy import Policy, Retirement
from goldengit.rules.base import TRANSITION, Rule

_WINDOW = timedelta(days=30)


class MassRetirement(Rule):
    """Too many active cases are retired in one change or period.

    ## What it does
    Counts, per dataset, the cases that a change closes and those closed within 30 days, and
    compares them with `retirement` in the policy: `free` cases are always allowed, beyond that a
    share of the active cases. No failure mode may fall below its floor of active cases. Beyond a
    limit each closure needs a maintainer in force who signs it as one.

    ## Why it matters
    Withdrawing the hardest cases lifts every score, and each withdrawal alone looks harmless.

    ## Example
    Forty of 200 cases are withdrawn in one request, signed by two labelers.

    ## How to fix
    Let a maintainer sign each closure: `goldengit signoff ID --key FILE --role maintainer`; or
    close fewer.
    """

    code = "GG507"
    name = "mass-retirement"
    judges = TRANSITION

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each closure beyond a limit that no maintainer signed."""
        if change.policy is None:
            return
        retired: dict[str, list[Closing]] = {}
        for closing in closings(change):
            retired.setdefault(closing.file.spot.dataset, []).append(closing)
        for dataset, ended in retired.items():
            reason = _excess(change, dataset, ended, change.policy.retirement)
            for closing in ended if reason else ():
                if not _is_backed(closing, change.policy):
                    remedy = (
                        f"Run `goldengit signoff {closing.case.id} --key FILE --role maintainer`."
                    )
                    yield self.finding(closing.file.path, reason, remedy, line=closing.line)


def _excess(change: Change, dataset: str, ended: list[Closing], limit: Retirement) -> str:
    """Say which limit a dataset exceeds, "" when none."""
    base, head = change.base.index(dataset), change.head.index(dataset)
    active = base.count - len(base.closures)
    per_change = max(limit.free, floor(limit.max_share_per_change * active))
    lost = len(head.closures.keys() - base.closures.keys())  # erasures included
    if lost > per_change:
        return f"The change closes {lost} of {active} active cases, more than {per_change}."
    recent = len(_recent(base, change.now)) + lost
    per_window = max(limit.free, floor(limit.max_share_per_30_days * active))
    if recent > per_window:
        return f"Within 30 days {recent} cases of {active} were closed, more than {per_window}."
    least = limit.floor_per_failure_mode
    for mode in sorted({label.failure_mode for closing in ended for label in closing.case.labels}):
        if _active(head, mode) < min(least, _active(base, mode)):
            return f"{_active(head, mode)} active cases of {mode} remain, fewer than {least}."
    return ""


def _recent(index: DatasetIndex, now: str) -> list[str]:
    """Return the cases that were closed within the window before `now`."""
    start = datetime.fromisoformat(now[:19]).replace(tzinfo=UTC) - _WINDOW
    since = start.strftime("%Y-%m-%dT%H:%M:%S")
    return [case for case, closure in index.closures.items() if closure.at >= since]


def _active(index: DatasetIndex, failure_mode: str) -> int:
    return sum(facts.active_by_failure_mode.get(failure_mode, 0) for facts in index.months.values())


def _is_backed(closing: Closing, policy: Policy) -> bool:
    """Tell whether a maintainer signed this very closure."""
    wanted = appendix_digest(closing.file.digest, closing.file.value[closing.key])
    return has_maintainer((one for one in closing.block.signoffs if one.digest == wanted), policy)
