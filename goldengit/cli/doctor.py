"""`goldengit doctor`: whether the platform is set to what the guarantees need."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goldengit.cli.delivery import Form
from goldengit.cli.terminal import Meter, say

if TYPE_CHECKING:
    from goldengit.auditing.doctor import Diagnosed


def doctor(
    format_: Annotated[
        Form, typer.Option("--format", help="For people, for programs or for a page.")
    ] = Form.TEXT,
) -> int:
    """Compare the platform's settings with what the gate needs.

    Rulesets, the required status and its source, environment, Actions, CODEOWNERS and the roster's
    accounts are read with GITHUB_TOKEN, GH_TOKEN or `gh auth token`, and never changed. What the
    token cannot see is unknown, never ok; an administrator's sees everything.

    Exit codes: 0 no failure and nothing unknown, 1 something must be changed, 3 something unknown.
    """
    found = _diagnosed()
    from goldengit.cli import doctor_pages as pages

    match format_:
        case Form.JSON:
            say(pages.as_json_text(found))
        case Form.MARKDOWN:
            say(pages.as_markdown(found))
        case Form.TEXT:
            say(pages.as_text(found))
    return found.exit_code


def _diagnosed() -> "Diagnosed":
    from goldengit.auditing.doctor import doctor as process
    from goldengit.checking import moment
    from goldengit.cli.forges import github
    from goldengit.repository.store import opened

    with opened(Path.cwd()) as store, github(store) as client, Meter("Asking GitHub") as meter:
        return process(store, client, moment(), meter)
