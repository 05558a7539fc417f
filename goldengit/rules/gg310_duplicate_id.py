"""GG310: one id, two rows."""

from collections import Counter
from collections.abc import Container, Iterator

from goldengit.models.change import Change, FileChange
from goldengit.models.finding import Finding
from goldengit.models.layout import Kind, candidate_path, golden_path, queue_path
from goldengit.rules.base import Rule

_KINDS = (Kind.QUEUE, Kind.CANDIDATE, Kind.GOLDEN)
_STAGES = (queue_path, candidate_path, golden_path)


class DuplicateId(Rule):
    """An id occurs more than once in the tree.

    ## What it does
    Looks for the id of each added row in the queue, the candidates and the golden cases of every
    dataset. A row that comes back although its id is golden already is GG508.

    ## Why it matters
    An id names one case for ever: in scorecards, in signoffs, in links. Two requests that take
    the same id at the same time are both green alone and wrong together.

    ## Example
    A promotion adds the golden case and forgets to remove the candidate.

    ## How to fix
    Remove the earlier stage with `git rm PATH`, or rename the new row with `git mv OLD NEW`.
    """

    code = "GG310"
    name = "duplicate-id"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each added row whose id stands elsewhere too."""
        added = {file.path: file for file in change.of_kind(*_KINDS) if _is_new(change, file)}
        for path, file in added.items():
            twin = _twin(_places(change, file.spot.case), path, added)
            if twin and not _came_back(change, file):
                yield self._twice(path, twin)
        if not change.is_transition:
            yield from self._across_datasets(change)

    def _twice(self, path: str, twin: str) -> Finding:
        message = f"The same id stands at {twin}."
        remedy = f"Keep one of them: `git rm {twin}`, or rename the new row with `git mv OLD NEW`."
        return self.finding(path, message, remedy)

    def _across_datasets(self, change: Change) -> Iterator[Finding]:
        """Yield golden ids of several datasets, whose cases need not be in view."""
        months = [
            (dataset, month, facts.names)
            for dataset in change.head.datasets
            for month, facts in change.head.index(dataset).months.items()
        ]
        shared = Counter(month for _, month, _ in months)
        first: dict[str, str] = {}
        for dataset, month, names in months:
            for name in names if shared[month] > 1 else ():
                path = golden_path(dataset, name.removesuffix(".yaml"))
                if first.setdefault(name, path) != path:
                    yield self._twice(path, first[name])


def _is_new(change: Change, file: FileChange) -> bool:
    """Tell whether a row was added. In a whole tree the golden cases are taken as given."""
    given = not change.is_transition and file.spot.kind is Kind.GOLDEN
    return file.before is None and not given


def _came_back(change: Change, file: FileChange) -> bool:
    """Tell whether a row waits whose id was golden in the base, which GG508 reports."""
    golden = golden_path(file.spot.dataset, file.spot.case)
    return file.spot.kind is not Kind.GOLDEN and change.base.entry(golden) is not None


def _places(change: Change, case: str) -> list[str]:
    """Return every path at which the id stands, earlier stages first."""
    ways = (way(dataset, case) for way in _STAGES for dataset in change.head.datasets)
    return [path for path in ways if change.head.entry(path) is not None]


def _twin(places: list[str], path: str, added: Container[str]) -> str:
    """Return the other path to name, "" when there is none or the other one reports this."""
    older = (place for place in places if place not in added)
    return next(older, "") or (places[0] if places[0] != path else "")
