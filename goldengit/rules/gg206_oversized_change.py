"""GG206: a change that nobody can review."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.layout import POLICY
from goldengit.rules.base import TRANSITION, Rule


class OversizedChange(Rule):
    """A change has too many files or bytes.

    ## What it does
    Counts the files that a change touches and the bytes of what it adds or rewrites, and compares
    them with `limits.change_files` and `limits.change_bytes` of the policy.

    ## Why it matters
    A single bad file hides among thousands; review pages stop showing files far earlier.

    ## Example
    A pull request of 3,200 files, with one edited rubric among them.

    ## How to fix
    Split it: `git switch -c PART-1 BASE`, `git checkout BRANCH -- PATHS`, one request a part.
    """

    code = "GG206"
    name = "oversized-change"
    judges = TRANSITION

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each limit that the change exceeds."""
        if change.policy is None:
            return
        limits = change.policy.limits
        size = sum(file.after.size for file in change.files if file.after is not None)
        for count, limit, unit in (
            (len(change.files), limits.change_files, "files"),
            (size, limits.change_bytes, "bytes"),
        ):
            if count > limit:
                message = f"The change has {count:,} {unit}, more than the limit of {limit:,}."
                remedy = "Split it: `git switch -c PART-1 BASE`, `git checkout BRANCH -- PATHS`."
                yield self.finding(POLICY, message, remedy)
