"""`goldengit baseline`: the release that the deploy gate compares with."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goldengit.cli.editing import carried_out, judge
from goldengit.errors import UsageError

if TYPE_CHECKING:
    from goldengit.promoting.desk import Done
    from goldengit.repository.store import Store

SCORECARD = typer.Argument(metavar="SCORECARD", help="What `goldengit evaluate` wrote.")


def baseline(scorecard: Annotated[str, SCORECARD]) -> int:
    """Pin a scorecard as the baseline of its dataset.

    It is kept in Git, and pinned in the dataset's baseline.yaml; commit that yourself.
    """
    data = scorecard_at(scorecard)

    def edit(store: "Store") -> "Done":
        from goldengit.checking import moment
        from goldengit.gating.pinning import pin

        return pin(store, data, judge=judge, now=moment(), place=scorecard)

    return carried_out("Pinned the baseline of", edit)


def scorecard_at(path: str) -> bytes:
    """Return the bytes of a scorecard; raise UsageError when there is no such file."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UsageError(
            f"{path}: {error.strerror}.", remedy="Name what `goldengit evaluate` wrote."
        ) from error
