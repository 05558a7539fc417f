"""Signoffs, the appendices that carry signoffs of their own, and what a signature covers."""

import base64
from typing import Annotated, Literal

from pydantic import Field, model_validator

from goldengit.models.base import CaseId, Digest, Many, Moment, Name, Noun, Text

Role = Literal["labeler", "confirmer", "maintainer"]
Transition = Literal["promote", "supersede", "withdraw", "erase"]
NAMESPACE = "goldengit"
PAYLOAD_SPEC = "goldengit/signoff/v1"


class Signoff(Noun):
    """A claim: this person, in this role, at this time, stands behind exactly this digest.

    `signature` is the body of an OpenSSH signature (SSHSIG, PROTOCOL.sshsig) without its armour,
    base64 on one line, over `payload`.
    """

    reviewer: Name
    role: Role
    at: Moment
    digest: Digest
    signature: Annotated[str, Field(pattern=r"^[A-Za-z0-9+/=]{40,8192}$")] | None = None


def signing_key(signature: str) -> str:
    """Return the public key that a signature names, base64 as in a roster, "" when unreadable.

    The second field of an SSHSIG blob (OpenSSH, PROTOCOL.sshsig): magic, version, public key. It
    says which key *claims* to have signed; only `ssh-keygen` says whether it did.
    """
    try:
        blob = base64.b64decode(signature, validate=True)
    except ValueError:
        return ""
    length = int.from_bytes(blob[10:14], "big")
    key = blob[14 : 14 + length]
    return base64.b64encode(key).decode() if blob[:6] == b"SSHSIG" and len(key) == length else ""


class SupersededBy(Noun):
    """The appendix of a case that a better one replaces.

    `digest` binds the signoffs to the successor's content, not only to its id; the program always
    writes it.
    """

    case: CaseId
    digest: Digest | None = None
    reason: Text
    at: Moment
    signoffs: Many[Signoff] = ()


class Withdrawn(Noun):
    """The appendix of a case that turned out wrong and has no successor."""

    reason: Text
    at: Moment
    signoffs: Many[Signoff] = ()


class Erased(Noun):
    """What remains to be said about a case whose content the law took away."""

    reason: Text
    at: Moment
    signoffs: Many[Signoff] = ()


class Objection(Noun):
    """A reviewer's recorded no. It stays in the file; another person may resolve it."""

    reviewer: Name
    at: Moment
    reason: Text
    resolved_by: Name | None = None
    resolved_at: Moment | None = None
    resolution: Text | None = None

    @model_validator(mode="after")
    def _resolved_by_somebody_else(self) -> "Objection":
        given = [self.resolved_by, self.resolved_at, self.resolution]
        if any(given) and not all(given):
            message = "resolved_by, resolved_at and resolution go together"
            raise ValueError(message)
        if self.resolved_by == self.reviewer:
            message = "an objection is resolved by another person than the one who raised it"
            raise ValueError(message)
        return self


class Claim(Noun):
    """A signoff in its context: everything that a signature covers.

    Nothing in it depends on history, so it can be verified from one tree alone.
    """

    repository: str
    dataset: str
    case: str
    transition: Transition
    digest: Digest
    appendix: Digest | None
    person: Name
    role: Role
    at: Moment

    def payload(self) -> dict[str, str | None]:
        """Return the mapping whose RFC 8785 bytes are signed."""
        return {
            "spec": PAYLOAD_SPEC,
            "repository": self.repository,
            "dataset": self.dataset,
            "case": self.case,
            "transition": self.transition,
            "digest": self.digest,
            "appendix_digest": self.appendix,
            "person": self.person,
            "role": self.role,
            "at": self.at,
        }


class Proof(Noun):
    """What was found out about a claim: who confirmed it, or why it is refused.

    `kind` is `none` for a bare claim. Only `ssh` with `verified` is proof that anyone can repeat
    offline. A refused proof says why: in words that continue "the signature is refused:", and as
    a fault that the rules tell apart.
    """

    kind: Literal["ssh", "review", "recorded", "none"]
    verified: bool
    problem: str = ""
    fault: Literal["wrong-context", "revoked-key", "bad-signature"] | None = None
    key: str | None = None
