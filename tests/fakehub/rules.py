"""Rulesets and what they say about a branch (github.md section 7.1)."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from tests.fakehub.branches import Branches
from tests.fakehub.people import User

Json = dict[str, Any]


@dataclass(eq=False)
class Ruleset:
    """A ruleset: the body it was made with, and who changed it when."""

    id: int
    body: Json
    created_at: str
    updated_at: str
    history: list[tuple[int, User, str]] = field(default_factory=list)

    def covers(self, branch: str, default: str) -> bool:
        """Tell whether it applies to a branch; one that is not active applies to nothing."""
        names = self.body.get("conditions", {}).get("ref_name", {})
        return (
            self.body["enforcement"] == "active"
            and self.body.get("target", "branch") == "branch"
            and any(_names(p, branch, default) for p in names.get("include", ()))
            and not any(_names(p, branch, default) for p in names.get("exclude", ()))
        )


def _names(pattern: str, branch: str, default: str) -> bool:
    if pattern in {"~ALL", "~DEFAULT_BRANCH"}:
        return pattern == "~ALL" or branch == default
    return fnmatchcase(f"refs/heads/{branch}", pattern)


class Rules(Branches):
    """The rulesets of the repository."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.rulesets: dict[int, Ruleset] = {}

    def add_ruleset(self, body: Json, *, by: User) -> Ruleset:
        """Make a ruleset of the body that the API takes."""
        when = self.clock.tick()
        ruleset = Ruleset(self.next_id(), dict(body), when, when)
        self.rulesets[ruleset.id] = ruleset
        ruleset.history.append((1, by, when))
        return ruleset

    def change_ruleset(self, ruleset: Ruleset, changes: Json, *, by: User) -> None:
        """Replace keys of a ruleset; its history keeps who did it."""
        ruleset.body.update(changes)
        ruleset.updated_at = self.clock.tick()
        ruleset.history.append((len(ruleset.history) + 1, by, ruleset.updated_at))

    def rules_of(self, branch: str) -> list[tuple[Ruleset, Json]]:
        """Return the active rules of a branch, each with its ruleset."""
        return [
            (ruleset, rule)
            for ruleset in self.rulesets.values()
            if ruleset.covers(branch, self.default_branch)
            for rule in ruleset.body.get("rules", ())
        ]

    def parameters(self, branch: str, kind: str) -> list[Json]:
        """Return the parameters of each active rule of a kind."""
        rules = self.rules_of(branch)
        return [rule.get("parameters", {}) for _, rule in rules if rule["type"] == kind]

    def is_protected(self, branch: str) -> bool:
        """Tell what the branch endpoint says; that rulesets count is (inferred)."""
        return branch in self.protected or bool(self.rules_of(branch))
