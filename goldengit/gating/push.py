"""Verification of a protected branch: every step came through a pull request that the gate passed.

An administrator can switch the platform's rules off; this finds it afterwards. The status of the
gate's own account on the final head of the request vouches for the people, and the digests tie what
stands on the branch to what was approved there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from goldengit import checking
from goldengit.errors import UnverifiedCommitError
from goldengit.forge.pulls import pulls_of_commit, read_pull, read_retargeted
from goldengit.forge.rows import PullRow
from goldengit.forge.statuses import statuses_on
from goldengit.gating.door import Door
from goldengit.gating.merge.reviewing import reviewed_change
from goldengit.gating.merge.squashed import squashed_rules
from goldengit.gating.merge.topics import state_of, topics
from goldengit.models.approval import Topic
from goldengit.models.change import Change
from goldengit.models.claims import fresh_claims
from goldengit.models.evidence import Confirmation
from goldengit.models.finding import Finding, Place, Report, Severity
from goldengit.models.layout import Kind
from goldengit.models.policy import Policy
from goldengit.models.pull import Status


@dataclass(frozen=True)
class Step:
    """One first-parent step of a branch: what the rules say, and which request brought it.

    `status` is the gate's success on the request's final head. `confirmations` say what proved each
    signoff of the step; without a request there are none.
    """

    commit: str
    parent: str
    report: Report
    change: Change = field(repr=False)
    pull: PullRow | None = None
    status: Status | None = None
    confirmations: tuple[Confirmation, ...] = ()


def verify_step(door: Door, branch: str, parent: str, commit: str, *, now: str) -> Step:
    """Return what is found about a step from `parent` to `commit`, its next first-parent commit.

    Raises CannotJudgeError when an answer of the forge is missing.
    """
    change = checking.transition(door.store, parent, commit, now=now)
    policy = change.policy
    report = checking.judge(change, squashed_rules())
    if policy is None or policy.forge is None or change.adoption:
        return Step(commit, parent, report, change)
    pull = _merged(door, branch, commit)
    if pull is None:
        missing = _finding(
            f"{commit[:12]} came to `{branch}` without a pull request.",
            Severity.ERROR if topics(change) else Severity.WARNING,
        )
        return Step(commit, parent, report.plus(missing), change)
    status = _success(door, pull, policy)
    found = [*_faults(door, change, pull, status)]
    confirmations: tuple[Confirmation, ...] = ()
    if not found:
        confirmations = tuple(_confirmations(door, change, pull, parent, policy, now))
    return Step(commit, parent, report.plus(*found), change, pull, status, confirmations)


def _merged(door: Door, branch: str, commit: str) -> PullRow | None:
    """Return the pull request that was merged into the branch with this commit."""
    rows = [
        row
        for row in pulls_of_commit(door.github, commit)
        if row.merged_at is not None and row.base.ref == branch
    ]
    exact = [row for row in rows if row.merge_commit_sha == commit]
    return next(iter(exact or rows), None)


def _success(door: Door, pull: PullRow, policy: Policy) -> Status | None:
    """Return the gate's last status before the merge on a request's final head, if success.

    It must be later than the last change of base: before that it was about another one.
    """
    account = policy.forge.gate_account if policy.forge else 0
    own = [
        status
        for status in statuses_on(door.github, pull.head.sha)
        if status.by == account
        and status.description.startswith(f"PR #{pull.number}:")
        and (pull.merged_at is None or status.at <= pull.merged_at)
    ]
    newest = max(own, key=lambda status: status.id, default=None)
    if newest is None or newest.state != "success":
        return None
    return newest if newest.at > read_retargeted(door.github, pull.number) else None


def _faults(door: Door, change: Change, pull: PullRow, status: Status | None) -> Iterator[Finding]:
    matters = topics(change)
    if status is None:
        yield _finding(
            f"Pull request {pull.number} was merged without success of the gate on its head "
            f"{pull.head.sha[:12]}.",
            Severity.ERROR if matters else Severity.WARNING,
        )
    if not matters:
        return
    head = door.bring(f"refs/pull/{pull.number}/head", f"pull/{pull.number}")
    tree = door.store.snapshot(head[:12], door.store.repository.tree_of(head))
    for topic in matters if head == pull.head.sha else ():
        if state_of(tree, topic) != state_of(change.head, topic):
            yield _finding(
                f"On the branch this is not what pull request {pull.number} had at its head.",
                Severity.ERROR,
                topic[0],
            )
    if head != pull.head.sha:
        yield _finding(f"The head of pull request {pull.number} is gone.", Severity.ERROR)


def _confirmations(
    door: Door, change: Change, pull: PullRow, parent: str, policy: Policy, now: str
) -> Iterator[Confirmation]:
    """Yield what confirmed each signoff of a step that the gate had let pass."""
    signed = list(fresh_claims(change, Kind.GOLDEN))
    if not signed:
        return
    snapshot = read_pull(door.github, pull.number)
    reviewed = reviewed_change(door, snapshot, parent, policy, now=now).reviewed
    for one in signed:
        claim = one.claim
        topic: Topic = (one.file.path, claim.transition)
        approvals = reviewed.approvals.get(topic) if reviewed else None
        review = approvals.confirmed.get(claim.person) if approvals else None
        proof = change.proofs.get(claim)
        signature = proof is not None and proof.verified and proof.kind == "ssh"
        yield Confirmation(
            dataset=claim.dataset,
            case=claim.case,
            transition=claim.transition,
            digest=claim.digest,
            appendix=claim.appendix,
            person=claim.person,
            role=claim.role,
            at=claim.at,
            by="ssh" if signature else "review" if review else "status",
            review=review.id if review and not signature else None,
        )


def _finding(message: str, severity: Severity, path: str = ".") -> Finding:
    return Finding(
        place=Place(path),
        rule=UnverifiedCommitError.code,
        name=UnverifiedCommitError.name,
        message=message,
        remedy="Revert it, and bring the change through a pull request; `goldengit explain GG814` "
        "says how to go on.",
        severity=severity,
    )
