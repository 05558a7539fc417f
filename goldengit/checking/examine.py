"""The dear questions, asked of what a change adds: a second parser, secrets, signatures."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace

from goldengit.models.change import File, FileChange, Sensitive, Snapshot
from goldengit.models.claims import claims_of
from goldengit.models.dataset import Redaction
from goldengit.models.layout import Kind, dataset_path
from goldengit.models.policy import Policy
from goldengit.models.signoff import Claim, Proof, signing_key
from goldengit.repository.interpret import with_house_style, with_second_opinion


def twice_read(change: FileChange) -> FileChange:
    """Return the change with the second parser's opinion on what it adds."""
    if change.after is None or change.after.reading is None:
        return change
    return replace(change, after=with_second_opinion(change.after))


def styled(change: FileChange) -> FileChange:
    """Return the change with the house style's opinion on a case that becomes golden."""
    if change.before is None and change.after is not None and change.spot.kind is Kind.GOLDEN:
        return replace(change, after=with_house_style(change.after))
    return change


def added(files: Iterable[FileChange]) -> Iterator[File]:
    """Yield the files that a change brings and that could be read."""
    return (file.after for file in files if file.after is not None and file.after.value)


def scanned(files: Iterable[File], head: Snapshot) -> Mapping[str, tuple[Sensitive, ...]]:
    """Return the secrets and personal data in the rows among these files, by path."""
    from goldengit.detectors import scan

    found: dict[str, tuple[Sensitive, ...]] = {}
    for file in files:
        if file.spot.kind.is_row or file.spot.kind is Kind.LABELS:
            spec = head.file(dataset_path(file.spot.dataset))
            redaction = spec.dataset_spec.redaction if spec and spec.dataset_spec else Redaction()
            sensitive = scan(file.value, file.line, redaction.allow)
            if sensitive:
                found[file.path] = sensitive
    return found


def new_claims(
    files: Iterable[FileChange], policy: Policy | None
) -> Iterator[tuple[Claim, str | None]]:
    """Yield the claims that the head states and the base did not, with their signatures."""
    if policy is None:
        return
    for change in files:
        if change.spot.kind is Kind.GOLDEN and change.after is not None:
            known = set(claims_of(change.before, policy.repository)) if change.before else set()
            for stated in claims_of(change.after, policy.repository):
                if stated not in known:
                    yield stated.claim, stated.signoff.signature


def is_spoilt(policy: Policy, claim: Claim, signature: str | None) -> bool:
    """Tell whether a claim names a key that was revoked or compromised."""
    return signature is not None and policy.is_spoilt(signing_key(signature), claim.at)


def verify_claims(
    claims: Iterable[tuple[Claim, str | None]],
    policy: Policy | None,
    recorded: Container[Claim] = frozenset(),
) -> Mapping[Claim, Proof]:
    """Return what is known about each claim; a bare one is proved when the gate recorded it."""
    if policy is None:
        return {}
    from goldengit.transport.signatures import verify

    stated = dict(claims)
    signed = {claim: signature for claim, signature in stated.items() if signature}
    bare = {claim: _bare(claim, recorded) for claim in stated if claim not in signed}
    return bare | dict(verify(signed, policy))


def _bare(claim: Claim, recorded: Container[Claim]) -> Proof:
    if claim in recorded:
        return Proof(kind="recorded", verified=True)
    return Proof(kind="none", verified=False)
