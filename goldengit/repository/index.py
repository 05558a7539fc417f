"""What is known of all golden cases of one dataset in one tree."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from goldengit.models.change import Entry
from goldengit.models.facts import Closure, MonthFacts
from goldengit.models.identity import canonical_trace_id, is_case_id
from goldengit.models.sketch import SHARED, KeyTable, bands, key_of

_MOST = 5  # cases that are compared with one; a warning needs but one that resembles it
_Table = Callable[[MonthFacts], KeyTable]

_MONTH = len("2026-01")


class GoldenIndex:
    """A dataset's index over its months; the months' facts are made when first asked for."""

    def __init__(self, months: Mapping[str, MonthFacts], folders: Mapping[str, Entry]) -> None:
        self.months = months
        self.folders = folders

    @cached_property
    def closures(self) -> Mapping[str, Closure]:
        """Return how each case that ended did, by case id."""
        return {
            closure.case: closure for facts in self.months.values() for closure in facts.closures
        }

    @property
    def count(self) -> int:
        """Return the number of golden cases."""
        return sum(len(facts.names) for facts in self.months.values())

    def holds(self, case: str) -> bool:
        """Tell whether the id is golden in this tree."""
        facts = self.months.get(case[:7])
        return is_case_id(case) and facts is not None and f"{case}.yaml" in facts.names

    def predecessors(self, case: str) -> tuple[str, ...]:
        """Return the ids of the cases that name this one as their successor."""
        return self._predecessors.get(case, ())

    @cached_property
    def _predecessors(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for closure in self.closures.values():
            if closure.successor:
                found[closure.successor] = (*found.get(closure.successor, ()), closure.case)
        return found

    def with_trace(self, trace_id: str) -> tuple[str, ...]:
        """Return the ids of cases that may have this trace id."""
        return self._found([key_of(canonical_trace_id(trace_id))], _traces)

    def with_pair(self, case: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the ids of active cases that may have this case's input and actual output."""
        key = key_of([case.get("input"), case.get("actual_output")])
        return self._found([key], _pairs)

    def similar(self, case: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the few active cases whose input may resemble this case's, the likeliest first."""
        wanted = bands(case.get("input"))
        shared = Counter(
            facts.names[at].removesuffix(".yaml")
            for facts in self.months.values()
            for key in wanted
            for at in facts.bands.positions(key)
        )
        return tuple(name for name, count in shared.most_common(_MOST) if count >= SHARED)

    def clashing(self) -> frozenset[str]:
        """Return the ids of cases that share a trace or a pair key with another case."""
        return frozenset(
            case
            for table in (_traces, _pairs)
            for key in _repeated(table(facts).keys() for facts in self.months.values())
            for case in self._found([key], table)
        )

    def _found(self, keys: Iterable[int], table: _Table) -> tuple[str, ...]:
        wanted = list(keys)
        return tuple(
            sorted(
                {
                    facts.names[at].removesuffix(".yaml")
                    for facts in self.months.values()
                    for key in wanted
                    for at in table(facts).positions(key)
                }
            )
        )


def _traces(facts: MonthFacts) -> KeyTable:
    return facts.traces


def _pairs(facts: MonthFacts) -> KeyTable:
    return facts.pairs


def _repeated(runs: Iterable[Iterator[int]]) -> set[int]:
    seen: set[int] = set()
    again: set[int] = set()
    for run in runs:
        for key in run:
            (again if key in seen else seen).add(key)
    return again


def month_folders(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Return the month folders among the children of a golden folder, by name."""
    return {
        entry.name: entry
        for entry in entries
        if entry.is_tree and len(entry.name) == _MONTH and is_case_id(f"{entry.name}-01-a-000000")
    }
