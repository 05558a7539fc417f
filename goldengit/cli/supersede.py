"""`goldengit supersede`: a golden case gets a better successor."""

from typing import Annotated

import typer

from goldengit.cli.editing import REASON, carried_out, judge
from goldengit.errors import UsageError

SIGNERS = typer.Option(
    "--signer",
    metavar="PERSON[:ROLE]",
    help="Who signs, once for each: the persons behind the case, if nobody is named.",
)


def supersede(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The golden case, by id or path.")],
    by: Annotated[
        str, typer.Option("--by", metavar="NEW", help="Its successor: golden, or a candidate.")
    ] = "",
    reason: Annotated[str, REASON] = "",
    signers: Annotated[list[str] | None, SIGNERS] = None,
    draft: Annotated[
        bool,
        typer.Option("--draft", help="Only write a candidate that begins as a copy of OLD."),
    ] = False,
) -> int:
    """Replace a golden case by a better one.

    A successor that is still a candidate is promoted in the same edit. Begin with
    `goldengit supersede OLD --draft`, edit the new candidate, then name it with --by.
    """
    if draft == bool(by):
        raise UsageError(
            "Either --by NEW or --draft is needed.",
            remedy=f"Run `goldengit supersede {old} --draft` to begin a successor.",
        )
    if draft:
        from goldengit.promoting.successor import draft_successor

        return carried_out("Drafted", lambda store: draft_successor(store, old, judge=judge))
    if not reason:
        raise UsageError(
            "A supersession needs a reason.",
            remedy=f"Run `goldengit supersede {old} --by {by} --reason TEXT`.",
        )
    from goldengit.promoting.supersede import supersede as process

    return carried_out(
        "Superseded",
        lambda store: process(store, old, by, reason=reason, signers=signers or (), judge=judge),
        joint=" by ",
    )
