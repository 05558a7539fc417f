"""Checking: two trees become a change, the rules judge it, and a report comes back.

The same engine stands behind every door: the staged check, the push check, a range, the whole
tree, and the gate.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

from goldengit import __version__
from goldengit.checking.examine import (
    added,
    is_spoilt,
    new_claims,
    scanned,
    styled,
    twice_read,
    verify_claims,
)
from goldengit.checking.gauged import gauged, touched
from goldengit.checking.past import commits_of, former, uncommitted, with_octopus
from goldengit.checking.pinned import recorded_claims
from goldengit.checking.question import Question
from goldengit.checking.view import in_view, judged
from goldengit.gauging.definitions import evaluator_ids
from goldengit.models.change import Change, ChangeKind, FileChange
from goldengit.models.finding import Finding, Report
from goldengit.models.layout import POLICY, golden_folder
from goldengit.models.policy import Policy
from goldengit.models.signoff import Claim
from goldengit.repository import history, sources
from goldengit.repository.snapshot import TreeSnapshot
from goldengit.repository.store import Store
from goldengit.rules import all_rules
from goldengit.rules.base import Rule
from goldengit.rules.gg714_unused_waiver import apply_waivers

__all__ = ["Question", "change_of", "judge", "moment", "transition", "verify_claims", "whole"]


def moment() -> str:
    """Return the present as RFC 3339 text in UTC, whole seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def transition(
    store: Store,
    base: str | None,
    head: str,
    *,
    now: str | None = None,
    require_confirmed: bool = False,
) -> Change:
    """Return the change from `base` to the merge result of `base` and `head`.

    Both are names of commits, or ids of trees; a base of None is the empty tree.
    """
    repository = store.repository
    base_commit = repository.find_commit(base) if base else None
    head_commit = repository.find_commit(head)
    tree, merge = repository.tree_of(head), None
    if base_commit and head_commit:
        result = sources.merged(repository, base_commit, head_commit)
        tree, merge = result.tree, result.merge
    question = Question(
        base=repository.tree_of(base) if base else repository.empty_tree,
        head=tree,
        base_name=base or "the empty tree",
        head_name=head,
        base_commit=base_commit,
        head_commit=head_commit,
        merge=merge,
        now=now or moment(),
        require_confirmed=require_confirmed,
    )
    return change_of(store, question)


def change_of(store: Store, question: Question) -> Change:
    """Return the transition that a question asks about, read and scanned."""
    policy, adoption = _policy_in_force(store, question)
    base = _snapshot(store, question.base_name, question.base, policy)
    head = _snapshot(store, question.head_name, question.head, policy)
    files = history.changed_files(store.repository.diff(question.base, question.head), base, head)
    files = tuple(styled(twice_read(file)) for file in files)
    commits = (*commits_of(store, question, files, head), *uncommitted(store, question, head))
    now = question.now or moment()
    return Change(
        kind=ChangeKind.TRANSITION,
        base=base,
        head=head,
        policy=policy,
        files=files,
        now=now,
        tool_version=__version__,
        gauges=gauged(
            touched(files, head),
            head,
            policy,
            now,
            base=base,
            thorough=question.require_confirmed,
        ),
        waivable=_waivable(),
        commits=commits,
        merge=with_octopus(question.merge, commits),
        former=former(store, question, files, policy),
        proofs=verify_claims(new_claims(files, policy), policy),
        sensitive=scanned(added(files), head) if question.scan else {},
        adoption=adoption,
        require_confirmed=question.require_confirmed,
    )


def whole(
    store: Store,
    tree: str,
    *,
    name: str = "the tree",
    now: str | None = None,
    deep: bool = False,
    require_confirmed: bool = False,
    recorded: Collection[Claim] = (),
) -> Change:
    """Return a whole tree as the change from the empty tree, judged by its own policy.

    Ordinary cases of settled months are judged by their months' facts and are not in the change;
    `deep` brings every file in, and scans it; `require_confirmed` brings every signoff in. Without
    them only signatures are verified whose key was revoked or compromised since. `recorded` are
    claims that the gate is known to have confirmed, beside those up to the evidence that the policy
    pins.
    """
    policy = _policy_at(store, tree)
    head = _snapshot(store, name, tree, policy)
    now = now or moment()
    everything = deep or require_confirmed
    files = tuple(
        FileChange(file.path, None, file) for file in in_view(head, policy, now, deep=everything)
    )
    if deep:
        files = tuple(twice_read(file) for file in files)
    claims = new_claims(files, policy)
    if not everything:
        claims = (claim for claim in claims if policy is not None and is_spoilt(policy, *claim))
    return Change(
        kind=ChangeKind.SNAPSHOT,
        base=store.snapshot("the empty tree", store.repository.empty_tree),
        head=head,
        policy=policy,
        files=files,
        now=now,
        tool_version=__version__,
        gauges=gauged(evaluator_ids(head), head, policy, now, thorough=require_confirmed),
        waivable=_waivable(),
        proofs=verify_claims(
            claims,
            policy,
            {*recorded, *recorded_claims(store, policy)} if require_confirmed else frozenset(),
        ),
        sensitive=scanned(added(files), head) if deep else {},
        deep=deep,
        require_confirmed=require_confirmed,
    )


def judge(change: Change, rules: Iterable[Rule] | None = None) -> Report:
    """Return what the rules find in a change, waivers applied, in the order of the paths."""
    found: set[Finding] = set()
    for rule in all_rules() if rules is None else rules:
        if change.kind in rule.judges and (change.policy is not None or not rule.needs_policy):
            found.update(rule.check(change))
    kept, waived = apply_waivers(change, found)
    return Report(
        source=f"{change.base.name} → {change.head.name}"
        if change.is_transition
        else change.head.name,
        findings=kept,
        waived=waived,
        judged=judged(change),
        unconfirmed=_unconfirmed(change),
    )


def _waivable() -> Mapping[str, bool]:
    return {rule.code: rule.waivable for rule in all_rules()}


def _unconfirmed(change: Change) -> int:
    """Return how many claims nothing proves; in a quick look at a tree, how many are unsigned."""
    if change.is_transition or change.deep or change.require_confirmed:
        return sum(not proof.verified for proof in change.proofs.values())
    return sum(
        facts.unsigned
        for dataset in change.head.datasets
        for facts in change.head.index(dataset).months.values()
    )


# -- the policy in force -------------------------------------------------------------------


def _policy_in_force(store: Store, question: Question) -> tuple[Policy | None, bool]:
    """Return the policy that judges, and whether the change is an adoption (DECISIONS 24)."""
    base = store.snapshot(question.base_name, question.base)
    if base.entry(POLICY) is not None:
        return _policy_at(store, question.base), False
    if any(base.entries(golden_folder(dataset)) for dataset in base.datasets):
        return None, False
    return _policy_at(store, question.head), True


def _policy_at(store: Store, tree: str) -> Policy | None:
    file = store.snapshot("", tree).file(POLICY)
    return file.policy if file else None


def _snapshot(store: Store, name: str, tree: str, policy: Policy | None) -> TreeSnapshot:
    return store.snapshot(name, tree, policy.limits if policy else None)
