"""GG711: the program is as new as the policy wants."""

import re
from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.layout import POLICY
from goldengit.rules.base import Rule


class ToolTooOld(Rule):
    """The program is not older than `min_tool_version`.

    ## What it does
    Reports a run of a goldengit that is older than the policy in force demands.

    ## Why it matters
    An old version does not know newer keys, and has the holes that newer ones have closed.

    ## Example
    The hook of a laptop was installed last year; the policy says `min_tool_version: 1.2.0`.

    ## How to fix
    Run `pre-commit autoupdate`, or `pip install --upgrade goldengit`.
    """

    code = "GG711"
    name = "tool-too-old"

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding when this program is older than the policy wants."""
        wanted = change.policy.min_tool_version if change.policy else "0"
        if _numbers(change.tool_version) < _numbers(wanted):
            yield self.finding(
                POLICY,
                f"This is goldengit {change.tool_version}, but the policy wants {wanted} or newer.",
                "Run `pre-commit autoupdate`, or `pip install --upgrade goldengit`.",
            )


def _numbers(version: str) -> tuple[int, ...]:
    """Return the first three numbers of a version; a pre-release counts as its release."""
    return tuple(int(number) for number in re.findall(r"[0-9]+", version)[:3])
