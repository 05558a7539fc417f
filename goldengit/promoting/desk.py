"""The desk at which every edit is made: what is there, what is frozen, what the rules would say."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from goldengit.errors import RefusedEditError, UsageError
from goldengit.models.change import File
from goldengit.models.finding import Finding, Report, Severity
from goldengit.models.identity import is_case_id
from goldengit.models.layout import (
    POLICY,
    Kind,
    candidate_path,
    golden_path,
    locate,
    queue_path,
)
from goldengit.models.policy import Policy
from goldengit.repository import commits, edits, sources
from goldengit.repository.edits import Replacement
from goldengit.repository.snapshot import TreeSnapshot
from goldengit.repository.store import Store

# What the rules say of a tree (an id) that follows on a commit (None: on nothing at all).
Judge = Callable[[Store, str | None, str], Report]

_PLACES = {Kind.GOLDEN: golden_path, Kind.CANDIDATE: candidate_path, Kind.QUEUE: queue_path}
_NAMES = {Kind.GOLDEN: "golden case", Kind.CANDIDATE: "candidate", Kind.QUEUE: "queued row"}


class RefusedByRulesError(RefusedEditError):
    """The edit would bring errors that were not there before; `findings` lists them all."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        first = findings[0]
        more = f" The rules have {len(findings) - 1} more to say." if len(findings) > 1 else ""
        super().__init__(
            f"{first.rule}: {first.message}",
            remedy=f"{first.remedy}{more} Nothing was written.",
            place=str(first.place),
        )
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Done:
    """What a verb did. Paths lead from the top of the repository and are sorted.

    `cases` are the ids that it dealt with, in the order asked for; `advice` says what to do next,
    one command or sentence each; `recovered` what an interrupted command had left, "" for nothing;
    `branch` and `commit` are "" unless a commit was made. `report` is what the rules say of the
    work tree as it is now, warnings and notes included; None when nothing was to be written.
    """

    cases: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    recovered: str = ""
    branch: str = ""
    commit: str = ""
    report: Report | None = field(default=None, repr=False)


@contextmanager
def at_desk(store: Store, judge: Judge, now: str | None = None) -> Iterator["Desk"]:
    """Hold the one right to edit this work tree, made whole after whatever was interrupted."""
    with edits.editing(store.repository) as recovered:
        yield Desk(store, judge, now or _moment(), recovered)


class Desk:
    """The work tree as it is, the commit up to which it is frozen, and the policy in force.

    `now` is RFC 3339 text in UTC, whole seconds.
    """

    def __init__(self, store: Store, judge: Judge, now: str, recovered: str = "") -> None:
        self.store = store
        self.now = now
        self.recovered = recovered
        self._judge = judge
        self.work = store.snapshot("the work tree", sources.work_tree(store.repository))

    # -- what is there ---------------------------------------------------------------------

    @cached_property
    def base(self) -> str | None:
        """Return the commit up to which golden cases are frozen; None before the first commit."""
        branches = self._protecting.protected_branches
        return sources.fork_point(self.store.repository, branches)

    @cached_property
    def frozen(self) -> TreeSnapshot:
        """Return the tree in which golden cases are frozen."""
        repository = self.store.repository
        tree = repository.tree_of(self.base) if self.base else repository.empty_tree
        return self.store.snapshot("the base", tree)

    @cached_property
    def policy(self) -> Policy:
        """Return the policy in force: the base's, else that of the work tree."""
        return _policy(self.frozen) or self._required(_policy(self.work))

    @cached_property
    def _protecting(self) -> Policy:
        head = self.store.repository.find_commit("HEAD")
        tree = self.store.repository.tree_of(head) if head else None
        committed = _policy(self.store.snapshot("HEAD", tree)) if tree else None
        return committed or self._required(_policy(self.work))

    def _required(self, policy: Policy | None) -> Policy:
        if policy is None:
            raise UsageError(
                f"There is no {POLICY} that could be read.",
                remedy="Run `goldengit init`, or `goldengit check --all` to see what is wrong.",
            )
        return policy

    def find(self, name: str, *kinds: Kind) -> File:
        """Return the row that an id or a path names, read without any refusal.

        Raises UsageError when there is none, or more than one, of these kinds, and
        RefusedEditError when it cannot be read.
        """
        found = [file for path in self._paths(name, kinds) if (file := self.work.file(path))]
        if len(found) > 1:
            raise UsageError(
                f"{name} is the name of several rows: {', '.join(file.path for file in found)}.",
                remedy="Name the one you mean by its path.",
            )
        if not found:
            raise self._missing(name, kinds)
        return self.sound(found[0])

    def sound(self, file: File) -> File:
        """Return the file; raise RefusedEditError when it could not be read or does not fit."""
        refusals = file.reading.refusals if file.reading else ()
        if refusals:
            place = f"{file.path}:{refusals[0].line}" if refusals[0].line else file.path
            problem = f"{refusals[0].code}: {refusals[0].message}"
            raise RefusedEditError(problem, remedy=refusals[0].remedy, place=place)
        if not file.value:
            problem = "This is no regular file, so it was not read."
            raise RefusedEditError(problem, remedy="Replace it by a file.", place=file.path)
        return file

    def is_frozen(self, file: File) -> bool:
        """Tell whether a golden case stands in the base already."""
        return self.frozen.entry(file.path) is not None

    def _paths(self, name: str, kinds: Iterable[Kind]) -> list[str]:
        if is_case_id(name):
            return [
                _PLACES[kind](dataset, name) for kind in kinds for dataset in self.work.datasets
            ]
        path = edits.path_within(self.store.repository, Path(name))
        return [path] if locate(path).kind in set(kinds) else []

    def _missing(self, name: str, kinds: tuple[Kind, ...]) -> UsageError:
        wanted = " or ".join(_NAMES[kind] for kind in kinds)
        elsewhere = [
            path for path in self._paths(name, set(_PLACES) - set(kinds)) if self.work.entry(path)
        ]
        problem = f"There is no {wanted} named {name}."
        if elsewhere:
            is_now = _NAMES[locate(elsewhere[0]).kind]
            return UsageError(problem, remedy=f"It is a {is_now}: {elsewhere[0]}.")
        return UsageError(problem, remedy="Give a case id, or the path of its file.")

    # -- what is done ----------------------------------------------------------------------

    def settle(
        self,
        files: Mapping[str, bytes | None],
        *,
        cases: Iterable[str] = (),
        advice: Iterable[str] = (),
        message: str = "",
        branch: str | None = None,
    ) -> Done:
        """Write these files (None: remove), all or none, if the rules have nothing new against it.

        With a `message` they are committed too, on a new `branch` if one is named. Raises
        RefusedByRulesError, with nothing written, when the edit brings errors.
        """
        repository = self.store.repository
        edit = [file for file in self._replacements(files) if file.before != file.after]
        self._refuse_ignored([file.path for file in edit if file.after is not None])
        report = self._judged(edits.tree_with(repository, self.work.tree, edit)) if edit else None
        commit = ""
        if message:
            commits.refuse_unless_ready(repository, branch)
        with edits.applied(repository, edit):
            if message:
                commit = commits.commit(repository, edits.entries_of(edit), message, branch)
        return Done(
            cases=tuple(cases),
            written=tuple(sorted(file.path for file in edit if file.after is not None)),
            removed=tuple(sorted(file.path for file in edit if file.after is None)),
            advice=tuple(advice),
            recovered=self.recovered,
            branch=branch or "",
            commit=commit,
            report=report,
        )

    def _refuse_ignored(self, paths: list[str]) -> None:
        """Raise RefusedEditError for a file that no commit would hold, though another one goes."""
        ignored = edits.ignored(self.store.repository, paths) if paths else ()
        if ignored:
            raise RefusedEditError(
                "Git ignores this path, so a commit would leave the file out.",
                remedy=f"`git check-ignore --verbose {ignored[0]}` names the line; remove it.",
                place=ignored[0],
            )

    def _replacements(self, files: Mapping[str, bytes | None]) -> Iterator[Replacement]:
        for path, after in files.items():
            present = self.work.file(path)
            yield Replacement(path, self._bytes(present) if present else None, after)

    def _bytes(self, file: File) -> bytes:
        """Return a file's bytes, those beyond the reader's limit included."""
        return self.store.objects.blob(file.entry.oid, file.size).data or b""

    def _judged(self, tree: str) -> Report:
        report = self._judge(self.store, self.base, tree)
        if report.failed:
            known = self._judge(self.store, self.base, self.work.tree)
            fresh = _fresh(report, known)
            if fresh:
                raise RefusedByRulesError(fresh)
        return report


def _fresh(after: Report, before: Report) -> tuple[Finding, ...]:
    """Return the errors that were not there before, wherever in the file they stood."""
    known = Counter(_key(finding) for finding in before.findings)
    fresh = []
    for finding in after.findings:
        if finding.severity is Severity.ERROR:
            known[_key(finding)] -= 1
            if known[_key(finding)] < 0:
                fresh.append(finding)
    return tuple(fresh)


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.place.path, finding.rule, finding.message


def _policy(snapshot: TreeSnapshot) -> Policy | None:
    file = snapshot.file(POLICY)
    return file.policy if file else None


def _moment() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
