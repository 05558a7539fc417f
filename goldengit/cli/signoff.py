"""`goldengit signoff`: a claim becomes a fact by an SSH signature."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from goldengit.cli.editing import carried_out, judge


class Role(StrEnum):
    """As what a person signs."""

    LABELER = "labeler"
    CONFIRMER = "confirmer"
    MAINTAINER = "maintainer"


def signoff(
    cases: Annotated[
        list[str], typer.Argument(metavar="CASE", help="Golden cases, by id or path.")
    ],
    key: Annotated[
        Path,
        typer.Option(
            "--key", metavar="FILE", help="A private SSH key, or a .pub whose key an agent holds."
        ),
    ],
    person: Annotated[
        str,
        typer.Option("--person", metavar="PERSON", help="Who signs, if the key does not say it."),
    ] = "",
    role: Annotated[
        Role | None, typer.Option("--role", help="As what, where no claim says it.")
    ] = None,
) -> int:
    """Sign golden cases with an SSH key.

    What is signed is what is open: the promotion, or the block that closes a case. Without --person
    it is whoever in the roster has the key.
    """
    from goldengit.promoting.sign import sign

    return carried_out(
        "Signed",
        lambda store: sign(
            store,
            cases,
            key=key.expanduser(),
            judge=judge,
            person=person or None,
            role=role.value if role else None,
        ),
    )
