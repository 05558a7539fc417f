"""How the gate's own error rates are told: on a terminal, on a page, and to programs."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from goldengit.cli.tables import BOLD, code, markdown_table, painted, sentence, table
from goldengit.reporters.base import visible

if TYPE_CHECKING:
    from goldengit.gating.operating import Chance, Operation


def as_text(found: "Operation") -> str:
    """Return the error rates for people."""
    title = f"{found.release} against itself: {_noise(found)}"
    return "\n".join([painted(visible(title), BOLD), "", *_table(found), "", *_told(found)]) + "\n"


def as_markdown(found: "Operation") -> str:
    """Return the error rates as a page in GitHub-flavoured Markdown."""
    head, rows = _head(found), [_row(one) for one in found.chances]
    lines = ["## Deploy gate: the same release against itself\n", f"{code(found.release)}: "]
    lines[1] += f"{_noise(found)}.\n"
    lines += [*markdown_table(head, rows), "", *(f"- {sentence(line)}" for line in _told(found))]
    return "\n".join(lines) + "\n"


def as_record(found: "Operation") -> dict[str, Any]:
    """Return the error rates as `goldengit/operation/v1`, a shape that only ever gains keys."""
    return {"schema": "goldengit/operation/v1", "operation": found}


def _table(found: "Operation") -> Iterator[str]:
    yield from table(_head(found), [_row(one) for one in found.chances], {})


def _head(found: "Operation") -> tuple[str, ...]:
    missed = f"misses a drop of {found.drop:g}"
    return ("part", "rule", "pairs", "blocks for nothing", missed, "smallest drop seen")


def _row(one: "Chance") -> tuple[str, ...]:
    return (
        one.name,
        {"test": "Holm", "": "none, too few"}.get(one.rule, one.rule),
        f"{one.n:,}",
        f"{one.blocked:.1%}",
        "" if one.missed is None else f"{one.missed:.1%}",
        "" if one.smallest is None else f"{one.smallest:.2f}",
    )


def _noise(found: "Operation") -> str:
    runs = "1 run of each is" if found.repeats == 1 else f"{found.repeats} runs of each are"
    return f"{found.flips:.1%} of the cases flip between two runs, and {runs} compared"


def _told(found: "Operation") -> Iterator[str]:
    yield (
        f"All parts together block an unchanged release in {found.least:.1%} to {found.most:.1%} "
        "of all attempts."
    )
    yield (
        "A part's smallest drop is the one that it sees in four of five releases. Critical cases "
        "are taken to be as noisy as all others."
    )
