"""Evidence that is about to be pinned: each new record must be true, for then nobody asks again.

Whoever may push can write to `refs/goldengit/evidence`, and a chain proves its order alone. What a
policy pins counts for ever, offline too. So when a pull request pins a later tip, the forge is
asked once more about every record in between.
"""

from collections.abc import Iterator, Mapping, Sequence

from goldengit.errors import UnverifiedCommitError
from goldengit.gating.door import Door
from goldengit.gating.push import verify_step
from goldengit.models.change import Change
from goldengit.models.claims import fresh_claims
from goldengit.models.evidence import EvidenceRecord
from goldengit.models.finding import Finding, Place, Severity
from goldengit.models.layout import POLICY, Kind
from goldengit.models.policy import Policy
from goldengit.repository import evidence, history


def pin_findings(door: Door, change: Change) -> tuple[Finding, ...]:
    """Return what is wrong with the evidence that a change of the policy pins, if it pins any.

    A pin that is taken away trusts less, and needs no proof. Raises CannotJudgeError when the chain
    is not there, is broken, or the forge does not answer.
    """
    file = change.head.file(POLICY)
    policy, after = change.policy, file.policy if file else None
    if policy is None or after is None:
        return ()
    old, new = policy.history.evidence_tip, after.history.evidence_tip
    if new is None or new == old:
        return ()
    return tuple(_findings(door, policy, _records(door, old), _records(door, new), change.now))


def _findings(
    door: Door,
    policy: Policy,
    old: Sequence[EvidenceRecord],
    new: Sequence[EvidenceRecord],
    now: str,
) -> Iterator[Finding]:
    if [one.digest for one in new[: len(old)]] != [one.digest for one in old]:
        yield _error("The evidence that this pins does not continue what was pinned before.")
        return
    fresh = new[len(old) :]
    for branch in dict.fromkeys(one.branch for one in fresh):
        start = next((one.commit for one in reversed(old) if one.branch == branch), None)
        mine = {one.commit: one for one in fresh if one.branch == branch}
        if branch in policy.protected_branches:
            yield from _of_branch(door, policy, branch, start, mine, now)
        else:
            yield _error(f"The evidence speaks of `{branch}`, which the policy does not protect.")


def _of_branch(
    door: Door,
    policy: Policy,
    branch: str,
    start: str | None,
    records: Mapping[str, EvidenceRecord],
    now: str,
) -> Iterator[Finding]:
    """Yield what is wrong with the new records of a branch, which must leave out no step of it."""
    line = history.first_parents(door.store.repository, None, door.tip(branch, f"pins/{branch}"))
    begin = start or policy.history.continuity_start or line[0]
    place = {commit: at for at, commit in enumerate(line)}
    steps = [place.get(commit, 0) for commit in records]
    whole = steps == list(range(steps[0], steps[0] + len(steps)))
    if not whole or not 0 < steps[0] <= place.get(begin, 0) + 1:
        yield _error(f"The evidence does not speak of each step of `{branch}` since {begin[:12]}.")
        return
    for at in steps:
        yield from _of_step(door, policy, records[line[at]], line[at - 1], now)


def _of_step(
    door: Door, policy: Policy, record: EvidenceRecord, before: str, now: str
) -> Iterator[Finding]:
    """Yield that a record is untrue, or which fault of a step this says to be dealt with."""
    name = record.commit[:12]
    if record.faults:
        said = ", ".join(record.faults)
        yield _warning(f"This says that the fault of {name} is dealt with ({said}).")
        return
    step = verify_step(door, record.branch, before, record.commit, now=now)
    known = {signed.claim for signed in fresh_claims(step.change, Kind.GOLDEN)}
    stated = {one.claim(record.repository) for one in record.confirmations}
    codes = {one.rule for one in step.report.errors}
    if step.status is not None:  # what else the rules say now, they may not have said then
        codes &= {UnverifiedCommitError.code}
    if codes:
        said = ", ".join(sorted(codes))
        yield _error(f"The evidence says that {name} came through the gate; it did not ({said}).")
    elif record.repository != policy.repository or not stated <= known:
        yield _error(f"The evidence confirms signoffs that {name} did not bring.")


def _records(door: Door, tip: str | None) -> tuple[EvidenceRecord, ...]:
    if tip is not None and door.store.repository.find_commit(tip) is None:
        door.bring_commit(tip)
    return evidence.read_chain(door.store, tip).records


def _error(message: str) -> Finding:
    return _finding(message, Severity.ERROR, f"Bring back the true {evidence.REF}, and pin that.")


def _warning(message: str) -> Finding:
    return _finding(message, Severity.WARNING, "Approve it only if you have looked at that commit.")


def _finding(message: str, severity: Severity, remedy: str) -> Finding:
    return Finding(
        place=Place(POLICY),
        rule=UnverifiedCommitError.code,
        name=UnverifiedCommitError.name,
        message=message,
        remedy=remedy,
        severity=severity,
    )
