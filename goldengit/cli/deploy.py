"""`goldengit gate deploy`: whether a release may go to production."""

import os
import re
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goldengit.cli.baseline import scorecard_at
from goldengit.cli.delivery import Form, as_json
from goldengit.cli.summaries import append
from goldengit.cli.terminal import Meter, say
from goldengit.errors import GoldengitError, UsageError

if TYPE_CHECKING:
    from goldengit.gating import Gated
    from goldengit.gating.operating import Operation

_DROP = 0.1  # what `--aa` asks about unless told otherwise
_ADDRESS = re.compile(r"https?://[^\s()<>|`\"']+")


def deploy(
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="The dataset that judges.")],
    candidate: Annotated[str, typer.Option("--candidate", metavar="FILE", help="Its scorecard.")],
    commit: Annotated[
        str, typer.Option("--commit", metavar="REV", help="Whose policy and cases judge.")
    ] = "HEAD",
    summary: Annotated[
        str, typer.Option("--summary", metavar="FILE", help="Append a Markdown page to a file.")
    ] = "",
    format_: Annotated[
        Form, typer.Option("--format", help="For people, for programs or for a page.")
    ] = Form.TEXT,
    links: Annotated[
        str,
        typer.Option(
            "--links", metavar="URL", help="Where cases are shown, with {commit} and {path}."
        ),
    ] = "",
    aa: Annotated[
        bool,
        typer.Option(
            "--aa", help="Tell how often this suite blocks for nothing, or misses a drop."
        ),
    ] = False,
    verify_origin: Annotated[
        bool,
        typer.Option("--verify-origin", help="Ask GitHub whether each step passed the gate."),
    ] = False,
    drop: Annotated[
        float | None,
        typer.Option("--drop", min=0.0, max=1.0, help="With --aa: the drop to be seen [0.1]."),
    ] = None,
) -> int:
    """Judge a candidate release against the pinned baseline.

    Exit codes: 0 pass or warn, 1 block, 3 inconclusive, 4 no active case.
    """
    if drop is not None and not aa:
        raise UsageError("--drop says nothing without --aa.", remedy="Give both, or neither.")
    data, where = scorecard_at(candidate), _links(links)
    try:
        if aa:
            seen = _DROP if drop is None else drop
            found = _operated(dataset, data, commit, seen, candidate)
            code, told, page = 0, _operation(found, format_), _operation(found, Form.MARKDOWN)
        else:
            gated = _gated(dataset, data, commit, candidate, verify=verify_origin)
            code = gated.judgement.ruling.exit_code
            told = _judgement(gated, format_, where)
            page = _judgement(gated, Form.MARKDOWN, where)
    except UsageError:
        raise
    except GoldengitError as error:
        from goldengit.cli.deploy_pages import unjudged_page

        append(summary, unjudged_page(str(error)))
        raise
    say(told)
    append(summary, page)
    return code


def _gated(dataset: str, data: bytes, commit: str, place: str, *, verify: bool) -> "Gated":
    from goldengit.checking import moment
    from goldengit.cli.forges import door
    from goldengit.gating import gate_deploy
    from goldengit.repository.store import opened

    with ExitStack() as stack:
        meter = stack.enter_context(Meter("Reading golden cases"))
        store = stack.enter_context(opened(Path.cwd(), meter))
        forge = stack.enter_context(door(store)) if verify else None
        return gate_deploy(
            store, dataset, data, commit=commit, now=moment(), place=place, door=forge
        )


def _operated(dataset: str, data: bytes, commit: str, drop: float, place: str) -> "Operation":
    from goldengit.checking import moment
    from goldengit.gating import operate
    from goldengit.repository.store import opened

    with Meter("Reading golden cases") as meter, opened(Path.cwd(), meter) as store:
        now = moment()
        return operate(store, dataset, data, commit=commit, now=now, drop=drop, place=place)


def _judgement(gated: "Gated", form: Form, links: str) -> str:
    from goldengit.cli import deploy_pages as pages

    match form:
        case Form.JSON:
            return as_json(pages.as_record(gated, links))
        case Form.MARKDOWN:
            return pages.as_markdown(gated, links)
        case Form.TEXT:
            return pages.as_text(gated)


def _operation(found: "Operation", form: Form) -> str:
    from goldengit.cli import operation_pages as pages

    match form:
        case Form.JSON:
            return as_json(pages.as_record(found))
        case Form.MARKDOWN:
            return pages.as_markdown(found)
        case Form.TEXT:
            return pages.as_text(found)


def _links(template: str) -> str:
    """Return the address of a case's page: the one asked for, or GitHub's where it runs."""
    server, repository = (os.environ.get(f"GITHUB_{name}") for name in ("SERVER_URL", "REPOSITORY"))
    if not template and server and repository:
        template = f"{server}/{repository}/blob/{{commit}}/{{path}}"
    if template and ("{path}" not in template or not _ADDRESS.fullmatch(template)):
        raise UsageError(
            f"--links {template}: this is no address with {{path}} in it.",
            remedy="Write `https://example.org/{commit}/{path}`.",
        )
    return template
