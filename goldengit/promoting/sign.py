"""Sign: one person's claim, stated where it is missing and proved by their SSH key."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from goldengit.errors import RefusedEditError, UsageError
from goldengit.models.change import File
from goldengit.models.claims import TRANSITION_OF, claims_of, subject_of
from goldengit.models.digest import APPENDIX_KEYS
from goldengit.models.layout import Kind
from goldengit.models.policy import Policy
from goldengit.models.reading import ReadLimits
from goldengit.models.signoff import Claim, Role
from goldengit.promoting import signers
from goldengit.promoting.desk import Desk, Done, Judge, at_desk
from goldengit.promoting.signers import ERASING, PAIR, Value
from goldengit.repository.interpret import house_bytes, interpret
from goldengit.repository.store import Store
from goldengit.repository.yaml_writer import append
from goldengit.transport import signatures
from goldengit.transport.public_keys import public_half

_ERASED = "erased"


def sign(
    store: Store,
    cases: Sequence[str],
    *,
    key: Path,
    judge: Judge,
    person: str | None = None,
    role: Role | None = None,
    now: str | None = None,
) -> Done:
    """Sign what is open of golden cases, named by id or path: a promotion, or the new appendix.

    `key` is a private SSH key, or a `.pub` file whose private half an agent holds. A `person` who
    is not named is the one whose key it is. A claim of theirs that stands there, unsigned or about
    content that has changed since, is signed over the present content, dated `now`; where there is
    none it is added, as what is missing there. `role`, where given, wins over both. Raises
    UsageError when nobody or several have the key, RefusedEditError when nothing is open or all
    is signed.
    """
    with at_desk(store, judge, now) as desk:
        who = signers.known(person or _owner(key, desk.policy), desk.policy)
        files: dict[str, bytes | None] = {}
        found = [desk.find(name, Kind.GOLDEN) for name in dict.fromkeys(cases)]
        for file in found:
            files[file.path] = _signed(desk, file, who, role, key)
        advice = ("Commit the files: `git add --all datasets && git commit`.",)
        return desk.settle(files, cases=[file.spot.case for file in found], advice=advice)


def _owner(key: Path, policy: Policy) -> str:
    """Return the one person of the roster who has this key."""
    public = public_half(key)
    owners = [
        name
        for name, person in policy.roster.items()
        if any(known.key.split(" ")[:2] == public.split(" ") for known in person.keys)
    ]
    if len(owners) != 1:
        whose = "belongs to several persons of" if owners else "is not in"
        raise UsageError(
            f"The key {key} {whose} the roster.",
            remedy="Name the person, or let a maintainer add the key to goldengit.yaml.",
        )
    return owners[0]


def _signed(desk: Desk, file: File, person: str, role: Role | None, key: Path) -> bytes:
    """Return the bytes of a golden file with every open claim of a person signed."""
    value = deepcopy(file.value)
    places = list(_open_places(desk, file))
    if not places:
        raise RefusedEditError(
            "The signoffs of this case are frozen; nothing of it waits for a signature.",
            remedy=f"Run `goldengit audit {file.spot.case}` to see who signed it.",
            place=file.path,
        )
    mine = [
        (place, claim)
        for place in places
        for claim in _claims(value, place)
        if claim.get("reviewer") == person
    ]
    waiting = [
        (place, claim)
        for place, claim in mine
        if not claim.get("signature") or claim.get("digest") != _bound(file, place)
    ]
    if mine and not waiting:
        raise RefusedEditError(
            f"{person} has signed this already.", remedy="Nothing is left to do.", place=file.path
        )
    if not mine:
        waiting = [(places[-1], _added(desk, value, places[-1], person))]
    for place, claim in waiting:
        claim.pop("signature", None)
        said = role or claim["role"]
        claim |= {"role": said, "at": desk.now, "digest": _bound(file, place)}
    draft = _read(file, _rendered(desk, file, value))
    for place, claim in waiting:
        content = signatures.payload(_stated(desk, draft, value, place, claim))
        claim["signature"] = signatures.sign(content, key)
    return _rendered(desk, file, value)


def _open_places(desk: Desk, file: File) -> Iterator[str]:
    """Yield the keys under which signoffs are not frozen, "" for those of the promotion."""
    frozen = desk.frozen.file(file.path)
    if frozen is None:
        yield ""
    known = frozen.value if frozen else {}
    yield from (key for key in TRANSITION_OF if key in file.value and key not in known)


def _claims(value: Value, place: str) -> list[Value]:
    """Return the list of signoffs of a place itself, made where there is none."""
    block: dict[str, Any] = value[place] if place else value
    if not isinstance(block.get("signoffs"), list):
        block["signoffs"] = []
    claims: list[Value] = block["signoffs"]
    return claims


def _added(desk: Desk, value: Value, place: str, person: str) -> Value:
    """Add a claim of a person at the end of a place, as what is missing there, and return it."""
    claims = _claims(value, place)
    taken = {claim.get("role") for claim in claims}
    missing = [one for one in (ERASING if place == _ERASED else PAIR) if one not in taken]
    pair = signers.named([person], desk.policy, desk.now, missing)
    claims.extend(signers.claims(pair, desk.now, ""))
    return claims[-1]


def _bound(file: File, place: str) -> str:
    """Return the digest that a signoff in this place has to name."""
    return subject_of(file, TRANSITION_OF[place] if place else "promote")


def _rendered(desk: Desk, file: File, value: Value) -> bytes:
    """Return the file's bytes for a value; those that are frozen stay in front as they are."""
    frozen = desk.frozen.file(file.path)
    if frozen is None or _ERASED in value:
        return house_bytes(file.path, value)
    data = frozen.data
    for key in APPENDIX_KEYS:
        if key in value and key not in frozen.value:
            data = append(data, key, value[key])
    return data


def _read(file: File, data: bytes) -> File:
    """Return the file as it would be read with these bytes."""
    return interpret(file.entry, len(data), data, ReadLimits())


def _stated(desk: Desk, draft: File, value: Value, place: str, claim: Value) -> Claim:
    """Return what the check will take this claim for, so that exactly that is signed."""
    number = next(at for at, one in enumerate(_claims(value, place)) if one is claim)
    way = (*([place] if place else []), "signoffs", number)
    signed = claims_of(draft, desk.policy.repository)
    return next(one.claim for one in signed if one.way == way)
