"""Hooks: which checks pre-commit runs, and how each is narrowed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Hook:
    """One hook of a configuration.

    `settings` are its keys as they stand in the file. A `local` hook has no manifest behind it:
    what it does not say has pre-commit's default.
    """

    id: str
    line: int
    local: bool
    settings: Mapping[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict, repr=False)

    def at(self, key: str) -> int:
        """Return the line of a key, or of the hook."""
        return self.lines.get(key, self.line)

    @property
    def stage(self) -> str:
        """Return the stage that a check of goldengit belongs to, "" for any other hook."""
        words = f"{self.settings.get('entry', '')}".split()
        if self.id == "goldengit-check-push" or _calls(words, "--push"):
            return "pre-push"
        return "pre-commit" if self.id == "goldengit-check" or _calls(words, "--staged") else ""


@dataclass(frozen=True, slots=True)
class Hooks:
    """The configuration of pre-commit. None stands for a key that is not there."""

    hooks: tuple[Hook, ...]
    default_stages: tuple[str, ...] | None = None
    install_types: tuple[str, ...] | None = None

    def of_stage(self, stage: str) -> tuple[Hook, ...]:
        """Return the checks of goldengit that belong to a stage."""
        return tuple(hook for hook in self.hooks if hook.stage == stage)


def _calls(words: list[str], option: str) -> bool:
    return option in words and any(word.rpartition("/")[2] == "goldengit" for word in words)
