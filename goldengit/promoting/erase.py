"""Erase: where the law demands it, the content of a golden case goes and a tombstone stays."""

from collections.abc import Iterator, Sequence

from goldengit.errors import RefusedEditError
from goldengit.gauging.definitions import evaluator_ids
from goldengit.models.case import TOMBSTONE_SCHEMA, Case
from goldengit.models.change import File
from goldengit.models.digest import APPENDIX_KEYS, erasure_digest
from goldengit.models.layout import (
    DATASETS,
    Kind,
    attachment_path,
    evaluator_folder,
    golden_path,
)
from goldengit.promoting.appendix import advice
from goldengit.promoting.desk import Desk, Done, Judge, at_desk
from goldengit.promoting.signers import ERASING, Signer, Value, claims, named
from goldengit.repository.interpret import house_bytes
from goldengit.repository.store import Store


def erase(
    store: Store,
    case: str,
    *,
    reason: str,
    signers: Sequence[str],
    judge: Judge,
    now: str | None = None,
) -> Done:
    """Replace a golden case, named by id or path, by its tombstone; its attachments go with it.

    Id, digest, verdicts, signoffs and an earlier appendix stay. `signers` are `person` or
    `person:role`: two persons, one of them as maintainer. Raises RefusedEditError for what is not
    frozen yet (just delete it) or was erased before, RefusedByRulesError.
    """
    with at_desk(store, judge, now) as desk:
        file = desk.find(case, Kind.GOLDEN)
        if not isinstance(file.case, Case):
            raise RefusedEditError(
                "The case was erased before.", remedy="Nothing is left to erase.", place=file.path
            )
        if not desk.is_frozen(file):
            raise RefusedEditError(
                "The case is not frozen yet, so nothing needs to remember it.",
                remedy=f"Run `git rm --force {file.path}`; if it is committed, rewrite the branch.",
                place=file.path,
            )
        block = {"reason": reason, "at": desk.now}
        pair = named(signers, desk.policy, desk.now, ERASING)
        signed = claims(pair, desk.now, erasure_digest(file.digest, block))
        tomb = _tombstone(file, {**block, "signoffs": signed})
        files: dict[str, bytes | None] = {file.path: house_bytes(file.path, tomb)}
        files |= dict.fromkeys(_lonely_attachments(desk, file, file.case))
        told = (*_advice(file.spot.case, pair), *_copies(desk, file.spot.case))
        return desk.settle(files, cases=[file.spot.case], advice=told)


def _tombstone(file: File, erased: Value) -> Value:
    value = file.value
    labels = [
        {key: part for key, part in label.items() if key != "note"}
        for label in value.get("labels") or []
    ]
    return {
        "schema": TOMBSTONE_SCHEMA,
        "id": value["id"],
        "dataset": file.spot.dataset,
        "digest": file.digest,
        "labels": labels,
        **{key: value[key] for key in ("signoffs", *APPENDIX_KEYS) if key in value},
        "erased": erased,
    }


def _lonely_attachments(desk: Desk, file: File, case: Case) -> list[str]:
    """Return the paths of the attachments that only this case refers to."""
    mine = {attachment.sha256 for attachment in case.attachments}
    if mine:
        for other in _rows_with_attachments(desk, file.spot.dataset):
            if other.path != file.path and isinstance(other.case, Case):
                mine -= {attachment.sha256 for attachment in other.case.attachments}
    paths = [attachment_path(file.spot.dataset, sha256) for sha256 in sorted(mine)]
    return [path for path in paths if desk.work.entry(path) is not None]


def _rows_with_attachments(desk: Desk, dataset: str) -> Iterator[File]:
    """Yield all rows that may have attachments; golden cases that do are never ordinary."""
    paths = [
        entry.path
        for place in ("queue", "candidates")
        for entry in desk.work.entries(f"{DATASETS}/{dataset}/{place}")
    ]
    paths += [
        golden_path(dataset, name.removesuffix(".yaml"))
        for facts in desk.work.index(dataset).months.values()
        for name in facts.odd
    ]
    yield from (file for path in paths if (file := desk.work.file(path)) is not None)


def _copies(desk: Desk, case: str) -> Iterator[str]:
    """Yield what to do about the evaluators that quote a case, or hold a copy of it."""
    for evaluator in evaluator_ids(desk.work):
        folder = evaluator_folder(evaluator)
        paths = [entry.path for entry in desk.work.entries(folder) if not entry.is_tree]
        files = (desk.work.file(path) for path in paths)
        holding = [file.path for file in files if file and case.encode() in file.data]
        if holding:
            yield (
                f"{' and '.join(holding)} may hold text of the case: take out what was made from "
                f"it, and run `goldengit calibrate {evaluator}`."
            )


def _advice(case: str, pair: Sequence[Signer]) -> tuple[str, ...]:
    first, confirm = advice([case], pair)
    history = (
        "The content is still in the history of every clone. Where it must go from there too, "
        "rewrite the history, and keep the signed list of old and new commits for the audit."
    )
    return first, confirm, history
