"""GG812: the hooks look at everything, at the right moment."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from goldengit.models.change import Change, File
from goldengit.models.finding import Finding, Severity
from goldengit.models.layout import HOOKS, Kind
from goldengit.rules.base import Rule

if TYPE_CHECKING:
    from goldengit.models.hooks import Hook, Hooks

_NARROWING = ("files", "exclude", "types", "types_or", "exclude_types")
_OPTIONS = {"pre-commit": "--staged", "pre-push": "--push"}
_ALIASES = {"commit": "pre-commit", "push": "pre-push"}


class NarrowedHook(Rule):
    """A hook of goldengit is narrowed, or no longer there.

    ## What it does
    In `.pre-commit-config.yaml` a hook of goldengit has no `files`, `exclude` or `types`, passes no
    file names and always runs; `goldengit check --staged` runs in the stage `pre-commit`,
    `goldengit check --push` in `pre-push`, which `pre-commit install` must set up too. A change
    that narrows or removes a hook that was as it should be is an error; anything else is a warning,
    because hooks are a convenience: the gate does not rely on them.

    ## Why it matters
    pre-commit never passes the names of deleted files. A hook with `files: ^datasets/` is skipped
    by a commit that only deletes cases.

    ## Example
    ```yaml
    - id: goldengit-check
      files: ^datasets/support/
    ```

    ## How to fix
    Write the hook with `pass_filenames: false` and `always_run: true`, without a pattern.
    """

    code = "GG812"
    name = "narrowed-hook"
    needs_policy = False
    waivable = True

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each hook that is narrowed or gone."""
        for each in change.of_kind(Kind.HOOKS):
            before, after = _hooks(each.before), _hooks(each.after)
            if each.after is not None and after is None:
                continue  # it cannot be read, which GG1 says
            sound = {stage for stage in _OPTIONS if before and _is_sound(before, stage)}
            for stage in _OPTIONS:
                found = after.of_stage(stage) if after else ()
                severity = Severity.ERROR if stage in sound else Severity.WARNING
                if before and before.of_stage(stage) and not found:
                    yield self._gone(stage)
                for hook in found:
                    for line, message, remedy in _problems(hook, stage, after):
                        yield self.finding(HOOKS, message, remedy, line=line, severity=severity)

    def _gone(self, stage: str) -> Finding:
        message = f"The hook that runs `goldengit check {_OPTIONS[stage]}` is gone."
        return self.finding(HOOKS, message, "Put it back.")


def _hooks(file: File | None) -> "Hooks | None":
    return file.hooks if file else None


def _is_sound(hooks: "Hooks", stage: str) -> bool:
    found = hooks.of_stage(stage)
    return bool(found) and not any(any(_problems(hook, stage, hooks)) for hook in found)


def _problems(hook: "Hook", stage: str, hooks: "Hooks | None") -> Iterator[tuple[int, str, str]]:
    """Yield line, message and remedy for each way in which a hook does not see everything."""
    settings = hook.settings
    for key in _NARROWING:
        if settings.get(key):
            message = f"`{key}` narrows the hook {hook.id}, which must see every commit."
            yield hook.at(key), message, f"Remove `{key}`."
    for key, wanted in (("pass_filenames", False), ("always_run", True)):
        # What a hook of this configuration alone does not say has the other value.
        if settings.get(key, not wanted if hook.local else wanted) is not wanted:
            said = str(wanted).lower()
            message = f"The hook {hook.id} lacks `{key}: {said}`, so deleted files escape it."
            yield hook.at(key), message, f"Write `{key}: {said}`."
    entry = str(settings.get("entry") or "")
    if "entry" in settings and (_OPTIONS[stage] not in entry or "||" in entry):
        message = f"The hook {hook.id} does not run `goldengit check {_OPTIONS[stage]}` alone."
        remedy = f"Write `entry: goldengit check {_OPTIONS[stage]}`."
        yield hook.at("entry"), message, remedy
    yield from _stages(hook, stage, hooks)


def _stages(hook: "Hook", stage: str, hooks: "Hooks | None") -> Iterator[tuple[int, str, str]]:
    own = hook.settings.get("stages")
    usual = hooks.default_stages if hooks and hook.local else None
    stages = own if own is not None else usual
    if stages is not None and stage not in {_ALIASES.get(one, one) for one in stages}:
        message = f"The hook {hook.id} does not run in the stage {stage}."
        yield hook.at("stages"), message, f"Add {stage} to `stages`."
    installed = hooks.install_types if hooks else None
    if stage not in (installed if installed is not None else ("pre-commit",)):
        message = f"`pre-commit install` sets up no {stage} hook, so {hook.id} never runs."
        yield hook.line, message, "Write `default_install_hook_types: [pre-commit, pre-push]`."
