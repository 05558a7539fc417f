"""GG508: a step that the life of a case does not have."""

from collections.abc import Iterator

from goldengit.models.change import Change, FileChange
from goldengit.models.finding import Finding
from goldengit.models.layout import Kind, candidate_path, golden_path
from goldengit.models.lifecycle import departures, is_tombstone, restore_command
from goldengit.rules.base import TRANSITION, Rule


class IllegalTransition(Rule):
    """A change of state that the life cycle does not have.

    ## What it does
    A row goes from the queue to the candidates to golden, and ends superseded, withdrawn or
    erased. Nothing goes back: no golden case returns to the candidates or the queue, no row enters
    there under an id that is golden, no candidate returns to the queue, no tombstone is filled
    again.

    ## Why it matters
    A golden case that becomes a candidate again may be changed and promoted again: an edit in
    three steps.

    ## Example
    `git mv datasets/support/golden/2026-03/ID.yaml datasets/support/candidates/ID.yaml`

    ## How to fix
    Run `git restore --source=BASE --staged --worktree -- PATH` and `git rm` the new file. To
    correct a golden case run `goldengit supersede ID --by NEW --reason TEXT`.
    """

    code = "GG508"
    name = "illegal-transition"
    judges = TRANSITION
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each step back."""
        demoted = {}
        for departure in departures(change):
            if departure.is_demotion and departure.to is not None:
                demoted[departure.to.path] = departure.before.path
        for path, origin in demoted.items():
            message = f"A golden case cannot go back; this one came from {origin}."
            remedy = f"Run `git rm '{path}'` and `{restore_command(change, origin)}`."
            yield self.finding(path, message, remedy)
        for file in change.of_kind(Kind.QUEUE, Kind.CANDIDATE, Kind.GOLDEN):
            problem = _problem(change, file) if file.path not in demoted else ""
            if problem:
                remedy = f"Run `git rm '{file.path}'`."
                if file.before is not None:
                    remedy = f"Run `{restore_command(change, file.path)}`."
                yield self.finding(file.path, problem, remedy)


def _problem(change: Change, file: FileChange) -> str:
    spot = file.spot
    if file.after is None:
        return ""
    if spot.kind is Kind.GOLDEN:
        refilled = file.before is not None and is_tombstone(file.before)
        return (
            "An erased case cannot come back." if refilled and not is_tombstone(file.after) else ""
        )
    if change.base.entry(golden_path(spot.dataset, spot.case)) is not None:
        word = "closed" if spot.case in change.base.index(spot.dataset).closures else "golden"
        return f"{spot.case} is {word} already, so it cannot wait for review again."
    was_candidate = change.base.entry(candidate_path(spot.dataset, spot.case)) is not None
    if spot.kind is Kind.QUEUE and file.before is None and was_candidate:
        return f"{spot.case} is a candidate already, so it cannot go back to the queue."
    return ""
