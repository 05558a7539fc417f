"""Making facts: what one golden file says, in the compact form that is cached."""

from typing import Any

from goldengit.models.case import Case, Tombstone
from goldengit.models.change import Entry
from goldengit.models.facts import CaseFacts, Closure, LabelKind, Signer
from goldengit.models.identity import canonical_trace_id
from goldengit.models.label import Label
from goldengit.models.layout import golden_path
from goldengit.models.reading import ReadLimits
from goldengit.models.signoff import Signoff, signing_key
from goldengit.models.sketch import bands, key_of
from goldengit.repository.interpret import interpret

WIDEST = ReadLimits()
_ANYWHERE = golden_path("any", "2026-01-01-any-000000")


def facts_of(oid: str, size: int, data: bytes | None) -> CaseFacts:
    """Return the facts of a golden file, a pure function of its bytes (and their size)."""
    file = interpret(Entry(_ANYWHERE, "100644", oid), size, data, WIDEST)
    match file.case:
        case Case() as case:
            return _of_case(case, file.digest, size, file.value)
        case Tombstone() as tombstone:
            closure = Closure(tombstone.id, "erased", tombstone.erased.at, "", _modes(tombstone))
            return CaseFacts(
                ordinary=False, id=tombstone.id, digest=file.digest, size=size, closure=closure
            )
        case None:
            # Nothing could be read: the file is judged by itself, under its object id.
            return CaseFacts(ordinary=False, id="", digest=f"blob:{oid}", size=size)


def _of_case(case: Case, digest: str, size: int, value: dict[str, Any]) -> CaseFacts:
    closure = _closure(case)
    modes = _modes(case)
    active = closure is None
    return CaseFacts(
        ordinary=active and _is_plain(case, digest),
        id=case.id,
        digest=digest,
        size=size,
        signers=_signers(case),
        first_signed=min((signoff.at for signoff in case.signoffs), default=""),
        latest=max([case.id[:10], *_moments(case)]),
        unsigned=sum(signoff.signature is None for signoff in _all_signoffs(case)),
        signing_keys=_signing_keys(case),
        label_kinds=tuple(sorted({_kind(label) for label in case.labels}, key=repr)),
        failure_modes=modes,
        valid_until=case.valid_until or "",
        closure=closure,
        trace_key=key_of(canonical_trace_id(case.trace.trace_id)) if case.trace else -1,
        pair_key=key_of([value.get("input"), value.get("actual_output")]) if active else -1,
        band_keys=bands(value.get("input")) if active and case.variant_of is None else (),
    )


def _is_plain(case: Case, digest: str) -> bool:
    """Tell whether nothing about an active case needs an individual look."""
    day = case.id[:10]
    return (
        not case.objections
        and not case.attachments
        and case.variant_of is None
        and case.expected_output is not None
        and any(label.source == "person" for label in case.labels)
        and all(signoff.digest == digest for signoff in case.signoffs)
        and all(moment[:10] >= day for moment in _moments(case))
    )


def _closure(case: Case) -> Closure | None:
    modes = _modes(case)
    if case.superseded_by is not None:
        block = case.superseded_by
        return Closure(case.id, "superseded_by", block.at, block.case, modes)
    if case.withdrawn is not None:
        return Closure(case.id, "withdrawn", case.withdrawn.at, "", modes)
    return None


def _all_signoffs(case: Case) -> list[Signoff]:
    blocks = [block for block in (case.superseded_by, case.withdrawn) if block is not None]
    return [*case.signoffs, *(signoff for block in blocks for signoff in block.signoffs)]


def _signing_keys(case: Case) -> tuple[str, ...]:
    named = {signing_key(one.signature) for one in _all_signoffs(case) if one.signature}
    return tuple(sorted(named))


def _signers(case: Case) -> tuple[Signer, ...]:
    return tuple(sorted((signoff.reviewer, signoff.role) for signoff in case.signoffs))


def _moments(case: Case) -> list[str]:
    return [signoff.at for signoff in case.signoffs] + [label.at for label in case.labels]


def _kind(label: Label) -> LabelKind:
    graded = label.grade is not None
    return (
        label.failure_mode,
        label.rubric,
        label.reviewer,
        label.grade,
        label.verdict,
        label.score if graded else None,
    )


def _modes(case: Case | Tombstone) -> tuple[str, ...]:
    return tuple(sorted({label.failure_mode for label in case.labels}))
