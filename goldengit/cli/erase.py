"""`goldengit erase`: where the law demands it, the content goes and a tombstone stays."""

from typing import Annotated

import typer

from goldengit.cli.editing import REASON, carried_out, judge


def erase(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The golden case, by id or path.")],
    reason: Annotated[str, REASON],
    signers: Annotated[
        list[str],
        typer.Option(
            "--signer",
            metavar="PERSON[:ROLE]",
            help="Who signs, once for each: two persons, one of them a maintainer.",
        ),
    ],
) -> int:
    """Replace a golden case by its tombstone.

    Id, digest, verdicts and signoffs stay. It takes two persons, one of them a maintainer.
    """
    from goldengit.promoting.erase import erase as process

    return carried_out(
        "Erased",
        lambda store: process(store, case, reason=reason, signers=signers, judge=judge),
    )
