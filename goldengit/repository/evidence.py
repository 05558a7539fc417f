"""Evidence kept in Git: `refs/goldengit/evidence`, a chain of commits with one record each."""

from dataclasses import dataclass

from pydantic import ValidationError

from goldengit.errors import CannotJudgeError
from goldengit.models.digest import canonical
from goldengit.models.evidence import EvidenceRecord
from goldengit.repository.plumbing import Repository
from goldengit.repository.store import Store

REF = "refs/goldengit/evidence"
_NAME = "record.json"
_MOST_BYTES = 8 << 20
_IDENTITY = {"user.name": "goldengit gate", "user.email": "gate@goldengit.invalid"}


@dataclass(frozen=True)
class Chain:
    """Records, oldest first, and the commit that holds the newest (None when there is none)."""

    tip: str | None
    records: tuple[EvidenceRecord, ...]


def read_chain(store: Store, tip: str | None) -> Chain:
    """Return the chain that ends at a commit, its hashes proved.

    Raises CannotJudgeError when a record is unreadable, or does not continue the one before.
    """
    if tip is None:
        return Chain(None, ())
    records: list[EvidenceRecord] = []
    for commit in commits_of(store.repository, tip):
        record = _record(store, commit)
        before = records[-1].digest if records else None
        if record.previous != before:
            raise CannotJudgeError(
                f"The evidence at {commit[:12]} does not continue the record before it.",
                remedy="Bring back the chain that was recorded: see the protected `evidence_tip`.",
            )
        records.append(record)
    return Chain(tip, tuple(records))


def commits_of(repository: Repository, tip: str) -> list[str]:
    """Return the commits of a chain, oldest first."""
    return repository.text("rev-list", "--first-parent", "--reverse", tip).split()


def append(repository: Repository, chain: Chain, record: EvidenceRecord) -> Chain:
    """Write a record after a chain, and return the longer chain; no ref is moved."""
    blob = repository.text(
        "hash-object",
        "-w",
        "--stdin",
        stdin=canonical(record.model_dump(mode="json", by_alias=True)),
    )
    tree = repository.text("mktree", stdin=f"100644 blob {blob}\t{_NAME}\n".encode())
    parents = ("-p", chain.tip) if chain.tip else ()
    message = f"Evidence for {record.commit}\n".encode()
    commit = repository.text("commit-tree", tree, *parents, stdin=message, settings=_IDENTITY)
    return Chain(commit, (*chain.records, record))


def _record(store: Store, commit: str) -> EvidenceRecord:
    entry = store.snapshot(commit[:12], store.repository.tree_of(commit)).entry(_NAME)
    blob = store.objects.blob(entry.oid, _MOST_BYTES) if entry is not None else None
    try:
        return EvidenceRecord.model_validate_json((blob.data if blob else None) or b"")
    except ValidationError:
        raise CannotJudgeError(
            f"The evidence at {commit[:12]} cannot be read.",
            remedy=f"Bring back the chain that was recorded under {REF}.",
        ) from None
