"""GG506: a closed case that was opened or closed in another way."""

from collections.abc import Iterator

from goldengit.models.change import Change
from goldengit.models.finding import Finding
from goldengit.models.layout import Kind
from goldengit.models.lifecycle import appendices, equal, is_tombstone, restore_command
from goldengit.rules.base import TRANSITION, Rule


class AppendixChanged(Rule):
    """A `superseded_by` or `withdrawn` block was changed or removed.

    ## What it does
    An appendix is set once. Whatever the base has, the head has too, by its canonical JSON.

    ## Why it matters
    A case that was withdrawn because it is wrong must not come back unseen; the link to a
    successor is part of the record that people signed.

    ## Example
    The `withdrawn` block is deleted from the end of a file.

    ## How to fix
    Run `git restore --source=BASE --staged --worktree -- PATH`. To have the case back, promote it
    again under an id of its own: `goldengit promote NEW`.
    """

    code = "GG506"
    name = "appendix-changed"
    judges = TRANSITION
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each appendix of the base that the head does not have unchanged."""
        for file in change.of_kind(Kind.GOLDEN):
            if file.before is None or file.after is None or not file.after.value:
                continue
            if is_tombstone(file.after):  # GG315 looks at what it keeps
                continue
            for key, block in appendices(file.before.value).items():
                if key not in file.after.value:
                    message = f"The block `{key}` was removed, which would open a closed case."
                elif not equal(block, file.after.value[key]):
                    message = f"The block `{key}` was changed; it is set once."
                else:
                    continue
                remedy = f"Run `{restore_command(change, file.path)}`."
                yield self.finding(file.path, message, remedy, line=file.after.line(key))
