"""GG315: an erasure that takes more, or has less behind it, than the law needs."""

from collections.abc import Iterator
from typing import Any

from goldengit.models.case import Case, Tombstone
from goldengit.models.change import Change, File, FileChange
from goldengit.models.digest import case_digest, erasure_digest
from goldengit.models.finding import Finding
from goldengit.models.layout import Kind
from goldengit.models.lifecycle import equal, has_maintainer, is_tombstone, restore_command
from goldengit.models.policy import Policy
from goldengit.rules.base import Rule

_KEPT = ("signoffs", "superseded_by", "withdrawn")


class BadErasure(Rule):
    """A tombstone does not keep what it must, or two persons do not stand behind it.

    ## What it does
    A golden case may become a tombstone that keeps id, dataset, digest, signoffs, appendix and the
    labels without their notes. Two distinct persons sign the erasure, one of them a maintainer in
    force. A tombstone never appears where no case was, and never turns into a case again.

    ## Why it matters
    Erasure is the one way to take a golden case's content away. It exists for the law, so it must
    not become a way to rewrite verdicts or to forget who signed.

    ## Example
    A tombstone in which `verdict: fail` became `verdict: pass`.

    ## How to fix
    Run `git restore --source=BASE --staged --worktree -- PATH`, then
    `goldengit erase ID --reason TEXT`, which writes the tombstone and asks for both signoffs.
    """

    code = "GG315"
    name = "bad-erasure"

    def check(self, change: Change) -> Iterator[Finding]:
        """Yield a finding for each thing that is wrong with a tombstone of this change."""
        if change.policy is None:
            return
        for file in change.of_kind(Kind.GOLDEN):
            tombstone = file.after.case if file.after is not None else None
            if file.after is not None and isinstance(tombstone, Tombstone):
                for way, problem in _problems(change, file, file.after, tombstone, change.policy):
                    remedy = _remedy(change, file)
                    yield self.finding(file.path, problem, remedy, line=file.after.line(way))


def _problems(
    change: Change, file: FileChange, after: File, tombstone: Tombstone, policy: Policy
) -> Iterator[tuple[str, str]]:
    """Yield (key, sentence) for each problem of a tombstone."""
    if tombstone.dataset != file.spot.dataset:
        yield "dataset", f"The tombstone names the dataset {tombstone.dataset}."
    if file.before is None and change.is_transition and not change.adoption:
        yield "schema", "A tombstone can only take the place of a golden case."
    elif file.before is not None and not is_tombstone(file.before):
        yield from _losses(file.before, after)
    if file.before is None or file.before.entry.oid != after.entry.oid:
        yield from _signers(after, tombstone, policy, change.threshold)


def _losses(before: File, after: File) -> Iterator[tuple[str, str]]:
    """Yield what a tombstone does not keep of its case."""
    if not isinstance(before.case, Case):
        yield "schema", "The case cannot be read in the base, so nothing proves what is kept."
        return
    if after.value.get("digest") != case_digest(before.value):
        yield "digest", "The tombstone does not carry the digest of the case."
    for key in _KEPT:
        if not equal(before.value.get(key), after.value.get(key)):
            yield key, f"The tombstone does not keep `{key}` as it was."
    if not equal(_without_notes(before.value), after.value.get("labels") or []):
        yield "labels", "The tombstone does not keep the labels, each without its note."


def _without_notes(value: dict[str, Any]) -> list[dict[str, Any]]:
    labels = value.get("labels") or []
    return [{key: part for key, part in label.items() if key != "note"} for label in labels]


def _signers(
    after: File, tombstone: Tombstone, policy: Policy, threshold: int
) -> Iterator[tuple[str, str]]:
    wanted = erasure_digest(tombstone.digest, after.value["erased"])
    bound = [one for one in tombstone.erased.signoffs if one.digest == wanted]
    people = {one.reviewer for one in bound if one.reviewer in policy.roster}
    if len(people) < threshold:
        yield (
            "erased",
            f"{len(people)} of {threshold} persons signed this very erasure.",
        )
    elif not has_maintainer(bound, policy):
        yield "erased", "No maintainer in force is among those who signed the erasure."


def _remedy(change: Change, file: FileChange) -> str:
    again = f"`goldengit erase {file.spot.case} --reason TEXT`"
    if file.before is None:
        return f"Run {again} on the case itself."
    return f"Run `{restore_command(change, file.path)}`, then {again}."
