"""When an approving review confirms what somebody is said to stand behind.

An approval is about a topic: a case with its transition, or a file that steers the gate. It counts
when its person saw exactly what stands there now. That cannot be read off the review's commit,
which the forge moves forward (a clean merge of the base re-stamps it). So three things must hold:
the topic is the same at the review's commit and at the head, the review is later than the first
time that the gate's own status stood on a commit with it, and later than the last change of base.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from goldengit.models.policy import Policy
from goldengit.models.pull import CONTEXT, PullSnapshot, Review, ReviewState, Status
from goldengit.models.signoff import Role

Topic = tuple[str, str]  # a path, and a transition or "file"
FILE = "file"
AGAIN = "approve again"  # how a reason ends where that is all it takes
ABSENT = ""  # the state of a topic where the path does not exist


@dataclass(frozen=True)
class Matter:
    """What an approval may be about, as it is in the commits of a pull request.

    `state` is what it is in the merge result: a digest, or the id of a blob or a tree. `states`
    maps commits to theirs, `ABSENT` where there is nothing; a commit that could not be read is
    missing. `line` are the commits of the request, from its head along first parents. `behind` maps
    each person who cannot approve it to the reason, in words that follow the name.
    """

    state: str
    states: Mapping[str, str] = field(repr=False)
    line: tuple[str, ...] = field(repr=False)
    behind: Mapping[str, str] = field(default_factory=dict)

    unexplained: str = ""  # why it cannot be told who is behind it, "" when it can


@dataclass(frozen=True)
class Approvals:
    """Who confirms a topic, by which review; and whose approval does not count, and why.

    Both map persons of the roster; the reasons continue "the approval of X".
    """

    confirmed: Mapping[str, Review]
    refused: Mapping[str, str]


@dataclass(frozen=True)
class Reviewed:
    """A change as a pull request: what people must approve, who is behind it, who approves."""

    pull: PullSnapshot
    matters: Mapping[Topic, Matter]
    approvals: Mapping[Topic, Approvals]


def approvals(
    matter: Matter, pull: PullSnapshot, statuses: Mapping[str, Sequence[Status]], policy: Policy
) -> Approvals:
    """Return who confirms a matter. `statuses` maps commits to the statuses found on them."""
    confirmed: dict[str, Review] = {}
    refused: dict[str, str] = {}
    since = shown_since(matter, pull, statuses, policy)
    for person, review in _last_words(pull, policy).items():
        if review.state is not ReviewState.APPROVED:
            continue
        why = _why_not(review, person, matter, pull, since) or _why_ended(review, person, policy)
        if why:
            refused[person] = why
        else:
            confirmed[person] = review
    return Approvals(confirmed, refused)


def _last_words(pull: PullSnapshot, policy: Policy) -> Mapping[str, Review]:
    """Return the latest decisive review of each person, whichever of their accounts gave it."""
    found: dict[str, Review] = {}
    for review in sorted(pull.decisive().values(), key=lambda one: (one.at, one.id)):
        person = policy.person_of_account(review.by.id) if review.by else None
        if person is not None:
            found[person] = review
    return found


def shown_since(
    matter: Matter,
    pull: PullSnapshot,
    statuses: Mapping[str, Sequence[Status]],
    policy: Policy,
) -> str:
    """Return when the gate first saw this state in the request's uninterrupted line, "" for never.

    Only the gate's own statuses for this very request count, and only from the head back to where
    the state was another one: what was left and came back must be looked at again. Times of
    commits prove nothing, since their author writes them.
    """
    moments: list[str] = []
    for commit in matter.line:
        if matter.states.get(commit) != matter.state:
            break
        moments += [
            status.at for status in statuses.get(commit, ()) if is_own(status, pull, policy)
        ]
    return min(moments, default="")


def is_own(status: Status, pull: PullSnapshot, policy: Policy) -> bool:
    """Tell whether a status was posted by the gate, about this pull request."""
    return (
        policy.forge is not None
        and status.by == policy.forge.gate_account
        and status.description.startswith(pull.mark)
    )


def _why_not(review: Review, person: str, matter: Matter, pull: PullSnapshot, since: str) -> str:
    """Return why an approval does not count, "" when it does."""
    if review.by is None or not review.by.is_person:
        return "comes from an app or a bot"
    if not pull.may_write(review.by.id):
        return "comes from an account without write permission"
    if person in matter.behind:
        return f"does not count: {person} {matter.behind[person]}"
    return _why_unseen(review, matter, pull, since)


def _why_ended(review: Review, person: str, policy: Policy) -> str:
    known = policy.roster[person]
    if any(known.holds(role, review.at) for role in get_args(Role)):
        return ""
    return f"of {review.at} comes when {person} holds no role"


def _why_unseen(review: Review, matter: Matter, pull: PullSnapshot, since: str) -> str:
    """Return why a reviewer cannot have seen what stands there now, "" when they have."""
    if matter.states.get(pull.head) != matter.state:
        return "is about the branch, and the base has changed this since: update the branch"
    if not review.commit or review.commit not in matter.states:
        return f"is about a commit that is gone: {AGAIN}"
    if matter.states[review.commit] != matter.state:
        return f"is about commit {review.commit[:12]}, where this was different: {AGAIN}"
    if not since:
        return f"came before the status {CONTEXT} stood on this content: {AGAIN}"
    if review.at <= since:
        return (
            f"of {review.at} is not later than the first appearance of this content at {since}: "
            f"{AGAIN}"
        )
    if review.at <= pull.retargeted:
        return f"of {review.at} is older than the change of base at {pull.retargeted}: {AGAIN}"
    return ""
