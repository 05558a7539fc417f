"""The manifest: every golden case with its digest, so that a deployer can tell what it ran."""

from typing import Any

from goldengit.models.facts import merkle_root
from goldengit.models.layout import golden_folder
from goldengit.repository.store import Store


def manifest_of(store: Store, commit: str) -> dict[str, Any]:
    """Return the datasets of a commit: tree, Merkle root and the digest of every golden case.

    The root is SHA-256 over sorted (id, digest), as a scorecard names it (DECISIONS 14).
    """
    tree = store.snapshot(commit[:12], store.repository.tree_of(commit))
    datasets = {}
    for dataset in tree.datasets:
        index = tree.index(dataset)
        golden = tree.entry(golden_folder(dataset))
        cases = {
            entry.name.removesuffix(".yaml"): file.digest
            for month in tree.entries(golden_folder(dataset))
            for entry in tree.entries(month.path)
            if (file := tree.file(entry.path)) is not None and file.case is not None
        }
        datasets[dataset] = {
            "tree": golden.oid if golden else None,
            "root": merkle_root({month: facts.leaf for month, facts in index.months.items()}),
            "cases": dict(sorted(cases.items())),
        }
    return {"schema": "goldengit/manifest/v1", "commit": commit, "datasets": datasets}
