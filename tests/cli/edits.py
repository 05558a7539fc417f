"""Edits of a work tree: one that the rules refuse, and one that they accept."""

from tests import standard
from tests.cli.running import goldengit
from tests.promoting.bench import Bench


def edit(bench: Bench, row: str = "golden-1") -> str:
    """Edit a row of the work tree in place; return its path."""
    path = standard.path_of(row)
    text = (bench.top / path).read_text()
    assert "severity: normal" in text
    (bench.top / path).write_text(text.replace("severity: normal", "severity: low"))
    return path


def promote(bench: Bench) -> None:
    """Promote a candidate in the work tree, with two persons."""
    words = ["--labeler", "reviewer-1", "--confirmer", "reviewer-2"]
    ran = goldengit(bench.top, "promote", standard.id_of("candidate-1"), *words)
    assert ran.code == 0, ran.err
