"""`goldengit signoff`: a claim becomes a fact by an SSH signature."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goldengit.cli.editing import carried_out, judge
from goldengit.errors import UsageError

if TYPE_CHECKING:
    from goldengit.repository.plumbing import Repository


_USUAL = ("id_ed25519", "id_ecdsa", "id_rsa")


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
        Path | None,
        typer.Option(
            "--key",
            metavar="FILE",
            help="A private SSH key, or a .pub whose key an agent holds; else Git's "
            "`user.signingkey`, or the usual key in ~/.ssh.",
        ),
    ] = None,
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
            key=key.expanduser() if key else _usual_key(store.repository),
            judge=judge,
            person=person or None,
            role=role.value if role else None,
        ),
    )


def _usual_key(repository: "Repository") -> Path:
    """Return the key that this person signs with elsewhere.

    Raises UsageError when there is none.
    """
    status, output = repository.run(
        "config", "--type=path", "--get", "user.signingkey", accept=(0, 1, 128), personal=True
    )
    configured = [Path(output.decode("utf-8", "replace").strip())] if status == 0 else []
    for key in (*configured, *(Path.home() / ".ssh" / name for name in _USUAL)):
        if key.is_file():
            return key
    raise UsageError(
        "There is no usual SSH key to sign with.", remedy="Name one with `--key FILE`."
    )
