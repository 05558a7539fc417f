"""`goldengit withdraw`: a golden case that became wrong ends without a successor."""

from typing import Annotated

import typer

from goldengit.cli.editing import REASON, carried_out, judge
from goldengit.cli.supersede import SIGNERS


def withdraw(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The golden case, by id or path.")],
    reason: Annotated[str, REASON],
    signers: Annotated[list[str] | None, SIGNERS] = None,
) -> int:
    """End a golden case without a successor.

    It stays where it is, and is no longer active.
    """
    from goldengit.promoting.withdraw import withdraw as process

    return carried_out(
        "Withdrew",
        lambda store: process(store, case, reason=reason, signers=signers or (), judge=judge),
    )
