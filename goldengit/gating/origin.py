"""The origin of a branch: its steps, verified one after another from the last trusted one on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from goldengit import __version__
from goldengit.errors import CannotJudgeError, UnverifiedCommitError
from goldengit.forge.pulls import default_branch
from goldengit.gating.door import Door, policy_at
from goldengit.gating.ground import Ground
from goldengit.gating.push import Step, verify_step
from goldengit.models.evidence import EvidenceRecord
from goldengit.models.policy import Policy
from goldengit.models.signoff import Claim
from goldengit.repository import evidence, history, sources
from goldengit.repository.evidence import Chain
from goldengit.repository.fetching import fetch_ref, push_ref

_REF = "refs/goldengit/forge/evidence"
_ATTEMPTS = 3  # to append, while other runs append too


@dataclass(frozen=True)
class Origin:
    """A branch up to a commit: where verification began, the steps since, and the chain before.

    `faults` are earlier steps that were recorded as faults, and that no pin deals with yet.
    """

    branch: str
    commit: str
    start: str
    steps: tuple[Step, ...]
    chain: Chain
    faults: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Tell whether any step since the start is not as it must be."""
        return any(step.report.failed for step in self.steps)

    def claims(self, repository: str) -> frozenset[Claim]:
        """Return the claims that the trusted records and the verified steps confirm."""
        recorded = (
            one.claim(record.repository)
            for record in self.chain.records
            for one in record.confirmations
        )
        fresh = (one.claim(repository) for step in self.steps for one in step.confirmations)
        return frozenset((*recorded, *fresh))


def verified(
    door: Door, branch: str, commit: str, policy: Policy, *, now: str, pinned: bool, since: str = ""
) -> Origin:
    """Return the origin of a commit of a branch.

    Verification goes on where the chain of evidence ends, or else where the policy says that
    continuity begins, or with the first commit. With `pinned` only records up to the
    policy's `evidence_tip` are trusted, since whoever may push could have written later ones; what
    they are about is asked of the forge again. For the same reason what came after `since`, the tip
    before a push, is looked at whatever is recorded of it. Raises UnverifiedCommitError when the
    branch does not continue from there, or when the forge's does not lead to the commit.
    """
    repository = door.store.repository
    if commit not in history.first_parents(repository, None, door.tip(branch, f"tip/{branch}")):
        raise UnverifiedCommitError(
            f"{commit[:12]} is no step of `{branch}` on {door.github.place.host}.",
            remedy="Verify what was pushed: `git fetch origin`, and give its tip as --commit.",
        )
    chain = _trusted(door, policy) if pinned else _whole(door, policy)
    line = [record.commit for record in chain.records if record.branch == branch]
    start = line[-1] if line else policy.history.continuity_start or _root(door, commit)
    if commit in line:  # an older run that was started again, or that a newer one overtook
        start = commit
    known = repository.find_commit(start)
    if known is None or not sources.is_ancestor(repository, start, commit):
        raise UnverifiedCommitError(
            f"`{branch}` does not continue from {start[:12]}, the last commit that was verified.",
            remedy="Bring the former tip back; see GG309.",
        )
    if repository.find_commit(since) and sources.is_ancestor(repository, since, start):
        start = since
    walk = history.first_parents(repository, start, commit)
    steps = tuple(_steps(door, branch, start, walk, now))
    faults = tuple(_open_faults(door, chain, branch, policy, walk))
    return Origin(branch, commit, start, steps, chain, faults)


def origin_of(door: Door, ground: Ground) -> Origin:
    """Return the verified origin of the ground that a release is judged by.

    What the forge calls its default branch must lead to it, by the policy of that branch: a side
    branch could name itself protected. Raises UnverifiedCommitError when it does not.
    """
    branch = default_branch(door.github)
    tip = door.tip(branch, "default")
    policy, _ = policy_at(door, tip)
    start = policy.history.continuity_start
    line = history.first_parents(door.store.repository, start, tip)
    if ground.commit not in {start, *line} or branch not in policy.protected_branches:
        raise UnverifiedCommitError(
            f"{ground.commit[:12]} is not on the first-parent line of the protected `{branch}`.",
            remedy="Deploy what was merged.",
        )
    origin = verified(door, branch, ground.commit, policy, now=ground.now, pinned=True)
    _refuse_what_was_not_dealt_with(door, origin, ground)
    return origin


def _open_faults(
    door: Door, chain: Chain, branch: str, policy: Policy, walk: Sequence[str]
) -> Iterator[str]:
    """Yield the steps of a branch that are recorded as faults, but for those just verified."""
    dealt = {one.commit for one in _trusted(door, policy).records}
    for one in chain.records:
        if one.branch == branch and one.faults and one.commit not in {*dealt, *walk}:
            yield one.commit


def _refuse_what_was_not_dealt_with(door: Door, origin: Origin, ground: Ground) -> None:
    """Raise UnverifiedCommitError for a commit between a fault and the pin that deals with it.

    The pin is the maintainers' word about what they then had; what stood there before it may still
    be what the fault made of it. So a commit passes only if its own policy pins the fault.
    """
    dealt = {one.commit for one in _trusted(door, ground.policy).records}
    for one in origin.chain.records:
        if one.branch == origin.branch and one.faults and one.commit not in dealt:
            raise UnverifiedCommitError(
                f"{ground.commit[:12]} comes before the pin that deals with the fault of "
                f"{one.commit[:12]} ({', '.join(one.faults)}).",
                remedy="Deploy by a commit that has this pin in its policy.",
            )
        if one.commit == ground.commit:
            return


def record(door: Door, origin: Origin, policy: Policy, *, now: str) -> int:
    """Append a record for each step, and push the chain; return how many were new.

    A step with a fault is recorded as such: it was found once, and the next run begins after it. It
    keeps a deploy from passing until maintainers pin a tip behind it, which is their word. A chain
    that another run has moved on meanwhile is read again. Raises CannotJudgeError when it cannot be
    pushed.
    """
    for _ in range(_ATTEMPTS):
        chain = _whole(door, policy)
        known = {one.commit for one in chain.records}
        fresh = [step for step in origin.steps if step.commit not in known]
        for step in fresh:
            one = _record(step, origin.branch, policy, now, door, chain)
            chain = evidence.append(door.store.repository, chain, one)
        if not fresh or chain.tip is None:
            return 0
        if push_ref(door.store.repository, door.remote, chain.tip, evidence.REF, door.login):
            return len(fresh)
    raise CannotJudgeError("Other runs kept adding evidence.", remedy="Run it again.")


def _steps(door: Door, branch: str, start: str, walk: Sequence[str], now: str) -> Iterator[Step]:
    before = start
    for commit in walk:
        yield verify_step(door, branch, before, commit, now=now)
        before = commit


def _root(door: Door, commit: str) -> str:
    return history.first_parents(door.store.repository, None, commit)[0]


def _whole(door: Door, policy: Policy) -> Chain:
    """Return the chain that the forge has, which must continue what the policy pins."""
    repository = door.store.repository
    tip = fetch_ref(repository, door.remote, evidence.REF, _REF, door.login)
    pinned = policy.history.evidence_tip
    if pinned is not None and (tip is None or pinned not in evidence.commits_of(repository, tip)):
        raise CannotJudgeError(
            f"{evidence.REF} does not continue {pinned[:12]}, which the policy pins.",
            remedy=f"Somebody rewrote it: bring the former {evidence.REF} back.",
        )
    return evidence.read_chain(door.store, tip)


def _trusted(door: Door, policy: Policy) -> Chain:
    """Return the chain up to the tip that the policy pins."""
    pinned = policy.history.evidence_tip
    if pinned is None:
        return Chain(None, ())
    if door.store.repository.find_commit(pinned) is None and not door.bring_commit(pinned):
        raise CannotJudgeError(
            f"The evidence {pinned[:12]} that the policy pins is not there.",
            remedy=f"Bring {evidence.REF} back.",
        )
    return evidence.read_chain(door.store, pinned)


def _record(
    step: Step, branch: str, policy: Policy, now: str, door: Door, chain: Chain
) -> EvidenceRecord:
    return EvidenceRecord.model_validate(
        {
            "schema": "goldengit/evidence/v1",
            "repository": policy.repository,
            "branch": branch,
            "commit": step.commit,
            "tree": door.store.repository.tree_of(step.commit),
            "pull": step.pull.number if step.pull else None,
            "head": step.pull.head.sha if step.pull else None,
            "status": step.status.id if step.status else None,
            "tool_version": __version__,
            "at": now,
            "confirmations": step.confirmations,
            "faults": sorted({one.rule for one in step.report.errors}),
            "previous": chain.records[-1].digest if chain.records else None,
        }
    )
