"""`goldengit steward`: what the owner of each dataset has to see to."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goldengit.cli.delivery import Form
from goldengit.cli.terminal import Meter, complain, say
from goldengit.errors import CannotJudgeError, NothingToJudgeError

if TYPE_CHECKING:
    from goldengit.auditing.duties import Duties
    from goldengit.forge.client import GitHub
    from goldengit.forge.issues import Wish
    from goldengit.forge.place import Place
    from goldengit.models.policy import Policy


def steward(
    format_: Annotated[
        Form, typer.Option("--format", help="For people, for programs or for a page.")
    ] = Form.TEXT,
    publish: Annotated[
        bool, typer.Option("--publish", help="Keep one issue a dataset on GitHub, for its owner.")
    ] = False,
) -> int:
    """Show what each dataset's owner has to see to.

    A queue that is too old, too long or nobody's, a dataset without new cases, and a calibration
    past its time are overdue, and the exit code is 1. The rest is told in good time: what expires,
    what waits as a candidate, where reviewers disagree.
    """
    from goldengit.cli.steward_pages import rendered

    found, policy, place = _found(asks=publish)
    say(rendered(found, format_))
    if place is not None:
        _publish(found, policy, place, aloud=format_ is not Form.JSON)
    return int(any(one.overdue for one in found))


def _found(*, asks: bool) -> tuple[tuple["Duties", ...], "Policy", "Place | None"]:
    """Return what is to be seen to, the policy, and where GitHub is if it is asked.

    Raises NothingToJudgeError without a dataset.
    """
    from goldengit.auditing.steward import steward as process
    from goldengit.checking import moment
    from goldengit.forge.known import known_place
    from goldengit.gauging.declared import policy_of
    from goldengit.repository.pushing import push_address
    from goldengit.repository.sources import work_tree
    from goldengit.repository.store import opened

    with Meter("Reading golden cases") as meter, opened(Path.cwd(), meter) as store:
        tree = store.snapshot("the work tree", work_tree(store.repository))
        if not tree.datasets:
            raise NothingToJudgeError(
                "There is no dataset here.",
                remedy="Run `goldengit init`, or go to your repository.",
            )
        policy = policy_of(tree)
        place = None
        if asks:
            place = known_place(os.environ, push_address(store.repository), policy)
        return process(tree, policy, moment()), policy, place


# -- on GitHub -----------------------------------------------------------------------------


def _publish(found: Sequence["Duties"], policy: "Policy", place: "Place", *, aloud: bool) -> None:
    """Keep one issue a dataset; say what became of each."""
    from goldengit.forge.accounts import own_account
    from goldengit.forge.client import GitHub
    from goldengit.forge.issues import find_issues, keep
    from goldengit.forge.place import token_of

    token = token_of(os.environ, place.host)
    if not token:
        raise CannotJudgeError(
            "There is no token, so no issue was written.",
            remedy="Set GITHUB_TOKEN, or log in with `gh auth login`.",
        )
    with GitHub(place, token) as github:
        gate = policy.forge.gate_account if policy.forge else None
        authors = {one for one in (own_account(github), gate) if one is not None}
        wishes = {one.dataset: _wish(one) for one in found}
        known = find_issues(github, wishes.values(), authors)
        for one in found:
            wish = wishes[one.dataset]
            kept = keep(github, wish, known.get(wish.marker))
            if kept is None:
                continue
            if aloud:
                say(f"{one.dataset}: {kept.deed} {kept.url}")
            if wish.is_needed:
                _assign(github, kept.number, one.owner, policy)


def _wish(one: "Duties") -> "Wish":
    from goldengit.cli.steward_pages import page, title
    from goldengit.forge.issues import Wish

    marker = f"<!-- goldengit-steward: {one.dataset} -->"
    return Wish(marker, title(one), page(one), is_needed=bool(one.duties))


def _assign(github: "GitHub", number: int, owner: str, policy: "Policy") -> None:
    from goldengit.forge.accounts import account_of
    from goldengit.forge.issues import assign

    if not owner:
        return
    found = account_of(github, owner, policy.roster.get(owner))
    problem = assign(github, number, found.account) if found.account else found.problem
    if problem:
        complain(f"{problem} Tell {owner} about issue {number} yourself.")
