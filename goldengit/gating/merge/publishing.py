"""From a pull request to its commit status: pending first, everything read again before success."""

from contextlib import suppress
from dataclasses import dataclass, replace

from goldengit.errors import GoldengitError, OutOfDateError
from goldengit.forge.pulls import pull_row, read_reviews, read_siblings
from goldengit.forge.rows import PullRow
from goldengit.forge.statuses import publish, statuses_on
from goldengit.gating.door import Door
from goldengit.gating.merge.decision import Decision, State
from goldengit.gating.merge.pull import gate_pull
from goldengit.models.pull import PullSnapshot

_JUDGING = "being judged"
_MOVED = "changed while it was judged; the next run decides"


@dataclass(frozen=True)
class Publisher:
    """Who posts statuses, and the page that each one leads to."""

    door: Door
    account: int
    page: str = ""

    def say(self, commit: str, state: State, description: str) -> None:
        """Post a status, unless the newest one says the same already."""
        publish(self.door.github, commit, state.value, description, self.page, by=self.account)

    def is_known(self, row: PullRow) -> bool:
        """Tell whether the head of a pull request already carries a status about it."""
        mark = f"PR #{row.number}:"
        return any(
            status.by == self.account and status.description.startswith(mark)
            for status in statuses_on(self.door.github, row.head.sha)
        )


def publish_pull(publisher: Publisher, number: int, *, announce: bool, now: str) -> Decision | None:
    """Judge a pull request and publish what was found; None when it is closed.

    `announce` tells that it was opened, pushed or retargeted: then nothing that was said before
    holds, and that is said first. Success is posted only when nothing moved since it was read, and
    taken back when something moved while it was posted. Raises OutOfDateError in the first case:
    the next run decides.
    """
    row = pull_row(publisher.door.github, number)
    if row.state != "open":
        return None
    mark = f"PR #{number}:"
    if announce or not publisher.is_known(row):
        publisher.say(row.head.sha, State.PENDING, f"{mark} {_JUDGING}")
    try:
        return _published(publisher, gate_pull(publisher.door, number, now=now))
    except OutOfDateError:
        raise
    except Exception as error:  # a fault of ours must not leave an older success standing either
        said = error.problem if isinstance(error, GoldengitError) else "the gate itself failed"
        with suppress(GoldengitError):  # what went wrong first is what is told
            publisher.say(row.head.sha, State.ERROR, f"{mark} {said}")
        raise


def publish_group(publisher: Publisher, decision: Decision) -> Decision:
    """Publish the word about a group of the merge queue; return what was published.

    Success is posted only when no member moved since it was judged, and taken back when one moved
    while it was posted.
    """
    waits = replace(decision, state=State.PENDING, sentence=f"a member {_MOVED}")
    try:
        for _ in range(2):  # before it is posted, and after
            if any(_moved(publisher.door, pull) for pull in decision.members):
                decision = waits
            publisher.say(decision.commit, decision.state, decision.description)
    except GoldengitError as error:
        with suppress(GoldengitError):
            publisher.say(decision.commit, State.ERROR, error.problem)
        raise
    return decision


def _published(publisher: Publisher, decision: Decision) -> Decision:
    pull = decision.pull
    if decision.state is not State.SUCCESS or pull is None:
        publisher.say(decision.commit, decision.state, decision.description)
        return decision
    if _moved(publisher.door, pull):
        publisher.say(decision.commit, State.PENDING, f"{pull.mark} {_MOVED}")
        raise OutOfDateError(
            f"Pull request {pull.number} {_MOVED}.", remedy="Nothing needs to be done."
        )
    publisher.say(decision.commit, State.SUCCESS, decision.description)
    if _moved(publisher.door, pull):
        publisher.say(decision.commit, State.PENDING, f"{pull.mark} {_MOVED}")
        return replace(decision, state=State.PENDING, sentence=_MOVED)
    return decision


def _moved(door: Door, pull: PullSnapshot) -> bool:
    """Tell whether head, base, state, draft, a sibling or any review is another than was judged."""
    row = pull_row(door.github, pull.number)
    now = (row.head.sha, row.base.ref, row.state == "open", row.draft)
    then = (pull.head, pull.base_branch, pull.is_open, pull.is_draft)
    return (
        now != then
        or read_reviews(door.github, pull.number) != pull.reviews
        or read_siblings(door.github, row) != pull.siblings
    )
