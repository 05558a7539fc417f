"""`goldengit promote`: candidates become golden."""

from typing import Annotated

import typer

from goldengit.cli.editing import carried_out, judge
from goldengit.cli.pull_requests import not_yet_golden, request_pull


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
    pr: Annotated[
        bool,
        typer.Option("--pr", help="Commit it, push the branch and open its pull request."),
    ] = False,
) -> int:
    """Freeze candidates as golden cases.

    Drafts of labels are folded in, and the signoffs of two persons are claimed. They become facts
    when the pull request is approved, or with `goldengit signoff`. `--pr` needs a token in
    GITHUB_TOKEN or GH_TOKEN, or of the program `gh`; without one it tells what to open by hand.
    """
    if not pr:
        return _promoted(candidates, labeler, confirmer, commit=commit)
    left = not_yet_golden(candidates)
    code = _promoted(left, labeler, confirmer, commit=True) if left else 0
    return code or request_pull()


def _promoted(candidates: list[str], labeler: str, confirmer: str, *, commit: bool) -> int:
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
