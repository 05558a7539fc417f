"""The claims of a file: each signoff that stands in it, in the context that its place gives it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from goldengit.models.change import Change, File
from goldengit.models.digest import appendix_digest, erasure_digest
from goldengit.models.layout import Kind
from goldengit.models.reading import Way
from goldengit.models.signoff import Claim, Signoff, Transition

TRANSITION_OF: dict[str, Transition] = {
    "superseded_by": "supersede",
    "withdrawn": "withdraw",
    "erased": "erase",
}


@dataclass(frozen=True, slots=True)
class Signed:
    """A signoff as it stands in a file: where, what it claims, and the digest it should name.

    `subject` is the present digest of the case, of the case with its appendix, or of its erasure.
    Two are equal when claim and signoff are, wherever they stand.
    """

    claim: Claim
    signoff: Signoff
    file: File = field(compare=False, repr=False)
    way: Way = field(compare=False)
    subject: str = field(compare=False)

    @property
    def line(self) -> int:
        """Return the line of the signoff."""
        return self.file.line(*self.way)


def subject_of(file: File, transition: Transition) -> str:
    """Return the digest that signoffs of this transition must name, "" when there is none."""
    if transition == "promote":
        return file.digest
    for key, other in TRANSITION_OF.items():
        block = file.value.get(key)
        if other == transition and isinstance(block, dict):
            bind = erasure_digest if key == "erased" else appendix_digest
            return bind(file.digest, block)
    return ""


def claims_of(file: File, repository: str) -> Iterator[Signed]:
    """Yield every signoff of a row: those of the case first, then those of its appendices.

    `repository` is the UUID that the policy gives the repository.
    """
    if file.case is None:
        return
    yield from _claims(file, repository, ("signoffs",), file.case.signoffs, "promote")
    for key, transition in TRANSITION_OF.items():
        block: Any = getattr(file.case, key, None)
        if block is not None:
            yield from _claims(file, repository, (key, "signoffs"), block.signoffs, transition)


def _claims(
    file: File, repository: str, way: Way, signoffs: tuple[Signoff, ...], transition: Transition
) -> Iterator[Signed]:
    subject = subject_of(file, transition)
    for position, signoff in enumerate(signoffs):
        promotes = transition == "promote"
        claim = Claim(
            repository=repository,
            dataset=file.spot.dataset,
            case=file.spot.case,
            transition=transition,
            digest=signoff.digest if promotes else file.digest,
            appendix=None if promotes else signoff.digest,
            person=signoff.reviewer,
            role=signoff.role,
            at=signoff.at,
        )
        yield Signed(claim, signoff, file, (*way, position), subject)


def fresh_claims(change: Change, *kinds: Kind) -> Iterator[Signed]:
    """Yield the signoffs that a change brings: what the base already had was judged when it came.

    In a snapshot that is every signoff. `kinds` are the places that are looked at, by default
    candidates and golden cases. Nothing without a policy, which gives the repository its UUID.
    """
    for file_change in change.of_kind(*(kinds or (Kind.CANDIDATE, Kind.GOLDEN))):
        if file_change.after is not None and change.policy is not None:
            before, repository = file_change.before, change.policy.repository
            known = set(claims_of(before, repository)) if before is not None else set()
            for signed in claims_of(file_change.after, repository):
                if signed not in known:
                    yield signed
