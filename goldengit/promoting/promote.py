"""Promote: a labelled candidate becomes golden, its drafts folded in, two persons behind it."""

from collections.abc import Iterator, Sequence

from goldengit.errors import RefusedEditError, UsageError
from goldengit.models.change import File
from goldengit.models.digest import case_digest
from goldengit.models.label import folded
from goldengit.models.layout import Kind, golden_path, labels_folder
from goldengit.promoting import signers
from goldengit.promoting.appendix import advice
from goldengit.promoting.desk import Desk, Done, Judge, at_desk
from goldengit.promoting.signers import PAIR, Signer, Value
from goldengit.repository import commits
from goldengit.repository.interpret import house_bytes
from goldengit.repository.store import Store


def promote(
    store: Store,
    candidates: Sequence[str],
    *,
    judge: Judge,
    labeler: str | None = None,
    confirmer: str | None = None,
    commit: bool = False,
    now: str | None = None,
) -> Done:
    """Freeze candidates, named by id or path: write golden files, remove what they were made of.

    Both signers are persons of the roster and apply to all candidates. A labeler who is not named
    is the one labeler who labelled the candidate; a confirmer the one other person who may
    confirm. With `commit`, exactly these files are committed, on a new branch `golden/<first id>`
    when HEAD is on a protected one. Raises UsageError when a signer must be named,
    RefusedEditError for a candidate without label or expected output, RefusedByRulesError.
    """
    with at_desk(store, judge, now) as desk:
        rows = [desk.find(name, Kind.CANDIDATE) for name in dict.fromkeys(candidates)]
        if not rows:
            raise UsageError("No candidate is named.", remedy="Name one by its id or its path.")
        signed = [_pair(desk, row, labeler, confirmer) for row in rows]
        files: dict[str, bytes | None] = {}
        for row, pair in zip(rows, signed, strict=True):
            files |= promotion(desk, row, pair)
        cases = [row.spot.case for row in rows]
        branch = _branch(desk, cases[0]) if commit else None
        message = _message(cases, signed) if commit else ""
        told = advice(cases, [signer for pair in signed for signer in pair])
        told = told[1:] if commit else told
        return desk.settle(files, cases=cases, advice=told, message=message, branch=branch)


def promotion(desk: Desk, row: File, pair: Sequence[Signer]) -> dict[str, bytes | None]:
    """Return what the promotion of a candidate writes and removes, by path.

    Raises RefusedEditError for a candidate that is not ready.
    """
    drafts = list(_drafts(desk, row))
    value = _ready(row, drafts)
    path = golden_path(row.spot.dataset, row.spot.case)
    if desk.work.entry(path) is not None:
        raise RefusedEditError(
            "The case is golden already.", remedy=f"Remove the candidate {row.path}.", place=path
        )
    value["signoffs"] = signers.claims(pair, desk.now, case_digest(value))
    removed = dict.fromkeys((row.path, *(draft.path for draft in drafts)))
    return {**removed, path: house_bytes(path, value)}


def promoted_digest(desk: Desk, row: File) -> str:
    """Return the digest that a row has once it is golden; a golden one has it already."""
    if row.spot.kind is Kind.GOLDEN:
        return row.digest
    return case_digest(_ready(row, list(_drafts(desk, row))))


def _drafts(desk: Desk, row: File) -> Iterator[File]:
    for entry in desk.work.entries(labels_folder(row.spot.dataset, row.spot.case)):
        file = desk.work.file(entry.path)
        if file is not None and file.spot.kind is Kind.LABELS:
            yield desk.sound(file)


def _ready(row: File, drafts: Sequence[File]) -> Value:
    """Return the content of a candidate, its drafts folded in, if it may be golden."""
    if row.value.get("expected_output") is None:
        raise RefusedEditError(
            "The candidate has no `expected_output`: nobody has said what is right.",
            remedy="Write it into the file, then promote it again.",
            place=row.path,
        )
    value = folded(row.value, [draft.value for draft in drafts])
    if not _labellers(value):
        raise RefusedEditError(
            "The candidate has no label by a person, so nobody has judged its answer.",
            remedy="Add one to its `labels`, or a draft to "
            f"{labels_folder(row.spot.dataset, row.spot.case)}/PERSON.yaml, then promote it again.",
            place=row.path,
        )
    return value


def _labellers(value: Value) -> list[str]:
    """Return the persons who labelled a row, in the order of its labels."""
    people = [
        str(label["reviewer"])
        for label in value.get("labels") or []
        if label.get("source", "person") == "person"
    ]
    return list(dict.fromkeys(people))


def _pair(desk: Desk, row: File, labeler: str | None, confirmer: str | None) -> list[Signer]:
    """Return who signs a promotion; raise UsageError where that does not follow."""
    policy, case = desk.policy, row.spot.case
    if labeler is None:
        labelled = _labellers(_ready(row, list(_drafts(desk, row))))
        labeler = signers.only_holder(labelled, "labeler", policy, desk.now)
        if not labeler:
            raise _unnamed("labeler", case, f"it was labelled by {', '.join(labelled)}")
    if confirmer is None:
        others = [person for person in policy.roster if person != labeler]
        confirmer = signers.only_holder(others, "confirmer", policy, desk.now)
        if not confirmer:
            raise _unnamed("confirmer", case, "several persons, or none, may confirm")
    words = [f"{labeler}:labeler", f"{confirmer}:confirmer"]
    return signers.named(words, policy, desk.now, PAIR)


def _unnamed(role: str, case: str, why: str) -> UsageError:
    return UsageError(
        f"Who signs {case} as {role} does not follow from the files: {why}.",
        remedy=f"Name the person with `--{role} PERSON`.",
    )


def _branch(desk: Desk, first: str) -> str | None:
    """Return the new branch that a commit needs, None where HEAD is on one of its own."""
    current = commits.current_branch(desk.store.repository)
    has_commits = desk.store.repository.find_commit("HEAD") is not None
    protected = current in desk.policy.protected_branches
    return f"golden/{first}" if has_commits and protected else None


def _message(cases: Sequence[str], signed: Sequence[list[Signer]]) -> str:
    title = f"Promote {cases[0]}" if len(cases) == 1 else f"Promote {len(cases)} cases"
    lines = [
        f"- {case}: {', '.join(f'{person} as {role}' for person, role in pair)}"
        for case, pair in zip(cases, signed, strict=True)
    ]
    return "\n".join([title, "", *lines, ""])
