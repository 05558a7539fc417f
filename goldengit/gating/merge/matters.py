"""Topics in the commits of a pull request: what each was where, and who made it so."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from goldengit.gating.merge.topics import state_of, topics
from goldengit.models.approval import Matter, Topic
from goldengit.models.change import Change, Commit
from goldengit.models.policy import Policy
from goldengit.models.pull import Actor, PullSnapshot, Push
from goldengit.repository.snapshot import TreeSnapshot
from goldengit.repository.store import Store

Fetch = Callable[[str], bool]  # brings a commit here by its id; False when that is not possible


@dataclass(frozen=True)
class Trees:
    """The trees of the commits that a pull request speaks of; a commit that is gone is missing."""

    by_commit: Mapping[str, TreeSnapshot]

    def states(self, topic: Topic) -> Mapping[str, str]:
        """Return what a topic is in each commit."""
        return {commit: state_of(tree, topic) for commit, tree in self.by_commit.items()}


def matters_of(
    store: Store, change: Change, pull: PullSnapshot, policy: Policy, fetch: Fetch
) -> Mapping[Topic, Matter]:
    """Return each topic of a change with what it was in every commit, and who is behind it."""
    found = topics(change)
    if not found:
        return {}
    trees = _trees(store, _named(change, pull), policy, fetch)
    line = _first_parents(change.commits, pull.head)
    return {topic: _matter(topic, change, pull, policy, trees, line) for topic in found}


def _matter(
    topic: Topic,
    change: Change,
    pull: PullSnapshot,
    policy: Policy,
    trees: Trees,
    line: tuple[str, ...],
) -> Matter:
    states = trees.states(topic)
    base = state_of(change.base, topic)
    actors = [*_openers(pull), *_pushers(pull, states, base), *_writers(change, pull, states, base)]
    behind: dict[str, str] = {}
    for actor, why in actors:
        person = _person(actor, policy)
        if person is not None:
            behind.setdefault(person, why)
    return Matter(
        state=state_of(change.head, topic),
        states=states,
        line=line,
        behind=behind,
        unexplained=_unexplained(pull, policy, states, base),
    )


def _person(actor: Actor | str, policy: Policy) -> str | None:
    """Return who an account, or an address in a commit, belongs to."""
    if isinstance(actor, Actor):
        return policy.person_of_account(actor.id)
    return policy.person_of_email(actor)


# -- the commits that are spoken of ---------------------------------------------------------------


def _named(change: Change, pull: PullSnapshot) -> Iterator[str]:
    """Yield the ids of all commits that the rules of approval may ask about."""
    yield pull.head
    for commit in change.commits:
        yield commit.oid
        yield from commit.parents
    for review in pull.decisive().values():  # anybody may comment, on any number of commits
        yield review.commit
    for push in pull.pushes or ():
        yield push.before
        yield push.after


def _trees(store: Store, commits: Iterable[str], policy: Policy, fetch: Fetch) -> Trees:
    found: dict[str, TreeSnapshot] = {}
    for commit in dict.fromkeys(commits):
        if commit.strip("0") and (store.repository.find_commit(commit) or fetch(commit)):
            tree = store.repository.tree_of(commit)
            found[commit] = store.snapshot(commit[:12], tree, policy.limits)
    return Trees(found)


def _first_parents(commits: Iterable[Commit], head: str) -> tuple[str, ...]:
    """Return the commits of the request from its head along first parents."""
    parents = {commit.oid: commit.parents for commit in commits}
    line: list[str] = []
    commit = head
    while commit in parents:
        line.append(commit)
        commit = parents[commit][0] if parents[commit] else ""
    return tuple(line)


# -- who is behind a topic --------------------------------------------------------------------


def _openers(pull: PullSnapshot) -> Iterator[tuple[Actor | str, str]]:
    if pull.opener is not None:
        yield pull.opener, "opened the pull request"


def _pushers(
    pull: PullSnapshot, states: Mapping[str, str], base: str
) -> Iterator[tuple[Actor | str, str]]:
    """Yield who pushed another state of a topic; who only added a signature changed nothing."""
    for push in pull.pushes or ():
        if push.by is not None and _moves(push, states, base):
            yield push.by, f"pushed it to the branch at {push.at}"


def _moves(push: Push, states: Mapping[str, str], base: str) -> bool:
    """Tell whether a push may have changed a topic; what cannot be read may have."""
    if not push.after.strip("0"):
        return False  # the branch was deleted
    before = base if not push.before.strip("0") else states.get(push.before)
    after = states.get(push.after)
    return before is None or after is None or before != after


def _writers(
    change: Change, pull: PullSnapshot, states: Mapping[str, str], base: str
) -> Iterator[tuple[Actor | str, str]]:
    """Yield who is behind a commit that made the topic what none of its parents had."""
    accounts = {one.oid: one.accounts for one in pull.commits}
    for commit in change.commits:
        parents = [states.get(parent) for parent in commit.parents] or [base]
        if states.get(commit.oid) not in parents:
            why = f"is behind commit {commit.oid[:12]}, which wrote it"
            yield from ((actor, why) for actor in accounts.get(commit.oid, ()))
            yield from ((address, why) for address in commit.people)


def _unexplained(pull: PullSnapshot, policy: Policy, states: Mapping[str, str], base: str) -> str:
    """Return why it cannot be told who is behind a topic, "" when it can."""
    if pull.opener is None:
        return "the account that opened the pull request was deleted"
    if pull.pushes is None:
        allowed = policy.forge is not None and policy.forge.allow_forks
        return "" if allowed else "its branch is in a fork, which shows nobody who pushed to it"
    if pull.head not in {push.after for push in pull.pushes}:
        return f"GitHub has no record of who pushed {pull.head[:12]}"
    if not any(_moves(push, states, base) for push in pull.pushes):
        return "GitHub has no record any more of who pushed it"  # older rows may be cut off
    if any(push.by is None and _moves(push, states, base) for push in pull.pushes):
        return "the account that pushed it was deleted"
    return ""
