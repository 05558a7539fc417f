"""Cases: which of a dataset are active, and what people say of each on one failure mode."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Literal

from goldengit.models.case import Case
from goldengit.models.change import File, Snapshot
from goldengit.models.digest import digest_of
from goldengit.models.gist import Gist
from goldengit.models.label import is_of_a_person, settle
from goldengit.models.layout import golden_folder, locate

Ended = Literal["superseded", "withdrawn", "erased", "expired"]
Ending = Ended | Literal[""]
ENDINGS: tuple[Ended, ...] = ("superseded", "withdrawn", "erased", "expired")


@dataclass(frozen=True)
class Census:
    """The golden cases of a dataset at one time: the active ones, and how many are left out."""

    active: tuple[File, ...]
    left_out: dict[Ended, int]


def census(snapshot: Snapshot, dataset: str, now: str) -> Census:
    """Read every golden case of a dataset, in the order of their ids.

    A file that cannot be read is active: what nobody can read must not drop out unseen. `now` is
    RFC 3339 text in UTC.
    """
    active, left_out = [], dict.fromkeys(ENDINGS, 0)
    for file in golden_files(snapshot, dataset):
        ended = ending(file, now)
        if ended:
            left_out[ended] += 1
        else:
            active.append(file)
    return Census(tuple(active), left_out)


def golden_files(snapshot: Snapshot, dataset: str) -> Iterator[File]:
    """Yield every golden file of a dataset, read one at a time, in the order of their ids."""
    for month in snapshot.entries(golden_folder(dataset)):
        for entry in snapshot.entries(month.path) if month.is_tree else ():
            file = snapshot.file(entry.path)
            if file is not None:
                yield file


def labelled_cases(
    snapshot: Snapshot, dataset: str, failure_mode: str, now: str, *, but: Container[str] = ()
) -> Iterator[Case]:
    """Yield the active golden cases that people labelled with a failure mode.

    Cases with an id in `but`, and months that hold no such case, are not read.
    """
    months = snapshot.index(dataset).months
    for month in snapshot.entries(golden_folder(dataset)):
        facts = months.get(month.name)
        if facts is not None and not facts.active_by_failure_mode.get(failure_mode):
            continue
        for entry in snapshot.entries(month.path) if month.is_tree else ():
            if entry.name.removesuffix(".yaml") not in but:
                case = labelled_case(snapshot.file(entry.path), failure_mode, now)
                if case is not None:
                    yield case


def labelled_case(file: File | None, failure_mode: str, now: str) -> Case | None:
    """Return the case of a file if it is active and people labelled it with a failure mode."""
    if file is None or not isinstance(file.case, Case) or not is_active(file, now):
        return None
    return file.case if settle(file.case.labels, failure_mode) is not None else None


def is_active(file: File | None, now: str) -> bool:
    """Tell whether a golden case can be read and is neither closed, erased nor expired."""
    return file is not None and isinstance(file.case, Case) and not ending(file, now)


def ending(file: File, now: str) -> Ending:
    """Return how a golden case ended, "" while it is active or cannot be read."""
    case = file.case
    if case is None:
        return ""
    if not isinstance(case, Case):
        return "erased"
    if case.superseded_by is not None:
        return "superseded"
    if case.withdrawn is not None:
        return "withdrawn"
    expired = case.valid_until is not None and case.valid_until < now[:10]
    return "expired" if expired else ""


def gist_of(file: File, failure_mode: str, now: str) -> Gist:
    """Return what the rules about evaluators ask of a golden case."""
    case = file.case
    if not isinstance(case, Case):
        return Gist(file.digest)
    given = (label.at for label in case.labels if is_of_a_person(label, failure_mode))
    return Gist(
        digest=file.digest,
        readable=True,
        active=is_active(file, now),
        people=settle(case.labels, failure_mode),
        group=case.group or case.id,
        input=digest_of(case.input),
        labelled_at=max(given, default=""),
        golden_since=became_golden(case),
        valid_until=case.valid_until,
    )


def became_golden(case: Case) -> str:
    """Return the time of the latest signoff of a promotion, "" without any."""
    return max((signoff.at for signoff in case.signoffs), default="")


def case_id(file: File) -> str:
    """Return the id of a case by its place."""
    return locate(file.path).case
