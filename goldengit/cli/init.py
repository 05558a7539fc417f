"""`goldengit init`: a repository gets a policy, schemas, hooks and a dataset."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goldengit.cli.editing import legible
from goldengit.cli.terminal import bold, is_colourful, say
from goldengit.errors import UsageError

if TYPE_CHECKING:
    from goldengit.models.policy import Person
    from goldengit.models.signoff import Role
    from goldengit.scaffolding import Platform, Scaffold

_SIGNS: "tuple[Role, ...]" = ("labeler", "confirmer")


def init(
    dataset: Annotated[
        str, typer.Option("--dataset", metavar="NAME", help="The first, or another, dataset.")
    ] = "",
    persons: Annotated[
        list[str] | None,
        typer.Option(
            "--person",
            metavar="NAME[:ROLE,...]",
            help="A reviewer; once for each. Without roles: labeler and confirmer, and the first "
            "one is maintainer too.",
        ),
    ] = None,
    keys: Annotated[
        list[str] | None,
        typer.Option(
            "--key", metavar="PERSON=FILE", help="An SSH key that a person signs with (its .pub)."
        ),
    ] = None,
    owner: Annotated[
        str, typer.Option("--owner", metavar="PERSON", help="Who owns the queue: the first person.")
    ] = "",
    failure_mode: Annotated[
        str, typer.Option("--failure-mode", metavar="NAME", help="What is labelled first.")
    ] = "",
    title: Annotated[
        str,
        typer.Option(
            "--title", metavar="TEXT", help="The failure mode in a sentence.", callback=legible
        ),
    ] = "",
    author_counts: Annotated[
        bool,
        typer.Option(
            "--author-counts", help="In a small team: whoever opens a change is its first signer."
        ),
    ] = False,
    action: Annotated[
        str,
        typer.Option(
            "--github",
            metavar="OWNER/NAME@COMMIT",
            help="Write workflows, CODEOWNERS and a ruleset too; the action of goldengit and its "
            "commit, 40 hex digits.",
        ),
    ] = "",
    owners: Annotated[
        list[str] | None,
        typer.Option("--owners", metavar="@ORG/TEAM", help="With --github: who approves data."),
    ] = None,
    maintainers: Annotated[
        list[str] | None,
        typer.Option(
            "--maintainers",
            metavar="@ORG/TEAM",
            help="With --github: who approves what steers the gate.",
        ),
    ] = None,
    app_id: Annotated[
        int | None,
        typer.Option(
            "--app-id",
            min=1,
            help="With --github: the App that posts the status; without it GitHub Actions, whose "
            "status any writer can forge.",
        ),
    ] = None,
    gate_account: Annotated[
        int | None,
        typer.Option("--gate-account", min=1, help="With --app-id: the numeric id of its bot."),
    ] = None,
) -> int:
    """Set up a dataset repository. Nothing is ever overwritten.

    What is not said is asked for on a terminal. In a repository that has a policy, the dataset is
    added to it; there, --github needs none.
    """
    from goldengit.models.layout import POLICY
    from goldengit.repository.store import opened
    from goldengit.scaffolding import Answers
    from goldengit.scaffolding import init as process

    platform = _platform(action, owners, maintainers, app_id, gate_account)
    with opened(Path.cwd()) as store:
        top = store.repository.top
        is_new = top is None or not (top / POLICY).exists()
        if platform and not dataset and not is_new:
            done = process(store, Answers(platform=platform))
            say("\n".join(_told(done)))
            return 0
        dataset = dataset or _asked("Name of the dataset", "--dataset")
        if is_new and not persons:
            persons = (
                _asked("Who reviews (two names or more)", "--person").replace(",", " ").split()
            )
            author_counts = typer.confirm("Does the author of a change count as its first signer?")
        roster = _with_keys(_roster(persons or []), keys or [])
        owner = owner or next(iter(roster), "") or _asked("Who owns its queue", "--owner")
        failure_mode = failure_mode or _asked("First failure mode, a short name", "--failure-mode")
        answers = Answers(
            dataset=dataset,
            owner=owner,
            failure_mode=failure_mode,
            title=title or _asked("The failure mode in a sentence", "--title"),
            roster=roster,
            author_counts_as_labeler=author_counts,
            platform=platform,
        )
        done = process(store, answers)
    say("\n".join(_told(done)))
    return 0


def _asked(question: str, option: str) -> str:
    """Return the answer of a person at the terminal; raise UsageError when nobody is there."""
    if not (sys.stdin and sys.stdin.isatty()):
        raise UsageError(f"{option} is missing.", remedy="See `goldengit init --help`.")
    answer: str = typer.prompt(question)
    return answer.strip()


def _roster(persons: list[str]) -> "dict[str, Person]":
    return {
        word.partition(":")[0]: _person(word, is_first=place == 0)
        for place, word in enumerate(persons)
    }


def _person(word: str, *, is_first: bool) -> "Person":
    from pydantic import ValidationError

    from goldengit.models.policy import Person

    name, _, said = legible(word).partition(":")
    usual = (*_SIGNS, "maintainer") if is_first else _SIGNS
    roles = said.split(",") if said else list(usual)
    try:
        return Person.model_validate({"roles": roles})
    except ValidationError as error:
        raise UsageError(
            f"--person {word}: {said!r} are no roles for {name}.",
            remedy="The roles are labeler, confirmer and maintainer, with commas between them.",
        ) from error


def _with_keys(roster: "dict[str, Person]", words: list[str]) -> "dict[str, Person]":
    """Return the roster with the public halves of these keys, each given as `PERSON=FILE`."""
    from goldengit.models.policy import Key
    from goldengit.transport.public_keys import public_half

    for word in words:
        name, _, file = word.partition("=")
        if name not in roster or not file:
            raise UsageError(f"--key {word} names no person.", remedy="Write PERSON=FILE.")
        key = Key(key=public_half(Path(file).expanduser()))
        person = roster[name]
        roster[name] = person.model_copy(update={"keys": (*person.keys, key)})
    return roster


def _platform(
    action: str,
    owners: list[str] | None,
    maintainers: list[str] | None,
    app_id: int | None,
    gate_account: int | None,
) -> "Platform | None":
    """Return what the files for GitHub have to know, None when they are not asked for."""
    from goldengit.scaffolding import Platform
    from goldengit.scaffolding.github import ACTIONS_ACCOUNT, ACTIONS_APP

    if not action:
        if owners or maintainers or app_id or gate_account:
            raise UsageError(
                "--owners, --maintainers, --app-id and --gate-account belong to --github.",
                remedy="Add --github OWNER/NAME@COMMIT.",
            )
        return None
    return Platform(
        action=action,
        owners=tuple(owners or ()),
        maintainers=tuple(maintainers or ()),
        app_id=app_id or ACTIONS_APP,
        gate_account=gate_account or ACTIONS_ACCOUNT,
    )


def _told(done: "Scaffold") -> Iterator[str]:
    paint = bold if is_colourful(sys.stdout) else str
    if done.recovered:
        yield done.recovered
    yield paint("Set up." if done.written else "Everything was there; nothing was written.")
    yield from (f"  wrote  {path}" for path in done.written)
    for path in done.kept:
        differs = "  (is not what would have been written)" if path in done.differing else ""
        yield f"  kept   {path}{differs}"
    for path, lines in done.missing:
        yield paint(f"Add to {path}:")
        yield from (f"  {line}" for line in lines)
    if done.advice:
        yield paint("Next:")
        yield from (f"  {sentence}" for sentence in done.advice)
