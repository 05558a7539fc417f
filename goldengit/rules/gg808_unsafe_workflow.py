"""GG808: no workflow gives its rights to what strangers wrote."""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from goldengit.models.change import Change
from goldengit.models.expression import expressions, is_foreign
from goldengit.models.finding import Finding, Severity
from goldengit.models.shell import Command, commands
from goldengit.rules.base import Rule

if TYPE_CHECKING:
    from goldengit.models.workflow import Job, Permissions, Step, Workflow

_CHECKOUT = "actions/checkout"
_UNSAFE_OPTION = "allow-unsafe-pr-checkout"
# Revisions and repositories that are the base's own, as expressions are compared.
_OWN = (
    r"github\.(sha|workflow_sha|base_ref|repository|repository_owner|ref"
    r"|event\.(repository\.(default_branch|full_name)"
    r"|pull_request\.base\.(sha|ref|repo\.full_name)))"
    r"|job\.workflow_(repository|sha)"
)
_HEAD = r"refs/pull/|\bpull/[^\s/]{1,100}/(?:head|merge)\b|FETCH_HEAD|head_(?:ref|sha|branch)\b"
# `git fetch origin pull/1/head:NAME`: the branch under which the head is here from then on.
_FETCHED = r"\bpull/[^\s/:]{1,100}/(?:head|merge)[\"']?:(?:refs/heads/)?([^\s\"']+)"
# Commands of Git that write to a work tree, or to the index that it follows.
_INTO_TREE = frozenset(
    ("am", "apply", "archive", "checkout", "cherry-pick", "clone", "merge", "pull", "read-tree")
) | frozenset(("rebase", "reset", "restore", "switch", "worktree"))
_BEFORE = frozenset(("", "!", "do", "else", "env", "if", "sudo", "then", "time", "until", "while"))
_SCRIPTS = {"actions/github-script": "script"}
_CACHES = r"(?:^|/)(?:[a-z]+-)?cache(?:/|$)"
_CACHE_INPUTS = ("cache", "bundler-cache", "enable-cache")
# These restore a cache unless they are told not to.
_CACHE_BY_DEFAULT = {"actions/setup-go": "cache", "astral-sh/setup-uv": "enable-cache"}
_UPLOADS = r"^actions/upload-(?:pages-)?artifact$"


class UnsafeWorkflow(Rule):
    """A workflow runs content of a pull request with privileges, or puts its text into a script.

    ## What it does
    In a workflow that `pull_request_target` or `workflow_run` starts, directly or as the caller of
    a reusable one: reports a checkout of anything but the base, a checkout that keeps its
    credentials, caches and uploaded artifacts. In every workflow and action: an expression with
    text of strangers (`github.event.*`, `github.head_ref`, names of branches; the inputs of an
    action) in a script, and `allow-unsafe-pr-checkout`. Permissions of the token that nobody
    narrowed are an error in a workflow that is privileged or runs goldengit, elsewhere a warning.

    ## Why it matters
    These events run with the repository's token and secrets. Whoever opens a pull request would run
    code with them, or leave it in a cache for the next run.

    ## Example
    ```yaml
    on: pull_request_target
    jobs:
      title: {runs-on: ubuntu-latest, steps: [{run: 'echo ${{ github.event.pull_request.title }}'}]}
    ```

    ## How to fix
    Read a pull request as Git objects and check out the base alone, with
    `persist-credentials: false`. Pass text through `env:` and use it as `"$NAME"`. Write
    `permissions: {}` at the top and grant each job what it needs.
    """

    code = "GG808"
    name = "unsafe-workflow"
    needs_policy = False

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each step, job or workflow that gives its rights away."""
        for path, workflow in change.workflows():
            privileged = change.platform.is_privileged(path)
            matters = change.platform.matters(path, workflow)
            yield from self._permissions(path, workflow, matters=matters)
            for job in workflow.jobs:
                env = {**workflow.env, **job.env}
                yield from self._scripts(path, job.steps, env, inputs=matters)
                if privileged:
                    yield from self._privileged(path, _all_steps(job, change), env)
        for path, action in change.actions():
            yield from self._scripts(path, action.steps, {}, inputs=True)

    def _scripts(
        self, path: str, steps: "Iterable[Step]", env: Mapping[str, str], *, inputs: bool
    ) -> Iterator[Finding]:
        for step in steps:
            key = _SCRIPTS.get(_action(step), "")
            for name, script in (("run", step.run), ("with", step.inputs.get(key, ""))):
                if is_foreign(script, {**env, **step.env}, inputs=inputs):
                    message = "An expression puts text that strangers may write into a script."
                    remedy = 'Pass it through `env:` and use it as `"$NAME"`.'
                    yield self.finding(path, message, remedy, line=step.at(name))
            if step.inputs.get(_UNSAFE_OPTION, "false").lower() != "false":
                message = f"`{_UNSAFE_OPTION}` runs the head of a pull request with privileges."
                yield self.finding(path, message, "Remove it.", line=step.at("with"))

    def _privileged(
        self, path: str, steps: "Iterable[tuple[int, Step]]", env: Mapping[str, str]
    ) -> Iterator[Finding]:
        for line, step in steps:
            if _takes_head(step, {**env, **step.env}):
                message = "A privileged job takes something else than the base into its work tree."
                remedy = "Check out the base, and read the head as Git objects: `git fetch`."
                yield self.finding(path, message, remedy, line=line)
            if _action(step) == _CHECKOUT and _keeps_credentials(step):
                message = "A privileged job leaves its token in the clone."
                remedy = "Set `persist-credentials: false`."
                yield self.finding(path, message, remedy, line=line)
            if _restores_cache(step):
                message = "A privileged job uses a cache, which other runs may have filled."
                remedy = "Do without, or switch it off: `enable-cache: false`."
                yield self.finding(path, message, remedy, line=line)
            if re.search(_UPLOADS, _action(step)):
                message = "A privileged job uploads an artifact, which may hold its token."
                yield self.finding(path, message, "Remove the step.", line=line)

    def _permissions(self, path: str, workflow: "Workflow", *, matters: bool) -> Iterator[Finding]:
        severity = Severity.ERROR if matters else Severity.WARNING
        remedy = "Write `permissions: {}` at the top, and grant each job what it needs."
        if workflow.permissions is None and not all(map(_is_narrowed, workflow.jobs)):
            message = "The workflow does not say which permissions its token has."
            yield self.finding(path, message, remedy, line=1, severity=severity)
        given: list[tuple[Permissions | None, int]] = [
            (workflow.permissions, workflow.at("permissions"))
        ]
        given += [(job.permissions, job.at("permissions")) for job in workflow.jobs]
        for permissions, line in given:
            if permissions == "write-all":
                message = "The token may write everything."
                yield self.finding(path, message, remedy, line=line, severity=severity)


def _all_steps(job: "Job", change: Change) -> "Iterator[tuple[int, Step]]":
    """Yield the steps of a job, and those of the actions of this tree that they use, with lines."""
    for step in job.steps:
        yield step.line, step
        action = change.platform.action(step)
        yield from ((step.line, inner) for inner in (action.steps if action else ()))


def _is_narrowed(job: "Job") -> bool:
    return job.permissions is not None


def _action(step: "Step") -> str:
    return step.uses.partition("@")[0].lower()


def _keeps_credentials(step: "Step") -> bool:
    return step.inputs.get("persist-credentials", "true").strip().lower() != "false"


def _takes_head(step: "Step", env: Mapping[str, str]) -> bool:
    """Tell whether a step puts a revision into the work tree that is not surely the base's."""
    if _action(step) == _CHECKOUT:
        chosen = (step.inputs.get("ref", ""), step.inputs.get("repository", ""))
        return any(
            "refs/pull/" in text or not all(re.fullmatch(_OWN, each) for each in expressions(text))
            for text in chosen
        )
    branches = [re.escape(name) for name in re.findall(_FETCHED, step.run)]
    heads = [_HEAD, *(rf"(?<![\w/-]){name}(?![\w/-])" for name in branches)]
    heads += [rf"\$\{{?{re.escape(name)}\b" for name, said in env.items() if _is_head(said)]
    return any(_switches(each, "|".join(heads)) for each in commands(step.run))


def _is_head(text: str) -> bool:
    """Tell whether a variable stands for a commit, branch or repository of a pull request."""
    return any(re.search(r"\.head(?:_|\.|$)", each) for each in expressions(text))


def _switches(command: Command, head: str) -> bool:
    words = list(itertools.dropwhile(_is_before, command.words))
    if words[:3] == ["gh", "pr", "checkout"]:
        return True
    return (
        words[:1] == ["git"]
        and not _INTO_TREE.isdisjoint(words)
        and re.search(head, command.text, re.IGNORECASE) is not None
    )


def _is_before(word: str) -> bool:
    """Tell whether a word only stands before a command: a keyword, or a variable for it alone."""
    return word in _BEFORE or re.match(r"\w+=", word) is not None


def _restores_cache(step: "Step") -> bool:
    action = _action(step)
    default = _CACHE_BY_DEFAULT.get(action)
    if default and step.inputs.get(default, "true").lower() != "false":
        return True
    return bool(re.search(_CACHES, action)) or any(
        step.inputs.get(key, "false").lower() not in {"false", ""} for key in _CACHE_INPUTS
    )
