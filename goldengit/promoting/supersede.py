"""Supersede: a better golden case takes the place of an older one, which names it."""

from collections.abc import Sequence

from goldengit.errors import RefusedEditError
from goldengit.models.layout import Kind
from goldengit.promoting.appendix import advice, closed, open_case
from goldengit.promoting.desk import Done, Judge, at_desk
from goldengit.promoting.promote import promoted_digest, promotion
from goldengit.promoting.signers import PAIR, named, or_those_of
from goldengit.repository.store import Store


def supersede(
    store: Store,
    old: str,
    new: str,
    *,
    reason: str,
    signers: Sequence[str],
    judge: Judge,
    now: str | None = None,
) -> Done:
    """Append `superseded_by` to the golden case `old`; `new` is its successor.

    Both are named by id or path. A successor that is still a candidate is promoted in the same
    edit: a case and its successor often share a trace, which only the link between them permits.
    `signers` are `person` or `person:role`; those of the case's promotion when
    none is named; they sign the promotion too. Raises RefusedEditError
    for a case that has ended already, a successor in another dataset or one that is not ready,
    RefusedByRulesError for what the rules refuse.
    """
    with at_desk(store, judge, now) as desk:
        file, successor = desk.find(old, Kind.GOLDEN), desk.find(new, Kind.GOLDEN, Kind.CANDIDATE)
        open_case(file)
        if successor.spot.dataset != file.spot.dataset:
            raise RefusedEditError(
                f"The successor is in the dataset {successor.spot.dataset}, not in "
                f"{file.spot.dataset}.",
                remedy="A case is superseded within its dataset; withdraw it to end it otherwise.",
                place=successor.path,
            )
        block = {
            "case": successor.spot.case,
            "digest": promoted_digest(desk, successor),
            "reason": reason,
            "at": desk.now,
        }
        pair = named(or_those_of(signers, file), desk.policy, desk.now, PAIR)
        files: dict[str, bytes | None] = {
            file.path: closed(desk, file, "superseded_by", block, pair)
        }
        cases = [file.spot.case]
        if successor.spot.kind is Kind.CANDIDATE:
            files |= promotion(desk, successor, pair)
            cases.append(successor.spot.case)
        return desk.settle(files, cases=cases, advice=advice(cases, pair))
