"""`goldengit schema`: the JSON Schema of a file that people write."""

from typing import Annotated

import typer

from goldengit.cli.terminal import say

_OF_KIND = "evaluator-"


def schema(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="Such as case, dataset or evaluator; without it all are listed."
        ),
    ] = "",
) -> int:
    """Print the JSON Schema of a kind of file.

    `evaluator-KIND` is an evaluator's definition with the options of its kind.
    """
    from goldengit.models.schemas import SCHEMA_NAMES, schema_text

    if name.startswith(_OF_KIND):
        say(_of_kind(name))
    elif name:
        say(schema_text(name))
    else:
        from goldengit.evaluators import kinds

        say("\n".join((*SCHEMA_NAMES, *(f"{_OF_KIND}{kind}" for kind in kinds()))))
    return 0


def _of_kind(name: str) -> str:
    """Return the schema of a definition whose `options` are those of a kind."""
    import json

    from goldengit.errors import UsageError
    from goldengit.evaluators import kinds
    from goldengit.models.schemas import schema_text

    kind = kinds().get(name.removeprefix(_OF_KIND))
    if kind is None:
        raise UsageError(
            f"There is no schema `{name}`.",
            remedy=f"The kinds are {', '.join(kinds())}.",
        )
    whole = json.loads(schema_text("evaluator"))
    options = kind.options_model.model_json_schema(by_alias=True)
    whole["$id"] = f"urn:goldengit:schema:{name}:v1"
    whole.setdefault("$defs", {}).update(options.pop("$defs", {}))
    whole["properties"]["kind"] = {"const": kind.kind}
    whole["properties"]["options"] = options
    return json.dumps(whole, ensure_ascii=False, indent=2, sort_keys=True)
