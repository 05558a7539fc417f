"""GG305: a new case under an id that was golden before."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.layout import locate
from goldengit.rules.base import TRANSITION, Rule


class IdReused(Rule):
    """A new case takes an id that was golden before.

    ## What it does
    Looks for each added golden path in the first-parent history of the base. An id that was ever
    golden stays reserved.

    ## Why it matters
    Deleting a case in one request and adding another one under its id in the next would be an edit
    that no single change shows.

    ## Example
    A case was removed by an administrator in March; in May its id comes back with other content.

    ## How to fix
    Promote the new case under an id of its own: `git mv OLD NEW`, with the `id` field to match. To
    bring the old case back unchanged, revert the commit that removed it: `git revert COMMIT`.
    """

    code = "GG305"
    name = "id-reused"
    judges = TRANSITION
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each added golden path that history had before."""
        for path in sorted(change.former):
            message = f"The id {locate(path).case} was golden before, so it stays reserved."
            yield self.finding(
                path, message, "Give the new case an id of its own: `git mv OLD NEW`."
            )
