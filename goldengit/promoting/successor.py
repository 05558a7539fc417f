"""Successor: a candidate that begins as a copy of the golden case it is to replace."""

from collections.abc import Iterator

from goldengit.errors import RefusedEditError
from goldengit.models.case import Case
from goldengit.models.digest import OUTSIDE_DIGEST
from goldengit.models.identity import ID, id_for_successor
from goldengit.models.layout import DATASETS, Kind, candidate_path
from goldengit.promoting.appendix import open_case
from goldengit.promoting.desk import Desk, Done, Judge, at_desk
from goldengit.repository.interpret import house_bytes
from goldengit.repository.store import Store

# An objection was raised against the old content; the new one gets its own review.
_LEFT_OUT = OUTSIDE_DIGEST | {"objections"}


def draft_successor(store: Store, old: str, *, judge: Judge, now: str | None = None) -> Done:
    """Write `candidates/<new id>.yaml` as a copy of a golden case, ready to be edited.

    Labels, trace and provenance are kept; signoffs are not. `cases` of the result holds the new
    id. Raises RefusedEditError for a case that has ended already, or whose successor is waiting.
    """
    with at_desk(store, judge, now) as desk:
        file = desk.find(old, Kind.GOLDEN)
        case = open_case(file)
        dataset = file.spot.dataset
        new = _new_id(desk, dataset, case)
        path = candidate_path(dataset, new)
        kept = {key: value for key, value in file.value.items() if key not in _LEFT_OUT}
        files = {path: house_bytes(path, {**kept, "id": new})}
        command = f"goldengit supersede {case.id} --by {new} --reason TEXT"
        advice = (
            f"Edit {path}; correct its labels, or remove those that no longer hold.",
            f"Run `{command} --signer PERSON --signer PERSON`, which promotes it too.",
        )
        return desk.settle(files, cases=[new], advice=advice)


def _new_id(desk: Desk, dataset: str, case: Case) -> str:
    """Return the first id of a successor that no row has or had, whatever its day."""
    match = ID.fullmatch(case.id)
    feature = (case.metadata.feature if case.metadata else None) or (match[4] if match else "")
    taken = {name[-6:]: path for name, path in _rows(desk, dataset)}
    ordinal = 1
    while True:
        new = id_for_successor(desk.now[:10], feature, case.id, ordinal)
        path = taken.get(new[-6:])
        if path is None:
            return new
        if not path.startswith(f"{DATASETS}/{dataset}/golden/"):
            raise RefusedEditError(
                f"A successor of {case.id} is waiting already.",
                remedy="Edit that one, or remove it.",
                place=path,
            )
        ordinal += 1


def _rows(desk: Desk, dataset: str) -> Iterator[tuple[str, str]]:
    """Yield id and path of every row of a dataset."""
    for place in ("queue", "candidates"):
        for entry in desk.work.entries(f"{DATASETS}/{dataset}/{place}"):
            if not entry.is_tree:
                yield entry.name.removesuffix(".yaml"), entry.path
    for month, facts in desk.work.index(dataset).months.items():
        for name in facts.names:
            yield name.removesuffix(".yaml"), f"{DATASETS}/{dataset}/golden/{month}/{name}"
