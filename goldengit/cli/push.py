"""`goldengit gate push`: whether every step of a protected branch came through the gate."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goldengit.cli.delivery import Told, as_json, write_whole
from goldengit.cli.events import event_bytes
from goldengit.cli.summaries import append
from goldengit.cli.terminal import Meter, say
from goldengit.errors import CannotJudgeError, UsageError

if TYPE_CHECKING:
    from goldengit.gating.origin import Origin

_HEADS = "refs/heads/"


def push(
    commit: Annotated[
        str, typer.Option("--commit", metavar="REV", help="Verify the branch up to here.")
    ] = "",
    branch: Annotated[
        str, typer.Option("--branch", metavar="NAME", help="The protected branch.")
    ] = "",
    event: Annotated[
        str, typer.Option("--event", metavar="FILE", help="Verify what a push event names.")
    ] = "",
    record: Annotated[
        bool, typer.Option("--record", help="Keep what was found under refs/goldengit/evidence.")
    ] = False,
    manifest: Annotated[
        str, typer.Option("--manifest", metavar="FILE", help="Write every golden case's digest.")
    ] = "",
    out: Annotated[
        str, typer.Option("--out", metavar="FILE", help="Write the verdict as JSON.")
    ] = "",
    summary: Annotated[
        str, typer.Option("--summary", metavar="FILE", help="Append a Markdown page to a file.")
    ] = "",
    format_: Annotated[
        Told, typer.Option("--format", help="For people, for programs or for CI.")
    ] = Told.TEXT,
) -> int:
    """Verify that a protected branch grew by pull requests that the gate passed.

    Exit codes: 0 it did, 1 it did not, 3 could not judge.
    """
    from goldengit.checking import moment
    from goldengit.cli import push_pages as pages
    from goldengit.cli.forges import door
    from goldengit.gating.door import policy_at
    from goldengit.gating.manifest import manifest_of
    from goldengit.gating.origin import record as keep
    from goldengit.gating.origin import verified
    from goldengit.repository.store import opened

    name, tip, since = _asked(event, branch, commit)
    now = moment()
    with (
        Meter("Reading golden cases") as meter,
        opened(Path.cwd(), meter) as store,
        door(store) as forge,
    ):
        policy, _ = policy_at(forge, store.repository.commit(tip))
        protected = name or policy.protected_branches[0]
        if protected not in policy.protected_branches:
            raise UsageError(
                f"The policy does not protect `{protected}`.",
                remedy=f"Name one of {', '.join(policy.protected_branches)}.",
            )
        at = store.repository.commit(tip)
        origin = verified(forge, protected, at, policy, now=now, pinned=False, since=since)
        cases = manifest_of(store, at)
        kept = keep(forge, origin, policy, now=now) if record else 0
    verdict = pages.as_record(origin, cases)
    say(_told(origin, verdict, format_, kept))
    append(summary, pages.as_markdown(origin))
    if manifest:
        write_whole("--manifest", manifest, [as_json(cases), "\n"])
    if out:
        write_whole("--out", out, [as_json(verdict), "\n"])
    return 1 if origin.failed else 0


def _told(origin: "Origin", verdict: dict[str, Any], format_: Told, kept: int) -> str:
    from goldengit.cli import push_pages as pages

    match format_:
        case Told.JSON:
            return as_json(verdict)
        case Told.GITHUB:
            return pages.as_annotations(origin)
        case Told.TEXT:
            return pages.as_text(origin, kept)


def _asked(event: str, branch: str, commit: str) -> tuple[str, str, str]:
    """Return the branch ("" for the policy's first), the commit to verify, and the tip before."""
    from goldengit.gating.event import payload_of

    if not event:
        return branch, commit or "HEAD", ""
    if branch or commit:
        raise UsageError("--event names branch and commit itself.", remedy="Leave the others out.")
    name = os.environ.get("GITHUB_EVENT_NAME", "push")
    found = payload_of(event_bytes(event))
    if name != "push":
        raise CannotJudgeError(
            f"The event {name} is no push (GG806).", remedy="Run it on `push`, or give --commit."
        )
    ref, after = found.get("ref"), found.get("after")
    if not isinstance(ref, str) or not ref.startswith(_HEADS) or not isinstance(after, str):
        raise CannotJudgeError("The event's payload names no branch.")
    return ref.removeprefix(_HEADS), after, str(found.get("before", ""))
