"""Withdraw: a golden case that turned out wrong ends without a successor."""

from collections.abc import Sequence

from goldengit.models.layout import Kind
from goldengit.promoting.appendix import advice, closed, open_case
from goldengit.promoting.desk import Done, Judge, at_desk
from goldengit.promoting.signers import PAIR, named, or_those_of
from goldengit.repository.store import Store


def withdraw(
    store: Store,
    case: str,
    *,
    reason: str,
    signers: Sequence[str],
    judge: Judge,
    now: str | None = None,
) -> Done:
    """Append `withdrawn` to a golden case, named by id or path; its bytes stay as they are.

    `signers` are `person` or `person:role`; those of the case's promotion when
    none is named. Raises RefusedEditError for a case that has ended
    already, RefusedByRulesError for what the rules refuse.
    """
    with at_desk(store, judge, now) as desk:
        file = desk.find(case, Kind.GOLDEN)
        open_case(file)
        block = {"reason": reason, "at": desk.now}
        pair = named(or_those_of(signers, file), desk.policy, desk.now, PAIR)
        files = {file.path: closed(desk, file, "withdrawn", block, pair)}
        cases = [file.spot.case]
        return desk.settle(files, cases=cases, advice=advice(cases, pair))
