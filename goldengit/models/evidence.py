"""Evidence: what the gate has seen of each step of a protected branch, chained and kept in Git.

A signoff that only a review confirms can be proved as long as the forge answers. A record keeps
what it answered: who confirmed which content, by which review, under which status. It is keyed by
case and digest rather than by commit, so that it outlives a purge of history.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from goldengit.models.base import CaseId, Digest, Many, Moment, Name, Noun, Text
from goldengit.models.digest import digest_of
from goldengit.models.signoff import Claim, Role, Transition

Oid = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?$")]
Number = Annotated[int, Field(ge=1)]


class Confirmation(Noun):
    """One signoff, and what confirmed it: a review, a signature, or the gate's own status.

    `status` stands where the gate had let the content pass and the review cannot be found any more.
    """

    dataset: Name
    case: CaseId
    transition: Transition
    digest: Digest
    appendix: Digest | None
    person: Name
    role: Role
    at: Moment
    by: Literal["review", "ssh", "status"]
    review: Number | None = None

    def claim(self, repository: str) -> Claim:
        """Return the claim that it confirms."""
        return Claim(
            repository=repository,
            dataset=self.dataset,
            case=self.case,
            transition=self.transition,
            digest=self.digest,
            appendix=self.appendix,
            person=self.person,
            role=self.role,
            at=self.at,
        )


class EvidenceRecord(Noun):
    """One step of a protected branch: which pull request brought it, and what was confirmed in it.

    `previous` is the digest of the record before, None for the first one. `pull`, `head` and
    `status` are None where there is none. `faults` are the codes of what was wrong with the step,
    of which nothing is confirmed.
    """

    schema_: Annotated[Literal["goldengit/evidence/v1"], Field(alias="schema")]
    repository: Text
    branch: Text
    commit: Oid
    tree: Oid
    pull: Number | None
    head: Oid | None
    status: Number | None
    tool_version: Text
    at: Moment
    confirmations: Many[Confirmation] = ()
    faults: Many[Text] = ()
    previous: Digest | None = None

    @property
    def digest(self) -> str:
        """Return the digest that the next record names."""
        return digest_of(self.model_dump(mode="json", by_alias=True))
