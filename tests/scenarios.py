"""Scenarios: a base, a head and the findings that a rule must have. See `tests/rules/README.md`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from goldengit import checking
from goldengit.cli.pushes import Push, change_of_push
from goldengit.models.change import Change
from goldengit.models.finding import Finding, Report
from goldengit.repository.store import Store, opened
from goldengit.rules import all_rules
from goldengit.rules.base import Rule
from tests.asked import as_pull
from tests.edits import Edit, apply, with_names
from tests.gitbox import OPENER, Files, GitBox
from tests.standard import NOW, standard

FOLDER = Path(__file__).parent / "rules"
_KEYS = {"name", "base", "edits", "commits", "upstream", "check", "now", "require_confirmed"} | {
    "deep", "clean", "expect", "pull",
}  # fmt: skip
_EXPECTED = re.compile(r"(GG[0-9]{3}) (\S+?)(?::([0-9]+))?(?:: (.+))?", re.DOTALL)


@dataclass(frozen=True)
class Scenario:
    """One scenario, as it stands in its file."""

    rule: str
    words: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Return the sentence that it states."""
        return f"{self.rule} {self.words['name']}"

    @property
    def clean(self) -> bool:
        """Tell whether all rules must be content with the head."""
        return bool(self.words.get("clean", False))

    def run(self, box: GitBox, rules: Iterable[Rule] | None = None) -> Report:
        """Return what the rules (by default: all) find."""
        unknown = set(self.words) - _KEYS
        assert not unknown, f"unknown keys {unknown} in {self.name}"
        with opened(box.folder) as store:
            change = self._change(store, box)
            if "pull" in self.words:
                change = as_pull(change, **self.words["pull"])
            return checking.judge(change, rules)

    def _change(self, store: Store, box: GitBox) -> Change:
        now, confirmed = self.words.get("now", NOW), self.words.get("require_confirmed", False)
        base = apply(standard(), self.words.get("base", ()))
        match self.words.get("check", "transition"):
            case "whole":
                tree = _tree(box, box.commit(apply(base, self.words.get("edits", ()))))
                deep = self.words.get("deep", False)
                return checking.whole(store, tree, now=now, deep=deep, require_confirmed=confirmed)
            case "push":
                old, new = self._branches(box, base)
                push = Push(local=new, remote=old, ref="refs/heads/main")
                change = change_of_push(store, push, require_confirmed=confirmed)
                assert change is not None
                return replace(change, now=now)
            case _:
                old, new = self._sides(box, base)
                return checking.transition(store, old, new, now=now, require_confirmed=confirmed)

    def _sides(self, box: GitBox, base: Files) -> tuple[str, str]:
        """Return base and head: trees, or commits where the scenario speaks of commits."""
        if "commits" in self.words or "upstream" in self.words:
            return self._branches(box, base)
        head = apply(base, self.words.get("edits", ()))
        return _tree(box, box.commit(base)), _tree(box, box.commit(head))

    def _branches(self, box: GitBox, files: Files) -> tuple[str, str]:
        """Return the tip of the base branch and the tip of the branch that left it."""
        fork = tip = head = box.commit(files, [box.commit(standard())])
        upstream = self.words.get("upstream", ())
        if upstream:
            tip = box.commit(apply(files, upstream), [fork])
        for step in self.words.get("commits", [self.words.get("edits", [])]):
            detail = {"edits": step} if isinstance(step, list) else dict(step)
            parents = [] if detail.pop("orphan", False) else [head]
            if detail.pop("merge", False):
                parents.append(tip)
                files = apply(files, upstream)
            files = apply(files, detail.pop("edits", ()))
            head = box.commit(files, parents, **_people(detail))
        return tip, head

    def problems(self, report: Report) -> list[str]:
        """Return how the findings differ from what is expected; nothing when they do not."""
        found = list(report.findings)
        missing = []
        for expected in map(_expectation, with_names(list(self.words["expect"]))):
            match = next((finding for finding in found if _fits(finding, expected)), None)
            if match is None:
                missing.append(f"missing: {expected}")
            else:
                found.remove(match)
        return missing + [f"not expected: {shown(finding)}" for finding in found]


@cache
def scenarios(rule: str) -> tuple[Scenario, ...]:
    """Return the scenarios of one rule's file."""
    read = yaml.load((FOLDER / f"{rule}.yaml").read_bytes(), yaml.CSafeLoader)
    return tuple(Scenario(rule, words) for words in read)


def files_with_scenarios() -> list[str]:
    """Return the codes that have a scenario file, sorted."""
    return sorted(path.stem for path in FOLDER.glob("GG*.yaml"))


def rules_of(code: str) -> list[Rule]:
    """Return the rule with this code, in a list."""
    return [rule for rule in all_rules() if rule.code == code]


def shown(finding: Finding) -> str:
    """Return a finding on one line."""
    return f"{finding.rule} {finding.place}: {finding.message} {finding.remedy}"


def found(
    box: GitBox, base: str | None, head: str, *, now: str = NOW, confirmed: bool = False
) -> list[str]:
    """Return `GGnnn path` for everything that all rules find between two commits or trees."""
    with opened(box.folder) as store:
        change = checking.transition(store, base, head, now=now, require_confirmed=confirmed)
        return [_short(finding) for finding in checking.judge(change).findings]


def found_in(box: GitBox, tree: str, *, now: str = NOW, deep: bool = False) -> list[str]:
    """Return `GGnnn path` for everything that all rules find in a whole tree."""
    with opened(box.folder) as store:
        change = checking.whole(store, _tree(box, tree), now=now, deep=deep)
        return [_short(finding) for finding in checking.judge(change).findings]


def found_after(
    box: GitBox, edits: Iterable[Edit], before: Iterable[Edit] = (), *, now: str = NOW
) -> list[str]:
    """Return what all rules find when these edits are made to the standard repository.

    `before` are edits that the base has already.
    """
    base = apply(standard(), before)
    return found(
        box, *(_tree(box, box.commit(files)) for files in (base, apply(base, edits))), now=now
    )


def _short(finding: Finding) -> str:
    return f"{finding.rule} {finding.place.path}"


def _tree(box: GitBox, name: str) -> str:
    return box.git("rev-parse", "--verify", f"{name}^{{tree}}")


def _people(detail: dict[str, Any]) -> dict[str, Any]:
    author = _address(detail.pop("author", OPENER))
    people = {
        "author": author,
        "committer": _address(detail.pop("committer", author)),
        "co_authors": [_address(who) for who in detail.pop("co_authors", [])],
    }
    assert not detail, f"unknown keys of a commit: {detail}"
    return people


def _address(who: str) -> str:
    return who if "@" in who else f"{who}@example.org"


def _expectation(text: str | dict[str, Any]) -> dict[str, Any]:
    if isinstance(text, dict):
        return text
    match = _EXPECTED.fullmatch(text)
    assert match, f"not an expected finding: {text!r}"
    rule, path, line, message = match.groups()
    given = {"rule": rule, "path": path, "line": line and int(line), "message": message}
    return {key: value for key, value in given.items() if value is not None}


def _fits(finding: Finding, expected: Mapping[str, Any]) -> bool:
    actual = {
        "rule": finding.rule,
        "path": finding.place.path,
        "line": finding.place.line,
        "severity": finding.severity.label,
    }
    return expected.get("message", "") in finding.message and all(
        actual[key] == value for key, value in expected.items() if key != "message"
    )
