"""What a history did to golden cases, worked out without the program: pygit2 and PyYAML only.

The definitions are those of the rules' pages, written down a second time. A finding is (commit,
rule, path), as the audit has it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import pygit2
import yaml

from tests.real_data.upstream import Row, Step, steps

_ROW = re.compile(r"(datasets/[a-z0-9-]+)/(queue|candidates|golden/([0-9]{4}-[0-9]{2}))/(.+)\.yaml")
_APPENDICES = ("superseded_by", "withdrawn")
_REGULAR = 0o100644

Value = dict[str, Any]
Found = tuple[str, str, str]


class Case(NamedTuple):
    """A row's path, understood."""

    dataset: str
    is_golden: bool
    name: str

    @property
    def golden_path(self) -> str:
        return f"{self.dataset}/golden/{self.name[:7]}/{self.name}.yaml"


class Account(NamedTuple):
    """Everything that was found, how many cases became golden (readable ones), how many closed."""

    findings: frozenset[Found]
    promoted: int
    closed: int


def account(repository: pygit2.Repository) -> Account:
    """Return what the first-parent history of `main` did, each step judged by the one before it."""
    return _Reader(repository).account()


class _Reader:
    def __init__(self, repository: pygit2.Repository) -> None:
        self._repository = repository
        self.value = lru_cache(maxsize=4096)(self._value)

    def account(self) -> Account:
        found: set[Found] = set()
        ever, present, promoted, closed = set[str](), set[str](), 0, 0
        for step in steps(self._repository):
            for rule, path in self._judged(step, ever, present):
                found.add((step.commit, rule, path))
            golden = [row for row in step.rows if (case := _case(row)) and case.is_golden]
            promoted += sum(row.status == "A" and bool(self.value(row.new)) for row in golden)
            closed += sum(self._is_closed(row) for row in golden)
            ever |= {row.path for row in golden}
            present -= {row.path for row in golden if row.status == "D"}
            present |= {row.path for row in golden if row.status != "D"}
        return Account(frozenset(found), promoted, closed)

    def _judged(self, step: Step, ever: set[str], present: set[str]) -> Iterator[tuple[str, str]]:
        for row in step.rows:
            case = _case(row)
            if case is None:
                continue
            if row.status != "D" and self.value(row.new) is None:
                yield "unreadable", row.path
            if not case.is_golden:
                if row.status != "D" and case.golden_path in present:
                    yield "GG508", row.path
            elif row.status == "A" and row.path in ever:
                yield "GG305", row.path
            elif row.status == "M":
                rules = self._edit(row)
                yield from ((rule, row.path) for rule in rules.split())
            elif row.status == "D":
                yield from self._gone(row, case, step)

    def _gone(self, row: Row, case: Case, step: Step) -> Iterator[tuple[str, str]]:
        """Yield the one rule that says where a golden file went: away, back, or elsewhere."""
        added = [other for other in step.rows if other.status == "A" and _case(other)]
        said = (self.value(row.old) or {}).get("id", case.name)
        for other in added:
            there = _case(other)
            text = (self.value(other.new) or {}).get("id")
            if there and (other.new == row.old or case.name in {there.name, text} or text == said):
                if there.is_golden:
                    yield "GG304", row.path
                # A row that went back is found by itself, at its new path.
                return
        yield "GG306", row.path

    def _is_closed(self, row: Row) -> bool:
        before = self.value(row.old) if row.status == "M" else {}
        after = self.value(row.new) if row.status != "D" else {}
        return any(key in (after or {}) and key not in (before or {}) for key in _APPENDICES)

    def _edit(self, row: Row) -> str:
        """Return the codes of the rules that a modification breaks, "" for a lawful appendix."""
        old, new = self._data(row.old), self._data(row.new)
        before, after = self.value(row.old), self.value(row.new)
        if row.old_mode != row.new_mode or before is None or after is None:
            return "GG303"
        kept = {key: before[key] for key in _APPENDICES if key in before}
        still = {key: after[key] for key in kept if key in after}
        gained = [key for key in _APPENDICES if key in after and key not in before]
        reopened = not _same(kept, still)
        lawful = gained and new.startswith(old)
        edited = not _same(_core(before), _core(after)) or not (lawful or reopened)
        return " ".join(["GG303"] * edited + ["GG506"] * reopened)

    def _data(self, oid: str) -> bytes:
        return self._repository[oid].peel(pygit2.Blob).data

    def _value(self, oid: str) -> Value | None:
        """Return what a file says, every scalar as text; None when PyYAML or its keys refuse."""
        try:
            value = yaml.load(self._data(oid), Loader=_Loader)  # noqa: S506 - it builds text only
        except yaml.YAMLError:
            return None
        return value if isinstance(value, dict) else None


class _Loader(yaml.CBaseLoader):
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        value: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        if len(value) != len(node.value):
            raise yaml.YAMLError("a key stands twice")
        return value


def _case(row: Row) -> Case | None:
    match = _ROW.fullmatch(row.path)
    return Case(match[1], match[3] is not None, match[4]) if match else None


def _core(value: Value) -> Value:
    return {key: part for key, part in value.items() if key not in _APPENDICES}


def _same(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)
