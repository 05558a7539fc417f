"""What a reviewer must see at a glance: each matter, who stands behind it, what is missing."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from goldengit.gating.merge.decision import Decision
from goldengit.models.approval import AGAIN, FILE, Approvals, Topic
from goldengit.models.change import Change
from goldengit.models.claims import Signed, fresh_claims
from goldengit.models.layout import Kind, locate
from goldengit.models.protection import is_protected

_DONE = {
    "promote": "becomes golden",
    "supersede": "is superseded",
    "withdraw": "is withdrawn",
    "erase": "is erased",
}


@dataclass(frozen=True, slots=True)
class Voice:
    """One person and one matter. `role` is "" for who only approves a file.

    `by` is what confirms it (`review`, `ssh`), "" while nothing does; `why` says what is missing.
    """

    person: str
    role: str
    by: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One matter: its path, the case's id or the file, what happens to it, and the voices."""

    path: str
    name: str
    what: str
    voices: tuple[Voice, ...]
    next: str = ""


def lines(decision: Decision) -> tuple[Line, ...]:
    """Return a line for each thing that people must approve, in the order of the paths."""
    change = decision.change
    if change is None or change.reviewed is None:
        return ()
    return tuple(
        _file(topic, change, approvals) if topic[1] == FILE else _case(topic, change, decision)
        for topic, approvals in change.reviewed.approvals.items()
    )


def asked(decision: Decision) -> Mapping[str, int]:
    """Return how many signoffs each person would confirm by approving now, busiest first."""
    waits = Counter(
        voice.person
        for line in lines(decision)
        for voice in line.voices
        if voice.role and not voice.by
    )
    return dict(waits.most_common())


def _case(topic: Topic, change: Change, decision: Decision) -> Line:
    path, transition = topic
    signed = [
        one
        for one in fresh_claims(change, Kind.GOLDEN)
        if (one.file.path, one.claim.transition) == topic
    ]
    voices = tuple(_voice(one, change) for one in signed)
    waits = [voice for voice in voices if not voice.by]
    findings = decision.report.findings if decision.report else ()
    broken = sorted({one.rule for one in findings if one.place.path == path} - {"GG409"})
    if broken:
        step = f"Repair {', '.join(broken)}; see below."
    elif waits:
        step = "; ".join(f"{voice.person} {_deed(voice)}" for voice in waits)
    else:
        step = ""
    return Line(path, locate(path).case, _DONE[transition], voices, step)


def _deed(voice: Voice) -> str:
    """Return what a person can do; the reason why an approval does not count is a finding."""
    if not voice.why:
        return "reviews and approves"
    return "approves again" if voice.why.endswith(AGAIN) else "cannot approve this: see below"


def _voice(signed: Signed, change: Change) -> Voice:
    claim = signed.claim
    proof = change.proofs.get(claim)
    by = proof.kind if proof is not None and proof.verified else ""
    why = f"the approval {proof.problem}" if proof is not None and proof.problem else ""
    return Voice(claim.person, claim.role, by, why)


def _file(topic: Topic, change: Change, approvals: Approvals) -> Line:
    path = topic[0]
    voices = tuple(_approvers(approvals))
    policy = change.policy
    if policy is None:
        return Line(path, path, "changes", voices)
    if is_protected(path, policy):
        needed, whose = policy.signoffs.maintainer_approvals, "a maintainer"
        given = [
            one for one in approvals.confirmed if policy.roster[one].holds("maintainer", change.now)
        ]
    else:
        needed, whose, given = (
            policy.signoffs.threshold,
            "a person of the roster",
            [*approvals.confirmed],
        )
    missing = needed - len(given)
    step = f"{missing} more approval{'s' if missing > 1 else ''} by {whose}" if missing > 0 else ""
    return Line(path, path, "steers the gate", voices, step)


def _approvers(approvals: Approvals) -> Iterator[Voice]:
    for person in approvals.confirmed:
        yield Voice(person, "", "review")
    for person, why in approvals.refused.items():
        yield Voice(person, "", "", f"the approval {why}")
