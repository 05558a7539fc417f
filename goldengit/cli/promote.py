"""`goldengit promote`: candidates become golden."""

from typing import Annotated

import typer

from goldengit.cli.editing import carried_out, judge


def promote(
    candidates: Annotated[
        list[str], typer.Argument(metavar="CANDIDATE", help="Candidates, by id or path.")
    ],
    labeler: Annotated[
        str,
        typer.Option("--labeler", metavar="PERSON", help="Who labelled; found if only one did."),
    ] = "",
    confirmer: Annotated[
        str,
        typer.Option("--confirmer", metavar="PERSON", help="Who confirms; found if only one may."),
    ] = "",
    commit: Annotated[
        bool,
        typer.Option("--commit", help="Commit it, on a new branch if this one is protected."),
    ] = False,
) -> int:
    """Freeze candidates as golden cases.

    Drafts of labels are folded in, and the signoffs of two persons are claimed. They become facts
    when the pull request is approved, or with `goldengit signoff`.
    """
    from goldengit.promoting.promote import promote as process

    return carried_out(
        "Promoted",
        lambda store: process(
            store,
            candidates,
            judge=judge,
            labeler=labeler or None,
            confirmer=confirmer or None,
            commit=commit,
        ),
    )
