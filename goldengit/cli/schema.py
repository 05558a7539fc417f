"""`goldengit schema`: the JSON Schema of a file that people write."""

from typing import Annotated

import typer

from goldengit.cli.terminal import say


def schema(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="case, dataset, labels, policy or tombstone.")
    ] = "",
) -> int:
    """Print the JSON Schema of a kind of file."""
    from goldengit.models.schemas import SCHEMA_NAMES, schema_text

    say(schema_text(name) if name else "\n".join(SCHEMA_NAMES))
    return 0
