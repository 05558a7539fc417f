"""Life line: everything that ever happened to one case, and who stood behind it."""

from collections.abc import Iterator
from dataclasses import dataclass

from goldengit.checking import verify_claims
from goldengit.checking.pinned import recorded_claims
from goldengit.errors import UsageError
from goldengit.models.change import File
from goldengit.models.claims import claims_of
from goldengit.models.identity import is_case_id
from goldengit.models.layout import (
    Kind,
    candidate_path,
    golden_path,
    locate,
    queue_path,
)
from goldengit.models.policy import Policy
from goldengit.models.signoff import Proof
from goldengit.repository import history
from goldengit.repository.store import Store


@dataclass(frozen=True, slots=True)
class Event:
    """One commit in the life of a case. `digest` is the case's after it, "" when it was gone."""

    commit: str
    at: str
    path: str
    what: str
    digest: str


@dataclass(frozen=True, slots=True)
class Signature:
    """One signoff of the case as it stands now, and what proves it."""

    transition: str
    person: str
    role: str
    at: str
    proof: Proof
    review: int | None = None


@dataclass(frozen=True, slots=True)
class LifeLine:
    """The life of one case up to a commit. `state` says what it is now."""

    case: str
    dataset: str
    state: str
    events: tuple[Event, ...]
    signatures: tuple[Signature, ...]


def life_line(store: Store, case: str, tip: str = "HEAD") -> LifeLine:
    """Return the life line of a case, in whichever dataset it is.

    Raises UsageError when no commit up to the tip ever had it.
    """
    commit = store.repository.commit(tip)
    snapshot = store.snapshot(tip, store.repository.tree_of(commit))
    for dataset in snapshot.datasets if is_case_id(case) else ():
        paths = [
            queue_path(dataset, case),
            candidate_path(dataset, case),
            golden_path(dataset, case),
        ]
        commits = _touching(store, commit, paths)
        if commits:
            file = snapshot.file(paths[2])
            policy_file = snapshot.file("goldengit.yaml")
            policy = policy_file.policy if policy_file else None
            return LifeLine(
                case=case,
                dataset=dataset,
                state=_state(file, [path for path in paths if snapshot.entry(path)]),
                events=tuple(event for oid in commits for event in _events(store, oid, paths)),
                signatures=tuple(_signatures(store, file, policy)) if file and policy else (),
            )
    raise UsageError(f"No case {case!r} is in the history of {tip}.", remedy="Check the id.")


def _touching(store: Store, commit: str, paths: list[str]) -> list[str]:
    output = store.repository.text("rev-list", "--first-parent", "--reverse", commit, "--", *paths)
    return output.splitlines()


def _events(store: Store, oid: str, paths: list[str]) -> Iterator[Event]:
    raw = store.objects.commit(oid)
    parent = store.repository.find_commit(f"{oid}^1")
    old = store.repository.tree_of(parent) if parent else store.repository.empty_tree
    tree = history.tree_of_commit(raw)
    before, after = store.snapshot("", old), store.snapshot("", tree)
    for path in paths:
        was, now = before.file(path), after.file(path)
        if was is not None and now is None and locate(path).kind is not Kind.GOLDEN:
            continue  # it moved on; the event of its new place tells that
        if (was.entry if was else None) != (now.entry if now else None):
            yield Event(
                oid,
                history.moment_of_commit(raw),
                path,
                _what(path, was, now),
                now.digest if now else "",
            )


def _what(path: str, was: File | None, now: File | None) -> str:
    kind = locate(path).kind
    if now is None:
        return "deleted"
    if was is None:
        return {Kind.QUEUE: "queued", Kind.CANDIDATE: "became a candidate"}.get(
            kind, "became golden"
        )
    for key, word in (
        ("erased", "erased"),
        ("superseded_by", "superseded"),
        ("withdrawn", "withdrawn"),
    ):
        if key in now.value and key not in was.value:
            return word
    return "edited" if kind is Kind.GOLDEN else "revised"


def _state(file: File | None, present: list[str]) -> str:
    if file is None:
        return f"{locate(present[-1]).kind}" if present else "gone"
    for key, word in (
        ("erased", "erased"),
        ("superseded_by", "superseded"),
        ("withdrawn", "withdrawn"),
    ):
        if key in file.value:
            return word
    return "golden, active"


def _signatures(store: Store, file: File, policy: Policy) -> Iterator[Signature]:
    stated = list(claims_of(file, policy.repository))
    recorded = recorded_claims(store, policy)
    claims = [(one.claim, one.signoff.signature) for one in stated]
    proofs = verify_claims(claims, policy, recorded)
    for one in stated:
        claim = one.claim
        review = recorded[claim].review if claim in recorded else None
        who = (claim.transition, claim.person, claim.role, claim.at)
        yield Signature(*who, proofs[claim], review)
