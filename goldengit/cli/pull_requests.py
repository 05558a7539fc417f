"""Opening the pull request of a promotion, or telling how to do it by hand."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from goldengit.cli.terminal import complain, say
from goldengit.errors import CannotJudgeError, UsageError

if TYPE_CHECKING:
    from goldengit.forge.client import GitHub
    from goldengit.forge.place import Place
    from goldengit.forge.requests import Opened
    from goldengit.models.policy import Policy
    from goldengit.promoting.offered import Offered
    from goldengit.promoting.request import Offer
    from goldengit.repository.store import Store


def not_yet_golden(candidates: Sequence[str]) -> list[str]:
    """Return those of the candidates that the present branch has not made golden."""
    from goldengit.promoting.offered import remaining
    from goldengit.repository.store import opened

    with opened(Path.cwd()) as store:
        return remaining(store, candidates)


def request_pull() -> int:
    """Push the present branch and open its pull request; return the exit code.

    Without a token the page is told on which a person opens it. Raises UsageError when `origin` is
    no GitHub, RefusedPushError when it does not take the branch.
    """
    from goldengit.forge.place import token_of
    from goldengit.promoting.offered import offered
    from goldengit.promoting.request import offer
    from goldengit.repository.store import opened

    with opened(Path.cwd()) as store:
        brought = offered(store)
        place, base = _pushed(store, brought)
    words = offer(brought.files, brought.policy, others=brought.others)
    token = token_of(os.environ, place.host)
    if not token:
        _tell_page(place, brought.branch, base, words)
        return 0
    try:
        _open(place, token, brought, base, words)
    except CannotJudgeError:
        _tell_page(place, brought.branch, base, words)
        raise
    return 0


def _pushed(store: "Store", brought: "Offered") -> tuple["Place", str]:
    """Push the branch; return where to, and the branch that the pull request goes to."""
    from goldengit.forge.known import known_place
    from goldengit.reporters.base import visible
    from goldengit.repository import pushing

    try:
        place = known_place(os.environ, pushing.push_address(store.repository), brought.policy)
    except UsageError as error:
        stays = f"The commit stays on {brought.branch}."
        raise UsageError(error.problem, remedy=f"{stays} {error.remedy}") from error
    branches = brought.policy.protected_branches
    try:
        base = pushing.first_on_origin(store.repository, branches, brought.branch)
        pushing.push(store.repository, brought.branch)
    except pushing.RefusedPushError as error:
        say("\n".join(visible(line) for line in error.output.splitlines()))
        raise
    say(f"Pushed {brought.branch} to origin.")
    return place, base


def _open(place: "Place", token: str, brought: "Offered", base: str, words: "Offer") -> None:
    from goldengit.forge.client import GitHub
    from goldengit.forge.requests import open_request

    with GitHub(place, token) as github:
        opened = open_request(
            github, title=words.title, body=words.body, branch=brought.branch, base=base
        )
        if not opened.is_new:
            say(f"The pull request is open already, and was left as it is: {opened.url}")
            return
        say(f"Opened the pull request {opened.url}")
        _ask(github, opened, brought)


def _ask(github: "GitHub", opened: "Opened", brought: "Offered") -> None:
    """Ask everybody who is to sign; whoever cannot be asked is told."""
    from goldengit.promoting.request import asked

    for person, roles in asked(brought.files).items():
        role = " and ".join(roles)
        problem = _asked(github, opened, person, brought.policy)
        if problem:
            complain(f"{problem} (to sign: {person} as {role})")
        else:
            say(f"Asked {person} to sign as {role}.")


def _asked(github: "GitHub", opened: "Opened", person: str, policy: "Policy") -> str:
    """Ask a person for a review; return what stands in the way and what to do, "" for nothing."""
    from goldengit.forge.accounts import account_of
    from goldengit.forge.requests import ask_for_review

    found = account_of(github, person, policy.roster.get(person))
    if found.account is None:
        return f"{found.problem} Ask {person} yourself, and correct the roster."
    if opened.opener is not None and found.account.id == opened.opener.id:
        return f"{person} opened the pull request, and GitHub takes no approval by its opener."
    problem = ask_for_review(github, opened.number, found.account)
    return f"{problem} Ask {person} yourself." if problem else ""


def _tell_page(place: "Place", branch: str, base: str, words: "Offer") -> None:
    from goldengit.forge.requests import compare_link

    say(f"Open the pull request yourself: {compare_link(place, branch, base)}")
    say(f"Its title:\n\n{words.title}\n\nIts text:\n\n{words.body}")
