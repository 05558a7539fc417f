"""What is about to be pushed, and against what each ref is judged.

A hook manager tells it in `PRE_COMMIT_*`, Git itself on the standard input of a pre-push hook.
When nobody says anything, everything that HEAD reaches is judged: silence is never a pass.

Managers mean different things by `PRE_COMMIT_FROM_REF`: pre-commit the remote's tip, prek where
the push left it; both something older when this clone lacks the tip, and nothing for a new root.
So for a protected branch what they say is compared with what was last fetched.
"""

import os
import re
import select
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TextIO

from goldengit.auditing.replay import replay
from goldengit.checking import Question, change_of, transition, whole
from goldengit.cli.trees import protected_branches
from goldengit.errors import CannotJudgeError
from goldengit.models.change import Change, Merge
from goldengit.models.finding import Finding, Severity
from goldengit.repository import history, sources
from goldengit.repository.store import Store

_BRANCH = "refs/heads/"
_LINE = re.compile(r"(.+) ([0-9a-f]{40,64}) (\S+) ([0-9a-f]{40,64})", re.ASCII)
_PATIENCE = 5.0  # seconds that Git, which writes at once, may take for its first line


@dataclass(frozen=True, slots=True)
class Push:
    """One ref of a push. `local` is None for a deletion, `remote` for a ref that is new there.

    `remote_name` is set by a hook manager, whose `remote` need not be where the ref is.
    """

    local: str | None
    remote: str | None
    ref: str = ""
    remote_name: str = ""

    @property
    def branch(self) -> str:
        """Return the name of the remote branch, "" for a tag, or when nobody named it."""
        return self.ref.removeprefix(_BRANCH) if self.ref.startswith(_BRANCH) else ""


def announced(environ: Mapping[str, str], stdin: TextIO | None) -> tuple[Push, ...]:
    """Return what is pushed; HEAD, as something new, when neither source says anything.

    Raises CannotJudgeError when the standard input holds something other than Git's lines.
    """
    target = environ.get("PRE_COMMIT_TO_REF") or environ.get("PRE_COMMIT_LOCAL_BRANCH")
    if target:
        source = environ.get("PRE_COMMIT_FROM_REF") or None
        names = (environ.get(f"PRE_COMMIT_REMOTE_{what}", "") for what in ("BRANCH", "NAME"))
        return (Push(target, source, *names),)
    return tuple(parse(_given(stdin))) or (Push("HEAD", None),)


def parse(text: str) -> Iterator[Push]:
    """Yield the refs that Git names on the standard input of a pre-push hook, one a line."""
    for line in text.splitlines():
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise CannotJudgeError(
                f"The standard input holds {line[:80]!r}, which is no line of a pre-push hook.",
                remedy="Let Git start `goldengit check --push`, or give it no input.",
            )
        yield Push(_unless_zero(match[2]), _unless_zero(match[4]), match[3])


def change_of_push(store: Store, push: Push, *, require_confirmed: bool) -> Change | None:
    """Return what one pushed ref changes, None when nothing that is guarded.

    A protected branch is judged from its remote tip, which it must continue; anything else from
    where it left a protected branch, so that what a branch itself added may still change.
    """
    protected = push.branch in protected_branches(store, "HEAD", push.remote, push.local)
    tip = push.local
    if tip is None:
        return _deleted(store, push) if protected else None
    if store.repository.find_commit(tip) is None:
        _refuse_unknown(store, push, tip)
        return None  # a tag of a blob or a tree moves no branch
    remote = _tip_there(store, push, tip) if protected else push.remote
    if remote and (protected or not push.ref):
        push = replace(push, remote=remote)
        return _continued(store, push, protected=protected, require_confirmed=require_confirmed)
    base = _remote_fork_point(store, tip, protected_branches(store, "HEAD", tip))
    if base is None and not (protected or tip == "HEAD"):
        base = _local_fork_point(store, tip)
    if base is None:
        # Nothing of ours is on the remote yet: the tree is judged by itself, with every scan.
        tree = store.repository.tree_of(tip)
        return whole(store, tree, name=_named(tip), deep=True, require_confirmed=require_confirmed)
    return transition(store, base, tip, require_confirmed=require_confirmed)


def errors_of_steps(store: Store, push: Push) -> Iterator[Finding]:
    """Yield the errors in the steps that a push adds to a protected branch, if it adds several.

    The whole may be legal and a step not: after a fast-forward each commit is a step of the
    branch, and an audit judges it as one.
    """
    if push.local is None or push.branch not in protected_branches(store, "HEAD", push.local):
        return
    tip = store.repository.find_commit(push.local)
    remote = _tip_there(store, push, tip) if tip else None
    base = store.repository.find_commit(remote) if remote else None
    if tip is None or base is None or not sources.is_ancestor(store.repository, base, tip):
        return  # what `change_of_push` says of it is enough
    walk = history.first_parents(store.repository, base, tip)
    for step in replay(store, base, walk) if len(walk) > 1 else ():
        for finding in step.report.findings:
            if finding.severity is Severity.ERROR:
                message = f"Commit {step.commit[:12]} is a step of its own: {finding.message}"
                remedy = "Merge with `git merge --no-ff` or squash, so that the branch is one step."
                yield replace(finding, message=message, remedy=remedy)


def _refuse_unknown(store: Store, push: Push, tip: str) -> None:
    """Raise CannotJudgeError unless the tip is an object that is here and that no branch gets."""
    words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{tip}^{{object}}")
    is_here = store.repository.run(*words, accept=(0, 1, 128))[0] == 0
    if push.branch or not is_here:
        raise CannotJudgeError(
            f"What is pushed to {push.ref or 'the remote'} is {tip[:40]}, which is no commit here.",
            remedy="On a server, judge in an `update` hook: before it, the commits are not there.",
        )


def _tip_there(store: Store, push: Push, tip: str) -> str | None:
    """Return where a protected branch is on the remote, as far as this clone can know.

    Git says it; a hook manager may not. What it names is taken when the push does not continue
    from there, which is to be found; else what was fetched last, which cannot be too new.
    """
    fetched = store.repository.find_commit(f"refs/remotes/{push.remote_name}/{push.branch}")
    if not (push.remote_name and fetched):
        return push.remote
    has_moved_back = push.remote and not sources.is_ancestor(store.repository, push.remote, tip)
    return push.remote if has_moved_back else fetched


def _local_fork_point(store: Store, tip: str) -> str | None:
    """Return where a branch left a local protected one, None when it brings all there is."""
    repository = store.repository
    fork = sources.fork_point(repository, protected_branches(store, "HEAD"), tip)
    return None if fork == repository.find_commit(tip) else fork


def _continued(store: Store, push: Push, *, protected: bool, require_confirmed: bool) -> Change:
    remote, local = push.remote or "", push.local or ""
    if store.repository.find_commit(remote) is None:
        raise CannotJudgeError(
            f"The remote's {push.branch} is at {remote[:12]}, which is not in this clone.",
            remedy="Run `git fetch`, then push again.",
        )
    if not protected or sources.is_ancestor(store.repository, remote, local):
        return transition(store, remote, local, require_confirmed=require_confirmed)
    bases = sources.merged(store.repository, remote, local).merge.bases
    return change_of(
        store,
        Question(
            base=store.repository.tree_of(remote),
            head=store.repository.tree_of(local),
            base_name=f"the remote's {push.branch} ({_named(remote)})",
            head_name=f"what is pushed ({_named(local)})",
            base_commit=remote,
            head_commit=local,
            merge=Merge(bases, rewritten=True),
            require_confirmed=require_confirmed,
        ),
    )


def _deleted(store: Store, push: Push) -> Change:
    """Return the change in which only the history ends: GG309 says the rest."""
    remote = push.remote or ""
    tree = (
        store.repository.tree_of(remote)
        if store.repository.find_commit(remote)
        else store.repository.empty_tree
    )
    return change_of(
        store,
        Question(
            base=tree,
            head=tree,
            base_name=f"the remote's {push.branch}",
            head_name="Its deletion",
            merge=Merge((remote,), rewritten=True),
        ),
    )


def _remote_fork_point(store: Store, tip: str, branches: set[str]) -> str | None:
    """Return the newest commit that a protected branch of a remote and the tip share."""
    listed = store.repository.text("for-each-ref", "--format=%(refname)", "refs/remotes")
    names = [name for name in listed.splitlines() if name.split("/", 3)[-1] in branches]
    bases = [_merge_base(store, name, tip) for name in names]
    newest: str | None = None
    for base in bases:
        if base and (newest is None or sources.is_ancestor(store.repository, newest, base)):
            newest = base
    return newest


def _merge_base(store: Store, left: str, right: str) -> str:
    status, output = store.repository.run("merge-base", left, right, accept=(0, 1))
    return output.decode().strip() if status == 0 else ""


def _given(stdin: TextIO | None) -> str:
    """Return what a pipe or a file holds; nothing of a terminal, or of a pipe that stays silent."""
    if stdin is None or stdin.closed:
        return ""
    mode = os.fstat(stdin.fileno()).st_mode
    if not (stat.S_ISFIFO(mode) or stat.S_ISREG(mode)):
        return ""
    ready, _, _ = select.select([stdin], [], [], _PATIENCE)
    return stdin.read() if ready else ""


def _unless_zero(oid: str) -> str | None:
    return oid if oid.strip("0") else None


def _named(commit: str) -> str:
    return commit if commit == "HEAD" else commit[:12]
