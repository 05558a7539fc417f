"""GG205: a pointer to content instead of content."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.layout import Kind
from goldengit.rules.base import Rule

_POINTER = b"version https://git-lfs"


class LfsPointer(Rule):
    """A data file is a Git LFS pointer instead of its content.

    ## What it does
    Looks at the first bytes of every added or changed data file.

    ## Why it matters
    A pointer is signed and judged, but its content comes from a server that may give another one
    tomorrow.

    ## Example
    `datasets/support/attachments/…` begins with `version https://git-lfs`.

    ## How to fix
    Run `git lfs untrack PATTERN`, then `git add --renormalize PATH`, and commit the content.
    """

    code = "GG205"
    name = "lfs-pointer"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each data file that is a pointer."""
        for file in change.files:
            if file.after is None or file.spot.kind is Kind.OTHER:
                continue
            if file.after.data.startswith(_POINTER):
                message = "This is a Git LFS pointer, not the content itself."
                remedy = f"Run `git lfs untrack '{file.path}'` and commit the content."
                yield self.finding(file.path, message, remedy)
