"""A change of a scenario as a pull request: what people said of it, without a forge."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from goldengit.gating.merge.topics import state_of, topics
from goldengit.models.approval import Approvals, Matter, Reviewed
from goldengit.models.change import Change
from goldengit.models.pull import Actor, Authorship, PullSnapshot, Review, ReviewState

HEAD = "a" * 40
MOMENT = "2026-08-20T11:00:00Z"


def as_pull(
    change: Change,
    *,
    approve: Iterable[str] = (),
    refused: Mapping[str, str] | None = None,
    behind: Mapping[str, str] | None = None,
    against: Iterable[str] = (),
    unexplained: str = "",
    unattributed: Iterable[str] = (),
) -> Change:
    """Return the change with these people behind, for or against each of its topics.

    `refused` and `behind` map persons to the words that follow; `against` request changes.
    """
    reviews = {name: _review(name, ReviewState.APPROVED) for name in approve}
    matters = {
        topic: Matter(state_of(change.head, topic), {}, (), behind or {}, unexplained)
        for topic in topics(change)
    }
    pull = PullSnapshot(
        number=1,
        url="https://github.com/org/evals/pull/1",
        title="A change",
        opener=_actor("reviewer-5"),
        is_open=True,
        is_draft=False,
        head=HEAD,
        branch="topic",
        base_branch="main",
        base_protected=True,
        default_branch="main",
        commits=tuple(Authorship(oid * 40, (), attributed=False) for oid in unattributed),
        reviews=tuple(_review(name, ReviewState.CHANGES_REQUESTED) for name in against),
    )
    approvals = {topic: Approvals(reviews, refused or {}) for topic in matters}
    return replace(change, require_confirmed=True, reviewed=Reviewed(pull, matters, approvals))


def _review(person: str, state: ReviewState) -> Review:
    return Review(1, _actor(person), state, HEAD, MOMENT)


def _actor(person: str) -> Actor:
    return Actor(100 + int(person.rpartition("-")[2]), person, is_person=True)
